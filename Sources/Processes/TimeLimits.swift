/// How long each thing may take.
package enum TimeLimits {
  package static let resolve: Duration = .seconds(5)
  package static let connect: Duration = .seconds(5)
  package static let keyScan: Duration = .seconds(8)
  package static let login: Duration = .seconds(15)
  /// What a machine says of itself, once one is logged in.
  package static let facts: Duration = .seconds(30)
  package static let store: Duration = .seconds(20)
  package static let probe: Duration = .seconds(60)
  /// Copying 64 MB, and a little work on a slow machine.
  package static let copy: Duration = .seconds(60)
  package static let measuring: Duration = .seconds(30)
  /// Programs of this machine that answer without the network.
  package static let local: Duration = .seconds(10)
  /// Programs that ask other machines who is there.
  package static let neighbours: Duration = .seconds(3)
  /// Somebody's configuration, evaluated by Nix.
  package static let evaluation: Duration = .seconds(60)
  /// A package of somebody's, such as one of nixpkgs.
  package static let packageEvaluation: Duration = .seconds(600)
  /// A whole NixOS from a flake, whose inputs may have to be fetched.
  package static let flake: Duration = .seconds(600)
  /// Between SIGTERM and SIGKILL.
  static let untilKilled: Duration = .milliseconds(300)
}
