/// A size in character cells.
public struct Size: Hashable, Sendable {
  /// The width.
  public var columns: Int
  /// The height.
  public var rows: Int

  /// Creates a size.
  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// A cell's place: columns and rows count from 0 at the upper left.
public struct Position: Hashable, Sendable {
  /// Cells from the left edge.
  public var column: Int
  /// Cells from the upper edge.
  public var row: Int

  /// Creates a position.
  public init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }
}

/// A part of the screen.
public struct Area: Hashable, Sendable {
  /// The first column.
  public var column: Int
  /// The first row.
  public var row: Int
  /// How many columns it has, never below 0.
  public var columns: Int
  /// How many rows it has, never below 0.
  public var rows: Int

  /// Creates an area; a negative size becomes 0.
  public init(column: Int = 0, row: Int = 0, columns: Int, rows: Int) {
    self.column = column
    self.row = row
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }

  /// Creates the area of a whole screen.
  public init(_ size: Size) { self.init(columns: size.columns, rows: size.rows) }

  /// Whether there is no cell in it.
  public var isEmpty: Bool { columns == 0 || rows == 0 }
  /// Its upper left cell.
  public var origin: Position { Position(column: column, row: row) }
  /// The first row below it.
  public var endRow: Int { row + rows }
  /// The first column to the right of it.
  public var endColumn: Int { column + columns }

  /// Whether a cell is in it.
  public func contains(_ position: Position) -> Bool {
    (column..<endColumn).contains(position.column) && (row..<endRow).contains(position.row)
  }

  /// What lies in both areas.
  public func intersection(_ other: Area) -> Area {
    let column = max(self.column, other.column)
    let row = max(self.row, other.row)
    return Area(
      column: column, row: row, columns: min(endColumn, other.endColumn) - column,
      rows: min(endRow, other.endRow) - row)
  }

  /// The area without so many columns at both sides and so many rows at both ends.
  public func inset(columns: Int = 0, rows: Int = 0) -> Area {
    Area(
      column: column + columns, row: row + rows, columns: self.columns - 2 * columns,
      rows: self.rows - 2 * rows)
  }

  /// Cuts rows off the upper end.
  public mutating func takeTop(_ rows: Int) -> Area {
    let count = min(max(0, rows), self.rows)
    defer {
      row += count
      self.rows -= count
    }
    return Area(column: column, row: row, columns: columns, rows: count)
  }

  /// Cuts rows off the lower end.
  public mutating func takeBottom(_ rows: Int) -> Area {
    let count = min(max(0, rows), self.rows)
    self.rows -= count
    return Area(column: column, row: endRow, columns: columns, rows: count)
  }

  /// Cuts columns off the left side.
  public mutating func takeLeft(_ columns: Int) -> Area {
    let count = min(max(0, columns), self.columns)
    defer {
      column += count
      self.columns -= count
    }
    return Area(column: column, row: row, columns: count, rows: rows)
  }

  /// Cuts columns off the right side.
  public mutating func takeRight(_ columns: Int) -> Area {
    let count = min(max(0, columns), self.columns)
    self.columns -= count
    return Area(column: endColumn, row: row, columns: count, rows: rows)
  }
}
