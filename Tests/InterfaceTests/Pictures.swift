import Terminal

@testable import Interface

/// A canvas of so many columns and rows with something drawn on it.
func drawn(_ columns: Int, _ rows: Int, _ draw: (inout Canvas) -> Void) -> Canvas {
  var canvas = Canvas(size: Size(columns: columns, rows: rows))
  draw(&canvas)
  return canvas
}

extension Canvas {
  /// The text that has exactly this look, row by row.
  func text(in style: Style) -> [String] {
    (0..<size.rows).compactMap { row in
      let cells = self[row: row].filter { $0.style == style }
      let text = String(String.UnicodeScalarView(cells.compactMap(\.scalar)))
      return text.allSatisfy { $0 == " " } ? nil : text
    }
  }

  /// What reacts to the mouse at a place.
  func target(_ column: Int, _ row: Int) -> Target? {
    target(at: Position(column: column, row: row))
  }
}

/// The inputs of somebody who types.
func typing(_ text: String) -> [Input] { text.map { .key(.character($0)) } }
