import Checks
import Interface
import Terminal

/// A screen of questions: a heading, the form, what is wrong, and live what the answers turn into.
struct FormScreen: Screen {
  /// What makes one form screen differ from another.
  struct Content {
    /// The heading, a question.
    var heading: (Session) -> String
    /// One line that says what the answers are for.
    var purpose: String
    /// The questions.
    var questions: (Session) -> [Question<Draft>]
    /// The lines of Nix or ssh that the answers turn into.
    var preview: (Draft) -> String
    /// What else the answers lead to; shown between the form and the preview.
    var notice: (Draft) -> String? = { _ in nil }
    /// The questions whose answers the builder may have given.
    var said: [FactAnswers.Question] = []
    /// Makes answers follow that hang on the ones just given.
    var settle: (_ draft: inout Draft, _ before: Draft, Session) -> Void = { _, _, _ in }
    /// What is to be found out when the screen is shown.
    var effects: (Session) -> [Effect] = { _ in [] }
    /// The questions that have a list to choose from, by their titles, and what is in it.
    var suggestions: [String: (Session) -> [Suggestion]] = [:]
  }

  private let content: Content
  private var form: Form<Draft>?
  /// What the builder had said when the form was made: it offers that.
  private var said: RemoteFacts?
  /// Something that is shown below the form.
  var notice: [StyledLine] = []
  /// Whether keys go to the form; otherwise something else is to be chosen first.
  var isFocused = true

  init(_ content: Content) { self.content = content }

  func bindings(_ session: Session) -> [KeyBinding] {
    if form?.isChoosing == true {
      return [
        KeyBinding(.accept, "take it"), KeyBinding("↑↓", "move"), KeyBinding(.back, "type on"),
        KeyBinding("F1", "help"),
      ]
    }
    let list = (form?.suggestionCount ?? 0) > 0 ? [KeyBinding("↓", "choose")] : []
    return [
      KeyBinding(.accept, "next"), KeyBinding(.back, "back"), KeyBinding("Tab", "field"),
    ] + list + [
      KeyBinding("Space ←→", "change a choice", isShown: false),
      KeyBinding("F1", "help"),
    ]
  }

  func help(_ session: Session) -> String {
    guard let form else { return content.purpose }
    let help = form.focusedHelp.isEmpty ? "" : "\(form.focusedTitle): \(form.focusedHelp)"
    return [content.purpose, help].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  var isTyping: Bool { form?.isTyping ?? false }

  mutating func open(_ session: inout Session) -> [Effect] {
    let draft = session.draft
    if form == nil || !content.said.isEmpty && said != session.said.facts {
      form = Form(content.questions(session), answers: draft)
      said = session.said.facts
    } else {
      form?.update { $0 = draft }
    }
    offer(session)
    return content.effects(session)
  }

  /// What others bring may change what there is to choose from.
  private mutating func offer(_ session: Session) {
    for (title, all) in content.suggestions { form?.offer(all(session), at: title) }
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    // What the builder says may have been filled in.
    if case .terminalEnded = message, form != nil { return .effects(open(&session)) }
    guard case .hosts = message, !content.suggestions.isEmpty else { return .none }
    let draft = session.draft
    form?.update { $0 = draft }
    offer(session)
    return .none
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    guard let event = form?.handle(input), let answers = form?.answers else { return .ignored }
    let before = session.draft
    session.draft = answers
    content.settle(&session.draft, before, session)
    let settled = session.draft
    if settled != answers { form?.update { $0 = settled } }
    return event == .submitted ? .move(.next) : .none
  }

  /// The title of the question whose answer is wrong as it was typed.
  var faultyTitle: String? { form?.problem?.title }

  mutating func focus(_ title: String) { form?.focus(title) }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    guard let form else { return }
    var rest = drawHeading(
      content.heading(session), content.purpose, on: &canvas, in: area.inset(columns: 2))
    let wrong = form.problem.map { problem in
      TextWidth.wrapped("✗ \(problem.title): \(problem.message)", to: rest.columns - 1)
    }
    let led = content.notice(session.draft).map { [StyledLine("○ \($0)", Theme.warning, hang: 2)] }
    let lines = ((led ?? []) + session.marks(content.said) + notice)
      .wrapped(to: rest.columns - 1)
    let needed = form.rows(for: rest.columns)
    let extra = (wrong.map { $0.count + 1 } ?? 0) + (lines.isEmpty ? 0 : lines.count + 1)
    if isFocused { drawBelow(needed + extra, on: &canvas, taking: &rest, form, session) }
    var below = rest
    // However much there is to say, the form is what the screen is for.
    let formRows = min(needed, max(rest.rows - extra, min(needed, rest.rows - 2)))
    form.draw(on: &canvas, in: below.takeTop(max(formRows, 1)), isFocused: isFocused)
    if let wrong {
      _ = below.takeTop(1)
      for line in wrong {
        let place = below.takeTop(1)
        canvas.write(line, at: place.origin, Theme.failure, limit: place.columns)
      }
    }
    if !lines.isEmpty {
      _ = below.takeTop(1)
      lines.draw(on: &canvas, in: below)
    }
  }

  /// What there is to choose from, or else what the answers turn into: beside the form in a wide
  /// window, else below it with what room the form and its notices leave.
  private func drawBelow(
    _ used: Int, on canvas: inout Canvas, taking rest: inout Area, _ form: Form<Draft>,
    _ session: Session
  ) {
    let lines = content.preview(session.draft).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    if rest.columns >= 120, !lines.isEmpty {
      var place = rest.takeRight(rest.columns * 2 / 5)
      _ = place.takeLeft(2)
      drawPreview(lines, on: &canvas, in: place)
    }
    let isBelow = rest.columns < 120
    // A blank row stands between; two more are for what may be wrong with an answer.
    let room = rest.rows - used - 1
    if form.suggestionCount > 0 {
      let rows = min(form.suggestionCount + 1, form.isChoosing ? rest.rows - 2 : room)
      if rows < 2 { return }
      var place = rest.takeBottom(rows)
      drawRule("to choose from: ↓", on: &canvas, in: place.takeTop(1))
      form.drawSuggestions(on: &canvas, in: place)
    } else if isBelow, !lines.isEmpty, room - 2 >= 2 {
      drawPreview(lines, on: &canvas, in: rest.takeBottom(min(lines.count + 1, room - 2)))
    }
  }

  private func drawPreview(_ lines: [String], on canvas: inout Canvas, in area: Area) {
    var place = area
    drawRule("will be written", on: &canvas, in: place.takeTop(1))
    for (index, line) in lines.enumerated() where index < place.rows {
      let isCut = index == place.rows - 1 && index < lines.count - 1
      canvas.write(
        isCut ? "  ⋮" : "  \(line)", at: Position(column: place.column, row: place.row + index),
        Theme.plain, limit: place.columns)
    }
  }

  private func drawRule(_ title: String, on canvas: inout Canvas, in area: Area) {
    let used = TextWidth.columns(of: title) + 3
    let rule = "─ \(title) " + String(repeating: "─", count: max(0, area.columns - used))
    canvas.write(rule, at: area.origin, Theme.muted, limit: area.columns)
  }
}
