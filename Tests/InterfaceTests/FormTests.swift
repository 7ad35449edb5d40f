import Terminal
import Testing

@testable import Interface

@Suite("A form")
struct FormTests {
  private func form(
    _ questions: [Question<Answers>] = [.name, .address, .port, .trusted],
    _ answers: Answers = Answers(), _ inputs: [Input] = []
  ) -> Form<Answers> {
    var form = Form(questions, answers: answers)
    for input in inputs { _ = form.handle(input) }
    return form
  }

  private let tab = Input.key(.tab)
  private let enter = Input.key(.enter)

  // MARK: - Answers

  @Test("what is valid is an answer as it is typed, what is not stays in the field")
  func store() {
    var form = form()
    for input in typing("ab") { #expect(form.apply(input) == .changed) }
    #expect(form.answers.name == "ab")
    _ = form.handle(.key(.character("1")))
    #expect(form.answers.name == "ab")
    #expect(form.text(of: "Name") == "ab1")
    _ = form.handle(tab)
    #expect(form.text(of: "Name") == "ab1")
    #expect(form.answers.name == "ab")
  }

  @Test("every kind of text becomes an answer of its kind")
  func kinds() {
    let questions: [Question<Answers>] = [
      .port, .decimal("Speed", at: \.speed), .optionalNumber("Uid", at: \.uid), .bastion,
      .list("Ports", at: \.ports), .list("Extras", at: \.extras),
    ]
    var form = form(questions)
    #expect(
      questions.map { form.text(of: $0.title) } == ["22", "2", "", "", "", ""])
    let texts = ["2222", "1.5", "500", "me@bastion", "22, 2222 22", "kvm,,  ca"]
    for text in texts {
      for input in [.key(.control("u"))] + typing(text) + [tab] { _ = form.handle(input) }
    }
    var expected = Answers(port: 2222, bastion: "me@bastion", speed: 1.5, uid: 500)
    expected.ports = [22, 2222]
    expected.extras = ["kvm", "ca"]
    #expect(form.answers == expected)
    for _ in texts { for input in [.key(.control("u")), tab] { _ = form.handle(input) } }
    expected = Answers(port: 2222, speed: 1.5)
    #expect(form.answers == expected)
    #expect(form.problem?.title == "Port")
  }

  @Test(
    "a text that is no number of its kind says what is needed",
    arguments: [
      ("Number", "x", "A whole number is needed."), ("Number", "", "A whole number is needed."),
      ("Number", "99999999999999999999", "A whole number is needed."),
      ("Uid", "1.5", "A whole number is needed."),
      ("Speed", "fast", "A number is needed, such as 1 or 2.5."),
      ("Speed", "inf", "A number is needed, such as 1 or 2.5."),
      ("Ports", "22 x", "Whole numbers are needed."),
    ])
  func noNumber(title: String, text: String, message: String) {
    let questions: [Question<Answers>] = [
      .number("Number", at: \.port), .decimal("Speed", at: \.speed),
      .optionalNumber("Uid", at: \.uid), .list("Ports", at: \.ports),
    ]
    var form = form(questions)
    form.focus(title)
    for input in [Input.key(.control("u")), .paste(text)] { _ = form.handle(input) }
    #expect(form.problem?.message == message)
    #expect(form.answers == Answers())
  }

  @Test("toggles and choices answer at once")
  func choices() {
    let questions: [Question<Answers>] = [.trusted, .way, .systems]
    let form = form(
      questions, Answers(),
      [
        .key(.character(" ")), tab, .key(.right), tab, .key(.right), .key(.character(" ")),
      ])
    #expect(!form.answers.trusted)
    #expect(form.answers.way == .old)
    #expect(form.answers.systems == ["x86_64-linux", "i686-linux"])
  }

  @Test("a value of one's own becomes a box when a blank follows it, or when the field is left")
  func ownValues() {
    var form = form([.systems, .name], Answers(), [.key(.end)] + typing("riscv64-linux"))
    #expect(form.answers.systems == ["x86_64-linux", "riscv64-linux"])
    #expect(form.picture(80, 2).contains("   riscv64-linux"))
    _ = form.handle(.key(.character(" ")))
    #expect(form.picture(80, 2).contains("[x] riscv64-linux"))
    for input in typing("oops") + [tab] { _ = form.handle(input) }
    #expect(form.answers.systems == ["x86_64-linux", "riscv64-linux"])
    #expect(form.picture(80, 2).contains("   oops"))
    #expect(!form.isValid)
  }

