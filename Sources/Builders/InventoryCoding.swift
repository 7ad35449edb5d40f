// How an inventory stands in builders.json (format version 1): what its keys are is said by the
// tables of answers.

extension Inventory {
  /// Reads the object of `builders.json`.
  init(json: JSONValue) throws(Problem) {
    guard case .object(var members) = json else {
      throw Problem("an object was expected.")
    }
    members["version"] = nil
    func value<Value: AnswerValue>(
      _ key: String, or standard: Value
    ) throws(Problem) -> Value {
      guard let json = members.removeValue(forKey: key) else { return standard }
      do throws(Problem) { return try Value(json: json) } catch { throw error.below(key) }
    }
    self.init(builders: try value("builders", or: []))
    local = try value("local", or: LocalSettings())
    unknownKeys = members
  }

  /// The object of `builders.json`.
  var json: JSONValue {
    var members = unknownKeys
    members["version"] = .integer(Self.version)
    members["local"] = local.json
    members["builders"] = builders.json
    return .object(members)
  }
}

// In other formats they stand as the text that they are in builders.json, which keeps numbers as
// they were written.

extension Inventory: Codable {
  /// Reads it from such a text.
  public init(from decoder: any Decoder) throws {
    self = try Inventory(json: try JSONValue(inTextOf: decoder))
  }

  /// Writes such a text.
  public func encode(to encoder: any Encoder) throws { try json.encode(asTextTo: encoder) }
}

extension Builder: Codable {
  /// Reads it from such a text.
  public init(from decoder: any Decoder) throws {
    self = try Builder(json: try JSONValue(inTextOf: decoder))
  }

  /// Writes such a text.
  public func encode(to encoder: any Encoder) throws { try json.encode(asTextTo: encoder) }
}

extension LocalSettings: Codable {
  /// Reads it from such a text.
  public init(from decoder: any Decoder) throws {
    self = try LocalSettings(json: try JSONValue(inTextOf: decoder))
  }

  /// Writes such a text.
  public func encode(to encoder: any Encoder) throws { try json.encode(asTextTo: encoder) }
}

extension JSONValue {
  fileprivate init(inTextOf decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    self = try JSONReader.value(of: Array(text.utf8))
  }

  fileprivate func encode(asTextTo encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(JSONPrinter.text(of: self))
  }
}
