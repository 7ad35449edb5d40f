import Interface
import Terminal

extension LogTree {
  /// Draws rows.
  ///
  /// - Parameters:
  ///   - shown: the row whose lines the log shows.
  ///   - focused: the row that keys are about.
  static func draw(
    _ rows: some Collection<Row>, shown: Node, focused: Node?, frame: Int,
    on canvas: inout Canvas, in area: Area
  ) {
    let titles = rows.map { $0.indent + TextWidth.columns(of: $0.title) }.max() ?? 0
    let titleColumns = min(titles, max(16, area.columns / 2))
    let timeColumns = rows.map { TextWidth.columns(of: $0.time) }.max() ?? 0
    var rest = area
    for row in rows {
      let line = rest.takeTop(1)
      if line.isEmpty { return }
      draw(
        row, isShown: row.node == shown, isFocused: row.node == focused, frame: frame,
        titleColumns, timeColumns, on: &canvas, in: line)
    }
  }

  private static func draw(
    _ row: Row, isShown: Bool, isFocused: Bool, frame: Int, _ titleColumns: Int,
    _ timeColumns: Int, on canvas: inout Canvas, in area: Area
  ) {
    var rest = area
    let focus = rest.takeLeft(2)
    if isFocused { canvas.write("▸", at: focus.origin, Theme.accent, limit: focus.columns) }
    let time = rest.takeRight(timeColumns)
    if timeColumns > 0 { _ = rest.takeRight(2) }
    _ = rest.takeLeft(row.indent)
    let sign = rest.takeLeft(2)
    canvas.write(row.mark.sign(frame: frame), at: sign.origin, row.mark.style, limit: sign.columns)
    let title = rest.takeLeft(titleColumns - row.indent)
    canvas.write(
      TextWidth.fitted(row.title, to: title.columns), at: title.origin,
      isShown ? Theme.selection : Theme.plain)
    _ = rest.takeLeft(2)
    canvas.write(TextWidth.fitted(row.detail, to: rest.columns), at: rest.origin, Theme.muted)
    let padding = timeColumns - TextWidth.columns(of: row.time)
    canvas.write(
      row.time, at: Position(column: time.column + padding, row: time.row), Theme.muted,
      limit: max(0, time.columns - padding))
  }
}
