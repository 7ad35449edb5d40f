/// A row of the log as it is laid out: the row of a piece of a line.
struct LogPosition: Comparable {
  var line = 0
  var piece = 0
  var row = 0

  static func < (one: LogPosition, other: LogPosition) -> Bool {
    (one.line, one.piece, one.row) < (other.line, other.piece, other.row)
  }
}

/// How the lines of a log come to stand in rows.
struct LogLayout {
  let store: LogStore
  /// The lines that are shown; `nil` for all.
  let filter: LogFilter?
  let wraps: Bool
  /// How many columns the text has.
  let columns: Int

  // One goes from row to row: what was found for a line and a piece is used again.
  private var latestLine: (index: Int, line: LogLine)?
  private var latestPiece: (line: Int, piece: Int, text: AnsiText?, rows: [Range<Int>])?

  init(store: LogStore, filter: LogFilter?, wraps: Bool, columns: Int) {
    self.store = store
    self.filter = filter
    self.wraps = wraps
    self.columns = max(1, columns)
  }

  // MARK: - Lines

  mutating func line(_ index: Int) -> LogLine {
    if let latestLine, latestLine.index == index { return latestLine.line }
    let line = LogLine(index, in: store)
    latestLine = (index, line)
    return line
  }

  /// The text of a wrapped piece and what of it is in each row.
  mutating func wrapped(_ position: LogPosition) -> (text: AnsiText?, rows: [Range<Int>]) {
    if let latest = latestPiece, latest.line == position.line, latest.piece == position.piece {
      return (latest.text, latest.rows)
    }
    let text = line(position.line).text(ofPiece: position.piece)
    let rows = text?.rows(columns: columns) ?? [0..<0]
    latestPiece = (position.line, position.piece, text, rows)
    return (text, rows)
  }

  /// The first line that is shown, at or after this one.
  func firstLine(from line: Int) -> Int? {
    if let filter { return filter.first(from: line) }
    return line < store.lineCount ? max(0, line) : nil
  }

  /// The last line that is shown, at or before this one.
  func lastLine(to line: Int) -> Int? {
    if let filter { return filter.last(to: line) }
    return line < 0 || store.lineCount == 0 ? nil : min(line, store.lineCount - 1)
  }

  // MARK: - Rows

  mutating func next(_ position: LogPosition) -> LogPosition? {
    if wraps {
      if position.row + 1 < wrapped(position).rows.count {
        return LogPosition(line: position.line, piece: position.piece, row: position.row + 1)
      }
      if position.piece + 1 < line(position.line).pieceCount {
        return LogPosition(line: position.line, piece: position.piece + 1)
      }
    }
    return firstLine(from: position.line + 1).map { LogPosition(line: $0) }
  }

  mutating func previous(_ position: LogPosition) -> LogPosition? {
    if wraps {
      if position.row > 0 {
        return LogPosition(line: position.line, piece: position.piece, row: position.row - 1)
      }
      if position.piece > 0 {
        return lastRow(LogPosition(line: position.line, piece: position.piece - 1))
      }
    }
    return lastLine(to: position.line - 1).map { lastPosition(ofLine: $0) }
  }

  private mutating func lastPosition(ofLine index: Int) -> LogPosition {
    if !wraps { return LogPosition(line: index) }
    return lastRow(LogPosition(line: index, piece: line(index).pieceCount - 1))
  }

  private mutating func lastRow(_ position: LogPosition) -> LogPosition {
    var position = position
    position.row = wrapped(position).rows.count - 1
    return position
  }

  /// The position so many rows further down, or up where they are negative, as far as there are
  /// any.
  mutating func moved(_ position: LogPosition, by rows: Int) -> LogPosition {
    var position = position
    for _ in 0..<abs(rows) {
      guard let other = rows < 0 ? previous(position) : next(position) else { break }
      position = other
    }
    return position
  }

  /// Where to start so that the last rows fill the window.
  mutating func lastTop(rows: Int) -> LogPosition {
    guard let last = lastLine(to: store.lineCount - 1) else { return LogPosition() }
    return moved(lastPosition(ofLine: last), by: 1 - max(1, rows))
  }

  /// The nearest position that there is, after a change of the width or of the lines shown, and
  /// none below the last that fills the window.
  mutating func settled(_ position: LogPosition, rows: Int) -> LogPosition {
    guard let index = firstLine(from: position.line) ?? lastLine(to: position.line) else {
      return LogPosition()
    }
    var settled = LogPosition(line: index)
    if wraps, index == position.line {
      settled.piece = min(position.piece, line(index).pieceCount - 1)
      settled.row = settled.piece < position.piece ? 0 : position.row
      settled.row = min(settled.row, wrapped(settled).rows.count - 1)
    }
    return min(settled, lastTop(rows: rows))
  }
}
