/// The local machine: whether it asks its builders, and what it can build itself.
public struct RouteLocal: Equatable, Sendable {
  /// The system that it builds for itself (`system`).
  public var system: String
  /// Further systems that it can run (`extra-platforms`).
  public var extraPlatforms: [String]
  /// The features that its own builds may require (`system-features`).
  public var features: [String]
  /// How many builds run here at once (`max-jobs`); with 0 none does.
  public var maxJobs: Int
  /// Whether Nix is told of builders at all (`nix.distributedBuilds`).
  public var distributedBuilds: Bool
  /// Systems that a helper of this machine builds (`external-builders`), whatever `max-jobs` says.
  public var externalSystems: [String]

  /// Creates a description.
  public init(
    system: String, extraPlatforms: [String] = [], features: [String] = [], maxJobs: Int = 1,
    distributedBuilds: Bool = true, externalSystems: [String] = []
  ) {
    self.system = system
    self.extraPlatforms = extraPlatforms
    self.features = features
    self.maxJobs = maxJobs
    self.distributedBuilds = distributedBuilds
    self.externalSystems = externalSystems
  }

  /// What keeps it from building this itself; with nothing else to do it has a free slot.
  func obstacles(to request: RouteRequest) -> [RouteRule] {
    if externalSystems.contains(request.system) { return [] }
    var rules: [RouteRule] = []
    if maxJobs < 1 { rules.append(.maxJobsZero) }
    if !request.isBuiltin, !runs(request.system) {
      rules.append(.system(request.system, offered: [system] + extraPlatforms))
    }
    let missing = request.features.filter { !features.contains($0) }
    if !missing.isEmpty { rules.append(.features(missing)) }
    return rules
  }

  /// Whether Nix's build hook thinks that this machine could build it, so that nobody has to wait
  /// for a builder. It knows less than Nix itself.
  func couldBuildMeanwhile(_ request: RouteRequest) -> Bool {
    maxJobs > 0 && runs(request.system)
      && request.features.allSatisfy { features.contains($0) }
  }

  private func runs(_ system: String) -> Bool {
    system == self.system || extraPlatforms.contains(system)
  }
}
