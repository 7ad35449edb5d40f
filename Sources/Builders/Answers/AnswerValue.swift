/// A value that an answer can have: how it stands in builders.json, and what a rule looks at.
protocol AnswerValue: Sendable {
  /// What was expected where something else stands, such as `a whole number`.
  static var expected: String { get }
  /// Reads the value; the place of what is thrown is below the value's own.
  init(json: JSONValue) throws(Problem)
  /// The value as it stands in builders.json.
  var json: JSONValue { get }
  /// The texts that a rule looks at, each with its place below the value.
  var parts: [(place: String, text: String)] { get }
  /// The value for people.
  var words: String { get }
}

extension AnswerValue {
  /// What is thrown for a value of another kind.
  static func mismatch(_ json: JSONValue) -> Problem {
    Problem("\(expected) was expected\(json == .null ? ", not null" : "").")
  }

  var parts: [(place: String, text: String)] { [] }
}

extension String: AnswerValue {
  static var expected: String { "a string" }
  init(json: JSONValue) throws(Problem) {
    guard case .string(let text) = json else { throw Self.mismatch(json) }
    self = text
  }
  var json: JSONValue { .string(self) }
  var parts: [(place: String, text: String)] { [("", self)] }
  var words: String { self }
}

extension Bool: AnswerValue {
  static var expected: String { "true or false" }
  init(json: JSONValue) throws(Problem) {
    guard case .bool(let value) = json else { throw Self.mismatch(json) }
    self = value
  }
  var json: JSONValue { .bool(self) }
  var words: String { self ? "yes" : "no" }
}

extension Int: AnswerValue {
  static var expected: String { "a whole number" }
  init(json: JSONValue) throws(Problem) {
    switch json {
    case .integer(let number): self = number
    case .writtenNumber(let digits):
      guard let number = Double(digits).flatMap({ Int(exactly: $0) }) else {
        throw Self.mismatch(json)
      }
      self = number
    default: throw Self.mismatch(json)
    }
  }
  var json: JSONValue { .integer(self) }
  var parts: [(place: String, text: String)] { [("", "\(self)")] }
  var words: String { "\(self)" }
}

extension Double: AnswerValue {
  static var expected: String { "a number" }
  init(json: JSONValue) throws(Problem) {
    switch json {
    case .integer(let number): self = Double(number)
    case .number(let number): self = number
    case .writtenNumber(let digits):
      guard let number = Double(digits), number.isFinite else { throw Self.mismatch(json) }
      self = number
    default: throw Self.mismatch(json)
    }
  }
  var json: JSONValue { Int(exactly: self).map { .integer($0) } ?? .number(self) }
  var parts: [(place: String, text: String)] { [("", words)] }
  var words: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}

extension Optional: AnswerValue where Wrapped: AnswerValue {
  static var expected: String { Wrapped.expected }
  init(json: JSONValue) throws(Problem) {
    self = json == .null ? nil : try Wrapped(json: json)
  }
  var json: JSONValue { self?.json ?? .null }
  var parts: [(place: String, text: String)] { self?.parts ?? [] }
  var words: String { self?.words ?? "none" }
}

extension Array: AnswerValue where Element: AnswerValue {
  static var expected: String { "an array" }
  init(json: JSONValue) throws(Problem) {
    guard case .array(let elements) = json else { throw Self.mismatch(json) }
    self = []
    reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      do throws(Problem) { append(try Element(json: element)) } catch {
        throw error.below("[\(index)]")
      }
    }
  }
  var json: JSONValue { .array(map(\.json)) }
  var parts: [(place: String, text: String)] {
    enumerated().flatMap { index, element in
      element.parts.map { ("[\(index)]\($0.place)", $0.text) }
    }
  }
  var words: String { isEmpty ? "none" : map(\.words).joined(separator: " ") }
}

extension [String: String]: AnswerValue {
  static var expected: String { "an object" }
  init(json: JSONValue) throws(Problem) {
    guard case .object(let members) = json else { throw Self.mismatch(json) }
    self = [:]
    for (key, value) in members {
      do throws(Problem) { self[key] = try String(json: value) } catch { throw error.below(key) }
    }
  }
  var json: JSONValue { .object(mapValues(\.json)) }
  var words: String {
    isEmpty ? "none" : sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", ")
  }
}

extension AnswerValue where Self: RawRepresentable<String>, Self: CaseIterable {
  static var expected: String { allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ") }
  init(json: JSONValue) throws(Problem) {
    guard case .string(let name) = json, let value = Self(rawValue: name) else {
      throw Self.mismatch(json)
    }
    self = value
  }
  var json: JSONValue { .string(rawValue) }
  var words: String { rawValue }
}

extension StoreProtocol: AnswerValue {}
extension Account.AuthorizedKeys: AnswerValue {}

extension Problem {
  /// The problem with its place below another one.
  func below(_ above: String) -> Problem {
    let joint = above.isEmpty || place.isEmpty || place.unicodeScalars.first == "[" ? "" : "."
    return Problem(place: above + joint + place, message)
  }
}
