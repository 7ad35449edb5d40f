import Interface
import Terminal

/// Where a list of steps and the log of them are drawn: side by side where there is room, else one
/// above the other. Below both is a place for what there is to say.
struct LogSplit {
  let list: Area
  private let rule: Area?
  let log: Area
  let lower: Area

  /// Divides an area.
  ///
  /// - Parameters:
  ///   - columns: of the list, where it stands at the side.
  ///   - rows: of the list, where it stands above, as far as there is room.
  ///   - lowerRows: of the place below, with the line above it.
  init(_ area: Area, columns: Int, rows: Int, lowerRows: Int) {
    var rest = area
    lower = rest.takeBottom(lowerRows)
    if area.columns >= 70 {
      list = rest.takeLeft(columns)
      rule = rest.takeLeft(2)
    } else {
      list = rest.takeTop(min(rows, rest.rows / 3))
      rule = nil
    }
    log = rest
  }

  /// Draws the list, the log, and the lines between them.
  ///
  /// - Returns: what is left of the place below.
  func draw(
    _ rows: [CheckRow], _ pane: LogPane?, on canvas: inout Canvas, frame: Int
  ) -> Area {
    var steps = CheckList(rows: rows)
    if let index = rows.lastIndex(where: { $0.mark != .waiting }) { steps.selected = index }
    steps.isNarrow = true
    steps.draw(on: &canvas, in: list.inset(columns: 1), frame: frame)
    if let rule { canvas.drawRule(in: rule) }
    pane?.draw(on: &canvas, in: log)
    var lower = lower
    let status = pane?.status(rows: log.rows, columns: log.columns)
    canvas.drawRule(in: lower.takeTop(1), text: status ?? "")
    return lower
  }
}

extension Canvas {
  /// Draws a line from the upper to the lower end of an area, at its left edge.
  mutating func drawRule(in area: Area) {
    for row in area.row..<area.endRow {
      write("│", at: Position(column: area.column, row: row), Theme.muted)
    }
  }

  /// Draws a line from the left to the right of a row, with a text at its end.
  mutating func drawRule(in row: Area, text: String) {
    fill(row.inset(columns: 1), with: "─", Theme.muted)
    if text.isEmpty { return }
    let width = TextWidth.columns(of: text) + 2
    write(
      " \(text) ", at: Position(column: max(1, row.endColumn - width - 4), row: row.row),
      Theme.muted)
  }
}
