import Builders
import Fragments

extension Builder {
  /// A whole ssh configuration for this builder alone: the very `Host` block of its fragment, and
  /// what keeps a test from asking anything and from leaning on what this machine has installed.
  func temporaryConfiguration(knownHostsPath: String) -> String {
    let strict = [
      "BatchMode yes", "StrictHostKeyChecking yes", "UserKnownHostsFile \(knownHostsPath)",
      "GlobalKnownHostsFile /dev/null", "ControlMaster no", "ControlPath none",
    ]
    // Where there is no block, ssh is told all the rest by Nix, or on its command line.
    let block = usesHostBlock ? hostBlockText() : "Host *\n"
    return block + strict.map { "  \($0)\n" }.joined() + bastionConfiguration
  }

  /// Everything about a bastion is this machine's own configuration, which ssh does not read when
  /// it is given another one.
  private var bastionConfiguration: String {
    if proxyJump == nil { return "" }
    return "Host * !\(alias)\n  Include ~/.ssh/config\n  Include /etc/ssh/ssh_config\n"
  }
}
