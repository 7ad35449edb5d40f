import Builders

// Where sshd does not want to talk, whoever logs in.
extension Diagnosis {
  /// OpenSSH 9.8 and later: PerSourcePenalties in sshd_config(5).
  @Sendable static func penalised(_ symptoms: Symptoms) -> Diagnosis? {
    if let line = symptoms.line(with: "activating ", " penalty of "),
      let seconds = line.text(between: " penalty of ", and: " seconds"),
      let wait = Double(seconds), wait < 100_000
    {
      return .penalised(symptoms.builder, wait: Int(wait.rounded(.up)))
    }
    guard
      symptoms.says("Not allowed at this time")
        || symptoms.hasLine(with: "drop connection #", " penalty: ")
    else { return nil }
    return .penalised(symptoms.builder, wait: nil)
  }

  /// - Parameter wait: how long it lasts, in seconds, where sshd's log says so.
  static func penalised(_ builder: Builder, wait: Int?) -> Diagnosis {
    let why =
      wait == nil
      ? "it does so after failed logins (PerSourcePenalties), and when too many log in at once"
      : "for failed logins (PerSourcePenalties)"
    let time =
      wait.map { "Wait \($0) seconds" }
      ?? "Wait 15 seconds, or 5 for each failed login when that is more (at most 10 minutes)"
    return Diagnosis(
      id: "penalised",
      cause: "sshd on \(builder.alias) turns this machine away for a while: \(why).",
      remedy: "\(time), then try once. Correct first what made the logins fail.",
      command: "sleep \(wait ?? 15); nix-builders test \(builder.alias)",
      manual: Manual.sshd("PerSourcePenalties"))
  }

  /// OpenSSH up to 9.7 says so; later versions say the same as of penalties.
  @Sendable static func tooManyConnections(_ symptoms: Symptoms) -> Diagnosis? {
    guard
      symptoms.says("Exceeded MaxStartups")
        || symptoms.hasLine(with: "drop connection #", "MaxStartups")
    else { return nil }
    return .tooManyConnections(symptoms.builder)
  }

  static func tooManyConnections(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "too-many-connections",
      cause:
        "On \(builder.alias) too many connections wait for their login at once, and sshd drops "
        + "further ones (MaxStartups).",
      remedy: "Try again in a minute. Where many machines log in at once, on \(builder.alias): "
        + "services.openssh.settings.MaxStartups = \"100:30:300\";",
      command: "nix-builders test \(builder.alias)", manual: Manual.sshd("MaxStartups"))
  }

  @Sendable static func hungUp(_ symptoms: Symptoms) -> Diagnosis? {
    // sshd's own log has such lines of every connection, and Nix's program there of its daemon.
    guard symptoms.says("Connection reset by ", "Connection closed by "),
      !symptoms.says(
        "building '", "[preauth]", "Accepted publickey for ", "data from daemon socket")
    else { return nil }
    return .hungUp(symptoms.builder)
  }

  static func hungUp(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "hung-up",
      cause: "\(builder.alias) hangs up before the login, and does not say why.",
      remedy: "Its sshd's log tells. It may be a rule about this address, too many logins at once, "
        + "or failed logins a short while ago; then waiting a minute helps.",
      command: builder.serverLogCommand, manual: Manual.sshd("MaxStartups"))
  }

  @Sendable static func algorithmsDiffer(_ symptoms: Symptoms) -> Diagnosis? {
    guard let line = symptoms.line(with: "Unable to negotiate with ", ": no matching ") else {
      return nil
    }
    let what = line.text(between: ": no matching ", and: " found") ?? "algorithm"
    let offer = line.text(after: "Their offer: ") ?? ""
    return Diagnosis(
      id: "no-common-algorithm",
      cause: "ssh here and sshd on \(symptoms.builder.alias) have no \(what) in common; it offers "
        + "\(offer).",
      remedy: "Update the older one of the two.", command: "ssh -V",
      manual: Manual.ssh("HostKeyAlgorithms"))
  }
}

extension Builder {
  /// What shows the last lines of sshd's log on the builder, and what they mean.
  var serverLogCommand: String {
    let port = port == 22 ? "" : "-p \(port) "
    return "ssh \(port)root@\(address) journalctl -u sshd -n 30 | nix-builders explain \(alias)"
  }
}
