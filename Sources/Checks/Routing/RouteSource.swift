import Builders
import Fragments

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
      situation.builders = MachineLine.all(inSetting: settings.builders).map {
        RouteBuilder($0, localSystem: system)
      }
    }
    situation.busySlots = BusySlots.seen(of: situation.builders.map(\.url))
    return situation
  }
}

extension RouteRules {
  /// The rules of a version of Nix.
  init(version: NixVersion) {
    self.init(
      wholeSpeedFactors: version < NixVersion("2.20"),
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

  /// A line of an installed configuration. Nobody but Nix's store URL names its builder there.
  init(_ machine: MachineLine, localSystem: String) {
    let columns = machine.text.split(whereSeparator: \.isWhitespace)
    func column(_ index: Int) -> String? {
      index < columns.count && columns[index] != "-" ? String(columns[index]) : nil
    }
    func words(_ index: Int) -> [String] {
      (column(index) ?? "").split(separator: ",").map(String.init)
    }
    self.init(
      name: machine.url, url: machine.url,
      systems: column(1) == nil ? [localSystem] : words(1),
      supportedFeatures: words(5), mandatoryFeatures: words(6))
    if let jobs = column(3) {
      if let number = UInt32(jobs) {
        maxJobs = Int(number)
      } else {
        fault = "its jobs are \"\(jobs)\", not a whole number"
      }
    }
    if let speed = column(4) {
      if let number = Double(speed), number >= 0, number.isFinite {
        speedFactor = number
      } else {
        fault = "its speed factor is \"\(speed)\", not a number"
      }
    }
  }
}
