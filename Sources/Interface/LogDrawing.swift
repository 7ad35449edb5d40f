import Terminal

extension LogPane {
  /// Draws the log and, while text is typed, the prompt below it.
  public func draw(on canvas: inout Canvas, in area: Area) {
    var area = area
    guard !area.isEmpty else { return }
    if let prompt {
      prompt.draw(on: &canvas, in: area.takeBottom(1))
    }
    guard !area.isEmpty else { return }
    if let target { canvas.mark(area, as: target) }
    let view = View(rows: area.rows, columns: area.columns)
    var layout = layout(view)
    guard layout.lastLine(to: store.lineCount - 1) != nil else { return }
    var position = firstPosition(view, &layout)
    let gutter = gutter(view)
    for row in area.row..<area.endRow {
      var line = Area(column: area.column, row: row, columns: area.columns, rows: 1)
      let places = (times: line.takeLeft(gutter.times), number: line.takeLeft(gutter.numbers))
      if position.piece == 0, position.row == 0 {
        Self.draw(time(ofLine: position.line), on: &canvas, in: places.times)
        Self.draw(logNumber(position.line + 1), on: &canvas, in: places.number)
      }
      if wraps {
        drawWrapped(position, on: &canvas, in: line, &layout)
      } else {
        drawCut(position, on: &canvas, in: line, &layout)
      }
      guard let next = layout.next(position) else { return }
      position = next
    }
  }

  private func time(ofLine line: Int) -> String {
    guard let seconds = store.times[line] else { return "" }
    return times == .ofDay
      ? LogTime.ofDay(store.timeOfDay + seconds) : LogTime.elapsed(seconds)
  }

  /// Draws a number at the right side of its place, but for a blank.
  private static func draw(_ number: String, on canvas: inout Canvas, in area: Area) {
    if area.isEmpty { return }
    canvas.write(
      number, at: Position(column: area.endColumn - 1 - number.count, row: area.row), Theme.muted)
  }

  private func drawWrapped(
    _ position: LogPosition, on canvas: inout Canvas, in area: Area, _ layout: inout LogLayout
  ) {
    let (text, rows) = layout.wrapped(position)
    guard let text else { return drawLost(on: &canvas, in: area) }
    let strokes = text.strokes(
      rows[position.row], highlights: highlights(in: text, line: position.line))
    Self.draw(strokes, on: &canvas, at: area.column, in: area)
  }

  /// Draws the part of a line that is in view, and at its edges signs of what is not.
  private func drawCut(
    _ position: LogPosition, on canvas: inout Canvas, in area: Area, _ layout: inout LogLayout
  ) {
    let line = layout.line(position.line)
    let pieces = line.pieceCount
    var goesOn = false
    var piece = pieces == 1 ? 0 : min(left / LogLine.pieceLength, pieces - 1)
    while piece < pieces, piece * LogLine.pieceLength < left + area.columns {
      // A match that begins in view may end behind it.
      let start = piece * LogLine.pieceLength
      let limit = left + area.columns - start + Self.lookAhead
      guard let text = line.text(ofPiece: piece, limit: limit) else {
        return drawLost(on: &canvas, in: area)
      }
      let strokes = text.strokes(
        0..<text.text.count, highlights: highlights(in: text, line: position.line))
      Self.draw(strokes, on: &canvas, at: area.column + start - left, in: area)
      goesOn = start + text.columns > left + area.columns
      piece += 1
    }
    if goesOn || piece < pieces, area.columns > 1 {
      let edge = Position(column: area.endColumn - 1, row: area.row)
      canvas.write("…", at: edge, Theme.muted)
    }
    if left > 0, area.columns > 1, line.range?.isEmpty == false {
      canvas.write("…", at: area.origin, Theme.muted)
    }
  }

  private static let lookAhead = 1000

  private func drawLost(on canvas: inout Canvas, in area: Area) {
    canvas.write(
      "… not kept …", at: area.origin, Theme.muted,
      limit: area.columns)
  }

  private static func draw(
    _ strokes: [AnsiText.Stroke], on canvas: inout Canvas, at column: Int, in area: Area
  ) {
    var column = column
    for stroke in strokes {
      if column >= area.endColumn { return }
      if column >= area.column {
        canvas.write(
          stroke.text, at: Position(column: column, row: area.row), stroke.style,
          limit: area.endColumn - column)
      } else if column + stroke.columns > area.column {
        drawEnd(of: stroke, from: column, on: &canvas, in: area)
      }
      column += stroke.columns
    }
  }

  /// Draws what is in view of a text that begins left of it.
  private static func drawEnd(
    of stroke: AnsiText.Stroke, from start: Int, on canvas: inout Canvas, in area: Area
  ) {
    var column = start
    let scalars = stroke.text.unicodeScalars
    for index in scalars.indices {
      if column >= area.column {
        canvas.write(
          String(scalars[index...]), at: Position(column: column, row: area.row), stroke.style,
          limit: area.endColumn - column)
        return
      }
      column += TextWidth.columns(of: scalars[index])
    }
  }

  /// What is to be emphasised in a text, and how.
  private func highlights(in text: AnsiText, line: Int) -> [AnsiText.Highlight] {
    let isCurrent = line == current
    if let pattern = search?.scan.pattern {
      let ranges = pattern.ranges(in: text.text)
      if !ranges.isEmpty {
        let style = isCurrent ? LogLook.currentMatch : LogLook.match
        return ranges.map { AnsiText.Highlight(range: $0, style: style) }
      }
    }
    guard isCurrent else { return [] }
    // An error that was gone to, or a line that was marked as one.
    let errors = Self.errorPattern.ranges(in: text.text)
    let ranges = errors.isEmpty ? [0..<text.text.count] : errors
    return ranges.map { AnsiText.Highlight(range: $0, style: LogLook.currentMatch) }
  }
}

/// How what is looked for looks.
enum LogLook {
  static let match = Style(.cyan, [.bold, .underline])
  static let currentMatch = Style(.cyan, [.reverse])
}