  @Test("where one is needed, none is a fault")
  func needsOne() {
    let form = form([.systems], Answers(), [.key(.character(" "))])
    #expect(form.answers.systems == [])
    #expect(form.problem?.message == "At least one is needed.")
  }

  // MARK: - Faults

  @Test("nothing is said of an empty field before Enter, and then the first fault has the focus")
  func untouched() {
    var form = form([.trusted, .name, .port])
    #expect(form.problem == nil)
    #expect(!form.isValid)
    #expect(form.apply(enter) == .changed)
    #expect(form.focusedTitle == "Name")
    #expect(form.problem?.message == "A name is needed.")
    for input in typing("forge") { _ = form.handle(input) }
    #expect(form.problem == nil)
    #expect(form.apply(enter) == .submitted)
  }

  @Test("a field that was emptied is at fault")
  func emptied() {
    let form = form([.name], Answers(), typing("a") + [.key(.backspace)])
    #expect(form.problem?.message == "A name is needed.")
  }

  @Test("an answer that was wrong from the beginning is told at once")
  func wrongFromBeginning() {
    #expect(form([.port, .name], Answers(name: "1")).problem?.title == "Name")
  }

  @Test("the fault of the focused field comes first")
  func focusedFirst() {
    let form = form(
      [.name, .port, .address], Answers(), typing("1") + [tab, .key(.character("x"))])
    #expect(form.problem?.title == "Port")
    var moved = form
    _ = moved.handle(tab)
    #expect(moved.problem?.title == "Name")
  }

  @Test("a rule may look at the other answers, also at those below")
  func crossRule() {
    let questions: [Question<Answers>] = [
      .text("Name", at: \.name) { name, answers in
        name == answers.address ? "That is the address." : nil
      },
      .text("Address", at: \.address),
    ]
    var form = form(questions, Answers(name: "a", address: "b"))
    _ = form.handle(tab)
    for input in [.key(.backspace)] + typing("a") { _ = form.handle(input) }
    #expect(form.problem?.message == "That is the address.")
    _ = form.handle(.key(.character("x")))
    #expect(form.isValid)
    #expect(form.answers == Answers(name: "a", address: "ax"))
  }

  // MARK: - Focus

