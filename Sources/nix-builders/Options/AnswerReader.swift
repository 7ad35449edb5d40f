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

  /// Takes an answer of a table as it was given, one text for each element.
  mutating func take<Subject>(
    _ texts: [String], of answer: Answer<Subject>, _ option: String, into subject: inout Subject
  ) {
    hasAnswers = true
    problems += answer.take(texts, &subject).map { Problem(place: option, $0) }
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
}
