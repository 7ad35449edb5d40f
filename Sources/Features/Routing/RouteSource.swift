import Base
import Builders
import Fragments
import Nix

/// Which configuration a build is placed by.
public enum RouteSource: Sendable {
  /// What this inventory would write.
  case written(Inventory)
  /// What this machine has installed: the `builders` setting of its Nix.
  case installed

  /// Asks Nix for its settings, and looks at what is being built on the builders now.
  public func situation() async throws(RouteError) -> RouteSituation {
    guard let version = await NixVersion.installed() else { throw .noNix }
    guard let settings = await NixSettings.installed(), let system = settings.system else {
      throw .noSettings
    }
    var situation = RouteSituation(
      builders: [],
      local: RouteLocal(
        system: system, extraPlatforms: settings.extraPlatforms,
        features: settings.systemFeatures, maxJobs: settings.maxJobs,
        distributedBuilds: settings.hasBuildHook, externalSystems: settings.externalSystems),
      rules: RouteRules(version: version))
    switch self {
    case .written(let inventory):
      situation.builders = inventory.builders.map(RouteBuilder.init)
      situation.local.maxJobs = inventory.local.maxJobs ?? settings.maxJobs
      if !inventory.local.distributedBuilds { situation.local.distributedBuilds = false }
    case .installed:
      situation.builders = MachinesText.entries(
        in: settings.builders, of: "builders", reading: readMachinesFile
      ).compactMap { RouteBuilder($0, localSystem: system) }
    }
    situation.busySlots = BusySlots.seen(of: situation.builders.map(\.url))
    return situation
  }
}

extension RouteRules {
  /// The rules of a version of Nix.
  init(version: NixVersion) {
    self.init(
      wholeSpeedFactors: !NixNeed.fractionalSpeed.isMet(by: version),
      rebuildsStayHere: !(version < NixVersion("2.34")))
  }
}

extension RouteBuilder {
  /// A builder of the inventory, as its line would be written.
  init(_ builder: Builder) {
    self.init(
      name: builder.alias, url: builder.storeURL, enabled: builder.enabled,
      systems: builder.systems, maxJobs: builder.maxJobs, speedFactor: builder.speedFactor,
      supportedFeatures: builder.supportedFeatures, mandatoryFeatures: builder.mandatoryFeatures)
  }

  /// An entry of an installed configuration, where nothing but the store URL names the builder;
  /// `nil` for one that Nix passes over.
  init?(_ entry: MachineEntry, localSystem: String) {
    switch entry.machine {
    case .success(let machine):
      self.init(
        name: machine.url.text, url: machine.url.text,
        systems: machine.systems.isEmpty ? [localSystem] : machine.systems,
        maxJobs: machine.maxJobs, speedFactor: machine.speedFactor,
        supportedFeatures: machine.supportedFeatures, mandatoryFeatures: machine.mandatoryFeatures)
    case .failure(let problem):
      if entry.isPassedOver { return nil }
      // Others put it into a sentence of theirs.
      self.init(
        name: entry.place, url: "", systems: [], fault: "\(problem)".trimmingSuffix { $0 == "." })
    }
  }
}
