import Terminal

/// A box or a round one with its name, as in every installer; all in ASCII, so that the C locale
/// shows it, too.
enum CheckBox {
  /// One that stands for itself.
  static func text(_ name: String, isOn: Bool) -> String { (isOn ? "[x] " : "[ ] ") + name }

  /// One of several that exclude each other.
  static func roundText(_ name: String, isOn: Bool) -> String { (isOn ? "(*) " : "( ) ") + name }

  /// Draws what one of the above returned, the cursor on its mark where it has the focus.
  static func draw(
    _ text: String, on canvas: inout Canvas, in area: Area, isFocused: Bool, target: Target
  ) {
    guard !area.isEmpty else { return }
    let used = canvas.writeFitted(text, in: area, isFocused ? Theme.accent : Theme.plain)
    canvas.mark(Area(column: area.column, row: area.row, columns: used, rows: 1), as: target)
    if isFocused {
      canvas.cursor = Position(column: min(area.column + 1, area.endColumn - 1), row: area.row)
    }
  }
}

/// Items in rows, one after the other, as words are in a text.
enum Flow {
  static let gap = 3

  /// Where items of these widths go.
  ///
  /// - Returns: the place of each, from the upper left, and no wider than a row.
  static func areas(of widths: [Int], in columns: Int) -> [Area] {
    var place = Position(column: 0, row: 0)
    return widths.map { width in
      let width = min(width, max(0, columns))
      if place.column > 0, place.column + width > columns {
        place = Position(column: 0, row: place.row + 1)
      }
      defer { place.column += width + gap }
      return Area(column: place.column, row: place.row, columns: width, rows: 1)
    }
  }
}

extension Area {
  /// An area whose place is told from this one's upper left; empty when it is not within it.
  ///
  /// - Parameter skipped: so many rows lie above this one.
  func part(_ inner: Area, skipping skipped: Int) -> Area {
    let top = inner.row - skipped
    let isWithin = top >= 0 && top + inner.rows <= rows && inner.endColumn <= columns
    return Area(
      column: column + inner.column, row: row + top, columns: inner.columns,
      rows: isWithin ? inner.rows : 0)
  }
}
