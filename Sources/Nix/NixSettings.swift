import Builders
import FoundationEssentials
import Processes

/// The settings of Nix on this machine.
package struct NixSettings: Equatable, Sendable {
  /// The system that it builds for itself.
  package var system: String?
  /// The `builders` setting.
  package var builders = ""
  /// How many builds run here at once (`max-jobs`).
  package var maxJobs = 1
  /// Whether builders fetch from caches themselves (`builders-use-substitutes`).
  package var buildersUseSubstitutes = false
  /// The features that its own builds may require (`system-features`).
  package var systemFeatures: [String] = []
  /// Further systems that this machine can run (`extra-platforms`).
  package var extraPlatforms: [String] = []
  /// Systems that a helper of this machine builds (`external-builders`, since 2.32).
  package var externalSystems: [String] = []
  /// Whether there is a program that asks the builders (`build-hook`).
  package var hasBuildHook = true

  /// Asks Nix; `nil` when it does not answer.
  package static func installed() async -> NixSettings? {
    // The older name still works in some versions, the newer one in others.
    for words in [["config", "show"], ["show-config"]] {
      let command = Command(
        ["nix", "--extra-experimental-features", "nix-command"] + words + ["--json"],
        timeLimit: TimeLimits.local, outputLimit: .hosts)
      let result = await command.run()
      if result.succeeded, let settings = NixSettings(json: result.output) { return settings }
      if result.ending == .missing { return nil }
    }
    return nil
  }

  /// Reads what `nix config show --json` prints: `{"builders":{"value":"…",…},…}`.
  package init?(json: String) {
    guard case .object(let settings)? = JSONValue(text: json) else { return nil }
    func value(_ name: String) -> JSONValue? {
      if case .object(let setting)? = settings[name] { setting["value"] } else { nil }
    }
    system = value("system")?.text
    builders = value("builders")?.text ?? ""
    if case .integer(let jobs)? = value("max-jobs") { maxJobs = jobs }
    buildersUseSubstitutes = value("builders-use-substitutes") == .bool(true)
    systemFeatures = value("system-features")?.words ?? []
    extraPlatforms = value("extra-platforms")?.words ?? []
    hasBuildHook = ![.string(""), .array([])].contains(value("build-hook"))
    if case .array(let helpers)? = value("external-builders") {
      externalSystems = helpers.flatMap { helper -> [String] in
        if case .object(let helper) = helper { helper["systems"]?.words ?? [] } else { [] }
      }
    }
  }
}

extension JSONValue {
  fileprivate var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// A list of texts.
  fileprivate var words: [String]? {
    if case .array(let values) = self { values.compactMap(\.text) } else { nil }
  }
}
