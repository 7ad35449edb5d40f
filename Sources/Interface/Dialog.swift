import Terminal

/// A question on top of everything, with a few answers.
public struct Dialog: Equatable, Sendable {
  /// The question, in a few words.
  public var title: String
  /// What there is to know.
  public var text: String
  /// The answers.
  public var choices: [String]
  /// The answer that Enter gives.
  public var selected = 0
  /// The answer that Esc gives: the one that loses nothing.
  private let escape: Int

  /// Creates a dialog.
  ///
  /// - Parameter escape: the answer that Esc gives, the last one unless told.
  public init(title: String, text: String, choices: [String], escape: Int? = nil) {
    self.title = title
    self.text = text
    self.choices = choices
    self.escape = escape ?? choices.count - 1
  }

  private static let targetName = "dialog"

  // MARK: - Input

  /// Takes a key or what the mouse does.
  ///
  /// - Returns: the number of the answer that was given.
  public mutating func handle(_ input: Input) -> Int? {
    switch input {
    case .key(.left), .key(.backTab): move(.up)
    case .key(.right), .key(.tab): move(.down)
    case .key(.enter): return choices.indices.contains(selected) ? selected : nil
    case .key(.escape): return choices.indices.contains(escape) ? escape : nil
    case .press(let target) where target.name == Self.targetName:
      return choices.indices.contains(target.index) ? target.index : nil
    default: if let motion = Motion(input) { move(motion) }
    }
    return nil
  }

  private mutating func move(_ motion: Motion) {
    switch motion {
    case .up: selected = max(0, selected - 1)
    case .down: selected = max(0, min(selected + 1, choices.count - 1))
    case .pageUp, .first: selected = 0
    case .pageDown, .last: selected = max(0, choices.count - 1)
    }
  }

  // MARK: - Drawing

  private static let widest = 64

  /// Draws it in the middle of an area, on top of what is there; nothing beneath reacts to the
  /// mouse any more.
  public func draw(on canvas: inout Canvas, in area: Area) {
    canvas.unmark()
    canvas.cursor = nil
    canvas.restyle(area) { $0 = Style(nil, .dim) }
    guard !area.isEmpty else { return }
    let margin = area.columns < 24 ? 2 : 3
    let widths =
      ([title] + choices.map { "▸ \($0)" } + text.split(separator: "\n").map(String.init))
      .map { TextWidth.columns(of: $0) }
    let inner = max(0, min(widths.max() ?? 0, Self.widest, area.columns - 2 * margin))
    let lines = text.isEmpty ? [] : TextWidth.wrapped(text, to: inner)
    // Title, blank, text, blank, choices, and a border with a blank line inside at both ends.
    let wanted = 1 + (lines.isEmpty ? 0 : lines.count + 1) + 1 + choices.count + 4
    let rows = min(wanted, area.rows)
    let box = Area(
      column: area.column + max(0, (area.columns - inner - 2 * margin) / 2),
      row: area.row + (area.rows - rows) / 2, columns: min(inner + 2 * margin, area.columns),
      rows: rows)
    drawBorder(on: &canvas, in: box)
    var rest = box.inset(columns: box.columns > 2 * margin ? margin : 0, rows: rows > 2 ? 1 : 0)
    drawContents(lines, on: &canvas, in: &rest, isRoomy: rows == wanted)
  }

  private func drawBorder(on canvas: inout Canvas, in box: Area) {
    canvas.fill(box)
    guard box.columns > 2, box.rows > 2 else { return }
    let line = String(repeating: "─", count: box.columns - 2)
    canvas.write("┌\(line)┐", at: box.origin, Theme.muted)
    canvas.write("└\(line)┘", at: box.row(box.rows - 1).origin, Theme.muted)
    for row in 1..<box.rows - 1 {
      canvas.write("│", at: box.row(row).origin, Theme.muted)
      canvas.write(
        "│", at: Position(column: box.endColumn - 1, row: box.row + row), Theme.muted)
    }
  }

  private func drawContents(
    _ lines: [String], on canvas: inout Canvas, in rest: inout Area, isRoomy: Bool
  ) {
    if isRoomy {
      _ = rest.takeTop(1)
      _ = rest.takeBottom(1)
    }
    // The answers have to be in sight; then the title, then as much of the text as fits.
    let answers = rest.takeBottom(choices.count)
    canvas.writeFitted(title, in: rest.takeTop(1), Theme.strong)
    if rest.rows >= 3 || isRoomy {
      _ = rest.takeTop(1)
      _ = rest.takeBottom(1)
    }
    let shown = lines.prefix(rest.rows)
    for (row, line) in shown.enumerated() {
      let isCut = row == shown.count - 1 && shown.count < lines.count
      let text = isCut ? TextWidth.fitted(line + " …", to: rest.columns) : line
      canvas.writeFitted(text, in: rest.row(row))
    }
    drawAnswers(on: &canvas, in: answers)
  }

  private func drawAnswers(on canvas: inout Canvas, in area: Area) {
    let first = max(0, min(selected, choices.count - area.rows))
    for row in 0..<area.rows where choices.indices.contains(first + row) {
      let index = first + row
      let place = area.row(row)
      let rest = FocusMark.draw(index == selected, on: &canvas, in: place)
      canvas.writeFitted(
        choices[index], in: rest, index == selected ? Theme.selection : Theme.plain)
      canvas.mark(place, as: Target(Self.targetName, index))
    }
  }
}
