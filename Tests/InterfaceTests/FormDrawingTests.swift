import Terminal
import Testing

@testable import Interface

@Suite("How a form looks")
struct FormDrawingTests {
  private let questions: [Question<Answers>] = [
    .name, .address, .port, .bastion, .trusted, .way, .systems,
  ]

  private func form(_ answers: Answers = Answers(name: "forge"), focus: String = "Name") -> Form<
    Answers
  > {
    var form = Form(questions, answers: answers)
    form.focus(focus)
    return form
  }

  private func draw(_ form: Form<Answers>, _ columns: Int, _ rows: Int) -> Canvas {
    drawn(columns, rows) { form.draw(on: &$0, in: $0.area) }
  }

  @Test("labels, fields, and hints at the right")
  func usual() {
    let canvas = draw(form(focus: "Address"), 76, 8)
    #expect(
      canvas.text == """
          Name      forge                  what ssh and Nix will call it
        ▸ Address   192.0.2.7              a name, an IPv4 or an IPv6 address
          Port      22
          Bastion   forge                  only if you reach it through another host
          Trusted   [x] yes                in nix.settings.trusted-users
          Protocol  (*) ssh-ng   ( ) ssh
          Systems   [x] x86_64-linux   [ ] i686-linux   [ ] aarch64-linux
                    [ ] aarch64-darwin   other
        """)
    #expect(canvas.cursor == Position(column: 21, row: 1))
    #expect(canvas.text(in: Theme.strong) == ["▸Address"])
  }

  @Test("hints that do not fit are left out, and those that do stay")
  func narrow() {
    #expect(
      draw(form(), 54, 9).text == """
        ▸ Name      forge
          Address   192.0.2.7
          Port      22
          Bastion   forge
          Trusted   [x] yes
          Protocol  (*) ssh-ng   ( ) ssh
          Systems   [x] x86_64-linux   [ ] i686-linux
                    [ ] aarch64-linux   [ ] aarch64-darwin
                    other
        """)
    #expect(
      draw(form(), 62, 5).text == """
        ▸ Name      forge             what ssh and Nix will call it
          Address   192.0.2.7
          Port      22
          Bastion   forge
          Trusted   [x] yes           in nix.settings.trusted-users  ↓
        """)
  }

  @Test("a long text takes the place of its hint")
  func longText() {
    var long = form()
    long.update { $0.address = "a-very-long-name.in.a.long.domain.example" }
    let rows = draw(long, 76, 8).text.split(separator: "\n")
    #expect(rows[1] == "  Address   a-very-long-name.in.a.long.domain.example")
    long.update { $0.address = String(repeating: "long.", count: 20) }
    long.focus("Address")
    let canvas = draw(long, 76, 8)
    #expect(
      canvas.text.split(separator: "\n")[1]
        == "▸ Address   …g.long.long.long.long.long.long.long.long.long.long.long.long.")
    #expect(canvas.cursor == Position(column: 75, row: 1))
  }

  @Test("in a low area the focused field is always in sight, and what is missing is marked")
  func scroll() {
    var form = form()
    var pictures: [String] = []
    for _ in questions {
      pictures.append(draw(form, 40, 3).text)
      _ = form.handle(.key(.tab))
    }
    #expect(
      pictures[0] == """
        ▸ Name      forge
          Address   192.0.2.7
          Port      22                         ↓
        """)
    #expect(
      pictures[3] == """
          Port      22                         ↑
        ▸ Bastion   forge
          Trusted   [x] yes                    ↓
        """)
    #expect(
      pictures[6] == """
          Protocol  (*) ssh-ng   ( ) ssh       ↑
        ▸ Systems   [x] x86_64-linux
                    [ ] i686-linux             ↓
        """)
    for (picture, question) in zip(pictures, questions) {
      #expect(picture.contains("▸ \(question.title)"))
    }
  }

  @Test("a field is in sight as a whole, where there is room for it")
  func scrollWhole() {
    var form = form(focus: "Systems")
    _ = form.handle(.key(.end))
    #expect(
      draw(form, 76, 2).text == """
        ▸ Systems   [x] x86_64-linux   [ ] i686-linux   [ ] aarch64-linux          ↑
                    [ ] aarch64-darwin   other
        """)
  }

  @Test("of a field with more rows than there are the item with the focus is in sight")
  func scrollWithin() {
    var form = form(focus: "Systems")
    _ = form.handle(.key(.end))
    for input in typing("ab") { _ = form.handle(input) }
    let canvas = draw(form, 40, 3)
    #expect(
      canvas.text == """
                    [ ] aarch64-linux          ↑
                    [ ] aarch64-darwin
                    ab
        """)
    #expect(canvas.cursor == Position(column: 14, row: 2))
    #expect(canvas.target(12, 0) == canvas.target(14, 0))
    #expect(draw(form, 40, 1).text == "            ab                         ↑")
  }

  @Test("what is at fault has a sign where the focus is elsewhere")
  func faults() {
    let form = form(Answers(name: "1"), focus: "Port")
    #expect(
      draw(form, 40, 5).text.hasPrefix("✗ Name      1\n  Address   192.0.2.7\n▸ Port      22"))
  }

  @Test("without focus there is neither a cursor nor a sign of one")
  func unfocused() {
    let canvas = drawn(40, 3) { form().draw(on: &$0, in: $0.area, isFocused: false) }
    #expect(canvas.cursor == nil)
    #expect(canvas.text.hasPrefix("  Name "))
  }

  @Test("wide labels and texts keep the columns straight")
  func wide() {
    let questions: [Question<Answers>] = [.text("锻造", at: \.name), .port]
    let form = Form(questions, answers: Answers(name: "e\u{301}锻"))
    #expect(draw(form, 30, 2).text == "▸ 锻造  e\u{301}锻\n  Port  22")
    #expect(draw(form, 30, 2).cursor == Position(column: 11, row: 0))
  }

  @Test("a long label is cut, so that its field has room")
  func longLabel() {
    let form = Form(
      [.toggle("A title that is much too long", at: \Answers.trusted)], answers: Answers())
    #expect(draw(form, 30, 1).text == "▸ A title t…  [x] yes")
  }

  @Test("it tells how many rows it would like")
  func rows() {
    #expect(form().rows(for: 76) == 8)
    #expect(form().rows(for: 40) == 11)
  }
}
