/// The local machine as it is before its fragment is applied.
enum LocalSetup {
  /// Nix's own settings, which each configuration begins with.
  static let nixConfiguration = """
    sandbox = false
    build-users-group =
    substituters =

    """

  /// The end of /etc/ssh/ssh_config.
  static let sshConfiguration = """
    Host *
      GlobalKnownHostsFile /etc/ssh/ssh_known_hosts

    """

  static let script = """
    # It stands for a machine with NixOS.
    : >/etc/NIXOS
    \(writing(LocalFlake.text(system: PracticeOptions.system), to: "/etc/nixos/flake.nix"))
    # Without nix.distributedBuilds NixOS gives Nix no builders.
    \(writing(nixConfiguration + "builders =\n", to: "/etc/nix/nix.conf"))
    \(writing(sshConfiguration, to: "/etc/ssh/ssh_config"))
    : >/etc/ssh/ssh_known_hosts
    """
}
