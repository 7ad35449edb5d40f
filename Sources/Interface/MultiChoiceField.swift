import Terminal

/// Any of several, and others that are typed.
public struct MultiChoiceField: Equatable, Sendable {
  /// What is offered.
  public private(set) var options: [String]
  /// What is chosen and is not offered: the values that were typed.
  public private(set) var others: [String] = []
  /// All that is chosen, what is still being typed excepted.
  public private(set) var chosen: [String]
  private var typed = TextField(placeholder: "other")
  /// The item that has the focus; the last one is the place to type in.
  private var focus = 0

  /// Creates a field.
  public init(_ options: [String], chosen: [String] = []) {
    self.options = options
    self.chosen = chosen
    others = chosen.filter { !options.contains($0) }
    typed.lineBreak = " "
  }

  private var items: [String] { options + others }

  /// Whether letters are text now.
  public var isTyping: Bool { focus >= items.count }

  /// The values that are typed and not yet taken over.
  public var typedWords: [String] { Words.parse(typed.text) }

  /// Whether a blank or a comma ends what is typed.
  var isTypedWordWhole: Bool { typed.text.last.map { $0.isWhitespace || $0 == "," } ?? false }

  /// All that is chosen or typed.
  public var values: [String] {
    chosen + Words.unique(typedWords).filter { !chosen.contains($0) }
  }

  /// Offers other values; what is chosen stays so.
  public mutating func offer(_ options: [String]) {
    guard options != self.options else { return }
    let isTyping = isTyping
    let focused = isTyping ? nil : items[focus]
    let others = (chosen + others).filter { !options.contains($0) }
    self.options = options
    self.others = Words.unique(others)
    if isTyping {
      focus = items.count
    } else {
      focus = focused.flatMap { items.firstIndex(of: $0) } ?? 0
    }
  }

  /// Makes those of the typed values chosen ones that are fine; the rest stays as it was typed.
  public mutating func takeTyped(where isFine: (String) -> Bool) {
    var rest: [String] = []
    let wasTyping = isTyping
    for word in typedWords {
      if isFine(word) { choose(word) } else { rest.append(word) }
    }
    if rest.isEmpty || rest != typedWords { typed.text = rest.joined(separator: " ") }
    if wasTyping { focus = items.count }
  }

  private mutating func choose(_ value: String) {
    let wasTyping = isTyping
    if !items.contains(value) { others.append(value) }
    if wasTyping { focus = items.count }
    guard !chosen.contains(value) else { return }
    // Values keep the order they are offered in, so that a file does not change more than it must.
    let place = items.firstIndex(of: value) ?? items.count
    let next = chosen.firstIndex { (items.firstIndex(of: $0) ?? items.count) > place }
    chosen.insert(value, at: next ?? chosen.count)
  }

  // MARK: - Input

  /// Takes a key, a paste or a press of the mouse.
  ///
  /// - Returns: whether it meant something here.
  public mutating func handle(_ input: Input) -> Bool {
    if case .press(let target) = input, target.name == Self.targetName {
      press(target.index)
      return true
    }
    if isTyping {
      let isAtBegin = typed.isAtBegin
      if case .key(.left) = input, isAtBegin {
        focus = max(0, items.count - 1)
        return true
      }
      if case .key(.home) = input, isAtBegin {
        focus = 0
        return true
      }
      return typed.handle(input)
    }
    switch input {
    case .key(.left): focus = max(0, focus - 1)
    case .key(.right): focus += 1
    case .key(.home): focus = 0
    case .key(.end): focus = items.count
    case .key(.character(" ")): toggle(focus)
    case .paste:
      focus = items.count
      return typed.handle(input)
    default: return false
    }
    return true
  }

  /// What a press of the mouse does: an item is chosen or no longer chosen, the place to type in
  /// gets the focus.
  mutating func press(_ index: Int) {
    guard (0...items.count).contains(index) else { return }
    focus = index
    if index < items.count { toggle(index) }
  }

  private mutating func toggle(_ index: Int) {
    let value = items[index]
    if chosen.contains(value) { chosen.removeAll { $0 == value } } else { choose(value) }
  }

  static let targetName = "options"

  // MARK: - Drawing

  /// The columns of the place to type in.
  private static let typingColumns = 16

  private var texts: [String] { items.map { CheckBox.text($0, isOn: chosen.contains($0)) } }

  private func areas(in columns: Int) -> [Area] {
    let typing = max(Self.typingColumns, TextWidth.columns(of: typed.text) + 1)
    return Flow.areas(of: texts.map { TextWidth.columns(of: $0) } + [typing], in: columns)
  }

  /// How many rows it takes.
  public func rows(for columns: Int) -> Int { areas(in: columns).last?.endRow ?? 1 }

  /// The row of the item that has the focus.
  func focusedRow(for columns: Int) -> Int { areas(in: columns)[focus].row }

  /// Draws the items, in as many rows as they take.
  public func draw(on canvas: inout Canvas, in area: Area, isFocused: Bool) {
    draw(on: &canvas, in: area, skipping: 0, isFocused: isFocused) { Target(Self.targetName, $0) }
  }

  func draw(
    on canvas: inout Canvas, in area: Area, skipping skipped: Int, isFocused: Bool,
    target: (Int) -> Target
  ) {
    let texts = texts
    for (index, inner) in areas(in: area.columns).enumerated() {
      let place = area.part(inner, skipping: skipped)
      let isHere = isFocused && index == focus
      if index < texts.count {
        CheckBox.draw(
          texts[index], on: &canvas, in: place, isFocused: isHere, target: target(index))
      } else {
        typed.draw(on: &canvas, in: place, isFocused: isHere)
        if !place.isEmpty { canvas.mark(place, as: target(index)) }
      }
    }
  }
}
