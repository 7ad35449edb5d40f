import Terminal
import Testing

@testable import Interface

/// Whatever is done to a widget in a window of whatever size, it neither traps nor draws where it
/// should not.
@Suite("Widgets under random inputs")
struct WidgetFuzzTests {
  private static let texts = [
    "", " ", "forge", "锻造厂", "e\u{301}", "👨‍👩‍👧", "\u{202E}x", "\u{0}", "\t", "a\nb", "🇩🇪",
    "x86_64-linux", ",", "1", "-", "\u{301}", String(repeating: "long ", count: 60),
    String(repeating: "锻", count: 300),
  ]

  private static let keys: [Key] = [
    .enter, .tab, .backTab, .escape, .backspace, .delete, .insert, .up, .down, .left, .right,
    .home, .end, .pageUp, .pageDown, .function(1), .control("a"), .control("e"), .control("u"),
    .control("k"), .control("w"), .control("c"), .character(" "), .character(","),
  ]

  private func text() -> String { Self.texts.randomElement() ?? "" }

  private func character() -> Character { text().randomElement() ?? "a" }

  /// An input, pressing mostly on what there is.
  private func input(_ canvas: Canvas) -> Input {
    let place = Position(
      column: .random(in: 0...max(0, canvas.size.columns)),
      row: .random(in: 0...max(0, canvas.size.rows)))
    switch Int.random(in: 0..<12) {
    case 0: return .paste(text())
    case 1, 2: return .press(canvas.target(at: place) ?? stray())
    case 3:
      let lines = [-1, 1, 3, .min, .max].randomElement() ?? 1
      return .wheel(lines, canvas.target(at: place) ?? stray())
    case 4: return .press(stray())
    case 5: return .tick
    case 6...8: return .key(.character(character()))
    default: return .key(Self.keys.randomElement() ?? .tab)
    }
  }

  private func stray() -> Target {
    let names = ["form", "menu", "check", "table", "dialog", "toggle", "choice", "options", "x"]
    return Target(
      names.randomElement() ?? "x", [0, 1, 2, 7, 1001, -1, .min, .max].randomElement() ?? 0)
  }

  /// Draws in a random area of a random window, and looks that nothing is outside.
  private func draw(_ body: (inout Canvas, Area) -> Void) -> Canvas {
    var canvas = Canvas(size: Size(columns: .random(in: 0...90), rows: .random(in: 0...24)))
    let area = Area(
      column: .random(in: 0...3), row: .random(in: 0...3),
      columns: .random(in: 0...canvas.size.columns), rows: .random(in: 0...canvas.size.rows))
    body(&canvas, area)
    for row in 0..<canvas.size.rows {
      for column in 0..<canvas.size.columns {
        let place = Position(column: column, row: row)
        if area.contains(place) { continue }
        if canvas[column, row] != .blank || canvas.target(at: place) != nil {
          Issue.record("\(area) in \(canvas.size), but there is something at \(place)")
          return canvas
        }
      }
    }
    if let cursor = canvas.cursor, !area.contains(cursor) {
      Issue.record("the cursor is at \(cursor), outside of \(area)")
    }
    return canvas
  }

  private func run(
    handle: (Input) -> Void, draw: (inout Canvas, Area) -> Void
  ) {
    var canvas = Canvas(size: Size(columns: 0, rows: 0))
    for _ in 0..<60 {
      for _ in 0..<4 { handle(input(canvas)) }
      canvas = self.draw(draw)
    }
  }

  private func items() -> [String] { (0..<Int.random(in: 0...12)).map { _ in text() } }

  // MARK: - Widgets

  @Test("fields", arguments: 0..<8)
  func fields(run: Int) {
    var fields: [Field] = [
      .text(TextField(text(), placeholder: text())), .toggle(ToggleField()),
      .choice(ChoiceField(items(), selected: .random(in: -2...5))),
      .multiChoice(MultiChoiceField(items(), chosen: items())),
    ]
    for index in fields.indices {
      self.run(
        handle: {
          _ = fields[index].handle($0)
          if case .multiChoice(var field) = fields[index], Bool.random() {
            field.offer(items())
            field.takeTyped { _ in Bool.random() }
            fields[index] = .multiChoice(field)
          }
        },
        draw: { canvas, area in
          fields[index].draw(
            on: &canvas, in: area, skipping: .random(in: 0...3), isFocused: .random()
          ) { Target("part", $0) }
        })
    }
  }

