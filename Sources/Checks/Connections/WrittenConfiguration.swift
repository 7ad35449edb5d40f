import Builders
import Fragments

extension Builder {
  /// A whole ssh configuration for this builder alone, as its fragment would make it.
  func temporaryConfiguration(knownHostsPath: String) -> String {
    var lines = ["Host \(alias)", "  HostName \(address)", "  HostKeyAlias \(alias)"]
    lines += ["  Port \(port)", "  User \(user)", "  IdentityFile \(keyPath)"]
    lines += ["  IdentitiesOnly yes", "  ConnectTimeout 5", "  BatchMode yes"]
    if let proxyJump { lines.append("  ProxyJump \(proxyJump)") }
    lines += ["  StrictHostKeyChecking yes", "  UserKnownHostsFile \(knownHostsPath)"]
    lines += ["  GlobalKnownHostsFile /dev/null", "  ControlMaster no", "  ControlPath none"]
    return lines.joined(separator: "\n") + "\n"
  }
}
