import Terminal

/// How panes are laid out in an area: as many beside and above each other as can be read, and no
/// more than there are.
struct PaneGrid: Equatable {
  /// How many panes there are.
  let count: Int
  /// How many are beside each other.
  let columns: Int
  /// How many rows of them are in sight.
  let rows: Int
  private let area: Area

  /// What a pane takes at least: a line of its own log is cut, but not without sense.
  private static let smallest = Size(columns: 38, rows: 7)

  init(_ count: Int, in area: Area) {
    self.count = count
    self.area = area
    let mostColumns = max(1, area.columns / Self.smallest.columns)
    let mostRows = max(1, area.rows / Self.smallest.rows)
    let rows = max(1, min(mostRows, Self.divided(count, by: mostColumns)))
    // Those that fit into so many rows share the width.
    let fits = count <= rows * mostColumns
    columns = fits ? max(1, Self.divided(count, by: rows)) : mostColumns
    self.rows = rows
  }

  private static func divided(_ count: Int, by size: Int) -> Int { (count + size - 1) / size }

  /// How many rows of panes there are, in sight or not.
  var allRows: Int { Self.divided(count, by: columns) }
  /// How many panes are in sight at most.
  var page: Int { columns * rows }

  /// The panes in sight, such that a certain one is among them.
  func shown(_ focus: Int) -> Range<Int> {
    // A page at a time: what one reads stays where it is.
    let first = focus / page * page
    return first..<min(count, first + page)
  }

  /// Where a pane is drawn, with a column to spare at its right side unless it is the last one.
  func area(of index: Int, first: Int) -> Area {
    let place = index - first
    let (row, column) = (place / columns, place % columns)
    let (left, right) = (area.columns * column / columns, area.columns * (column + 1) / columns)
    let (top, bottom) = (area.rows * row / rows, area.rows * (row + 1) / rows)
    return Area(
      column: area.column + left, row: area.row + top, columns: right - left, rows: bottom - top)
  }
}
