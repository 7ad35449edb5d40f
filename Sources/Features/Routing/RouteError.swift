/// Why it cannot be told, or not proved, which machine would get a build.
public enum RouteError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no Nix here.
  case noNix
  /// Nix does not tell its settings.
  case noSettings
  /// Nix could not evaluate the installable, or has no derivation of it; what it said.
  case notRead(installable: String, said: String)
  /// The installable is this many derivations and not one.
  case notOne(installable: String, count: Int)
  /// No probe can prove it, and why.
  case notProvable(String)
  /// The files of a probe could not be written.
  case noRoom
  /// Somebody ended it.
  case cancelled

  /// The reason, as shown to people.
  public var description: String {
    switch self {
    case .noNix: "nix is missing here."
    case .noSettings: "nix config show does not tell Nix's settings."
    case .notRead(let installable, let said):
      "\(installable): Nix shows no derivation of it." + (said.isEmpty ? "" : "\n\(said)")
    case .notOne(let installable, let count):
      "\(installable) is \(count) derivations. Name one of them."
    case .notProvable(let reason): reason
    case .noRoom: "the files of the probe could not be written below /tmp."
    case .cancelled: "cancelled"
    }
  }
}
