import Base
import Builders

/// What `nix build --json` prints: `[{"drvPath":"…","outputs":{"out":"…"}}]`.
package struct BuiltDerivation: Equatable {
  package var derivation: String
  package var output: String

  package init?(json: String) {
    guard case .array(let list)? = JSONValue(text: json), case .object(let first)? = list.first,
      case .string(let derivation)? = first["drvPath"],
      case .object(let outputs)? = first["outputs"],
      case .string(let output)? = outputs["out"] ?? outputs.values.first
    else { return nil }
    self.derivation = derivation
    self.output = output
  }

  /// Whether two store URLs name one store: Nix may show one without the parameters that it was
  /// given with.
  package static func isSameStore(_ one: String, _ other: String) -> Bool {
    one.unicodeScalars.prefix { $0 != "?" }.elementsEqual(
      other.unicodeScalars.prefix { $0 != "?" })
  }
}
