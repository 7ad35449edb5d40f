import Terminal

/// A field of a form, of whatever kind.
enum Field: Equatable, Sendable {
  case text(TextField)
  case suggestion(SuggestionField)
  case toggle(ToggleField)
  case choice(ChoiceField)
  case multiChoice(MultiChoiceField)

  /// Whether letters are text now.
  var isTyping: Bool {
    switch self {
    case .text, .suggestion: true
    case .toggle, .choice: false
    case .multiChoice(let field): field.isTyping
    }
  }

  /// Whether there is nothing in it.
  var isEmpty: Bool {
    switch self {
    case .text(let field): field.text.isEmpty
    case .suggestion(let field): field.text.isEmpty
    case .toggle, .choice: false
    case .multiChoice(let field): field.values.isEmpty
    }
  }

  /// Whether it holds the same, wherever the cursor is.
  func holdsSame(as other: Field) -> Bool {
    switch (self, other) {
    case (.text(let one), .text(let other)): one.text == other.text
    case (.suggestion(let one), .suggestion(let other)): one.text == other.text
    case (.toggle(let one), .toggle(let other)): one.isOn == other.isOn
    case (.choice(let one), .choice(let other)): one.selected == other.selected
    case (.multiChoice(let one), .multiChoice(let other)):
      one.typedWords == other.typedWords && one.chosen == other.chosen
    default: false
    }
  }

  /// Takes over what another field holds; what there is to choose from stays.
  mutating func follow(_ other: Field) {
    if case .suggestion(var field) = self, case .suggestion(let fresh) = other {
      field.follow(fresh.text)
      self = .suggestion(field)
    } else {
      self = other
    }
  }

  // MARK: - Input

  /// Takes a key or a paste.
  ///
  /// - Returns: whether it meant something here.
  mutating func handle(_ input: Input) -> Bool {
    switch self {
    case .text(var field): return keep(field.handle(input), .text(field))
    case .suggestion(var field): return keep(field.handle(input), .suggestion(field))
    case .toggle(var field): return keep(field.handle(input), .toggle(field))
    case .choice(var field): return keep(field.handle(input), .choice(field))
    case .multiChoice(var field): return keep(field.handle(input), .multiChoice(field))
    }
  }

  private mutating func keep(_ isConsumed: Bool, _ field: Field) -> Bool {
    self = field
    return isConsumed
  }

  /// What a press of the mouse on one of its parts does.
  mutating func press(_ part: Int) {
    switch self {
    case .text: break
    case .suggestion(var field):
      field.take(part)
      self = .suggestion(field)
    case .toggle(var field):
      field.isOn.toggle()
      self = .toggle(field)
    case .choice(var field):
      field.select(part)
      self = .choice(field)
    case .multiChoice(var field):
      field.press(part)
      self = .multiChoice(field)
    }
  }

  // MARK: - Drawing

  /// How many rows it takes.
  func rows(for columns: Int) -> Int {
    switch self {
    case .text, .suggestion, .toggle: 1
    case .choice(let field): max(1, field.rows(for: columns))
    case .multiChoice(let field): max(1, field.rows(for: columns))
    }
  }

  /// The row, of those that it takes, that has to be in sight while it has the focus.
  func focusedRow(for columns: Int) -> Int {
    switch self {
    case .text, .suggestion, .toggle: 0
    case .choice(let field): field.focusedRow(for: columns)
    case .multiChoice(let field): field.focusedRow(for: columns)
    }
  }

  /// The columns that it takes in any case; a text has room enough in `usual` ones when it fits.
  func columns(usual: Int) -> Int {
    switch self {
    case .text(let field): max(usual, TextWidth.columns(of: field.text) + 1)
    case .suggestion(let field): max(usual, TextWidth.columns(of: field.text) + 1)
    case .toggle: usual
    case .choice(let field): max(usual, field.columns)
    case .multiChoice: .max
    }
  }

  /// Draws it without its first rows; its parts react to the mouse as the targets of their numbers.
  func draw(
    on canvas: inout Canvas, in area: Area, skipping skipped: Int, isFocused: Bool,
    target: (Int) -> Target
  ) {
    switch self {
    case .text(let field):
      field.draw(on: &canvas, in: area, isFocused: isFocused)
    case .suggestion(let field):
      field.field.draw(on: &canvas, in: area, isFocused: isFocused)
    case .toggle(let field):
      field.draw(on: &canvas, in: area, isFocused: isFocused, target: target(0))
    case .choice(let field):
      field.draw(
        on: &canvas, in: area, skipping: skipped, isFocused: isFocused, target: target)
    case .multiChoice(let field):
      field.draw(
        on: &canvas, in: area, skipping: skipped, isFocused: isFocused, target: target)
    }
  }
}
