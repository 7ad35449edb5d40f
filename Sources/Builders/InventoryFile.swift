/// The text of `builders.json`: reading it with errors that name the place, and writing it.
public enum InventoryFile {
  /// Reads an inventory from the bytes of the file.
  ///
  /// - Throws: ``InventoryError``, with every problem that was found.
  public static func decode(_ bytes: [UInt8]) throws(InventoryError) -> Inventory {
    if bytes.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
      throw InventoryError([Problem("The file is empty. An object {…} was expected.")])
    }
    let (json, newer) = try locating { () throws(Problem) in
      let json = try JSONReader.value(of: bytes)
      return (json, try newerVersion(in: json))
    }
    // What a newer version means nobody knows here.
    if let newer { throw InventoryError(newerVersion: newer) }
    let inventory = try locating { () throws(Problem) in try Inventory(json: json) }
    let problems = inventory.problems()
    if !problems.isEmpty { throw InventoryError(problems) }
    return inventory
  }

  /// The bytes of the file: indented, keys in alphabetical order, a newline at the end. The same
  /// inventory always gives the same bytes.
  public static func encode(_ inventory: Inventory) -> [UInt8] {
    Array(JSONPrinter.text(of: inventory.json).utf8) + [0x0A]
  }

  private static func locating<Value>(
    _ body: () throws(Problem) -> Value
  ) throws(InventoryError) -> Value {
    do throws(Problem) { return try body() } catch { throw InventoryError([error]) }
  }

  /// The version, where it is newer than what is known here.
  private static func newerVersion(in json: JSONValue) throws(Problem) -> Int? {
    guard case .object(let members) = json, let value = members["version"], value != .null else {
      return nil
    }
    let version: Int
    do throws(Problem) { version = try Int(json: value) } catch { throw error.below("version") }
    if version < 1 {
      throw Problem(place: "version", "\(version) is no version. 1 was expected.")
    }
    return version > Inventory.version ? version : nil
  }
}

/// An inventory that cannot be used.
public struct InventoryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, each with its place.
  public var problems: [Problem]
  /// The file's version, where it is newer than what this program knows.
  public var newerVersion: Int?

  /// Creates an error from what was found.
  public init(_ problems: [Problem]) { self.problems = problems }

  init(newerVersion version: Int) {
    newerVersion = version
    problems = [
      Problem(
        place: "version",
        "\(version) was written by a newer nix-builders; this one reads \(Inventory.version). "
          + "The file is left as it is.")
    ]
  }

  /// The problems, one a line.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension Problem {
  /// What a decoder found, in the words of the file rather than of Swift.
  fileprivate init(_ error: DecodingError) {
    switch error {
    case .typeMismatch(let type, let context):
      self.init(place: context.place, "\(Self.name(of: type)) was expected.")
    case .valueNotFound(let type, let context):
      self.init(place: context.place, "\(Self.name(of: type)) was expected, not null.")
    case .keyNotFound(let key, let context):
      let place = context.place.isEmpty ? "" : context.place + "."
      self.init(place: place + key.stringValue, "The key is missing.")
    case .dataCorrupted(let context):
      if context.place.unicodeScalars.hasSuffix("protocol") {
        self.init(place: context.place, "\"ssh-ng\" or \"ssh\" was expected.")
      } else if context.place.unicodeScalars.hasSuffix("authorizedKeys") {
        self.init(place: context.place, "\"keys\" or \"keyFiles\" was expected.")
      } else {
        self.init(place: context.place, context.debugDescription)
      }
    @unknown default:
      self.init("\(error)")
    }
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Int.Type: "a whole number"
    case is Double.Type: "a number"
    case is Bool.Type: "true or false"
    case is [Any].Type: "an array"
    default: "an object"
    }
  }
}

extension DecodingError.Context {
  /// The path as one would write it, such as `builders[0].port`.
  fileprivate var place: String {
    codingPath.reduce(into: "") { path, key in
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
  }
}