  @Test("Tab goes around, the arrows stop at the ends")
  func move() {
    var form = form()
    var titles: [String] = []
    for key in [Key.tab, .down, .down, .down, .tab, .up, .backTab, .up] {
      #expect(form.apply(.key(key)) == .changed)
      titles.append(form.focusedTitle)
    }
    #expect(
      titles == ["Address", "Port", "Trusted", "Trusted", "Name", "Name", "Trusted", "Port"])
  }

  @Test(
    "what means nothing to a form is left to the screen",
    arguments: [
      Input.key(.escape), .key(.function(1)), .key(.control("c")), .key(.pageDown),
      .press(Target("menu", 1)), .wheel(1, Target("menu")), .tick,
      .resize(Size(columns: 40, rows: 12)),
    ])
  func unclaimed(input: Input) {
    var form = form()
    #expect(form.apply(input) == nil)
  }

  @Test("single letters are text only where text is typed")
  func isTyping() {
    var form = form([.name, .trusted, .systems])
    #expect(form.isTyping)
    _ = form.handle(tab)
    #expect(!form.isTyping)
    #expect(form.apply(.key(.character("q"))) == nil)
    _ = form.handle(tab)
    #expect(!form.isTyping)
    _ = form.handle(.key(.end))
    #expect(form.isTyping)
  }

  @Test("the focus can be given, and the help is that of the question")
  func focus() {
    var form = form()
    #expect(form.focusedHelp == "Any name.")
    form.focus("Port")
    #expect(form.focusedTitle == "Port")
    form.focus("No such")
    #expect(form.focusedTitle == "Port")
  }

  @Test("the mouse gives the focus, and works what it is pressed on")
  func mouse() {
    var form = form([.name, .trusted, .way, .systems])
    let canvas = drawn(76, 5) { form.draw(on: &$0, in: $0.area) }
    #expect(
      canvas.text == """
        ▸ Name      forge                              what ssh and Nix will call it
          Trusted   [x] yes                            in nix.settings.trusted-users
          Protocol  (*) ssh-ng   ( ) ssh
          Systems   [x] x86_64-linux   [ ] i686-linux   [ ] aarch64-linux
                    [ ] aarch64-darwin   other
        """)
    func press(_ column: Int, _ row: Int) {
      if let target = canvas.target(column, row) { _ = form.handle(.press(target)) }
    }
    press(2, 1)
    #expect(form.focusedTitle == "Trusted")
    #expect(form.answers.trusted)
    press(13, 1)
    #expect(!form.answers.trusted)
    press(25, 2)
    #expect(form.answers.way == .old)
    press(12, 4)
    #expect(form.answers.systems == ["x86_64-linux", "aarch64-darwin"])
    #expect(!form.isTyping)
    press(33, 4)
    #expect(form.isTyping)
    _ = form.handle(.wheel(-3, Target("form", 0)))
    #expect(form.focusedTitle == "Protocol")
    #expect(form.apply(.press(Target("form", 99_000))) == .changed)
    #expect(form.apply(.press(Target("form", -1))) == .changed)
  }

  // MARK: - Questions that come and go

  private var changing: [Question<Answers>] {
    [.trusted, Question.name.shown { $0.trusted }, .port]
  }

  @Test("a question is asked only where the answers call for it, and keeps what was typed")
  func shown() {
    var form = form(changing)
    _ = form.handle(tab)
    for input in typing("ab1") { _ = form.handle(input) }
    form.focus("Trusted")
    _ = form.handle(.key(.character(" ")))
    #expect(form.isValid)
    #expect(form.problem == nil)
    #expect(form.picture(40, 3) == "▸ Trusted  [ ] no\n  Port     22\n")
    #expect(form.rows(for: 40) == 2)
    _ = form.handle(tab)
    #expect(form.focusedTitle == "Port")
    form.focus("Trusted")
    _ = form.handle(.key(.character(" ")))
    #expect(form.text(of: "Name") == "ab1")
    #expect(form.problem?.title == "Name")
  }

  @Test("the focus goes on when its question is no longer asked")
  func hiddenFocus() {
    var form = form(changing)
    form.focus("Name")
    form.update { $0.trusted = false }
    #expect(form.focusedTitle == "Port")
  }

  @Test("a form that asks nothing is valid")
  func nothing() {
    var form = form([])
    #expect(form.isValid)
    #expect(form.focusedTitle == "" && form.problem == nil && !form.isTyping)
    #expect(form.apply(.key(.character("a"))) == nil)
    #expect(form.apply(tab) == .changed)
    #expect(form.apply(enter) == .submitted)
    #expect(form.picture(20, 2) == "\n")
  }

  // MARK: - From outside

  @Test("fields follow answers that change outside, unless something invalid is in them")
  func follow() {
    var form = form([.name, .port, .address], Answers(), typing("ab"))
    form.focus("Port")
    for key in [Key.end, .character("x")] { _ = form.handle(.key(key)) }
    form.update {
      $0.name = "forge"
      $0.port = 2222
      $0.address = "forge.lan"
    }
    #expect(form.text(of: "Name") == "forge")
    #expect(form.text(of: "Port") == "22x")
    #expect(form.text(of: "Address") == "forge.lan")
    #expect(form.answers == Answers(name: "forge", address: "forge.lan", port: 2222))
  }

  @Test("an empty field that needs an answer takes the one from outside")
  func followEmpty() {
    var form = form([.name])
    form.update { $0.name = "forge" }
    #expect(form.text(of: "Name") == "forge")
    #expect(form.isValid)
  }

  @Test("a field whose answer stays the same keeps the way it was typed, and its cursor")
  func keep() {
    var form = form([.port], Answers(), [.key(.home)] + typing("00"))
    #expect(form.answers.port == 22)
    form.update { $0.name = "forge" }
    _ = form.handle(.key(.character("1")))
    #expect(form.text(of: "Port") == "00122")
  }

  @Test("what is offered and what stands in empty fields follow the answers")
  func refresh() {
    var form = form([.systems, .features, .bastion, .name])
    _ = form.handle(.key(.right))
    _ = form.handle(.key(.character(" ")))
    form.focus("Name")
    for input in typing("ab") { _ = form.handle(input) }
    #expect(
      form.picture(76, 5).contains(
        "Features  [ ] x86_64-linux   [ ] i686-linux   other\n  Bastion   ab "))
  }
}

extension Form {
  /// What became of an input: `#expect` cannot call what changes something.
  mutating func apply(_ input: Input) -> Event? { handle(input) }

  /// What stands in a text field.
  func text(of title: String) -> String? {
    guard let index = questions.firstIndex(where: { $0.title == title }) else { return nil }
    return switch fields[index] {
    case .text(let field): field.text
    case .suggestion(let field): field.text
    case .toggle, .choice, .multiChoice: nil
    }
  }

  func picture(_ columns: Int, _ rows: Int) -> String {
    drawn(columns, rows) { draw(on: &$0, in: $0.area) }.text
  }
}
