import Builders
import Processes
import SSH

// Where sshd does not want to talk, whoever logs in.
extension Entry {
  /// OpenSSH 9.8 and later: PerSourcePenalties in sshd_config(5). Its log says for how long.
  static let penalty = Entry([["activating ", " penalty of ", " seconds"]]) {
    let line = $0.printed.line(with: "activating ", " penalty of ", " seconds")
    let wait = line?.part(between: " penalty of ", and: " seconds")?.part(before: ".")
    // A part of a second more is waited for as a whole one.
    return .penalised($0.builder, wait: wait?.number(in: 0...99_999).map { $0 + 1 })
  }

  static let penalised = Entry(
    [["Not allowed at this time"], ["drop connection #", " penalty: "]]
  ) { .penalised($0.builder, wait: nil) }

  /// OpenSSH up to 9.7 says so; later versions say the same as of penalties.
  static let tooManyConnections = Entry(
    [["Exceeded MaxStartups"], ["drop connection #", "MaxStartups"]]
  ) { .tooManyConnections($0.builder) }

  /// sshd's own log has such lines of every connection, and Nix's program there of its daemon.
  static let hungUp = Entry(
    [["Connection reset by "], ["Connection closed by "]],
    unless: [
      ["building '"], ["[preauth]"], ["Accepted publickey for "], ["data from daemon socket"],
    ]
  ) { .hungUp($0.builder) }

  static let algorithmsDiffer = Entry(
    [["Unable to negotiate with ", ": no matching "]]
  ) {
    let line = $0.printed.line(with: "Unable to negotiate with ", ": no matching ")
    return .algorithmsDiffer(
      $0.builder, what: line?.part(between: ": no matching ", and: " found"),
      offer: line?.part(after: "Their offer: "))
  }
}

extension Diagnosis {
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
      .penalised,
      cause: "sshd on \(builder.alias) turns this machine away for a while: \(why).",
      remedy: "\(time), then try once. Correct first what made the logins fail.",
      command: "sleep \(wait ?? 15); nix-builders test \(builder.alias)",
      manual: Manual.sshd("PerSourcePenalties"))
  }

  static func tooManyConnections(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .tooManyConnections,
      cause:
        "On \(builder.alias) too many connections wait for their login at once, and sshd drops "
        + "further ones (MaxStartups).",
      remedy: "Try again in a minute. Where many machines log in at once, on \(builder.alias): "
        + "services.openssh.settings.MaxStartups = \"100:30:300\";",
      command: "nix-builders test \(builder.alias)", manual: Manual.sshd("MaxStartups"))
  }

  static func hungUp(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .hungUp,
      cause: "\(builder.alias) hangs up before the login, and does not say why.",
      remedy: "Its sshd's log tells. It may be a rule about this address, too many logins at once, "
        + "or failed logins a short while ago; then waiting a minute helps.",
      command: builder.serverLogCommand, manual: Manual.sshd("MaxStartups"))
  }

  static func algorithmsDiffer(_ builder: Builder, what: Printed?, offer: Printed?) -> Diagnosis {
    Diagnosis(
      .noCommonAlgorithm,
      cause: "ssh here and sshd on \(builder.alias) have no \(what?.phrase ?? "algorithm") in "
        + "common" + (offer.map { "; it offers \($0.phrase)." } ?? "."),
      remedy: "Update the older one of the two.", command: "ssh -V",
      manual: Manual.ssh("HostKeyAlgorithms"))
  }
}

extension Builder {
  /// What shows the last lines of sshd's log on the builder, and what they mean.
  var serverLogCommand: ShellCommand {
    port == 22
      ? "ssh root@\(address) journalctl -u sshd -n 30 | nix-builders explain \(alias)"
      : "ssh -p \(port) root@\(address) journalctl -u sshd -n 30 | nix-builders explain \(alias)"
  }
}
