// Questions that are answered by choosing.

extension Question {
  /// Yes or no.
  public static func toggle(
    _ title: String, hint: String = "", help: String = "", at path: WritableKeyPath<Answers, Bool>
  ) -> Question {
    Question(title, hint, help, field: { .toggle(ToggleField($0[keyPath: path])) }) {
      field, answers in
      if case .toggle(let field) = field { answers[keyPath: path] = field.isOn }
      return nil
    }
  }

  /// One of a few.
  public static func choice<Value: Equatable>(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, Value>, options: [(value: Value, title: String)]
  ) -> Question {
    let titles = options.map(\.title)
    return Question(
      title, hint, help,
      field: { answers in
        let selected = options.firstIndex { $0.value == answers[keyPath: path] }
        return .choice(ChoiceField(titles, selected: selected ?? -1))
      }
    ) { field, answers in
      // What none of the options stands for is kept until one is chosen.
      if case .choice(let field) = field, options.indices.contains(field.selected) {
        answers[keyPath: path] = options[field.selected].value
      }
      return nil
    }
  }

  /// Any of several, and others that are typed.
  ///
  /// - Parameters:
  ///   - options: what is offered, given the other answers.
  ///   - needsOne: whether none is too few.
  ///   - rule: takes each value and returns what is wrong with it.
  public static func multiChoice(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, [String]>, options: @escaping (Answers) -> [String],
    needsOne: Bool = false, rule: @escaping (String) -> String? = { _ in nil }
  ) -> Question {
    Question(
      title, hint, help,
      field: { .multiChoice(MultiChoiceField(options($0), chosen: $0[keyPath: path])) },
      refresh: { field, answers in
        guard case .multiChoice(var choice) = field else { return }
        choice.offer(options(answers))
        field = .multiChoice(choice)
      },
      settle: { field, isLeft in
        guard case .multiChoice(var choice) = field else { return }
        // A word is whole when something follows it.
        guard isLeft || choice.isTypedWordWhole else { return }
        choice.takeTyped { rule($0) == nil }
        field = .multiChoice(choice)
      }
    ) { field, answers in
      guard case .multiChoice(let field) = field else { return nil }
      let typed = field.typedWords.filter { rule($0) == nil }
      answers[keyPath: path] = field.values.filter {
        field.chosen.contains($0) || typed.contains($0)
      }
      if needsOne, field.values.isEmpty { return "At least one is needed." }
      return field.values.lazy.compactMap(rule).first
    }
  }
}
