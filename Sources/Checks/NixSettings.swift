import Builders
import FoundationEssentials

/// The settings of Nix on this machine.
struct NixSettings: Equatable, Sendable {
  /// The system that it builds for itself.
  var system: String?
  /// The `builders` setting.
  var builders = ""

  /// Asks Nix; `nil` when it does not answer.
  static func installed() async -> NixSettings? {
    // The older name still works in some versions, the newer one in others.
    for words in [["config", "show"], ["show-config"]] {
      let command = Command(
        ["nix", "--extra-experimental-features", "nix-command"] + words + ["--json"],
        timeLimit: TimeLimits.local)
      let result = await command.run()
      if result.succeeded, let settings = NixSettings(json: result.output) { return settings }
      if result.ending == .missing { return nil }
    }
    return nil
  }

  /// Reads what `nix config show --json` prints: `{"builders":{"value":"…",…},…}`.
  init?(json: String) {
    guard case .object(let settings)? = JSONValue(text: json) else { return nil }
    func value(_ name: String) -> String? {
      guard case .object(let setting)? = settings[name], case .string(let text)? = setting["value"]
      else { return nil }
      return text
    }
    system = value("system")
    builders = value("builders") ?? ""
  }
}

extension JSONValue {
  /// Reads a text; `nil` when it is not JSON.
  init?(text: String) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else {
      return nil
    }
    self = value
  }
}
