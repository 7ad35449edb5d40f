/// One field of a form: what is asked, what an answer may look like, and where it goes.
public struct Question<Answers> {
  /// What stands before the field.
  public let title: String
  /// What stands beside it, in a few words.
  public let hint: String
  /// What the help page says.
  public let help: String
  /// Whether it is asked, given the other answers.
  var isShown: (Answers) -> Bool = { _ in true }
  /// What stands beside it in place of the hint, given the answers, such as where an answer came
  /// from; `nil` for the hint.
  var note: (Answers) -> String? = { _ in nil }
  /// Whether what is typed first, once the focus comes here, takes the place of the answer.
  var isReplaced: (Answers) -> Bool = { _ in false }
  /// The field with the answer in it.
  let field: (Answers) -> Field
  /// Puts what is in the field where it goes, as far as it is valid; returns what is wrong.
  let store: (Field, inout Answers) -> String?
  /// Makes what the field offers follow the other answers.
  let refresh: (inout Field, Answers) -> Void
  /// Called when something was typed, and when the focus goes elsewhere.
  let settle: (inout Field, _ isLeft: Bool) -> Void

  init(
    _ title: String, _ hint: String, _ help: String, field: @escaping (Answers) -> Field,
    refresh: @escaping (inout Field, Answers) -> Void = { _, _ in },
    settle: @escaping (inout Field, _ isLeft: Bool) -> Void = { _, _ in },
    store: @escaping (Field, inout Answers) -> String?
  ) {
    self.title = title
    self.hint = hint
    self.help = help
    self.field = field
    self.refresh = refresh
    self.settle = settle
    self.store = store
  }

  /// The same question, asked only where the other answers call for it.
  public func shown(when condition: @escaping (Answers) -> Bool) -> Question {
    var question = self
    question.isShown = condition
    return question
  }

  /// The same question, with words beside it that follow from the answers.
  public func noted(_ note: @escaping (Answers) -> String?) -> Question {
    var question = self
    question.note = note
    return question
  }

  /// The same question, whose answer goes when one begins to type, since it is a mere proposal.
  public func replaced(when isProposal: @escaping (Answers) -> Bool = { _ in true }) -> Question {
    var question = self
    question.isReplaced = isProposal
    return question
  }
}
