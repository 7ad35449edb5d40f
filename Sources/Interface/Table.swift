import Terminal

/// A list with a header and columns. Only the rows in sight are ever asked for.
///
/// The widths follow from the columns and the window alone, and never from the rows that happen to be
/// in sight: so they stand still while rows change, move and go.
public struct Table: Equatable, Sendable {
  /// A column.
  public struct Column: Hashable, Sendable {
    /// What stands above it.
    public var title: String
    /// The columns of the screen that it needs; with fewer it is not shown.
    public var minimum: Int
    /// The columns of the screen that are of use to it: those that its longest cell takes, as far as
    /// that is known.
    public var widest: Int
    /// Its place in the order in which columns get room; 0 comes first.
    public var priority: Int
    /// Whether it holds numbers, which stand at its right side.
    public var isNumber: Bool

    /// Creates a column.
    ///
    /// - Parameter widest: `nil` for no more than `minimum`.
    public init(
      _ title: String, minimum: Int, widest: Int? = nil, priority: Int, isNumber: Bool = false
    ) {
      self.title = title
      self.minimum = minimum
      self.widest = widest ?? minimum
      self.priority = priority
      self.isNumber = isNumber
    }
  }

  /// What stands in a row below one of the titles.
  public struct Cell: Hashable, Sendable {
    /// The text.
    public var text: String
    /// Its look.
    public var style: Style

    /// Creates a cell.
    public init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }
  }

  /// The columns, from the left.
  public var columns: [Column]
  /// The row that keys are about.
  public var selected = 0
  /// Whether rows can have marks; they have a place of their own.
  public var hasMarks = false
  private var scroll = Scroll()

  /// Creates a table.
  public init(columns: [Column]) { self.columns = columns }

  private static let targetName = "table"

  // MARK: - Input

  /// Takes a key or what the mouse does.
  ///
  /// - Parameters:
  ///   - count: how many rows there are.
  ///   - rows: of the area that it is drawn in.
  /// - Returns: whether it meant something here.
  public mutating func handle(_ input: Input, count: Int, rows: Int) -> Bool {
    switch input {
    case .key(let key):
      guard let motion = Motion(key) else { return false }
      select(selected, moved: motion, count, page: max(1, rows - 2))
    case .press(let target) where target.name == Self.targetName: select(target.index, count)
    case .wheel(let lines, let target) where target.name == Self.targetName:
      select(selected + max(-count, min(lines, count)), count)
    default: return false
    }
    scroll.show(selected, count: count, rows: rows - 1)
    return true
  }

  private mutating func select(_ index: Int, moved motion: Motion, _ count: Int, page: Int) {
    switch motion {
    case .up: select(index - 1, count)
    case .down: select(index + 1, count)
    case .pageUp: select(index - page, count)
    case .pageDown: select(index + page, count)
    case .first: select(0, count)
    case .last: select(count - 1, count)
    }
  }

  private mutating func select(_ index: Int, _ count: Int) {
    selected = max(0, min(index, count - 1))
  }

  // MARK: - Drawing

  /// Whether a window has room for all that stands in the column with this title.
  ///
  /// - Parameter columns: of the area that it is drawn in.
  public func showsAll(of title: String, in columns: Int) -> Bool {
    let widths = layout(columns).widths
    return zip(self.columns, widths).contains { $0.title == title && $1 >= $0.widest }
  }

  /// The columns that are left beside the signs at both sides.
  private func layout(_ columns: Int) -> TableLayout {
    let signs = FocusMark.columns + (hasMarks ? Self.markColumns : 0) + MoreMarks.columns
    return TableLayout(self.columns, room: columns - signs)
  }

  private static let markColumns = 2

  /// Draws the header and the rows in sight.
  ///
  /// - Parameters:
  ///   - count: how many rows there are.
  ///   - isMarked: whether a row has a mark, where the table has marks.
  ///   - row: a row by its number.
  public func draw(
    on canvas: inout Canvas, in area: Area, count: Int, isMarked: (Int) -> Bool = { _ in false },
    row: (Int) -> [Cell]
  ) {
    guard !area.isEmpty else { return }
    var rest = area
    let range = scroll.range(showing: selected, count: count, rows: area.rows - 1)
    var marks = rest.takeRight(MoreMarks.columns)
    _ = marks.takeTop(1)
    MoreMarks.draw(
      above: range.lowerBound > 0, below: range.upperBound < count, on: &canvas, in: marks)
    let layout = layout(area.columns)
    var header = FocusMark.draw(false, on: &canvas, in: rest.row(0))
    if hasMarks { _ = header.takeLeft(Self.markColumns) }
    layout.draw(columns.map { Cell($0.title, Theme.muted) }, on: &canvas, in: header)
    for (line, index) in range.enumerated() {
      let place = rest.row(line + 1)
      let isSelected = index == selected
      var cells = FocusMark.draw(isSelected, on: &canvas, in: place)
      if hasMarks {
        let mark = cells.takeLeft(Self.markColumns)
        if isMarked(index) { canvas.write("●", at: mark.origin, Theme.accent, limit: 1) }
      }
      layout.draw(row(index), on: &canvas, in: cells)
      // Bold, and not another colour: the cells have colours that mean something.
      if isSelected { canvas.restyle(place) { $0.attributes.insert(.bold) } }
      canvas.mark(place, as: Target(Self.targetName, index))
    }
  }
}
