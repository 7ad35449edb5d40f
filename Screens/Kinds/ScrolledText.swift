import Interface
import Terminal

/// Lines that are wrapped to the width there is, and scroll.
struct ScrolledText {
  /// The lines.
  var lines: [StyledLine] = [] {
    didSet { columns = nil }
  }
  /// The line that is to be the first in sight, until that is done.
  var wanted: Int?
  private var document = Document(lines: [])
  /// What the document was wrapped for; many lines are not wrapped again for each picture.
  private var columns: Int?

  init() {}

  /// Goes to its beginning with other lines.
  mutating func replace(with lines: [StyledLine]) {
    self.lines = lines
    wanted = 0
  }

  /// Takes a key that scrolls.
  mutating func handle(_ input: Input, in area: Area) -> Bool {
    layOut(for: area.columns)
    return document.handle(input, rows: area.rows)
  }

  func draw(on canvas: inout Canvas, in area: Area) {
    var copy = self
    copy.layOut(for: area.columns)
    copy.document.draw(on: &canvas, in: area)
  }

  private mutating func layOut(for width: Int) {
    // Two columns are for the signs that there is more.
    let room = max(1, width - 2)
    if columns != width {
      document.lines = lines.wrapped(to: room).map(Document.Line.init)
      columns = width
    }
    if let wanted {
      document.scroll(to: Array(lines.prefix(wanted)).wrapped(to: room).count)
      self.wanted = nil
    }
  }
}
