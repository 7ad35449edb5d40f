import Terminal
import Testing

@testable import Interface

@Suite("A menu and a dialog")
struct MenuTests {
  private let menu = Menu([
    Menu.Item(title: "Add a builder"),
    Menu.Item(title: "Import builders", detail: "none found", isEnabled: false),
    Menu.Item(title: "Practise", detail: "on a second machine made on this computer"),
    Menu.Item(title: "Quit"),
  ])

  private func apply(_ keys: [Key]) -> (selected: Int, chosen: Int?) {
    var menu = menu
    var chosen: Int?
    for key in keys { chosen = menu.handle(.key(key)) }
    return (menu.selected, chosen)
  }

  @Test("the arrows pass over what cannot be chosen, and stop at the ends")
  func move() {
    #expect(apply([.down]) == (2, nil))
    #expect(apply([.down, .up]) == (0, nil))
    #expect(apply([.up]) == (0, nil))
    #expect(apply([.end, .down]) == (3, nil))
    #expect(apply([.end, .home]) == (0, nil))
  }

  @Test("Enter chooses")
  func choose() {
    #expect(apply([.down, .enter]) == (2, 2))
    #expect(apply([.escape]) == (0, nil))
  }

  @Test("the mouse chooses, but not what cannot be chosen")
  func mouse() {
    var menu = menu
    let canvas = drawn(60, 4) { menu.draw(on: &$0, in: $0.area) }
    #expect(canvas.target(3, 1) == nil)
    let second = canvas.target(50, 2).flatMap { menu.handle(.press($0)) }
    #expect(second == 2)
    #expect(menu.selected == 2)
    #expect(menu.handle(.press(Target("menu", 1))) == nil)
    #expect(menu.handle(.press(Target("menu", 9))) == nil)
    #expect(menu.handle(.wheel(5, Target("menu", 0))) == nil)
    #expect(menu.selected == 3)
  }

  @Test("a menu begins with the first item that can be chosen")
  func begin() {
    var items = menu.items
    items[0].isEnabled = false
    #expect(Menu(items).selected == 2)
    var none = Menu(items.filter { !$0.isEnabled })
    #expect(none.handle(.key(.enter)) == nil)
    #expect(none.handle(.key(.down)) == nil)
    #expect(none.selected == 0)
  }

  @Test("titles, and details where they fit")
  func draw() {
    #expect(
      drawn(64, 4) { menu.draw(on: &$0, in: $0.area) }.text == """
        ▸ Add a builder
          Import builders   none found
          Practise          on a second machine made on this computer
          Quit
        """)
    #expect(
      drawn(34, 4) { menu.draw(on: &$0, in: $0.area) }.text == """
        ▸ Add a builder
          Import builders   none found
          Practise          on a second m…
          Quit
        """)
    #expect(
      drawn(24, 4) { menu.draw(on: &$0, in: $0.area) }.text
        == "▸ Add a builder\n  Import builders\n  Practise\n  Quit")
    #expect(menu.rows == 4)
  }

  @Test("of more items than fit, those around the selected one are shown")
  func scroll() {
    var menu = menu
    menu.selected = 2
    #expect(
      drawn(20, 2) { menu.draw(on: &$0, in: $0.area) }.text
        == "▸ Practise         ↑\n  Quit")
    #expect(drawn(20, 1) { menu.draw(on: &$0, in: $0.area) }.text == "▸ Practise         ↕")
    menu.selected = 99
    #expect(drawn(20, 1) { menu.draw(on: &$0, in: $0.area) }.text == "  Quit             ↑")
  }

  // MARK: - Dialog

  private let dialog = Dialog(
    title: "Quit?", text: "Your answers are not written yet, and would be lost.",
    choices: ["Stay here", "Quit without them"])

  private func answer(_ keys: [Key]) -> Int? {
    var dialog = dialog
    return keys.lazy.compactMap { dialog.handle(.key($0)) }.first
  }

  @Test("Enter gives the selected answer, Esc the last one")
  func answers() {
    #expect(answer([.enter]) == 0)
    #expect(answer([.down, .enter]) == 1)
    #expect(answer([.tab, .right, .left, .enter]) == 0)
    #expect(answer([.up, .backTab, .enter]) == 0)
    #expect(answer([.end, .enter]) == 1)
    #expect(answer([.escape]) == 1)
    #expect(answer([.character("y")]) == nil)
  }

  @Test("Esc can give another answer: the one that loses nothing")
  func escapes() {
    var dialog = Dialog(title: "Leave?", text: "", choices: ["Stay", "Leave"], escape: 0)
    #expect(dialog.handle(.key(.escape)) == 0)
  }

  @Test("it stands in the middle of what is there, which looks faint and no longer reacts")
  func drawDialog() {
    let canvas = drawn(64, 13) {
      for row in 0..<13 {
        $0.write(String(repeating: "x", count: 64), at: Position(column: 0, row: row))
      }
      $0.mark($0.area, as: Target("beneath"))
      $0.cursor = Position(column: 0, row: 0)
      dialog.draw(on: &$0, in: $0.area)
    }
    #expect(
      canvas.text == """
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        xxx┌────────────────────────────────────────────────────────┐xxx
        xxx│                                                        │xxx
        xxx│  Quit?                                                 │xxx
        xxx│                                                        │xxx
        xxx│  Your answers are not written yet, and would be lost.  │xxx
        xxx│                                                        │xxx
        xxx│  ▸ Stay here                                           │xxx
        xxx│    Quit without them                                   │xxx
        xxx│                                                        │xxx
        xxx└────────────────────────────────────────────────────────┘xxx
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        """)
    #expect(canvas[0, 0].style == Style(nil, .dim))
    // Braille lines and magnifiers follow the cursor.
    #expect(canvas.cursor == Position(column: 6, row: 7))
    #expect(canvas.target(0, 0) == nil)
    #expect(canvas.target(10, 8) == Target("dialog", 1))
    var pressed = dialog
    #expect(pressed.handle(.press(Target("dialog", 1))) == 1)
    #expect(pressed.handle(.press(Target("dialog", 2))) == nil)
    #expect(pressed.handle(.press(Target("beneath", 0))) == nil)
  }

  @Test("with little room the answers stay, and the text is cut")
  func lowDialog() {
    #expect(
      drawn(30, 6) { dialog.draw(on: &$0, in: $0.area) }.text == """
        ┌────────────────────────────┐
        │  Quit?                     │
        │  Your answers are not …    │
        │  ▸ Stay here               │
        │    Quit without them       │
        └────────────────────────────┘
        """)
    var second = dialog
    second.selected = 1
    #expect(drawn(30, 1) { second.draw(on: &$0, in: $0.area) }.text == "   ▸ Quit without them")
  }

  @Test("each line of the text stands for itself")
  func paragraphs() {
    let dialog = Dialog(title: "T", text: "one\ntwo", choices: ["Yes"])
    let rows = drawn(30, 12) { dialog.draw(on: &$0, in: $0.area) }.text
    #expect(rows.contains("│  one    │\n"))
    #expect(rows.contains("│  two    │\n"))
  }
}
