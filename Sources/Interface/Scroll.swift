import Terminal

/// The part of something long that is in sight.
struct Scroll: Equatable, Sendable {
  /// The first row in sight, as far as it is known; drawing puts it right for the room there is.
  private(set) var top = 0

  /// The rows in sight.
  func range(count: Int, rows: Int) -> Range<Int> {
    let (count, rows) = (max(0, count), max(0, rows))
    let first = max(0, min(top, count - rows))
    return first..<min(count, first + rows)
  }

  /// The rows in sight, such that a certain one is among them.
  func range(showing row: Int, count: Int, rows: Int) -> Range<Int> {
    var moved = self
    moved.show(row, count: count, rows: rows)
    return moved.range(count: count, rows: rows)
  }

  /// Moves as little as it takes to bring a row into sight.
  mutating func show(_ row: Int, count: Int, rows: Int) {
    top = range(count: count, rows: rows).lowerBound
    if row < top { top = max(0, row) }
    if row >= top + max(1, rows) { top = row - max(1, rows) + 1 }
  }

  /// Moves by so many rows, down to the last page.
  mutating func move(by distance: Int, count: Int, rows: Int) {
    let last = max(0, count - max(0, rows))
    let limited = max(-last, min(distance, last))
    top = min(max(0, min(top, last) + limited), last)
  }

  /// Moves as a key asks for.
  mutating func move(_ motion: Motion, count: Int, rows: Int) {
    let page = max(1, rows - 1)
    switch motion {
    case .up: move(by: -1, count: count, rows: rows)
    case .down: move(by: 1, count: count, rows: rows)
    case .pageUp: move(by: -page, count: count, rows: rows)
    case .pageDown: move(by: page, count: count, rows: rows)
    case .first: go(toEnd: false, count: count, rows: rows)
    case .last: go(toEnd: true, count: count, rows: rows)
    }
  }

  /// Goes to the first or the last page.
  mutating func go(toEnd: Bool, count: Int, rows: Int) {
    top = toEnd ? max(0, count - max(0, rows)) : 0
  }
}

extension Scroll {
  /// The first row in sight where certain ones stand in the middle, as far as there is enough on
  /// both sides; the first of them is in sight in any case.
  ///
  /// For lists that move with what is selected, and so have no place of their own to keep.
  static func first(showing part: Range<Int>, of count: Int, rows: Int) -> Int {
    let middle = part.lowerBound - max(0, rows - part.count) / 2
    return max(0, min(middle, count - rows))
  }
}

/// Signs at the right edge that there is more above or below.
enum MoreMarks {
  /// The columns that they take, with the blank before them.
  static let columns = 2

  static func draw(above: Bool, below: Bool, on canvas: inout Canvas, in area: Area) {
    guard !area.isEmpty else { return }
    let column = area.endColumn - 1
    let isBoth = above && below && area.rows == 1
    if above {
      canvas.write(
        isBoth ? "↕" : "↑", at: Position(column: column, row: area.row), Theme.muted, limit: 1)
    }
    if below, !isBoth {
      canvas.write("↓", at: Position(column: column, row: area.endRow - 1), Theme.muted, limit: 1)
    }
  }
}
