import Terminal
import Testing

@testable import Interface

@Suite("Toggles and choices")
struct ChoiceTests {
  // MARK: - Yes or no

  @Test("a toggle turns with the blank, the arrows and the mouse")
  func toggle() {
    let inputs: [Input] = [
      .key(.character(" ")), .key(.left), .key(.right), .press(Target("toggle")),
    ]
    for input in inputs {
      var field = ToggleField()
      let isConsumed = field.handle(input)
      #expect(isConsumed && field.isOn, "\(input)")
    }
  }

  @Test(
    "a toggle leaves other keys to the form",
    arguments: [Input.key(.enter), .key(.up), .key(.character("y")), .press(Target("other"))])
  func toggleLeaves(input: Input) {
    var field = ToggleField()
    let isConsumed = field.handle(input)
    #expect(!isConsumed && !field.isOn)
  }

  @Test("a toggle says yes or no, the cursor on its box")
  func drawToggle() {
    let canvas = drawn(10, 2) {
      ToggleField(true).draw(on: &$0, in: $0.area.row(0), isFocused: true)
      ToggleField(false).draw(on: &$0, in: $0.area.row(1), isFocused: false)
    }
    #expect(canvas.text == "[x] yes\n[ ] no")
    #expect(canvas.cursor == Position(column: 1, row: 0))
    #expect(canvas.target(6, 0) == Target("toggle"))
    #expect(canvas.target(7, 0) == nil)
  }

  // MARK: - One of a few

  private let choice = ChoiceField(["ssh-ng", "ssh", "锻造"], selected: 1)

  private func chosen(_ input: Input, from start: Int = 1) -> Int {
    var field = choice
    field.selected = start
    _ = field.handle(input)
    return field.selected
  }

  @Test("the arrows stop at the ends, the blank goes around")
  func choose() {
    #expect(chosen(.key(.left)) == 0)
    #expect(chosen(.key(.left), from: 0) == 0)
    #expect(chosen(.key(.right)) == 2)
    #expect(chosen(.key(.right), from: 2) == 2)
    #expect(chosen(.key(.character(" ")), from: 2) == 0)
    #expect(chosen(.key(.home)) == 0)
    #expect(chosen(.key(.end)) == 2)
    #expect(chosen(.press(Target("choice", 2))) == 2)
    #expect(chosen(.press(Target("choice", 3))) == 1)
  }

  @Test("a choice that stands for nothing offered is kept until one is chosen")
  func none() {
    #expect(chosen(.key(.character("x")), from: -1) == -1)
    #expect(chosen(.key(.right), from: -1) == 0)
    #expect(chosen(.key(.left), from: -1) == 0)
  }

  @Test("options flow into as many rows as they take")
  func drawChoice() {
    let wide = drawn(40, 1) { choice.draw(on: &$0, in: $0.area, isFocused: true) }
    #expect(wide.text == "( ) ssh-ng   (*) ssh   ( ) 锻造")
    #expect(wide.cursor == Position(column: 14, row: 0))
    #expect(choice.rows(for: 31) == 1)
    #expect(choice.rows(for: 30) == 2)
    let narrow = drawn(22, 2) { choice.draw(on: &$0, in: $0.area, isFocused: false) }
    #expect(narrow.text == "( ) ssh-ng   (*) ssh\n( ) 锻造")
    #expect(narrow.target(13, 0) == Target("choice", 1))
    #expect(narrow.target(0, 1) == Target("choice", 2))
    let tiny = drawn(8, 3) { choice.draw(on: &$0, in: $0.area, isFocused: false) }
    #expect(tiny.text == "( ) ssh…\n(*) ssh\n( ) 锻造")
  }

  // MARK: - Any of several

  private let features = ["kvm", "benchmark", "big-parallel"]

  private func field(_ chosen: [String] = [], _ inputs: [Input] = []) -> MultiChoiceField {
    var field = MultiChoiceField(features, chosen: chosen)
    for input in inputs { _ = field.handle(input) }
    return field
  }

