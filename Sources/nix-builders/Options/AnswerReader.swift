import Builders

/// Reads answers that were given as options, by the rules that hold in the wizard too. What is
/// wrong is kept, so that all of it can be told at once.
struct AnswerReader {
  /// What is wrong, each with its option.
  private(set) var problems: [Problem] = []
  /// Whether any answer was given.
  private(set) var hasAnswers = false

  /// An answer that was given and is right.
  mutating func text(
    _ given: String?, _ option: String, _ rule: (String) -> String?
  ) -> String? {
    guard let given else { return nil }
    hasAnswers = true
    guard let problem = rule(given) else { return given }
    problems.append(Problem(place: "--\(option)", problem))
    return nil
  }

  /// An answer that may be taken away by giving nothing for it.
  mutating func optional(
    _ given: String?, _ option: String, _ rule: (String) -> String?
  ) -> String?? {
    text(given, option) { $0.isEmpty ? nil : rule($0) }.map { $0.isEmpty ? nil : $0 }
  }

  /// A list that was given, one option for each element; a single empty one empties it.
  mutating func list(
    _ given: [String], _ option: String, _ rule: (String) -> String?
  ) -> [String]? {
    if given.isEmpty { return nil }
    hasAnswers = true
    if given == [""] { return [] }
    let right = given.filter { text($0, option, rule) != nil }
    return right.count == given.count ? right : nil
  }

  /// Members that were given as `name=value`, one option for each, put into what is there. One
  /// without a value is taken away; a single empty option takes all away.
  ///
  /// - Parameter canonical: the name as it stands among the answers.
  mutating func members(
    _ given: [String], _ option: String, into members: inout [String: String],
    _ rule: (String, String) -> String?, canonical: (String) -> String = { $0 }
  ) {
    hasAnswers = hasAnswers || !given.isEmpty
    if given == [""] { members = [:] }
    for text in given where given != [""] {
      let scalars = text.unicodeScalars
      guard let equals = scalars.firstIndex(of: "=") else {
        problems.append(
          Problem(place: "--\(option)", "\"\(text)\" has no =. NAME=VALUE was expected."))
        continue
      }
      let name = canonical(String(scalars[..<equals]))
      let value = String(scalars[scalars.index(after: equals)...])
      if value.isEmpty {
        members[name] = nil
      } else if self.text(value, option, { rule(name, $0).map { "\(name): \($0)" } }) != nil {
        members[name] = value
      }
    }
  }

  /// A yes or a no that was given.
  mutating func flag(_ given: Bool?) -> Bool? {
    hasAnswers = hasAnswers || given != nil
    return given
  }

  /// One of several words.
  mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ given: String?, _ option: String, _ type: Value.Type
  ) -> Value? {
    text(given, option) { word in
      if Value(rawValue: word) != nil { return nil }
      let words = Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
      return "\"\(word)\" is neither. \(words) was expected."
    }.flatMap { Value(rawValue: $0) }
  }
}
