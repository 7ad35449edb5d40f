import Base
import Builders

extension Builder {
  /// The answers that differ, such as `port 22 → 2222`.
  func answers(changedTo other: Builder) -> [String] {
    zip(answers, other.answers).compactMap { old, new in
      old.value == new.value ? nil : "\(old.name) \(old.value) → \(new.value)"
    }
  }

  private var answers: [(name: String, value: String)] {
    func list(_ values: [String]) -> String {
      values.isEmpty ? "none" : values.joined(separator: " ")
    }
    func optional(_ value: (some CustomStringConvertible)?) -> String {
      value?.description ?? "none"
    }
    func yes(_ value: Bool) -> String { value ? "yes" : "no" }
    func key(_ line: String?) -> String {
      guard let line else { return "none" }
      let words = line.unicodeScalars.words
      return words.count > 1 ? "\(words[0]) …\(words[1].suffix(8))" : line
    }
    let account = account
    return [
      ("on", yes(enabled)), ("address", address), ("port", "\(port)"),
      ("bastion", optional(proxyJump)), ("user", user), ("key path", keyPath),
      ("key", key(publicKey)), ("host key", key(hostKey)), ("protocol", storeProtocol.rawValue),
      ("systems", list(systems)), ("max jobs", "\(maxJobs)"), ("speed", speedText),
      ("features", list(supportedFeatures)), ("mandatory features", list(mandatoryFeatures)),
      ("makes the account", yes(account.create)), ("system user", yes(account.systemUser)),
      ("description", account.description), ("uid", optional(account.uid)),
      ("group", account.group ?? "as the account"),
      ("gid", optional(account.gid)), ("home", yes(account.createHome)),
      ("shell", yes(account.useDefaultShell)),
      ("key stands in", account.authorizedKeys.rawValue), ("key file", optional(account.keyFile)),
      ("trusted", yes(account.trusted)), ("only Nix", yes(account.restricted)),
      ("sshd ports", account.sshdPorts.map { list($0.map { "\($0)" }) } ?? "left alone"),
      ("emulated", list(account.emulatedSystems)),
      ("announced", account.systemFeatures.map(list) ?? "left alone"),
    ]
  }
}

extension LocalSettings {
  /// The answers that differ.
  func answers(changedTo other: LocalSettings) -> [String] {
    func jobs(_ settings: LocalSettings) -> String {
      settings.maxJobs.map { "\($0)" } ?? "left alone"
    }
    var changes: [String] = []
    if distributedBuilds != other.distributedBuilds {
      changes.append("distributedBuilds \(distributedBuilds) → \(other.distributedBuilds)")
    }
    if buildersUseSubstitutes != other.buildersUseSubstitutes {
      changes.append(
        "builders-use-substitutes \(buildersUseSubstitutes) → \(other.buildersUseSubstitutes)")
    }
    if maxJobs != other.maxJobs { changes.append("max-jobs \(jobs(self)) → \(jobs(other))") }
    return changes
  }
}
