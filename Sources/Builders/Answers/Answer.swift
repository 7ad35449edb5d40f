/// One answer about a builder, its account or this machine: its key in builders.json, its words,
/// its rule, and whether the result of a test hangs on it.
///
/// Reading and writing builders.json, what is wrong with an inventory, the digest of what a test
/// was about, the words for what has changed, the options of the commands, and the line of a `Host`
/// block with its way back from a fragment or an import all follow from the tables of these.
public struct Answer<Subject>: Sendable {
  /// Its key in builders.json.
  public let key: String
  /// What people call it, such as `max jobs`.
  public let name: String
  /// Whether the result of a test hangs on it.
  public let isTested: Bool
  /// Its value in words.
  public let words: @Sendable (Subject) -> String
  /// Takes what stands in builders.json; nothing there means the default.
  let read: @Sendable (JSONValue?, inout Subject) throws(Problem) -> Void
  /// What stands in builders.json.
  let json: @Sendable (Subject) -> JSONValue
  /// What is wrong with it, with the place below the answer.
  let problems: @Sendable (Subject) -> [Problem]
  /// The option that gives it; `nil` where it has none of this kind.
  public let option: AnswerOption?
  /// How the option stands on a command line.
  public let optionForm: AnswerOption.Form
  /// The line of a `Host` block that says it; `nil` where none does.
  public let hostBlockLine: HostBlockLine?
  /// The answer as one would type it; `nil` where there is nothing to type.
  public let typed: @Sendable (Subject) -> String?
  /// Takes what was typed, one text for each element, and returns what is wrong with it. What is
  /// wrong is not taken.
  public let take: @Sendable ([String], inout Subject) -> [String]
  /// Takes what stands in a file, whether a rule lets it through or not; what is no such value is
  /// passed over.
  public let takeUnchecked: @Sendable (String, inout Subject) -> Void
  /// Takes away the answer, where it can be missing.
  public let clear: @Sendable (inout Subject) -> Void

  /// What becomes of an answer whose key is left out.
  enum Absence {
    /// The default stands.
    case isDefault
    /// The key is missed.
    case isWrong
  }

  init<Value: AnswerValue>(
    _ key: String, _ name: String, at path: WritableKeyPath<Subject, Value> & Sendable,
    whenAbsent absence: Absence = .isDefault, isTested: Bool = true,
    words: @escaping @Sendable (Value) -> String = \.words,
    option: AnswerOption? = nil, hostBlockLine: HostBlockLine? = nil,
    typedRule: @escaping @Sendable (String, Subject) -> String? = { _, _ in nil },
    problems: @escaping @Sendable (Value, Subject) -> [Problem]
  ) {
    self.option = option
    optionForm = Value.optionForm
    self.hostBlockLine = hostBlockLine
    typed = { $0[keyPath: path].parts.first?.text }
    take = { texts, subject in
      if let value = Value.absent, texts == [""] {
        subject[keyPath: path] = value
        return []
      }
      let problems = texts.compactMap { typedRule($0, subject) ?? Value.problem(typed: $0) }
      if problems.isEmpty, let value = Value(typed: texts) { subject[keyPath: path] = value }
      return problems
    }
    takeUnchecked = { text, subject in
      if let value = Value(typed: [text]) { subject[keyPath: path] = value }
    }
    clear = { subject in
      if let value = Value.absent { subject[keyPath: path] = value }
    }
    self.key = key
    self.name = name
    self.isTested = isTested
    self.words = { words($0[keyPath: path]) }
    read = { (json, subject) throws(Problem) in
      if let json {
        subject[keyPath: path] = try Value(json: json)
      } else if absence == .isWrong {
        throw Problem("The key is missing.")
      }
    }
    json = { $0[keyPath: path].json }
    self.problems = { problems($0[keyPath: path], $0) }
  }

  /// An answer each part of which keeps a rule.
  init<Value: AnswerValue>(
    _ key: String, _ name: String, at path: WritableKeyPath<Subject, Value> & Sendable,
    whenAbsent absence: Absence = .isDefault, isTested: Bool = true,
    words: @escaping @Sendable (Value) -> String = \.words,
    option: AnswerOption? = nil, hostBlockLine: HostBlockLine? = nil,
    rule: @escaping @Sendable (String) -> String? = { _ in nil }
  ) {
    self.init(
      key, name, at: path, whenAbsent: absence, isTested: isTested, words: words, option: option,
      hostBlockLine: hostBlockLine, typedRule: { text, _ in rule(text) }
    ) { value, _ in
      value.parts.compactMap { place, text in rule(text).map { Problem(place: place, $0) } }
    }
  }
}

/// What has answers: it stands as an object in builders.json.
protocol Answering: AnswerValue {
  /// All of them, in the order in which they are asked and looked through.
  static var answers: [Answer<Self>] { get }
  /// With the default for everything.
  static var standard: Self { get }
  /// Keys of the object that this version does not know; written back as they were.
  var unknownKeys: [String: JSONValue] { get set }
  /// What follows from the answers where a key was left out.
  mutating func complete(given keys: Set<String>)
}

extension Answering {
  static var expected: String { "an object" }

  init(json: JSONValue) throws(Problem) {
    guard case .object(var members) = json else { throw Self.mismatch(json) }
    self = Self.standard
    let keys = Set(members.keys)
    for answer in Self.answers {
      do throws(Problem) {
        try answer.read(members.removeValue(forKey: answer.key), &self)
      } catch {
        throw error.below(answer.key)
      }
    }
    unknownKeys = members
    complete(given: keys)
  }

  var json: JSONValue {
    var members = unknownKeys
    for answer in Self.answers { members[answer.key] = answer.json(self) }
    return .object(members)
  }

  var words: String { "" }

  mutating func complete(given keys: Set<String>) {}

  /// Everything that is wrong with the answers, each with its place below this one.
  func answerProblems() -> [Problem] {
    Self.answers.flatMap { answer in answer.problems(self).map { $0.below(answer.key) } }
  }

  /// The answers on which a test's result hangs and that are not the default ones, as a text.
  func testedText() -> String {
    var text = ""
    for answer in Self.answers where answer.isTested {
      let value = answer.json(self)
      if value == answer.json(Self.standard) { continue }
      text += "\(answer.key) \(JSONPrinter.text(of: value))\n"
    }
    return text
  }
}
