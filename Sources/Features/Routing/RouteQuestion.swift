import Builders

/// A build whose place somebody wants to know, as far as they describe it.
public struct RouteQuestion: Equatable, Sendable {
  /// What is built: a flake's attribute, a path in the store, a .drv or a .nix file.
  public var installable: String?
  /// The system; `nil` for the installable's, or else this machine's own.
  public var system: String?
  /// Features that the build requires, beyond those of the installable.
  public var features: [String]
  /// Whether it prefers this machine; one whose derivation says so does in any case.
  public var preferLocalBuild: Bool
  /// Whether it is about building again what is there.
  public var isRebuild: Bool

  /// Creates a question.
  public init(
    installable: String? = nil, system: String? = nil, features: [String] = [],
    preferLocalBuild: Bool = false, isRebuild: Bool = false
  ) {
    self.installable = installable
    self.system = system
    self.features = features
    self.preferLocalBuild = preferLocalBuild
    self.isRebuild = isRebuild
  }

  /// What is wrong with a system; what Nix does by itself has one of its own.
  public static func problem(ofSystem system: String) -> String? {
    system == "builtin" ? nil : Rules.system(system)
  }

  /// What the build asks for; an installable is evaluated for that.
  func request(localSystem: String) async throws(RouteError) -> RouteRequest {
    var request = RouteRequest(system: system ?? localSystem, features: features)
    if let installable {
      let read = try await RouteRequest.read(installable)
      request = RouteRequest(
        system: system ?? read.system, features: read.features + features,
        preferLocalBuild: read.preferLocalBuild, isBuiltin: read.isBuiltin)
    }
    if preferLocalBuild { request.preferLocalBuild = true }
    request.isRebuild = isRebuild
    return request
  }
}

/// Which machine gets a build, and what that rests on.
public struct RouteAnswer: Equatable, Sendable {
  /// What the build asks for.
  public var request: RouteRequest
  /// What it was decided in.
  public var situation: RouteSituation
  /// What becomes of each machine, the one that gets the build first.
  public var verdicts: [RouteVerdict]

  /// Decides on a request.
  public init(_ request: RouteRequest, in situation: RouteSituation) {
    self.request = request
    self.situation = situation
    verdicts = Route.decide(request, in: situation)
  }

  /// Whether some machine gets the build.
  public var isTaken: Bool { verdicts.contains(where: \.getsBuild) }
}

extension RouteSource {
  /// Tells which machine gets a build.
  public func answer(_ question: RouteQuestion) async throws(RouteError) -> RouteAnswer {
    let situation = try await situation()
    let request = try await question.request(localSystem: situation.local.system)
    return RouteAnswer(request, in: situation)
  }
}
