import Terminal
import Testing

@testable import Interface

@Suite("A line of text")
struct TextFieldTests {
  private func field(_ text: String = "", _ inputs: [Input]) -> TextField {
    var field = TextField(text)
    for input in inputs {
      let isConsumed = field.handle(input)
      #expect(isConsumed)
    }
    return field
  }

  private func picture(
    _ field: TextField, _ columns: Int, isFocused: Bool = true
  ) -> (text: String, cursor: Int?) {
    let canvas = drawn(columns, 1) { field.draw(on: &$0, in: $0.area, isFocused: isFocused) }
    return (canvas.text, canvas.cursor?.column)
  }

  // MARK: - Typing

  @Test("letters go in where the cursor is")
  func type() {
    let keys: [Input] = [.key(.left), .key(.left), .key(.character("x")), .key(.end)]
    #expect(field("forge", keys + typing("!")).text == "forxge!")
  }

  @Test(
    "keys of readline",
    arguments: [
      (Key.control("a"), "|two  words "), (.home, "|two  words "), (.control("e"), "two  words |"),
      (.end, "two  words |"), (.control("u"), "|rds "), (.control("k"), "two  wo|"),
      (.control("w"), "two  |rds "), (.backspace, "two  w|rds "), (.delete, "two  wo|ds "),
      (.left, "two  w|ords "), (.right, "two  wor|ds "),
    ])
  func readline(key: Key, expected: String) {
    let left = Array(repeating: Input.key(.left), count: 4)
    let field = field("two  words ", left + [.key(key)] + typing("|"))
    #expect(field.text == expected)
  }

  @Test("Ctrl-W takes the blanks behind a word, too")
  func wordWithBlanks() {
    #expect(field("two  words  ", [.key(.control("w"))]).text == "two  ")
    #expect(field("  ", [.key(.control("w"))]).text == "")
  }

  @Test("keys at the ends and in an empty field do nothing")
  func ends() {
    let keys: [Key] = [
      .left, .right, .home, .end, .backspace, .delete, .control("u"), .control("k"), .control("w"),
    ]
    #expect(field("", keys.map { .key($0) }).text == "")
  }

  @Test("Backspace and the arrows take what looks like one character as one")
  func graphemes() {
    #expect(field("e\u{301}👨‍👩‍👧", [.key(.backspace)]).text == "e\u{301}")
    #expect(field("ae\u{301}", [.key(.left)] + typing("x")).text == "axe\u{301}")
    #expect(field("🇩🇪", [.key(.home), .key(.delete)]).text == "")
    #expect(field("e", typing("\u{301}") + [.key(.backspace)]).text == "")
  }

  @Test("pasted text is one line")
  func paste() {
    #expect(field("a", [.paste("b\r\nc\n")]).text == "abc")
    #expect(field("", [.paste("a\tb\u{1B}[31mc\u{2028}")]).text == "a b [31mc")
    #expect(field("", [.paste("")]).text == "")
  }

  @Test(
    "what a form or a screen is to know is left to it",
    arguments: [
      Input.key(.enter), .key(.escape), .key(.tab), .key(.backTab), .key(.up), .key(.down),
      .key(.function(1)), .key(.control("c")), .key(.control("y")), .key(.alt("x")), .key(.pageUp),
      .key(.character("\u{7}")), .key(.character("\u{2028}")), .press(Target("x")), .tick,
    ])
  func unclaimed(input: Input) {
    var field = TextField("forge")
    let isConsumed = field.handle(input)
    #expect(!isConsumed)
    #expect(field == TextField("forge"))
  }

  @Test("setting the text puts the cursor behind it")
  func set() {
    var field = field("forge", [.key(.home)])
    field.text = "anvil"
    #expect(picture(field, 10).cursor == 5)
  }

  // MARK: - Drawing

  @Test("the cursor stands behind the text, and the line below shows how far the field goes")
  func draw() {
    let canvas = drawn(8, 2) { TextField("forge").draw(on: &$0, in: $0.area, isFocused: true) }
    #expect(canvas.text == "forge\n")
    #expect(canvas.cursor == Position(column: 5, row: 0))
    #expect((0..<8).allSatisfy { canvas[$0, 0].style == Theme.fieldFocused })
    #expect((0..<8).allSatisfy { canvas[$0, 1].style == .plain })
  }

  @Test("without focus there is no cursor, and a long text is cut at its end")
  func unfocused() {
    let long = TextField("/root/.ssh/forge")
    #expect(picture(long, 8, isFocused: false) == ("/root/.…", nil))
    #expect(picture(long, 16, isFocused: false) == ("/root/.ssh/forge", nil))
  }

  @Test("the placeholder stands where nothing is typed, the cursor before it")
  func placeholder() {
    var field = TextField(placeholder: "forge.example")
    #expect(picture(field, 8) == ("forge.e…", 0))
    #expect(picture(field, 20, isFocused: false) == ("forge.example", nil))
    #expect(field.text == "")
    _ = field.handle(.key(.character("a")))
    #expect(picture(field, 8) == ("a", 1))
  }

  @Test("a long text is shown around the cursor, which never leaves the field")
  func scroll() {
    var field = TextField("/root/.ssh/forge")
    #expect(picture(field, 8) == ("…/forge", 7))
    for _ in 0..<4 { _ = field.handle(.key(.left)) }
    #expect(picture(field, 8) == ("…ssh/fo…", 6))
    for _ in 0..<4 { _ = field.handle(.key(.left)) }
    #expect(picture(field, 8) == ("…ot/.ss…", 6))
    _ = field.handle(.key(.home))
    #expect(picture(field, 8) == ("/root/.…", 0))
    _ = field.handle(.key(.right))
    #expect(picture(field, 8) == ("/root/.…", 1))
  }

  @Test("a text that fills the field leaves a place for the cursor")
  func full() {
    #expect(picture(TextField("forge"), 6) == ("forge", 5))
    #expect(picture(TextField("forge"), 5) == ("…rge", 4))
  }

  @Test("wide characters are never cut in two")
  func wide() {
    var field = TextField("锻造厂")
    #expect(picture(field, 7) == ("锻造厂", 6))
    #expect(picture(field, 6) == ("…造厂", 5))
    #expect(picture(field, 5) == ("…厂", 3))
    _ = field.handle(.key(.left))
    #expect(picture(field, 6) == ("锻造厂", 4))
    #expect(picture(field, 5) == ("…造厂", 3))
    #expect(picture(field, 5, isFocused: false) == ("锻造…", nil))
  }

  @Test("a combining accent stays on its letter")
  func combining() {
    #expect(picture(TextField("abe\u{301}"), 4) == ("abe\u{301}", 3))
    #expect(picture(TextField("abe\u{301}"), 3) == ("…e\u{301}", 2))
  }

  @Test("in one column there is the cursor, in none nothing")
  func tiny() {
    #expect(picture(TextField("forge"), 1) == ("", 0))
    #expect(picture(TextField("forge"), 2) == ("…", 1))
    #expect(picture(TextField("forge"), 0) == ("", nil))
    #expect(
      drawn(5, 0) { TextField("a").draw(on: &$0, in: $0.area, isFocused: true) }.cursor == nil)
  }
}
