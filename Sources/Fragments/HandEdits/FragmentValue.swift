import Builders

extension Inventory {
  /// What `local.nix` says, as Nix evaluates it.
  public var localValue: JSONValue { JSONValue(localBindings) }
}

extension Builder {
  /// What the builder's own fragment says, as Nix evaluates it.
  public var remoteValue: JSONValue { JSONValue(remoteBindings) }
}

extension JSONValue {
  fileprivate init(_ bindings: [NixBinding]) {
    var value = JSONValue.object([:])
    for binding in bindings { value.insert(JSONValue(binding.value), at: binding.path[...]) }
    self = value
  }

  private init(_ expression: NixExpression) {
    switch expression {
    case .string(let text): self = .string(text)
    case .lines(let lines): self = .string(lines.map { $0 + "\n" }.joined())
    case .integer(let number): self = .integer(number)
    // Printed without a point, it is a whole number to Nix.
    case .number(let number): self = Int(exactly: number).map { .integer($0) } ?? .number(number)
    case .bool(let value): self = .bool(value)
    case .list(let elements): self = .array(elements.map { JSONValue($0) })
    case .attributes(let bindings): self = JSONValue(bindings)
    }
  }

  private mutating func insert(_ value: JSONValue, at path: ArraySlice<String>) {
    guard let name = path.first else {
      self = value
      return
    }
    var members = members
    members[name, default: .object([:])].insert(value, at: path.dropFirst())
    self = .object(members)
  }

  // MARK: - Reading

  /// The members of an object; none of anything else.
  var members: [String: JSONValue] { if case .object(let members) = self { members } else { [:] } }

  /// What stands at an attribute path.
  subscript(path: String...) -> JSONValue? {
    path.reduce(self) { value, name in value?.members[name] }
  }

  var text: String? { if case .string(let text) = self { text } else { nil } }
  var integer: Int? { if case .integer(let number) = self { number } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

  var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// A list of texts; `nil` when it is none.
  var texts: [String]? {
    guard let elements else { return nil }
    let texts = elements.compactMap(\.text)
    return texts.count == elements.count ? texts : nil
  }

  /// The value in Nix's words, on one line.
  var nixText: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let number): "\(number)"
    case .number(let number): decimal(number)
    case .writtenNumber(let digits): digits
    case .string(let text): NixString.quoted(text)
    case .array(let elements):
      elements.isEmpty ? "[ ]" : "[ \(elements.map(\.nixText).joined(separator: " ")) ]"
    case .object(let members): members.isEmpty ? "{ }" : "{ … }"
    }
  }
}
