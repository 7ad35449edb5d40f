import Terminal
import Testing

@testable import Interface

@Suite("The help page")
struct HelpOverlayTests {
  private let help = HelpOverlay(
    title: "Help", text: "Where this machine reaches the builder.\n\nAs for ssh.",
    bindings: [
      KeyBinding("Enter", "next"), KeyBinding("K J", "move up and down", isShown: false),
      KeyBinding("?", "help"),
    ])

  private func draw(_ help: HelpOverlay, _ columns: Int, _ rows: Int) -> Canvas {
    drawn(columns, rows) {
      $0.fill($0.area, with: "x")
      $0.mark($0.area, as: Target("beneath"))
      $0.cursor = Position(column: 0, row: 0)
      help.draw(on: &$0, in: $0.area)
    }
  }

  @Test("what the screen is about, and all of its keys, also those that the help line lacks")
  func draw() {
    let canvas = draw(help, 60, 13)
    #expect(
      canvas.text == """
         Help

           Where this machine reaches the builder.

           As for ssh.

           Enter   next
           K J     move up and down
           ?       help



         Esc close
        """)
    #expect(!canvas.reactsToMouse)
    #expect(canvas.cursor == nil)
  }

  @Test("a long page scrolls, to its end and no further")
  func scroll() {
    var help = help
    #expect(
      draw(help, 30, 6).text == """
         Help
           Where this machine
           reaches the builder.

           As for ssh.              ↓
         ↑↓ scroll   Esc close
        """)
    for key in [Key.end, .down, .pageDown] {
      let isClosed = help.handle(.key(key), size: Size(columns: 30, rows: 6))
      #expect(!isClosed)
    }
    #expect(
      draw(help, 30, 6).text == """
         Help
                                    ↑
           Enter   next
           K J     move up and down
           ?       help
         ↑↓ scroll   Esc close
        """)
    _ = help.handle(.key(.up), size: Size(columns: 30, rows: 6))
    #expect(draw(help, 30, 6).text.contains("As for ssh."))
  }

  @Test(
    "it closes",
    arguments: [Key.escape, .enter, .function(1), .character("?"), .character("q"), .control("c")])
  func close(key: Key) {
    var help = help
    let isClosed = help.handle(.key(key), size: Size(columns: 80, rows: 24))
    #expect(isClosed)
  }

  @Test("text in a wide window is no wider than one reads easily")
  func wide() {
    let help = HelpOverlay(
      title: "Help", text: String(repeating: "word ", count: 40), bindings: [])
    let rows = draw(help, 200, 10).text.split(separator: "\n")
    #expect(rows.map(\.count).max() == 3 + 74)
  }
}