  @Test("the blank chooses where the focus is, and takes back")
  func multiToggle() {
    let two = field([], [.key(.character(" ")), .key(.right), .key(.character(" "))])
    #expect(two.values == ["kvm", "benchmark"])
    #expect(field(["kvm"], [.key(.character(" "))]).values == [])
  }

  @Test("what is chosen keeps its order, and what is added goes where it is offered")
  func order() {
    let given = ["big-parallel", "own", "kvm"]
    #expect(field(given).values == given)
    let added = field(["kvm", "big-parallel", "own"], [.key(.right), .key(.character(" "))])
    #expect(added.values == ["kvm", "benchmark", "big-parallel", "own"])
  }

  @Test("values of one's own stand behind those that are offered, and can be taken back")
  func own() {
    var field = field(["gccarch-skylake"])
    let picture = drawn(70, 1) { field.draw(on: &$0, in: $0.area, isFocused: true) }
    #expect(
      picture.text == "[ ] kvm   [ ] benchmark   [ ] big-parallel   [x] gccarch-skylake")
    field.press(3)
    #expect(field.values == [])
    #expect(field.others == ["gccarch-skylake"])
    field.press(3)
    #expect(field.values == ["gccarch-skylake"])
  }

  @Test("the last place is for typing; what is typed counts at once")
  func typed() {
    var field = field(["kvm"], [.key(.end)])
    #expect(field.isTyping)
    for input in typing("uid-range,ca") { _ = field.handle(input) }
    #expect(field.values == ["kvm", "uid-range", "ca"])
    #expect(field.chosen == ["kvm"])
    field.takeTyped { $0 != "ca" }
    #expect(field.chosen == ["kvm", "uid-range"])
    #expect(field.typedWords == ["ca"])
    #expect(field.isTyping)
  }

  @Test("typing what is offered chooses it, typing what is chosen changes nothing")
  func typedOffered() {
    var field = field(["kvm"], [.key(.end)] + typing("benchmark kvm kvm"))
    #expect(field.values == ["kvm", "benchmark"])
    field.takeTyped { _ in true }
    #expect(field.chosen == ["kvm", "benchmark"])
    #expect(field.others == [])
  }

  @Test("a paste goes to the place for typing, a line break parts values")
  func paste() {
    let field = field([], [.paste("kvm\nuid-range\n")])
    #expect(field.values == ["kvm", "uid-range"])
    #expect(field.isTyping)
  }

  @Test("the arrows go through all items and stop at the ends")
  func arrows() {
    var field = field()
    var isTyping: [Bool] = []
    for _ in 0..<5 {
      isTyping.append(field.isTyping)
      _ = field.handle(.key(.right))
    }
    #expect(isTyping == [false, false, false, true, true])
    for input in typing("ab") + [.key(.left), .key(.left)] { _ = field.handle(input) }
    #expect(field.isTyping)
    _ = field.handle(.key(.left))
    #expect(!field.isTyping)
    for _ in 0..<9 { _ = field.handle(.key(.left)) }
    _ = field.handle(.key(.character(" ")))
    #expect(field.chosen == ["kvm"])
  }

  @Test("when other values are offered, what is chosen stays, and the focus with it")
  func offer() {
    var field = field(["kvm", "own"], [.key(.right)])
    field.offer(["benchmark", "own"])
    #expect(field.values == ["kvm", "own"])
    #expect(field.others == ["kvm"])
    _ = field.handle(.key(.character(" ")))
    #expect(field.values == ["benchmark", "kvm", "own"])
    field.offer([])
    #expect(field.others == ["benchmark", "kvm", "own"])
  }

  @Test("the place for typing grows with what is typed, and moves to the next row")
  func drawTyping() {
    let field = field([], [.key(.end)] + typing("a-feature-with-a-name"))
    #expect(field.rows(for: 60) == 2)
    let canvas = drawn(60, 2) { field.draw(on: &$0, in: $0.area, isFocused: true) }
    #expect(
      canvas.text == "[ ] kvm   [ ] benchmark   [ ] big-parallel\na-feature-with-a-name")
    #expect(canvas.cursor == Position(column: 21, row: 1))
    #expect(canvas.target(21, 1) == Target("options", 3))
    #expect(canvas.target(10, 0) == Target("options", 1))
  }
}
