import Base
import Builders
import Nix
import Processes

extension RouteRequest {
  /// Reads what an installable's derivation asks for: a flake's attribute, a path in the store, or
  /// a .nix file. It is evaluated for that, and nothing is built.
  public static func read(_ installable: String) async throws(RouteError) -> RouteRequest {
    guard let version = await NixVersion.installed() else { throw .noNix }
    // Up to 2.14 it has another name.
    let words = version < NixVersion("2.15") ? ["show-derivation"] : ["derivation", "show"]
    let what =
      installable.unicodeScalars.hasSuffix(".nix") ? ["--file", installable] : [installable]
    let command = Command(
      ["nix", "--extra-experimental-features", "nix-command flakes"] + words + what,
      timeLimit: TimeLimits.packageEvaluation, outputLimit: .inventory)
    let result = await command.run()
    if result.ending == .timedOut {
      throw .notRead(installable: installable, said: "Nix had not evaluated it after 10 minutes.")
    }
    if case .printedTooMuch(let limit) = result.ending {
      throw .notRead(installable: installable, said: "What Nix says of it is longer than \(limit).")
    }
    guard result.succeeded else {
      let said = withoutColour(result.error).trimmingSuffix(while: \.isBlankOrLineEnd)
      throw .notRead(installable: installable, said: said)
    }
    guard let derivations = derivations(inJSON: result.output) else {
      throw .notRead(installable: installable, said: "")
    }
    guard let derivation = derivations.first, derivations.count == 1 else {
      throw .notOne(installable: installable, count: derivations.count)
    }
    guard let request = RouteRequest(derivation: derivation) else {
      throw .notRead(installable: installable, said: "")
    }
    return request
  }

  /// The derivations in what `nix derivation show` prints: an object with each under its path, from
  /// 2.33 on wrapped as `{"derivations":…,"version":4}`.
  static func derivations(inJSON text: String) -> [[String: JSONValue]]? {
    guard case .object(let top)? = JSONValue(text: text) else { return nil }
    var list = top
    if case .object(let inner)? = top["derivations"] { list = inner }
    return list.values.compactMap {
      if case .object(let derivation) = $0 { derivation } else { nil }
    }
  }

  /// Reads a derivation.
  init?(derivation: [String: JSONValue]) {
    guard case .string(let system)? = derivation["system"] else { return nil }
    let attributes = DerivationAttributes(derivation)
    var features = attributes.words("requiredSystemFeatures")
    // Where only the build will tell the paths, Nix requires this of the machine too.
    if !DerivationAttributes.knowsOutputPaths(derivation) { features.append("ca-derivations") }
    var isBuiltin = false
    if case .string(let builder)? = derivation["builder"] {
      isBuiltin = builder.unicodeScalars.hasPrefix("builtin:")
    }
    self.init(
      system: system, features: features, preferLocalBuild: attributes.flag("preferLocalBuild"),
      isBuiltin: isBuiltin)
  }
}

/// The attributes of a derivation: those of its environment, or with `__structuredAttrs` JSON.
private struct DerivationAttributes {
  private var environment: [String: JSONValue] = [:]
  private var structured: [String: JSONValue]?

  init(_ derivation: [String: JSONValue]) {
    if case .object(let values)? = derivation["env"] { environment = values }
    if case .object(let values)? = derivation["structuredAttrs"] {
      structured = values
    } else if case .string(let json)? = environment["__json"],
      case .object(let values)? = JSONValue(text: json)
    {
      // Older versions show them as they stand in the environment.
      structured = values
    }
  }

  func words(_ name: String) -> [String] {
    if let structured {
      guard case .array(let values)? = structured[name] else { return [] }
      return values.compactMap { if case .string(let word) = $0 { word } else { nil } }
    }
    guard case .string(let text)? = environment[name] else { return [] }
    return text.unicodeScalars.split(whereSeparator: \.isBlankOrLineEnd).strings
  }

  func flag(_ name: String) -> Bool {
    structured.map { $0[name] == .bool(true) } ?? (environment[name] == .string("1"))
  }

  static func knowsOutputPaths(_ derivation: [String: JSONValue]) -> Bool {
    guard case .object(let outputs)? = derivation["outputs"] else { return true }
    return outputs.values.allSatisfy { output in
      guard case .object(let output) = output else { return true }
      return output["impure"] != .bool(true) && (output["path"] != nil || output["hash"] != nil)
    }
  }
}
