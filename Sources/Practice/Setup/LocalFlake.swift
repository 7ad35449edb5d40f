/// The configuration of the local machine, which has a package of its own: a real build of a
/// package then needs no network.
enum LocalFlake {
  /// The content of /etc/nixos/flake.nix.
  static func text(system: String) -> String {
    """
    {
      description = "The local machine of practice";
      outputs = _: {
        packages.\(system).hello = derivation {
          name = "hello";
          system = "\(system)";
          builder = "/bin/sh";
          args = [
            "-c"
            "echo 'echo hello, world' >$out"
          ];
        };
      };
    }

    """
  }
}
