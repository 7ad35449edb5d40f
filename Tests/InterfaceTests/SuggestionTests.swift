import Terminal
import Testing

@testable import Interface

@Suite("A field with a list to choose from") struct SuggestionTests {
  private func form(
    _ suggestions: [Suggestion] = [
      Suggestion("forge", detail: "192.0.2.7, ssh configuration"),
      Suggestion("pi.lan", detail: "known_hosts"), Suggestion("mac.lan", detail: "tailscale"),
    ]
  ) -> Form<Answers> {
    var form = Form<Answers>(
      [.suggestedText("Address", at: \.address, rule: { _ in nil }), .port],
      answers: Answers(address: ""))
    form.offer(suggestions, at: "Address")
    return form
  }

  private func matches(_ form: Form<Answers>) -> [String] {
    guard case .suggestion(let field) = form.fields[0] else { return [] }
    return field.matches.map(\.text)
  }

  private func type(_ text: String, into form: inout Form<Answers>) {
    for input in typing(text) { _ = form.handle(input) }
  }

  @Test("typing filters it, in either of its texts and whatever the case")
  func filter() {
    var form = form()
    #expect(matches(form) == ["forge", "pi.lan", "mac.lan"])
    type("LAN", into: &form)
    #expect(matches(form) == ["pi.lan", "mac.lan"])
    type(" tail", into: &form)
    #expect(matches(form) == ["mac.lan"])
    type("x", into: &form)
    #expect(matches(form).isEmpty)
    #expect(form.suggestionCount == 0)
  }

  @Test("Enter is not stolen while nothing is chosen")
  func enter() {
    var form = form()
    type("pi", into: &form)
    #expect(form.handle(.key(.enter)) == .submitted)
    #expect(form.answers.address == "pi")
  }

  @Test("the arrows choose, Enter takes it, and the next Enter goes on")
  func choose() {
    var form = form()
    type("lan", into: &form)
    _ = form.handle(.key(.down))
    _ = form.handle(.key(.down))
    #expect(form.isChoosing)
    #expect(form.answers.address == "lan")
    #expect(form.handle(.key(.enter)) == .changed)
    #expect(form.answers.address == "mac.lan")
    #expect(!form.isChoosing)
    #expect(form.handle(.key(.enter)) == .submitted)
  }

  @Test("up from the first, Esc and typing leave the list; down from the last goes on")
  func leave() {
    var form = form()
    for key in [Key.up, .escape, .character("p")] {
      _ = form.handle(.key(.down))
      #expect(form.isChoosing)
      #expect(form.handle(.key(key)) == .changed)
      #expect(!form.isChoosing)
      #expect(form.focusedTitle == "Address")
    }
    // Of Esc the form has no other use, so that the screen goes back.
    #expect(form.handle(.key(.escape)) == nil)
    #expect(matches(form) == ["pi.lan"])
    _ = form.handle(.key(.down))
    _ = form.handle(.key(.down))
    #expect(form.focusedTitle == "Port")
  }

  @Test("what is offered later keeps what is typed and what is chosen")
  func late() {
    var form = form([Suggestion("pi.lan")])
    type("lan", into: &form)
    _ = form.handle(.key(.down))
    form.offer([Suggestion("mac.lan"), Suggestion("pi.lan"), Suggestion("box")], at: "Address")
    #expect(matches(form) == ["mac.lan", "pi.lan"])
    _ = form.handle(.key(.enter))
    #expect(form.answers.address == "pi.lan")
  }

  @Test("the mouse takes one, too")
  func press() {
    var form = form()
    _ = form.handle(.press(Form<Answers>.target(0, part: 1)))
    #expect(form.answers.address == "pi.lan")
  }

  @Test("it is drawn with what is chosen in sight")
  func drawing() {
    var form = form((1...9).map { Suggestion("box\($0)", detail: "known_hosts") })
    for _ in 0..<7 { _ = form.handle(.key(.down)) }
    var canvas = Canvas(size: Size(columns: 24, rows: 3))
    form.drawSuggestions(on: &canvas, in: canvas.area)
    #expect(
      canvas.text == """
          box6  known_hosts    ↑
        ▸ box7  known_hosts
          box8  known_hosts    ↓
        """)
  }
}

@Suite("A number in a form") struct ProposedNumberTests {
  private func port(_ keys: [Key]) -> (text: String?, answer: Int) {
    var form = Form<Answers>([.name, .port], answers: Answers())
    _ = form.handle(.key(.tab))
    for key in keys { _ = form.handle(.key(key)) }
    return (form.text(of: "Port"), form.answers.port)
  }

  @Test("goes when one begins to type, and not when one moves in it first")
  func replaced() {
    #expect(port([.character("8"), .character("0")]).answer == 80)
    #expect(port([.end, .character("8")]).text == "228")
    #expect(port([.left, .backspace]).text == "2")
    #expect(port([.backspace]).text == "")
    #expect(port([.tab, .tab]).answer == 22)
  }
}
