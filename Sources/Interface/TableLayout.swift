import Terminal

/// Which columns of a table are shown, and how wide.
struct TableLayout: Equatable {
  private var columns: [Table.Column]
  /// The width of each column; 0 when it is not shown.
  private(set) var widths: [Int]
  private static let gap = 2

  /// Gives each column what it needs for the rows that are measured, in the order of priority.
  ///
  /// Without room for all, the least important columns go first.
  init(_ columns: [Table.Column], room: Int, measuring rows: [[Table.Cell]]) {
    self.columns = columns
    widths = Array(repeating: 0, count: columns.count)
    let order = columns.indices.sorted { columns[$0].priority < columns[$1].priority }
    var left = max(0, room)
    var shown: [Int] = []
    for index in order {
      let wanted = max(columns[index].minimum, TextWidth.columns(of: columns[index].title))
      let needed = wanted + (shown.isEmpty ? 0 : Self.gap)
      // The first one is shown in any case.
      if needed > left, !shown.isEmpty { continue }
      widths[index] = min(wanted, left)
      left -= min(needed, left)
      shown.append(index)
    }
    for index in shown where left > 0 {
      let widest =
        rows.lazy.map { $0.indices.contains(index) ? $0[index].text : "" }
        .map { TextWidth.columns(of: $0) }.max() ?? 0
      let more = max(0, min(widest - widths[index], left))
      widths[index] += more
      left -= more
    }
  }

  /// The rows that are measured: those in sight, and so many around them that the widths change
  /// seldom while one scrolls. Never all of many, since a step must not take longer for them.
  static func sample(around range: Range<Int>, of count: Int) -> Range<Int> {
    let block = 64
    let first = range.lowerBound / block * block
    let last = (range.upperBound + block - 1) / block * block
    return first..<max(first, min(last, count))
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
