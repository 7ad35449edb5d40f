import Testing

@testable import Terminal

@Suite struct CanvasTests {
  private func canvas(_ columns: Int, _ rows: Int = 1) -> Canvas {
    Canvas(size: Size(columns: columns, rows: rows))
  }

  private func place(_ column: Int, _ row: Int = 0) -> Position {
    Position(column: column, row: row)
  }

  @Test("text lies where it is written, without blanks at the end")
  func write() {
    var canvas = canvas(10, 2)
    #expect(canvas.write("one", at: place(2)) == 3)
    #expect(canvas.write("two", at: place(0, 1)) == 3)
    #expect(canvas.text == "  one\ntwo")
  }

  @Test("what is outside is cut off")
  func clip() {
    var canvas = canvas(5, 2)
    canvas.write("abcdefgh", at: place(-2))
    canvas.write("xyz", at: place(3, 1))
    canvas.write("no", at: place(0, 2))
    canvas.write("no", at: place(0, -1))
    canvas.write("no", at: place(9, 1))
    #expect(canvas.text == "cdefg\n   xy")
  }

  @Test("a limit cuts off, and never lets half a wide character through")
  func limit() {
    var canvas = canvas(10)
    #expect(canvas.write("a日本", at: place(0), limit: 4) == 3)
    #expect(canvas.text == "a日")
    #expect(canvas.write("x", at: place(8), limit: 0) == 0)
    #expect(canvas.write("日", at: place(9)) == 0)
    #expect(canvas.text == "a日")
  }

  @Test("a wide character takes two cells")
  func wide() {
    var canvas = canvas(4)
    #expect(canvas.write("日x", at: place(0)) == 3)
    #expect(canvas[0, 0].scalar == "日")
    #expect(canvas[1, 0].scalar == nil)
    #expect(canvas[2, 0].scalar == "x")
  }

  @Test("what covers half a wide character leaves a blank of the other half")
  func halves() {
    var left = canvas(4)
    left.write("日本", at: place(0))
    left.write("x", at: place(1))
    #expect(left.text == " x本")
    var right = canvas(4)
    right.write("日本", at: place(0))
    right.write("x", at: place(2))
    #expect(right.text == "日x")
    var between = canvas(4)
    between.write("日本", at: place(0))
    between.write("語", at: place(1))
    #expect(between.text == " 語")
  }

  @Test("accents join the character before them, as many as ncurses takes")
  func combining() {
    var canvas = canvas(4)
    #expect(canvas.write("e\u{301}x", at: place(0)) == 2)
    #expect(canvas[0, 0].combining == ["\u{301}"])
    canvas.write("a" + String(repeating: "\u{301}", count: 9), at: place(2))
    #expect(canvas[2, 0].combining.count == 4)
    #expect(canvas.write("\u{301}y", at: place(3)) == 1)
    #expect(canvas[3, 0].combining == [])
  }

  @Test("control and format characters never reach the terminal")
  func controls() {
    var canvas = canvas(12)
    #expect(canvas.write("a\u{1B}[m\n\u{9B}\u{202E}\u{200B}b", at: place(0)) == 9)
    #expect(canvas.text == "a\u{FFFD}[m\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b")
    canvas.fill(canvas.area, with: "\u{7}")
    #expect(canvas.text == String(repeating: "\u{FFFD}", count: 12))
  }

  @Test("what changes the width after the fact is left out")
  func variation() {
    var canvas = canvas(4)
    #expect(canvas.write("\u{2714}\u{FE0F}x", at: place(0)) == 2)
    #expect(canvas[0, 0].combining == [])
  }

  @Test("an area is filled and restyled as far as it is on the canvas")
  func areas() {
    var canvas = canvas(4, 2)
    canvas.fill(Area(column: 2, row: 1, columns: 1_000_000_000, rows: 1_000_000_000), with: "─")
    #expect(canvas.text == "\n  ──")
    canvas.restyle(Area(column: -1, row: -1, columns: 2, rows: 2)) { $0.attributes = .bold }
    #expect(canvas[0, 0].style.attributes == .bold)
    #expect(canvas[1, 0].style.attributes == [])
    canvas.fill(canvas.area, with: "日")
    #expect(canvas.text == "\n")
  }

  @Test("the topmost target reacts to the mouse")
  func targets() {
    var canvas = canvas(4, 2)
    #expect(!canvas.reactsToMouse)
    canvas.mark(canvas.area, as: Target("all"))
    canvas.mark(Area(column: 1, row: 0, columns: 1, rows: 1), as: Target("one", 3))
    #expect(canvas.reactsToMouse)
    #expect(canvas.target(at: place(1)) == Target("one", 3))
    #expect(canvas.target(at: place(2)) == Target("all"))
    #expect(canvas.target(at: place(4)) == nil)
    canvas.unmark()
    #expect(canvas.target(at: place(1)) == nil)
  }

  @Test("there may be no cell at all")
  func empty() {
    var canvas = Canvas(size: Size(columns: -1, rows: -1))
    canvas.write("x", at: place(0))
    canvas.fill(canvas.area)
    #expect(canvas.text == "")
  }
}
