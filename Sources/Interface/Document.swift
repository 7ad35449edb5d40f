import Terminal

/// Text to read: fragments, differences, evidence, help. It scrolls in both directions.
///
/// It does not react to the mouse, so that the terminal's own selection works in it.
public struct Document: Equatable, Sendable {
  /// A piece of a line with one look.
  public struct Span: Hashable, Sendable {
    /// The text.
    public var text: String
    /// Its look.
    public var style: Style

    /// Creates a piece.
    public init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }
  }

  /// One line.
  public struct Line: Hashable, Sendable {
    /// Its number in the file.
    public var number: Int?
    /// What became of it, such as `+`.
    public var sign: Character?
    /// What stands in it.
    public var spans: [Span]
    /// The look of the sign and of what has no look of its own.
    public var style: Style

    /// Creates a line.
    public init(
      number: Int? = nil, sign: Character? = nil, spans: [Span], style: Style = .plain
    ) {
      self.number = number
      self.sign = sign
      self.spans = spans
      self.style = style
    }
  }

  /// The lines.
  public var lines: [Line] {
    didSet { gutter = Gutter(lines) }
  }
  private var gutter: Gutter
  private var scroll = Scroll()
  private var left = 0

  /// Creates a document that shows its first lines.
  public init(lines: [Line]) {
    self.lines = lines
    gutter = Gutter(lines)
  }

  /// What stands before the text of each line.
  private struct Gutter: Equatable, Sendable {
    var number: Int
    var hasSigns: Bool
    var columns: Int { (number == 0 ? 0 : number + 1) + (hasSigns ? 2 : 0) }

    init(_ lines: [Line]) {
      number = lines.lazy.compactMap(\.number).max().map { "\($0)".count } ?? 0
      hasSigns = lines.contains { $0.sign != nil }
    }
  }

  // MARK: - Input

  /// How far ← and → scroll, in columns.
  private static let sideStep = 8

  /// Takes a key.
  ///
  /// - Parameter rows: of the area that it is drawn in.
  /// - Returns: whether it meant something here.
  public mutating func handle(_ input: Input, rows: Int) -> Bool {
    if let motion = input == .key(.character(" ")) ? .pageDown : Motion(input) {
      scroll.move(motion, count: lines.count, rows: rows)
      return true
    }
    switch input {
    case .key(.left): left = max(0, left - Self.sideStep)
    case .key(.right): if left < widest(rows: rows) - Self.sideStep { left += Self.sideStep }
    default: return false
    }
    return true
  }

  /// Makes a line the first one in sight, as far as there is enough below it.
  public mutating func scroll(to line: Int) {
    scroll = Scroll()
    scroll.show(line, count: lines.count, rows: 1)
  }

  /// The columns of the widest line in sight.
  private func widest(rows: Int) -> Int {
    lines[scroll.range(count: lines.count, rows: rows)].lazy.map { line in
      line.spans.lazy.flatMap(\.text).reduce(0) { $0 + TextWidth.columns(of: Self.shown($1)) }
    }.max() ?? 0
  }

  // MARK: - Drawing

  /// Draws the lines in sight.
  public func draw(on canvas: inout Canvas, in area: Area) {
    guard !area.isEmpty else { return }
    var rest = area
    let range = scroll.range(count: lines.count, rows: area.rows)
    if lines.count > area.rows {
      MoreMarks.draw(
        above: range.lowerBound > 0, below: range.upperBound < lines.count, on: &canvas,
        in: rest.takeRight(MoreMarks.columns))
    }
    for (row, index) in range.enumerated() {
      draw(lines[index], on: &canvas, in: rest.row(row))
    }
  }

  private func draw(_ line: Line, on canvas: inout Canvas, in row: Area) {
    var rest = row
    if gutter.number > 0 {
      var place = rest.takeLeft(gutter.number + 1)
      let text = line.number.map { "\($0)" } ?? ""
      _ = place.takeLeft(gutter.number - text.count)
      if !place.isEmpty {
        canvas.write(text, at: place.origin, Theme.muted, limit: place.columns)
      }
    }
    if gutter.hasSigns {
      let place = rest.takeLeft(2)
      if let sign = line.sign, !place.isEmpty {
        canvas.write(String(sign), at: place.origin, line.style, limit: 1)
      }
    }
    guard !rest.isEmpty else { return }
    drawText(line, on: &canvas, in: rest)
  }

  private func drawText(_ line: Line, on canvas: inout Canvas, in area: Area) {
    let end = area.endColumn
    var column = area.column - left
    var isCut = false
    for span in line.spans {
      let style = span.style == .plain ? line.style : span.style
      for character in span.text {
        let text = Self.shown(character)
        let width = TextWidth.columns(of: text)
        if column + width > end {
          isCut = true
          break
        }
        if column >= area.column {
          canvas.write(text, at: Position(column: column, row: area.row), style, limit: width)
        }
        column += width
      }
      if isCut { break }
    }
    if isCut {
      canvas.write("…", at: Position(column: end - 1, row: area.row), Theme.muted, limit: 1)
    }
    if left > 0, column > area.column - left {
      canvas.write("…", at: area.origin, Theme.muted, limit: 1)
    }
  }

  /// A tab is as wide as Nix's own indentation.
  private static func shown(_ character: Character) -> String {
    character == "\t" ? "  " : String(character)
  }
}
