import Interface
import Terminal

/// A line of text with one look.
struct StyledLine: Equatable {
  var text: String
  var style = Theme.plain
  /// How far lines that follow by wrapping are indented.
  var hang = 0

  init(_ text: String, _ style: Style = Theme.plain, hang: Int = 0) {
    self.text = text
    self.style = style
    self.hang = hang
  }
}

extension Document.Line {
  /// A line with one look.
  init(_ line: StyledLine) { self.init(spans: [.init(line.text, line.style)]) }
}

extension [StyledLine] {
  /// The lines, each in as many as it needs; those that follow are indented by its hang.
  func wrapped(to columns: Int) -> [StyledLine] {
    flatMap { line -> [StyledLine] in
      guard let first = TextWidth.wrapped(line.text, to: columns).first else { return [] }
      let rest = line.text.dropFirst(first.count).drop { $0 == " " }
      if rest.isEmpty { return [StyledLine(first, line.style)] }
      let indent = String(repeating: " ", count: line.hang)
      let more = TextWidth.wrapped(String(rest), to: columns - line.hang)
      return [StyledLine(first, line.style)] + more.map { StyledLine(indent + $0, line.style) }
    }
  }

  /// Draws what fits; each line takes one row.
  func draw(on canvas: inout Canvas, in area: Area) {
    for (index, line) in prefix(area.rows).enumerated() {
      canvas.write(
        line.text, at: Position(column: area.column, row: area.row + index), line.style,
        limit: area.columns)
    }
  }
}

/// What is left of an area below a heading.
func areaBelowHeading(_ purpose: String = "", in area: Area) -> Area {
  var canvas = Canvas(size: Size(columns: area.endColumn, rows: area.endRow))
  return drawHeading("", purpose, on: &canvas, in: area)
}

/// Draws a screen's question and the line that says what it is for.
///
/// - Returns: what is left of the area.
func drawHeading(
  _ heading: String, _ purpose: String = "", on canvas: inout Canvas, in area: Area
) -> Area {
  var rest = area
  // In a low window every row counts.
  if rest.rows > 12 { _ = rest.takeTop(1) }
  let line = rest.takeTop(1)
  canvas.write(heading, at: line.origin, Theme.strong, limit: line.columns)
  if !purpose.isEmpty, rest.rows > 10 {
    [StyledLine(purpose, Theme.muted)].wrapped(to: rest.columns).forEach { text in
      let place = rest.takeTop(1)
      canvas.write(text.text, at: place.origin, text.style, limit: place.columns)
    }
  }
  _ = rest.takeTop(rest.rows > 6 ? 1 : 0)
  return rest
}
