import Terminal

extension LogPane {
  /// The size of what the log is shown in.
  struct View {
    var rows: Int
    var columns: Int

    init(rows: Int, columns: Int) {
      self.rows = max(1, rows)
      self.columns = max(1, columns)
    }

    /// How far a page goes: one row stays in view.
    var page: Int { max(1, rows - 1) }
  }

  /// The columns for times and line numbers, each with a blank behind them; 0 where they would
  /// leave no room.
  func gutter(_ view: View) -> (times: Int, numbers: Int) {
    let times = times == .none || view.columns < 8 + LogTime.columns ? 0 : LogTime.columns
    guard showsLineNumbers else { return (times, 0) }
    let columns = logNumber(max(1, store.lineCount)).count + 1
    return (times, view.columns - times - columns < 8 ? 0 : columns)
  }

  func layout(_ view: View) -> LogLayout {
    LogLayout(
      store: store, filter: shownLines, wraps: wraps,
      columns: view.columns - gutter(view).times - gutter(view).numbers)
  }

  /// The first row in view.
  func firstPosition(_ view: View, _ layout: inout LogLayout) -> LogPosition {
    isFollowing ? layout.lastTop(rows: view.rows) : layout.settled(top, rows: view.rows)
  }

  func firstLineInView(_ view: View) -> Int {
    var layout = layout(view)
    return firstPosition(view, &layout).line
  }

  /// The lines from the first to the last in view.
  func linesInView(_ view: View) -> ClosedRange<Int>? {
    var layout = layout(view)
    guard layout.lastLine(to: store.lineCount - 1) != nil else { return nil }
    let first = firstPosition(view, &layout)
    return first.line...layout.moved(first, by: view.rows - 1).line
  }

  // MARK: - Scrolling

  /// Whoever goes elsewhere does not wait for what is looked for any more.
  private mutating func stay() {
    search?.wish = nil
    errors?.wish = nil
  }

  /// Goes down, or up where the number is negative. Whoever comes to the end follows the log.
  mutating func scroll(by rows: Int, _ view: View) {
    stay()
    var layout = layout(view)
    let first = firstPosition(view, &layout)
    let moved = layout.moved(first, by: rows)
    let last = layout.lastTop(rows: view.rows)
    // Where there is nothing to scroll, an arrow does not end the following.
    if rows < 0, moved == first { return }
    isFollowing = moved >= last
    top = min(moved, last)
  }

  mutating func goToBeginning(_ view: View) {
    stay()
    var layout = layout(view)
    let first = LogPosition(line: layout.firstLine(from: 0) ?? 0)
    isFollowing = isFollowing && first >= layout.lastTop(rows: view.rows)
    top = first
    left = 0
  }

  mutating func follow(_ isFollowing: Bool, _ view: View) {
    stay()
    var layout = layout(view)
    top = firstPosition(view, &layout)
    self.isFollowing = isFollowing
  }

  /// Goes to the right, not further than the longest line in view.
  mutating func scrollRight(_ view: View) {
    guard !wraps else { return }
    var layout = layout(view)
    var position = firstPosition(view, &layout)
    var widest = 0
    for _ in 0..<view.rows {
      widest = max(widest, layout.line(position.line).columns)
      guard let next = layout.next(position) else { break }
      position = next
    }
    left = max(left, min(left + Self.horizontalStep, widest - layout.columns))
  }

  mutating func toggleWrapping(_ view: View) {
    var layout = layout(view)
    let line = firstPosition(view, &layout).line
    wraps.toggle()
    left = 0
    top = LogPosition(line: line)
  }

  /// No times, those since the log began, those of the day.
  mutating func toggleTimes() {
    switch times {
    case .none: times = .elapsed
    case .elapsed: times = .ofDay
    case .ofDay: times = .none
    }
  }

  /// The lines in view, without colours; of a very long one its first piece.
  func copy(_ view: View) -> Event? {
    var layout = layout(view)
    guard let lines = linesInView(view) else { return nil }
    var texts: [String] = []
    var index = layout.firstLine(from: lines.lowerBound)
    while let line = index, line <= lines.upperBound {
      let text = layout.line(line).text(ofPiece: 0)?.text ?? []
      texts.append(String(decoding: text, as: UTF8.self))
      index = layout.firstLine(from: line + 1)
    }
    return .copy(texts.joined(separator: "\n"))
  }

  // MARK: - Going to a line

  /// Brings a line into view, and in it the text that was looked for.
  mutating func reveal(_ line: Int, _ pattern: LogPattern, _ view: View) {
    current = line
    var layout = layout(view)
    let place = place(of: pattern, inLine: line, &layout)
    var position = LogPosition(line: line)
    if wraps {
      position = place.position
    } else if place.columns.lowerBound < left || place.columns.upperBound > left + layout.columns {
      left =
        place.columns.upperBound <= layout.columns
        ? 0 : max(0, place.columns.lowerBound - layout.columns / 2)
    }
    let first = firstPosition(view, &layout)
    let last = layout.moved(first, by: view.rows - 1)
    isFollowing = false
    top = first
    if position < first || position > last {
      top = min(
        layout.moved(position, by: -(view.rows / 3)), layout.lastTop(rows: view.rows))
    }
  }

  /// Where the text stands first in a line: its row, and its columns in the line.
  private func place(
    of pattern: LogPattern, inLine index: Int, _ layout: inout LogLayout
  ) -> (position: LogPosition, columns: Range<Int>) {
    let line = layout.line(index)
    // In a very long line it is looked for in the first MiB.
    for piece in 0..<min(line.pieceCount, 64) {
      guard let text = line.text(ofPiece: piece), let range = pattern.ranges(in: text.text).first
      else { continue }
      var position = LogPosition(line: index, piece: piece)
      if wraps {
        let rows = layout.wrapped(position).rows
        position.row = rows.firstIndex { $0.contains(range.lowerBound) } ?? 0
      }
      let start = text.columns(of: 0..<range.lowerBound)
      let first = piece * LogLine.pieceLength + start
      return (position, first..<first + text.columns(of: range))
    }
    return (LogPosition(line: index), 0..<0)
  }
}
