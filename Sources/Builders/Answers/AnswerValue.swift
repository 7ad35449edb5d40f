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
  /// How the option of an answer of this kind stands on a command line.
  static var optionForm: AnswerOption.Form { get }
  /// The value where nothing is typed; `nil` where something has to be.
  static var absent: Self? { get }
  /// Reads what was typed, one text for each element; `nil` where it is no such value.
  init?(typed texts: [String])
  /// What is wrong with a typed text, beside what a rule says.
  static func problem(typed text: String) -> String?
}

extension AnswerValue {
  /// What is thrown for a value of another kind.
  static func mismatch(_ json: JSONValue) -> Problem {
    Problem("\(expected) was expected\(json == .null ? ", not null" : "").")
  }

  var parts: [(place: String, text: String)] { [] }

  static var optionForm: AnswerOption.Form { .text }
  static var absent: Self? { nil }
  init?(typed texts: [String]) { nil }
  static func problem(typed text: String) -> String? { nil }
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
  init?(typed texts: [String]) {
    guard texts.count == 1 else { return nil }
    self = texts[0]
  }
}

extension Bool: AnswerValue {
  static var expected: String { "true or false" }
  init(json: JSONValue) throws(Problem) {
    guard case .bool(let value) = json else { throw Self.mismatch(json) }
    self = value
  }
  var json: JSONValue { .bool(self) }
  var parts: [(place: String, text: String)] { [("", "\(self)")] }
  var words: String { self ? "yes" : "no" }
  static var optionForm: AnswerOption.Form { .flag }
  init?(typed texts: [String]) {
    guard texts.count == 1, let value = Bool(texts[0]) else { return nil }
    self = value
  }
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
  init?(typed texts: [String]) {
    guard texts.count == 1, let value = Int(texts[0]) else { return nil }
    self = value
  }
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
  init?(typed texts: [String]) {
    guard texts.count == 1, let value = Double(texts[0]) else { return nil }
    self = value
  }
}

extension Optional: AnswerValue where Wrapped: AnswerValue {
  static var expected: String { Wrapped.expected }
  init(json: JSONValue) throws(Problem) {
    self = json == .null ? nil : try Wrapped(json: json)
  }
  var json: JSONValue { self?.json ?? .null }
  var parts: [(place: String, text: String)] { self?.parts ?? [] }
  var words: String { self?.words ?? "none" }
  static var optionForm: AnswerOption.Form { Wrapped.optionForm }
  static var absent: Self? { .some(nil) }
  init?(typed texts: [String]) {
    guard let value = Wrapped(typed: texts) else { return nil }
    self = value
  }
  static func problem(typed text: String) -> String? { Wrapped.problem(typed: text) }
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
  static var optionForm: AnswerOption.Form { .list }
  static var absent: Self? { [] }
  init?(typed texts: [String]) {
    self = texts.compactMap { Element(typed: [$0]) }
    if count != texts.count { return nil }
  }
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
  var parts: [(place: String, text: String)] { [("", rawValue)] }
  init?(typed texts: [String]) {
    guard texts.count == 1, let value = Self(rawValue: texts[0]) else { return nil }
    self = value
  }
  static func problem(typed text: String) -> String? {
    Self(rawValue: text) == nil ? "\"\(text)\" is neither. \(expected) was expected." : nil
  }
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
