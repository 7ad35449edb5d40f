import Terminal

/// Which columns of a table are shown, and how wide.
struct TableLayout: Equatable {
  private var columns: [Table.Column]
  /// The width of each column; 0 when it is not shown.
  private(set) var widths: [Int]
  private static let gap = 2

  /// Gives the columns room in the order of their priority.
  ///
  /// A column is left out where the more important ones would be squeezed for it.
  init(_ columns: [Table.Column], room: Int) {
    self.columns = columns
    widths = Array(repeating: 0, count: columns.count)
    let minimum = columns.map { max($0.minimum, TextWidth.columns(of: $0.title)) }
    let widest = zip(columns, minimum).map { max($0.widest, $1) }
    let easy = columns.indices.map { max(minimum[$0], min(widest[$0], minimum[$0] * 3 / 2)) }
    var left = max(0, room)
    // The room that those which are shown would have, were they not squeezed.
    var used = 0
    let order = columns.indices.sorted { columns[$0].priority < columns[$1].priority }
    for index in order {
      let gap = used == 0 ? 0 : Self.gap
      // The first one is shown in any case.
      if used > 0, used + gap + minimum[index] > room { continue }
      widths[index] = min(minimum[index], left)
      left -= min(minimum[index] + gap, left)
      used += gap + easy[index]
    }
    for wanted in [easy, widest] {
      for index in order where widths[index] > 0 {
        let more = max(0, min(wanted[index] - widths[index], left))
        widths[index] += more
        left -= more
      }
    }
  }

  /// Draws the cells of one row.
  func draw(_ cells: [Table.Cell], on canvas: inout Canvas, in row: Area) {
    var rest = row
    for (index, width) in widths.enumerated() where width > 0 {
      var place = rest.takeLeft(width)
      _ = rest.takeLeft(Self.gap)
      guard cells.indices.contains(index) else { continue }
      if columns[index].isNumber {
        _ = place.takeLeft(max(0, width - TextWidth.columns(of: cells[index].text)))
      }
      canvas.writeFitted(cells[index].text, in: place, cells[index].style)
    }
  }
}
