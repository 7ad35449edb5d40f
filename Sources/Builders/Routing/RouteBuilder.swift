/// A builder as Nix's build hook sees it: a line of /etc/nix/machines.
public struct RouteBuilder: Equatable, Sendable {
  /// What people call it.
  public var name: String
  /// The store URL, by which Nix counts its jobs and names it in its log.
  public var url: String
  /// Whether it is among the builders that Nix is told of.
  public var enabled: Bool
  /// The systems that it lists.
  public var systems: [String]
  /// How many builds run there at once.
  public var maxJobs: Int
  /// How fast it is compared with others; 0 counts as 1.
  public var speedFactor: Double
  /// Features that a derivation may require of it.
  public var supportedFeatures: [String]
  /// Features that a derivation must require to be built there; they count as supported too.
  public var mandatoryFeatures: [String]
  /// Why Nix cannot read the line; it then reads none of the list.
  public var fault: String?

  /// Creates a builder.
  public init(
    name: String, url: String, enabled: Bool = true, systems: [String], maxJobs: Int = 1,
    speedFactor: Double = 1, supportedFeatures: [String] = [], mandatoryFeatures: [String] = [],
    fault: String? = nil
  ) {
    self.name = name
    self.url = url
    self.enabled = enabled
    self.systems = systems
    self.maxJobs = maxJobs
    self.speedFactor = speedFactor
    self.supportedFeatures = supportedFeatures
    self.mandatoryFeatures = mandatoryFeatures
    self.fault = fault
  }

  /// What keeps Nix from ever giving it this build, apart from other machines and its load.
  func obstacles(to request: RouteRequest) -> [RouteRule] {
    if !enabled { return [.disabled] }
    var rules: [RouteRule] = []
    // Anybody can do what Nix does by itself.
    if request.system != "builtin", !systems.contains(request.system) {
      rules.append(.system(request.system, offered: systems))
    }
    let missing = request.features.filter {
      !supportedFeatures.contains($0) && !mandatoryFeatures.contains($0)
    }
    if !missing.isEmpty { rules.append(.features(missing)) }
    let unasked = mandatoryFeatures.filter { !request.features.contains($0) }
    if !unasked.isEmpty { rules.append(.mandatory(unasked)) }
    if maxJobs < 1 { rules.append(.noJobs) }
    return rules
  }
}
