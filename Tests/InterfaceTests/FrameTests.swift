import Terminal
import Testing

@testable import Interface

@Suite("What is around a screen")
struct FrameTests {
  private let steps = ["address", "reach", "access", "log in", "capabilities", "prove"]
  private let bindings = [
    KeyBinding("Enter", "next"), KeyBinding("↑↓", "move", isShown: false),
    KeyBinding("Esc", "back"), KeyBinding("Tab", "field"), KeyBinding("?", "help"),
  ]

  private func frame(step: Int?) -> Frame {
    Frame(
      title: "nix-builders · forge", trailing: "2 of 9", steps: step == nil ? [] : steps,
      currentStep: step, bindings: bindings)
  }

  @Test("the title, the steps with a capital where one is, the keys, and room for the screen")
  func whole() {
    var area = Area(columns: 0, rows: 0)
    let canvas = drawn(62, 16) { area = frame(step: 1).draw(on: &$0) }
    #expect(
      canvas.text == """
         nix-builders · forge                                  2 of 9
         address  Reach  access  log in  capabilities  prove













         Enter next   Esc back   Tab field   ? help
        """)
    #expect(area == Area(column: 0, row: 2, columns: 62, rows: 12))
    #expect(canvas.text(in: Theme.selection) == ["Reach"])
    #expect(!canvas.reactsToMouse)
  }

  @Test("a low window spares no row above the keys")
  func low() {
    var area = Area(columns: 0, rows: 0)
    _ = drawn(40, 12) { area = frame(step: 1).draw(on: &$0) }
    #expect(area == Area(column: 0, row: 2, columns: 40, rows: 9))
  }

  @Test("without steps the screen begins below the title")
  func withoutSteps() {
    var area = Area(columns: 0, rows: 0)
    _ = drawn(40, 12) { area = frame(step: nil).draw(on: &$0) }
    #expect(area == Area(column: 0, row: 1, columns: 40, rows: 10))
  }

  @Test("the area can be had without drawing", arguments: [(80, 24), (40, 12), (3, 1), (0, 0)])
  func area(columns: Int, rows: Int) {
    var area = Area(columns: 1, rows: 1)
    _ = drawn(columns, rows) { area = frame(step: 0).draw(on: &$0) }
    #expect(frame(step: 0).area(in: Size(columns: columns, rows: rows)) == area)
  }

  @Test(
    "of many steps those around the present one are shown",
    arguments: [
      (0, " Address  reach  access  …"), (2, " address  reach  Access  …"),
      (3, " …  reach  access  Log in  …"), (4, " …  log in  Capabilities  …"),
      (5, " …  capabilities  Prove"),
    ])
  func narrowSteps(step: Int, expected: String) {
    let canvas = drawn(30, 3) { _ = frame(step: step).draw(on: &$0) }
    #expect(canvas.text.split(separator: "\n")[1] == expected)
  }

  @Test(
    "keys that do not fit are left out, but never the last one",
    arguments: [
      (44, " Enter next   Esc back   Tab field   ? help"),
      (43, " Enter next   Esc back   ? help"), (24, " Enter next   ? help"),
      (18, " ? help"), (5, " ? h"),
    ])
  func narrowKeys(columns: Int, expected: String) {
    let canvas = drawn(columns, 1) {
      HelpLine(bindings).draw(on: &$0, in: $0.area.inset(columns: 1))
    }
    #expect(canvas.text == expected)
  }

  @Test("a smaller entry takes the place of one that does not fit")
  func smallerKey() {
    let bindings = [
      KeyBinding("Enter", "go on all the same"), KeyBinding("x", "cancel"), KeyBinding("?", "help"),
    ]
    let canvas = drawn(20, 1) { HelpLine(bindings).draw(on: &$0, in: $0.area) }
    #expect(canvas.text == "x cancel   ? help")
  }

  @Test("a title that is too long is cut before what stands beside it")
  func longTitle() {
    let frame = Frame(title: "nix-builders · 锻造锻造锻造锻造", trailing: "2 of 9", bindings: [])
    let canvas = drawn(30, 3) { _ = frame.draw(on: &$0) }
    #expect(canvas.text == " nix-builders · 锻造…  2 of 9\n\n")
  }

  @Test("what stands beside the title goes where it would take most of the line")
  func longTrailing() {
    let frame = Frame(title: "nix-builders · forge", trailing: "3 builders, 1 off", bindings: [])
    #expect(drawn(30, 1) { _ = frame.draw(on: &$0) }.text == " nix-builders · forge")
  }

  @Test(
    "a window that is too small gets one line",
    arguments: [
      (39, 12, "\n\n\n\n\nThis window is 39×12; 40×12 is needed.\n\n\n\n\n\n"),
      (20, 3, "\n  40×12 is needed.\n"), (8, 1, " 40×12"), (4, 1, ""), (0, 0, ""),
    ])
  func small(columns: Int, rows: Int, expected: String) {
    let canvas = drawn(columns, rows) { SmallWindowNotice().draw(on: &$0) }
    #expect(canvas.text == expected)
    #expect(SmallWindowNotice().isNeeded(in: Size(columns: columns, rows: rows)))
    #expect(!SmallWindowNotice().isNeeded(in: Size(columns: 40, rows: 12)))
  }

  @Test("the sign of what runs turns, and every sign is one column wide")
  func signs() {
    #expect((0..<11).map { Mark.running.sign(frame: $0) }.joined() == "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏⠋")
    let others: [Mark] = [.waiting, .passed, .failed, .notYet, .undecided, .skipped]
    #expect(others.map { $0.sign(frame: 3) } == ["·", "✓", "✗", "○", "?", "–"])
    for mark in others + [.running] {
      #expect(TextWidth.columns(of: mark.sign(frame: .min)) == 1)
    }
    #expect(Set(others.map { $0.sign(frame: 0) }).count == others.count)
  }
}
