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
    /// Makes answers follow that hang on the ones just given.
    var settle: (_ draft: inout Draft, _ before: Draft) -> Void = { _, _ in }
  }

  private let content: Content
  private var form: Form<Draft>?
  /// Something that is shown below the form.
  var notice: [StyledLine] = []
  /// Whether keys go to the form; otherwise something else is to be chosen first.
  var isFocused = true

  init(_ content: Content) { self.content = content }

  func bindings(_ session: Session) -> [KeyBinding] {
    [
      KeyBinding("Enter", "next"), KeyBinding("Esc", "back"), KeyBinding("Tab", "field"),
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
    if form == nil {
      form = Form(content.questions(session), answers: draft)
    } else {
      form?.update { $0 = draft }
    }
    return []
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    guard let event = form?.handle(input), let answers = form?.answers else { return .ignored }
    let before = session.draft
    session.draft = answers
    content.settle(&session.draft, before)
    let settled = session.draft
    if settled != answers { form?.update { $0 = settled } }
    return event == .submitted ? .move(.next) : .none
  }

  /// Moves to a question.
  mutating func focus(_ title: String) { form?.focus(title) }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    guard let form else { return }
    var rest = drawHeading(
      content.heading(session), content.purpose, on: &canvas, in: area.inset(columns: 2))
    let preview = content.preview(session.draft).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    if isFocused {
      drawPreview(preview, on: &canvas, taking: &rest, formRows: form.rows(for: rest.columns))
    }
    let wrong = form.problem.map { problem in
      TextWidth.wrapped("✗ \(problem.title): \(problem.message)", to: rest.columns - 1)
    }
    let led = content.notice(session.draft).map { [StyledLine("○ \($0)", Theme.warning, hang: 2)] }
    let lines = ((led ?? []) + notice).wrapped(to: rest.columns - 1)
    var below = rest
    let needed = form.rows(for: rest.columns)
    let extra = (wrong.map { $0.count + 1 } ?? 0) + (lines.isEmpty ? 0 : lines.count + 1)
    form.draw(
      on: &canvas, in: below.takeTop(min(needed, max(rest.rows - extra, 1))), isFocused: isFocused)
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

  /// Beside the form in a wide window, else below it with what room there is.
  private func drawPreview(
    _ lines: [String], on canvas: inout Canvas, taking rest: inout Area, formRows: Int
  ) {
    guard !lines.isEmpty else { return }
    var place: Area
    if rest.columns >= 120 {
      place = rest.takeRight(rest.columns * 2 / 5)
      _ = place.takeLeft(2)
    } else {
      // The form comes first; two rows are for what may be wrong with an answer.
      let room = rest.rows - min(formRows, rest.rows / 2 + 1) - 3
      if room < 2 { return }
      place = rest.takeBottom(min(lines.count + 1, room))
    }
    let title = place.takeTop(1)
    let rule = "─ will be written " + String(repeating: "─", count: max(0, title.columns - 18))
    canvas.write(rule, at: title.origin, Theme.muted, limit: title.columns)
    for (index, line) in lines.enumerated() where index < place.rows {
      let isCut = index == place.rows - 1 && index < lines.count - 1
      canvas.write(
        isCut ? "  ⋮" : "  \(line)", at: Position(column: place.column, row: place.row + index),
        Theme.plain, limit: place.columns)
    }
  }
}
