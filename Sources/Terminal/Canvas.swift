/// What one cell of the screen shows.
public struct Cell: Hashable, Sendable {
  /// The character; `nil` in the right half of a wide one.
  public var scalar: Unicode.Scalar?
  /// What is put on top of it, such as accents.
  public var combining: [Unicode.Scalar] = []
  /// How it looks.
  public var style = Style.plain

  /// An empty cell.
  public static let blank = Cell(scalar: " ")
}

/// A place that reacts to the mouse, named by those who draw it and understand the name.
public struct Target: Hashable, Sendable {
  /// What it belongs to.
  public var name: String
  /// Which one of several.
  public var index: Int

  /// Creates a name.
  public init(_ name: String, _ index: Int = 0) {
    self.name = name
    self.index = index
  }
}

/// A picture of the screen, to be drawn on; what is outside is not drawn.
public struct Canvas: Equatable, Sendable {
  /// Its size.
  public let size: Size
  /// Where the terminal's cursor is shown; `nil` hides it.
  public var cursor: Position?
  private var cells: [Cell]
  private var targets: [(area: Area, target: Target)] = []

  /// The most combining characters that a cell takes, as many as ncurses does.
  static let combiningLimit = 4

  /// Creates an empty canvas.
  public init(size: Size) {
    self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
    cells = Array(repeating: .blank, count: self.size.columns * self.size.rows)
  }

  /// The whole of it.
  public var area: Area { Area(size) }

  /// The cell at a place on the canvas.
  public subscript(column: Int, row: Int) -> Cell { cells[row * size.columns + column] }

  /// A row's cells.
  public subscript(row row: Int) -> ArraySlice<Cell> {
    cells[row * size.columns..<(row + 1) * size.columns]
  }

  /// Writes text on one line.
  ///
  /// - Parameters:
  ///   - limit: how many columns it may take; what does not fit is cut off.
  /// - Returns: how many columns it took.
  @discardableResult
  public mutating func write(
    _ text: some StringProtocol, at position: Position, _ style: Style = .plain,
    limit: Int = .max
  ) -> Int {
    var column = position.column
    let end = limit >= size.columns - column ? size.columns : column + limit
    var last: Int?
    for scalar in text.unicodeScalars {
      let (shown, width) = TextWidth.shown(scalar)
      if width == 0 {
        if let last, isOnCanvas(last, position.row) { combine(shown, at: last, position.row) }
        continue
      }
      if column + width > end { break }
      put(shown, width: width, at: column, position.row, style)
      last = column
      column += width
    }
    return column - position.column
  }

  /// Fills an area with one character, which takes one column.
  public mutating func fill(
    _ area: Area, with scalar: Unicode.Scalar = " ", _ style: Style = .plain
  ) {
    let (shown, width) = TextWidth.shown(scalar)
    let filling = width == 1 ? shown : " "
    let part = area.intersection(self.area)
    for row in part.row..<part.endRow {
      for column in part.column..<part.endColumn {
        put(filling, width: 1, at: column, row, style)
      }
    }
  }

  /// Changes the look of what stands in an area.
  public mutating func restyle(_ area: Area, _ change: (inout Style) -> Void) {
    let part = area.intersection(self.area)
    for row in part.row..<part.endRow {
      for column in part.column..<part.endColumn {
        change(&cells[row * size.columns + column].style)
      }
    }
  }

  // MARK: - Mouse

  /// Lets an area react to the mouse; what is marked later lies on top.
  public mutating func mark(_ area: Area, as target: Target) { targets.append((area, target)) }

  /// Whether any area reacts to the mouse.
  public var reactsToMouse: Bool { !targets.isEmpty }

  /// Takes back all marks, for what lies on top of everything.
  public mutating func unmark() { targets = [] }

  /// What reacts to the mouse at a place.
  public func target(at position: Position) -> Target? {
    targets.last { $0.area.contains(position) }?.target
  }

  // MARK: - Text

  /// All rows as text, without blanks at their ends.
  public var text: String {
    (0..<size.rows).map { row in
      var line = ""
      for cell in self[row: row] {
        guard let scalar = cell.scalar else { continue }
        line.unicodeScalars.append(scalar)
        line.unicodeScalars.append(contentsOf: cell.combining)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// Canvases are the same when they look the same and react to the mouse in the same places.
  public static func == (one: Canvas, other: Canvas) -> Bool {
    one.size == other.size && one.cursor == other.cursor && one.cells == other.cells
      && one.targets.elementsEqual(other.targets) { $0.area == $1.area && $0.target == $1.target }
  }

  // MARK: - Cells

  private func isOnCanvas(_ column: Int, _ row: Int) -> Bool {
    (0..<size.columns).contains(column) && (0..<size.rows).contains(row)
  }

  private mutating func put(
    _ scalar: Unicode.Scalar, width: Int, at column: Int, _ row: Int, _ style: Style
  ) {
    guard isOnCanvas(column, row), isOnCanvas(column + width - 1, row) else { return }
    for place in column..<column + width { clearWideCharacter(at: place, row) }
    cells[row * size.columns + column] = Cell(scalar: scalar, style: style)
    if width == 2 { cells[row * size.columns + column + 1] = Cell(scalar: nil, style: style) }
  }

  private mutating func combine(_ scalar: Unicode.Scalar, at column: Int, _ row: Int) {
    // Variation selectors: with U+FE0F some terminals make a character wider than wcwidth says.
    if (0xFE00...0xFE0F).contains(scalar.value) { return }
    let index = row * size.columns + column
    if cells[index].combining.count < Self.combiningLimit { cells[index].combining.append(scalar) }
  }

  /// Half a wide character cannot be shown: the other half becomes a blank.
  private mutating func clearWideCharacter(at column: Int, _ row: Int) {
    let index = row * size.columns + column
    if cells[index].scalar == nil, column > 0 {
      cells[index - 1].scalar = " "
      cells[index - 1].combining = []
    }
    if column + 1 < size.columns, cells[index + 1].scalar == nil { cells[index + 1].scalar = " " }
  }
}
