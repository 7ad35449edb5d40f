/// A build that has to be placed: all that Nix looks at when it decides which machine gets it.
public struct RouteRequest: Equatable, Sendable {
  /// The derivation's system. `builtin` is what Nix does by itself, such as a download.
  public var system: String
  /// The features that a machine must have, each once.
  public var features: [String]
  /// Whether the derivation asks for the local machine first (`preferLocalBuild`).
  public var preferLocalBuild: Bool
  /// Whether something is built again to compare or to repair it (`--rebuild`, `--repair`).
  public var isRebuild: Bool
  /// Whether Nix has the builder within itself (`builtin:fetchurl`), so that every system can run it.
  public var isBuiltin: Bool

  /// Creates a request.
  public init(
    system: String, features: [String] = [], preferLocalBuild: Bool = false,
    isRebuild: Bool = false, isBuiltin: Bool = false
  ) {
    self.system = system
    self.features = features.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    self.preferLocalBuild = preferLocalBuild
    self.isRebuild = isRebuild
    self.isBuiltin = isBuiltin
  }

  /// What is asked for, in words: `x86_64-linux with kvm`.
  public var summary: String {
    var text = system
    if !features.isEmpty { text += " with \(listing(features))" }
    if preferLocalBuild { text += ", here if possible" }
    if isRebuild { text += ", built again" }
    return text
  }
}

/// Words as in a sentence: `a, b and c`.
func listing(_ words: [String]) -> String {
  guard words.count > 1, let last = words.last else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " and \(last)"
}
