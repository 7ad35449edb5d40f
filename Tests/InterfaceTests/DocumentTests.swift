import Terminal
import Testing

@testable import Interface

@Suite("Text to read")
struct DocumentTests {
  private let ten = Document(lines: (1...10).map { Document.Line(spans: [.init("line \($0)")]) })

  private func draw(_ document: Document, _ columns: Int, _ rows: Int) -> Canvas {
    drawn(columns, rows) { document.draw(on: &$0, in: $0.area) }
  }

  private func scrolled(_ keys: [Key], rows: Int = 3) -> String {
    var document = ten
    for key in keys { _ = document.handle(.key(key), rows: rows) }
    return draw(document, 10, rows).text
  }

  @Test("numbers, signs and text in columns; added and removed lines have a sign and a look")
  func diff() {
    let document = Document(lines: [
      .init(number: 9, spans: [.init("nix", Theme.strong), .init(" = {")]),
      .init(sign: "−", spans: [.init("  maxJobs = 1;")], style: Theme.failure),
      .init(number: 10, sign: "+", spans: [.init("  maxJobs = 3;")], style: Theme.success),
      .init(spans: [.init("⋮")]),
    ])
    let canvas = draw(document, 30, 4)
    #expect(canvas.text == " 9   nix = {\n   −   maxJobs = 1;\n10 +   maxJobs = 3;\n     ⋮")
    #expect(canvas.text(in: Theme.success) == ["+  maxJobs = 3;"])
    #expect(canvas.text(in: Theme.failure) == ["−  maxJobs = 1;"])
    #expect(canvas.text(in: Theme.strong) == ["nix"])
    #expect(!canvas.reactsToMouse)
  }

  @Test("without numbers and signs the text begins at the left")
  func plain() {
    #expect(draw(ten, 10, 12).text.hasPrefix("line 1\nline 2\n"))
  }

  @Test("keys scroll, down to the last page and no further")
  func scroll() {
    #expect(scrolled([]) == "line 1\nline 2\nline 3   ↓")
    #expect(scrolled([.down, .down, .up]) == "line 2   ↑\nline 3\nline 4   ↓")
    #expect(scrolled([.pageDown]) == "line 3   ↑\nline 4\nline 5   ↓")
    #expect(scrolled([.character(" "), .pageUp]) == "line 1\nline 2\nline 3   ↓")
    #expect(scrolled([.end]) == "line 8   ↑\nline 9\nline 10")
    #expect(scrolled([.end, .down, .pageDown, .up]) == "line 7   ↑\nline 8\nline 9   ↓")
    #expect(scrolled([.end, .home]) == "line 1\nline 2\nline 3   ↓")
    #expect(scrolled([.down, .pageDown], rows: 20) == scrolled([], rows: 20))
  }

  @Test("in a window that grew the last page is full")
  func grow() {
    var document = ten
    _ = document.handle(.key(.end), rows: 3)
    #expect(draw(document, 10, 5).text.hasPrefix("line 6 "))
    _ = document.handle(.key(.up), rows: 5)
    #expect(draw(document, 10, 5).text.hasPrefix("line 5 "))
  }

  @Test(
    "other keys are left to the screen", arguments: [Key.enter, .tab, .escape, .character("d")])
  func unclaimed(key: Key) {
    var document = ten
    let isConsumed = document.handle(.key(key), rows: 3)
    #expect(!isConsumed)
    #expect(document == ten)
  }

  @Test("long lines are cut with …, and can be scrolled through")
  func sideways() {
    var document = Document(lines: [
      .init(number: 1, spans: [.init("0123456789"), .init("abcdefghij", Theme.accent)]),
      .init(number: 2, spans: [.init("short")]),
    ])
    #expect(draw(document, 14, 2).text == "1 0123456789a…\n2 short")
    _ = document.handle(.key(.right), rows: 2)
    #expect(draw(document, 14, 2).text == "1 …9abcdefghij\n2 …")
    for _ in 0..<9 { _ = document.handle(.key(.right), rows: 2) }
    #expect(draw(document, 14, 2).text == "1 …hij\n2 …")
    for _ in 0..<2 { _ = document.handle(.key(.left), rows: 2) }
    #expect(draw(document, 14, 2).text == "1 0123456789a…\n2 short")
  }

  @Test("wide characters are not cut in two, and a tab is two blanks")
  func wide() {
    let document = Document(lines: [
      .init(spans: [.init("锻造锻造")]), .init(spans: [.init("\tx\u{1B}e\u{301}")]),
    ])
    #expect(draw(document, 8, 2).text == "锻造锻造\n  x\u{FFFD}e\u{301}")
    #expect(draw(document, 7, 2).text == "锻造锻…\n  x\u{FFFD}e\u{301}")
    var moved = document
    moved.lines = [.init(spans: [.init("0123456锻造锻造")])]
    _ = moved.handle(.key(.right), rows: 1)
    #expect(draw(moved, 8, 1).text == "…造锻造")
  }

  @Test("a hundred thousand lines are no matter")
  func many() {
    var document = Document(
      lines: (0..<100_000).map { .init(number: $0, spans: [.init("line")]) })
    _ = document.handle(.key(.end), rows: 2)
    #expect(draw(document, 14, 2).text == "99998 line   ↑\n99999 line")
  }
}
