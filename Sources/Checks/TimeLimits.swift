/// How long each thing may take.
enum TimeLimits {
  static let resolve: Duration = .seconds(5)
  static let connect: Duration = .seconds(5)
  static let keyScan: Duration = .seconds(8)
  static let login: Duration = .seconds(15)
  /// What a machine says of itself, once one is logged in.
  static let facts: Duration = .seconds(30)
  static let store: Duration = .seconds(20)
  static let probe: Duration = .seconds(60)
  /// Copying 64 MB, and a little work on a slow machine.
  static let copy: Duration = .seconds(60)
  static let measuring: Duration = .seconds(30)
  /// Programs of this machine that answer without the network.
  static let local: Duration = .seconds(10)
  /// Programs that ask other machines who is there.
  static let neighbours: Duration = .seconds(3)
  /// Somebody's configuration, evaluated by Nix.
  static let evaluation: Duration = .seconds(60)
  /// A package of somebody's, such as one of nixpkgs.
  static let packageEvaluation: Duration = .seconds(600)
  /// A whole NixOS from a flake, whose inputs may have to be fetched.
  static let flake: Duration = .seconds(600)
  /// Between SIGTERM and SIGKILL.
  static let untilKilled: Duration = .milliseconds(300)
}
