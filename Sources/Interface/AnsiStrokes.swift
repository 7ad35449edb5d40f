import Terminal

extension AnsiText {
  /// A part of the text that is drawn in one go.
  struct Stroke: Equatable {
    var text: String
    var style: Style
    var columns: Int
  }

  /// A part of the text that is to be emphasised.
  struct Highlight: Equatable {
    var range: Range<Int>
    var style: Style
  }

  /// Divides a part of the text where its look changes.
  ///
  /// - Parameter highlights: in order, without overlaps.
  func strokes(_ part: Range<Int>, highlights: [Highlight]) -> [Stroke] {
    var strokes: [Stroke] = []
    var start = part.lowerBound
    var run = runs.lastIndex { $0.start <= start } ?? 0
    var highlight = highlights.firstIndex { $0.range.upperBound > start } ?? highlights.count
    while start < part.upperBound {
      var end = run + 1 < runs.count ? min(runs[run + 1].start, part.upperBound) : part.upperBound
      var style = runs[run].style
      if highlight < highlights.count {
        let emphasis = highlights[highlight]
        if emphasis.range.lowerBound <= start {
          style = emphasis.style
          end = min(end, emphasis.range.upperBound)
        } else {
          end = min(end, emphasis.range.lowerBound)
        }
        if end == emphasis.range.upperBound { highlight += 1 }
      }
      if run + 1 < runs.count, end == runs[run + 1].start { run += 1 }
      strokes.append(
        Stroke(
          text: String(decoding: text[start..<end], as: UTF8.self), style: style,
          columns: columns(of: start..<end)))
      start = end
    }
    return strokes
  }

  /// The columns of a part of the text.
  func columns(of part: Range<Int>) -> Int {
    var columns = 0
    forEachScalar(in: part) { _, width in columns += width }
    return columns
  }

  /// The parts of the text that fit in rows of so many columns each.
  func rows(columns: Int) -> [Range<Int>] {
    var rows: [Range<Int>] = []
    var start = 0
    var used = 0
    forEachScalar(in: 0..<text.count) { index, width in
      // A character that is wider than the row has it for itself.
      if used + width > columns, index > start {
        rows.append(start..<index)
        start = index
        used = 0
      }
      used += width
    }
    return rows + [start..<text.count]
  }

  /// Calls back with where each scalar begins and its columns.
  private func forEachScalar(in part: Range<Int>, _ body: (Int, Int) -> Void) {
    text.withUnsafeBytes { bytes in
      var index = part.lowerBound
      while index < part.upperBound {
        if bytes[index] < 0x80 {
          body(index, 1)
          index += 1
        } else {
          let (scalar, length) = Self.decode(bytes, at: index)
          body(index, TextWidth.columns(of: scalar))
          index += length
        }
      }
    }
  }
}