  @Test("forms", arguments: 0..<8)
  func forms(run: Int) {
    let all: [Question<Answers>] = [
      .name, .address, .port, .bastion, .trusted, .way, .systems, .features,
      Question.list("Ports", hint: text(), at: \.ports).shown { $0.trusted },
      Question.decimal(text(), at: \.speed).shown { $0.way == .ng },
      .optionalNumber(text(), at: \.uid), .list("Extras", at: \.extras),
    ]
    var form = Form(all.shuffled().suffix(.random(in: 0...12)), answers: Answers())
    self.run(
      handle: {
        if form.handle($0) == .submitted { #expect(form.isValid) }
        if Int.random(in: 0..<20) == 0 { form.update { $0.systems = items() } }
        if Int.random(in: 0..<20) == 0 { form.focus("Port") }
        #expect(form.isValid || form.questions.isEmpty == false)
        _ = form.problem
        _ = form.isTyping
      },
      draw: { canvas, area in
        form.draw(on: &canvas, in: area, isFocused: .random())
        #expect(form.rows(for: area.columns) >= 0)
      })
  }

  @Test("menus and dialogs", arguments: 0..<8)
  func menus(run: Int) {
    let titles = items()
    var menu = Menu(titles.map { .init(title: $0, detail: text(), isEnabled: .random()) })
    menu.selected = .random(in: -2...20)
    self.run(
      handle: { input in
        if let index = menu.handle(input) { #expect(menu.items[index].isEnabled) }
      }, draw: { canvas, area in menu.draw(on: &canvas, in: area) })
    var dialog = Dialog(title: text(), text: text() + "\n" + text(), choices: titles)
    self.run(
      handle: { input in
        if let index = dialog.handle(input) { #expect(titles.indices.contains(index)) }
      }, draw: { canvas, area in dialog.draw(on: &canvas, in: area) })
  }

  @Test("lists and tables", arguments: 0..<8)
  func lists(run: Int) {
    let marks: [Mark] = [.waiting, .running, .passed, .failed, .notYet, .undecided, .skipped]
    let titles = items()
    var list = CheckList(
      rows: titles.map {
        CheckRow(
          title: $0, mark: marks.randomElement() ?? .passed, detail: text(),
          seconds: [nil, 0, 1e300, -.infinity].randomElement() ?? nil)
      })
    list.isNarrow = .random()
    list.marksSelected = .random()
    list.selected = [nil, 0, 5, -1, 100].randomElement() ?? nil
    self.run(
      handle: { _ = list.handle($0) },
      draw: { canvas, area in list.draw(on: &canvas, in: area, frame: .random(in: -5...5)) })
    var table = Table(
      columns: titles.map {
        .init(
          $0, minimum: .random(in: 0...15), priority: .random(in: 0...3), isNumber: .random())
      })
    table.selected = .random(in: -2...20)
    let count = [0, 1, 5, 200].randomElement() ?? 0
    self.run(
      handle: { _ = table.handle($0, count: count, rows: .random(in: -1...9)) },
      draw: { canvas, area in
        table.draw(on: &canvas, in: area, count: count) { index in
          precondition((0..<count).contains(index))
          return items().map { Table.Cell($0) }
        }
      })
  }

  @Test("documents and pages", arguments: 0..<8)
  func documents(run: Int) {
    var document = Document(
      lines: items().map {
        .init(
          number: [nil, 1, 12_345].randomElement() ?? nil, sign: $0.first,
          spans: [.init($0), .init(text(), Theme.accent)], style: Theme.success)
      })
    self.run(
      handle: { _ = document.handle($0, rows: .random(in: -1...9)) },
      draw: { canvas, area in document.draw(on: &canvas, in: area) })
    let bindings = items().map { KeyBinding($0, text(), isShown: .random()) }
    var help = HelpOverlay(title: text(), text: text(), bindings: bindings)
    self.run(
      handle: {
        _ = help.handle($0, size: Size(columns: .random(in: 0...90), rows: .random(in: 0...24)))
      }, draw: { canvas, area in help.draw(on: &canvas, in: area) })
  }

  @Test("frames", arguments: 0..<8)
  func frames(run: Int) {
    let frame = Frame(
      title: text(), trailing: text(), steps: items(),
      currentStep: [nil, 0, 3, -1, 99].randomElement() ?? nil,
      bindings: items().map { KeyBinding($0, text(), isShown: .random()) })
    for _ in 0..<60 {
      let canvas = drawn(.random(in: 0...90), .random(in: 0...24)) { canvas in
        let area = frame.draw(on: &canvas)
        #expect(area.column >= 0 && area.endColumn <= canvas.size.columns)
        #expect(area.row >= 0 && area.endRow <= canvas.size.rows)
      }
      _ = drawn(canvas.size.columns, canvas.size.rows) { SmallWindowNotice().draw(on: &$0) }
    }
  }
}
