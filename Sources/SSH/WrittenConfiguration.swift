import Builders
import Fragments

extension Builder {
  /// A whole ssh configuration for this builder alone: the very `Host` block of its fragment, and
  /// what keeps a test from asking anything and from leaning on what this machine has installed.
  package func temporaryConfiguration(knownHostsPath: String) -> String {
    let strict = [
      "BatchMode yes", "StrictHostKeyChecking yes", "UserKnownHostsFile \(knownHostsPath)",
      "GlobalKnownHostsFile /dev/null",
    ].map { "  \($0)\n" }.joined()
    // Where there is no block, ssh is told all the rest by Nix, or on its command line.
    guard usesHostBlock else { return "Host *\n\(strict)" }
    // The first value of an option counts, so this comes before the block's own.
    return "Host \(alias)\n\(strict)\(hostBlockText())\(bastionConfiguration)"
  }

  /// Its Host block, with what is needed to reach it.
  package var scanConfiguration: String { hostBlockText() + bastionConfiguration }

  /// What stands between this machine and the builder, so that neither its name nor its port means
  /// anything from here; `nil` when nothing does.
  package var detour: String? {
    if let proxyJump { return proxyJump }
    return ["none", nil].contains(sshOptions["ProxyCommand"]) ? nil : "ProxyCommand"
  }

  /// Everything about a bastion is this machine's own configuration, which ssh does not read when
  /// it is given another one.
  private var bastionConfiguration: String {
    if proxyJump == nil { return "" }
    return "Host * !\(alias)\n  Include ~/.ssh/config\n  Include /etc/ssh/ssh_config\n"
  }
}

extension Builder {
  /// What keeps a login from using a connection that somebody else keeps open, which would prove
  /// nothing, and from keeping one open itself, which would never end.
  package static let ownConnection = ["ControlMaster=no", "ControlPath=none"]

  /// The seconds that ssh has for connecting, by its Host block.
  var connectSeconds: Int {
    guard usesHostBlock,
      let text = writtenOptions.first(where: { $0.keyword.name == "ConnectTimeout" })?.text
    else { return 5 }
    return SSHKeyword.seconds(inTime: text).map { min($0, 600) } ?? 120
  }

  /// How much longer than usual connecting may take.
  package var patience: Duration { .seconds(max(connectSeconds - 5, 0)) }
}
