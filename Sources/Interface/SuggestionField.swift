import Terminal

/// Something that a field offers, so that it need not be typed.
public struct Suggestion: Equatable, Sendable {
  /// What it puts into the field.
  public var text: String
  /// More about it, shown beside it where it fits.
  public var detail: String

  /// Creates a suggestion.
  public init(_ text: String, detail: String = "") {
    self.text = text
    self.detail = detail
  }
}

/// One line of text that is typed, and a list of what it may be, of which one sees what goes with
/// what is typed so far.
///
/// Nothing is chosen until the arrows go into the list, so that Enter means what it means in any
/// other field.
struct SuggestionField: Equatable, Sendable {
  /// The line.
  private(set) var field: TextField
  /// What is offered now.
  private(set) var matches: [Suggestion] = []
  /// Which of them Enter takes; `nil` while one types.
  private(set) var chosen: Int?
  private var suggestions: [Suggestion] = []

  init(_ field: TextField) { self.field = field }

  /// What is typed.
  var text: String { field.text }

  /// Changes what there is to choose from.
  mutating func offer(_ suggestions: [Suggestion]) {
    let chosen = chosen.map { matches[$0] }
    self.suggestions = suggestions
    match()
    self.chosen = chosen.flatMap { matches.firstIndex(of: $0) }
  }

  /// Takes a text over from outside.
  mutating func follow(_ text: String) {
    field.text = text
    match()
  }

  /// Offers what has all words that are typed, in either of its texts. What is typed whole is not
  /// worth offering.
  private mutating func match() {
    chosen = nil
    let typed = field.text.lowercased()
    let words = typed.utf8.split(separator: UInt8(ascii: " "))
    matches = suggestions.filter { suggestion in
      let whole = "\(suggestion.text) \(suggestion.detail)".lowercased().utf8
      return suggestion.text != field.text && words.allSatisfy { whole.contains($0) }
    }
  }

  // MARK: - Input

  /// Takes a key or a paste.
  ///
  /// - Returns: whether it meant something here.
  mutating func handle(_ input: Input) -> Bool {
    switch input {
    case .key(.down): return move(to: chosen.map { $0 + 1 } ?? 0)
    case .key(.up):
      guard let chosen else { return false }
      self.chosen = chosen == 0 ? nil : chosen - 1
    case .key(.enter), .key(.escape):
      guard let chosen else { return false }
      self.chosen = nil
      if input == .key(.enter) { take(chosen) }
    default:
      let before = field.text
      guard field.handle(input) else { return false }
      if field.text != before { match() } else { chosen = nil }
    }
    return true
  }

  private mutating func move(to index: Int) -> Bool {
    guard matches.indices.contains(index) else { return false }
    chosen = index
    return true
  }

  /// Puts one of the matches into the field.
  mutating func take(_ index: Int) {
    guard matches.indices.contains(index) else { return }
    field.text = matches[index].text
    match()
  }

  /// The focus goes elsewhere.
  mutating func leave() { chosen = nil }

  // MARK: - Drawing

  /// Draws the list; of more than fit, those around the chosen one.
  func drawMatches(on canvas: inout Canvas, in area: Area, target: (Int) -> Target) {
    guard !area.isEmpty, !matches.isEmpty else { return }
    var rest = area
    let shown = chosen ?? 0
    let first = Scroll.first(showing: shown..<shown + 1, of: matches.count, rows: area.rows)
    let range = first..<min(matches.count, first + area.rows)
    if matches.count > area.rows {
      MoreMarks.draw(
        above: first > 0, below: range.upperBound < matches.count, on: &canvas,
        in: rest.takeRight(MoreMarks.columns))
    }
    let widths = matches.map { TextWidth.columns(of: $0.text) }
    let column = min(widths.max() ?? 0, rest.columns * 3 / 5) + 2
    for (row, index) in range.enumerated() {
      canvas.mark(rest.row(row), as: target(index))
      var place = FocusMark.draw(index == chosen, on: &canvas, in: rest.row(row))
      let style = index == chosen ? Theme.selection : Theme.plain
      canvas.writeFitted(matches[index].text, in: place.takeLeft(min(column, place.columns)), style)
      if place.columns > 8 {
        canvas.writeFitted(matches[index].detail, in: place, Theme.muted)
      }
    }
  }
}

extension Form {
  /// Changes what a question has to choose from.
  public mutating func offer(_ suggestions: [Suggestion], at title: String) {
    for index in questions.indices where questions[index].title == title {
      guard case .suggestion(var field) = fields[index] else { continue }
      field.offer(suggestions)
      fields[index] = .suggestion(field)
    }
  }

  /// How many things there are to choose from now, beside what is typed.
  public var suggestionCount: Int { focusedSuggestions?.field.matches.count ?? 0 }

  /// Whether Enter takes one of them.
  public var isChoosing: Bool { focusedSuggestions?.field.chosen != nil }

  private var focusedSuggestions: (index: Int, field: SuggestionField)? {
    guard let focus, case .suggestion(let field) = fields[focus] else { return nil }
    return (focus, field)
  }

  /// Draws what there is to choose from.
  public func drawSuggestions(on canvas: inout Canvas, in area: Area) {
    guard let (index, field) = focusedSuggestions else { return }
    field.drawMatches(on: &canvas, in: area) { Self.target(index, part: $0) }
  }
}

extension Question {
  /// A text that is typed, or chosen from what ``Form/offer(_:at:)`` gives it.
  public static func suggestedText(
    _ title: String, hint: String = "", help: String = "",
    at path: WritableKeyPath<Answers, String>, placeholder: String = "",
    rule: @escaping (String) -> String?
  ) -> Question {
    Question(
      title, hint, help,
      field: { answers in
        .suggestion(
          SuggestionField(TextField(answers[keyPath: path], placeholder: placeholder)))
      },
      settle: { field, isLeft in
        guard isLeft, case .suggestion(var suggestion) = field else { return }
        suggestion.leave()
        field = .suggestion(suggestion)
      },
      store: { field, answers in
        guard case .suggestion(let field) = field else { return nil }
        if let problem = rule(field.text) { return problem }
        answers[keyPath: path] = field.text
        return nil
      })
  }
}
