import Terminal

/// What is shown instead of a screen in a window that is too small for one: a line that says so.
public struct SmallWindowNotice: Equatable, Sendable {
  /// The smallest window that will do.
  public var smallest: Size

  /// Creates a notice.
  public init(smallest: Size = Size(columns: 40, rows: 12)) { self.smallest = smallest }

  /// Whether a window is too small.
  public func isNeeded(in size: Size) -> Bool {
    size.columns < smallest.columns || size.rows < smallest.rows
  }

  /// Draws it in the middle.
  public func draw(on canvas: inout Canvas) {
    let size = canvas.size
    guard size.columns > 0, size.rows > 0 else { return }
    let needed = "\(smallest.columns)×\(smallest.rows)"
    let texts = [
      "This window is \(size.columns)×\(size.rows); \(needed) is needed.", "\(needed) is needed.",
      needed,
    ]
    let text = texts.first { TextWidth.columns(of: $0) <= size.columns } ?? ""
    let column = (size.columns - TextWidth.columns(of: text)) / 2
    canvas.write(text, at: Position(column: column, row: (size.rows - 1) / 2))
  }
}
