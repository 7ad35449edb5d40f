import Terminal

extension Area {
  /// One of its rows, counted from its upper end; empty when there is no such row.
  func row(_ index: Int) -> Area {
    let isThere = (0..<rows).contains(index)
    return Area(
      column: column, row: row + max(0, index), columns: columns, rows: isThere ? 1 : 0)
  }
}

extension Canvas {
  /// Writes text that is cut with … where it does not fit.
  ///
  /// - Returns: how many columns it took.
  @discardableResult
  mutating func writeFitted(_ text: String, in area: Area, _ style: Style = .plain) -> Int {
    if area.isEmpty { return 0 }
    return write(TextWidth.fitted(text, to: area.columns), at: area.origin, style)
  }
}

/// The sign before the one of several that has the focus.
enum FocusMark {
  /// The columns that it takes, with the blank behind it.
  static let columns = 2

  /// Draws it, or leaves its place empty.
  ///
  /// - Returns: what is left of the row.
  static func draw(_ isFocused: Bool, on canvas: inout Canvas, in row: Area) -> Area {
    var rest = row
    let place = rest.takeLeft(columns)
    if isFocused, !place.isEmpty {
      canvas.write("▸", at: place.origin, Theme.accent, limit: 1)
      // Braille lines and magnifiers follow the cursor; where one types it stays in the text.
      if canvas.cursor == nil { canvas.cursor = place.origin }
    }
    return rest
  }
}
