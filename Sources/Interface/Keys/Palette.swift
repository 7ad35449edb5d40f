import Terminal

/// All that can be done on a screen, found as one types.
public struct Palette: Equatable, Sendable {
  private let entries: [KeyBinding]
  private var field = TextField(placeholder: "type a word of it")
  private var selected = 0

  /// What the person wants.
  public enum Answer: Equatable, Sendable {
    /// Nothing of it.
    case close
    /// What this key does.
    case press(Key)
  }

  /// Offers what has a key of its own.
  public init(_ bindings: [KeyBinding]) {
    entries = bindings.filter { !$0.keys.isEmpty && $0.keys != Shortcut.actions.keys }
  }

  private var found: [KeyBinding] {
    let words = field.text.lowercased().split(separator: " ")
    return entries.filter { entry in
      let text = entry.words.lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  // MARK: - Input

  private static let closing = [Shortcut.back, .interrupt].flatMap(\.keys)

  /// Takes a key or a paste.
  ///
  /// - Returns: what is wanted, once that is known.
  public mutating func handle(_ input: Input) -> Answer? {
    guard case .key(let key) = input else {
      _ = field.handle(input)
      return nil
    }
    if Self.closing.contains(key) { return .close }
    let found = found
    if Shortcut.accept.keys.contains(key) {
      return found.indices.contains(selected) ? found[selected].keys.first.map { .press($0) } : nil
    }
    if !key.isText, let motion = Motion(key) {
      move(motion, found.count)
      return nil
    }
    let before = field.text
    _ = field.handle(input)
    if field.text != before { selected = 0 }
    return nil
  }

  private mutating func move(_ motion: Motion, _ count: Int) {
    let last = max(0, count - 1)
    switch motion {
    case .up: selected = max(0, selected - 1)
    case .down: selected = min(selected + 1, last)
    case .pageUp, .first: selected = 0
    case .pageDown, .last: selected = last
    }
  }

  // MARK: - Drawing

  /// Draws it over all of an area; nothing beneath reacts to the mouse any more.
  public func draw(on canvas: inout Canvas, in area: Area) {
    canvas.unmark()
    canvas.cursor = nil
    canvas.fill(area)
    var rest = area.inset(columns: 1)
    canvas.writeFitted("What can be done here", in: rest.takeTop(1), Theme.strong)
    HelpLine([KeyBinding("Enter", "do it"), KeyBinding("↑↓", "choose"), KeyBinding("Esc", "close")])
      .draw(on: &canvas, in: rest.takeBottom(1))
    if rest.rows > 8 {
      _ = rest.takeTop(1)
      _ = rest.takeBottom(1)
    }
    field.draw(on: &canvas, in: rest.takeTop(1).inset(columns: FocusMark.columns), isFocused: true)
    if rest.rows > 8 { _ = rest.takeTop(1) }
    let found = found
    if found.isEmpty {
      canvas.writeFitted("  Nothing here is called so.", in: rest.takeTop(1), Theme.muted)
      return
    }
    let columns = found.map { TextWidth.columns(of: $0.labels) }.max() ?? 0
    let first = Scroll.first(showing: selected..<selected + 1, of: found.count, rows: rest.rows)
    for (row, entry) in found.dropFirst(first).prefix(rest.rows).enumerated() {
      draw(entry, isSelected: first + row == selected, columns, on: &canvas, in: rest.row(row))
    }
  }

  private func draw(
    _ entry: KeyBinding, isSelected: Bool, _ columns: Int, on canvas: inout Canvas, in row: Area
  ) {
    var rest = FocusMark.draw(isSelected, on: &canvas, in: row)
    let isOff = entry.off != nil
    let words = entry.words + (entry.off.map { " – not now: \($0)" } ?? "")
    canvas.writeFitted(entry.labels, in: rest.takeLeft(columns), isOff ? Theme.muted : Theme.strong)
    _ = rest.takeLeft(3)
    canvas.writeFitted(
      words, in: rest, isOff ? Theme.muted : isSelected ? Theme.selection : Theme.plain)
  }
}
