// Questions that are answered in one line of text. A rule takes the text as it is typed and returns
// what is wrong with it, or nil.

extension Question {
  /// What all of these have in common: a text, a rule, and how the one becomes an answer.
  ///
  /// - Parameters:
  ///   - lineBreak: what stands for one in pasted text.
  ///   - set: returns what is wrong with a text that keeps the rule.
  private static func line(
    _ title: String, _ hint: String, _ help: String, placeholder: @escaping (Answers) -> String,
    lineBreak: String = "", get: @escaping (Answers) -> String,
    rule: @escaping (String, Answers) -> String?, set: @escaping (String, inout Answers) -> String?
  ) -> Question {
    Question(
      title, hint, help,
      field: { answers in
        var field = TextField(get(answers), placeholder: placeholder(answers))
        field.lineBreak = lineBreak
        return .text(field)
      },
      refresh: { field, answers in
        guard case .text(var text) = field else { return }
        text.placeholder = placeholder(answers)
        field = .text(text)
      },
      store: { field, answers in
        guard case .text(let field) = field else { return nil }
        return rule(field.text, answers) ?? set(field.text, &answers)
      })
  }

  // MARK: - Text

  /// A text; the rule sees the other answers, too.
  public static func text(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, String>, placeholder: String = "",
    rule: @escaping (String, Answers) -> String?
  ) -> Question {
    line(
      title, hint, help, placeholder: { _ in placeholder }, get: { $0[keyPath: path] }, rule: rule
    ) { text, answers in
      answers[keyPath: path] = text
      return nil
    }
  }

  /// A text.
  public static func text(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, String>, placeholder: String = "",
    rule: @escaping (String) -> String? = { _ in nil }
  ) -> Question {
    text(title, hint: hint, help: help, at: path, placeholder: placeholder) { text, _ in
      rule(text)
    }
  }

  /// A text that may be left out: an empty one is `nil`, if the rule lets it be empty.
  ///
  /// - Parameter placeholder: what will stand in its place then.
  public static func optionalText(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, String?>, placeholder: @escaping (Answers) -> String,
    rule: @escaping (String) -> String? = { _ in nil }
  ) -> Question {
    line(
      title, hint, help, placeholder: placeholder, get: { $0[keyPath: path] ?? "" },
      rule: { text, _ in rule(text) }
    ) { text, answers in
      answers[keyPath: path] = text.isEmpty ? nil : text
      return nil
    }
  }

  /// A text that may be left out: an empty one is `nil`, if the rule lets it be empty.
  public static func optionalText(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, String?>, placeholder: String = "",
    rule: @escaping (String) -> String? = { _ in nil }
  ) -> Question {
    optionalText(
      title, hint: hint, help: help, at: path, placeholder: { _ in placeholder }, rule: rule)
  }

  // MARK: - Numbers

  /// A whole number.
  public static func number(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, Int>, placeholder: String = "",
    rule: @escaping (String) -> String? = { _ in nil }
  ) -> Question {
    line(
      title, hint, help, placeholder: { _ in placeholder }, get: { "\($0[keyPath: path])" },
      rule: { text, _ in rule(text) }
    ) { text, answers in
      guard let number = Int(text) else { return expectsNumber }
      answers[keyPath: path] = number
      return nil
    }.replaced()
  }

  /// A whole number that may be left out: an empty text is `nil`, if the rule lets it be empty. The
  /// rule sees the other answers too.
  public static func optionalNumber(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, Int?>, placeholder: String = "",
    rule: @escaping (String, Answers) -> String?
  ) -> Question {
    line(
      title, hint, help, placeholder: { _ in placeholder },
      get: { $0[keyPath: path].map { "\($0)" } ?? "" }, rule: rule
    ) { text, answers in
      let number = Int(text)
      guard text.isEmpty || number != nil else { return expectsNumber }
      answers[keyPath: path] = number
      return nil
    }.replaced()
  }

  /// A whole number that may be left out: an empty text is `nil`, if the rule lets it be empty.
  public static func optionalNumber(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, Int?>, placeholder: String = "",
    rule: @escaping (String) -> String? = { _ in nil }
  ) -> Question {
    optionalNumber(title, hint: hint, help: help, at: path, placeholder: placeholder) { text, _ in
      rule(text)
    }
  }

  /// A number with or without a decimal point; 2.0 is shown as 2.
  public static func decimal(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, Double>, placeholder: String = "",
    rule: @escaping (String) -> String? = { _ in nil }
  ) -> Question {
    line(
      title, hint, help, placeholder: { _ in placeholder },
      get: { Decimals.shortest($0[keyPath: path]) }, rule: { text, _ in rule(text) }
    ) { text, answers in
      guard let number = Double(text), number.isFinite else {
        return "A number is needed, such as 1 or 2.5."
      }
      answers[keyPath: path] = number
      return nil
    }.replaced()
  }

  private static var expectsNumber: String { "A whole number is needed." }

  // MARK: - Several values

  /// Several texts in one line, parted by blanks or commas; none is `nil`. The rule is for each.
  public static func list(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, [String]?>, placeholder: String = "",
    rule: @escaping (String) -> String? = { _ in nil }
  ) -> Question {
    line(
      title, hint, help, placeholder: { _ in placeholder }, lineBreak: " ",
      get: { Words.text($0[keyPath: path] ?? []) },
      rule: { text, _ in Words.parse(text).lazy.compactMap(rule).first }
    ) { text, answers in
      let words = Words.unique(Words.parse(text))
      answers[keyPath: path] = words.isEmpty ? nil : words
      return nil
    }
  }

  /// Several numbers in one line, parted by blanks or commas; none is `nil`. The rule is for each.
  public static func list(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, [Int]?>, placeholder: String = "",
    rule: @escaping (String) -> String? = { _ in nil }
  ) -> Question {
    line(
      title, hint, help, placeholder: { _ in placeholder }, lineBreak: " ",
      get: { Words.text(($0[keyPath: path] ?? []).map { "\($0)" }) },
      rule: { text, _ in Words.parse(text).lazy.compactMap(rule).first }
    ) { text, answers in
      let words = Words.unique(Words.parse(text))
      let numbers = words.compactMap { Int($0) }
      guard numbers.count == words.count else { return "Whole numbers are needed." }
      answers[keyPath: path] = numbers.isEmpty ? nil : numbers
      return nil
    }
  }
}
