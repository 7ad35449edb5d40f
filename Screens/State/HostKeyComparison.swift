import Checks
import Interface

/// What somebody has to know who decides on a host key: what is on record, what is shown now, and
/// how the two are compared with what the builder itself says.
struct HostKeyComparison {
  private let key: OfferedHostKey
  private let name: String
  /// The place that the pinned key was accepted for, where it is another one now.
  private let formerPlace: String?

  init(_ key: OfferedHostKey, of name: String, formerPlace: String? = nil) {
    self.key = key
    self.name = name
    self.formerPlace = formerPlace
  }

  /// The lines of it.
  var lines: [StyledLine] {
    switch key.standing {
    case .pinned: []
    case .known:
      [StyledLine("\(key.vouchedBy ?? "known_hosts") on this machine has this very key for it.")]
    case .unknown: [StyledLine("Nobody here has seen this key before.")] + compare
    case .changed(let place): changed(place) + compare
    }
  }

  private func changed(_ place: String) -> [StyledLine] {
    var lines = [
      StyledLine(
        "\(place) has another key for this machine. Either it was installed anew, or "
          + "something else answers in its place.", Theme.failure)
    ]
    if let formerPlace {
      lines.append(
        StyledLine(
          "The key on record was accepted for \(formerPlace); the address is another one now.",
          hang: 2))
    }
    if let old = key.otherFingerprint, !old.isEmpty {
      lines += [StyledLine("  on record  \(old)"), StyledLine("  shown now  \(key.fingerprint)")]
    }
    if let file = key.vouchedBy { lines.append(StyledLine("\(file) has the key shown now.")) }
    return lines
  }

  private var compare: [StyledLine] {
    let type = key.line.split(separator: " ").first.map(String.init) ?? ""
    return [
      StyledLine("Compare it with what \(name) itself says:"),
      StyledLine("  ssh-keygen -lf \(HostKeyFile.name(ofType: type))", Theme.strong),
    ]
  }
}

/// Where sshd keeps its host keys.
private enum HostKeyFile {
  static func name(ofType type: String) -> String {
    let kind =
      type.hasPrefix("ecdsa") ? "ecdsa" : type == "ssh-rsa" ? "rsa" : "ed25519"
    return "/etc/ssh/ssh_host_\(kind)_key.pub"
  }
}
