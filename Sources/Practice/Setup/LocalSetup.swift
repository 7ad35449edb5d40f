/// The local machine as it is before its fragment is applied.
enum LocalSetup {
  /// Where programs start: an empty folder, so that no inventory of the computer's own is taken for
  /// one of practice's.
  static let directory = "/root/practice"

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
    # It stands for a machine with NixOS, whose configuration is there.
    mkdir -p /etc/nixos
    : >/etc/NIXOS
    mkdir -p \(directory)
    mount -t tmpfs -o mode=755 tmpfs \(directory)
    rm -rf /etc/nixos/nix-builders
    # Without nix.distributedBuilds NixOS gives Nix no builders.
    \(writing(nixConfiguration + "builders =\n", to: "/etc/nix/nix.conf"))
    \(writing(sshConfiguration, to: "/etc/ssh/ssh_config"))
    : >/etc/ssh/ssh_known_hosts
    """
}
