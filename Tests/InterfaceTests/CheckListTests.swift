import Terminal
import Testing

@testable import Interface

@Suite("A list of checks")
struct CheckListTests {
  private let rows = [
    CheckRow(title: "name", mark: .passed, detail: "192.0.2.7", seconds: 0.004),
    CheckRow(title: "port 22", mark: .failed, detail: "refused", seconds: 0.021),
    CheckRow(
      title: "host key", mark: .undecided,
      detail: "ED25519 SHA256:a0ugvscwo36Il/epvVnYQrhzXA0721EVQ1I92S4JuGo", seconds: 0.11),
    CheckRow(title: "log in", mark: .running, seconds: 12.34),
    CheckRow(title: "trusted", mark: .notYet, detail: "the fragment\nis not applied", seconds: 1),
    CheckRow(title: "kvm", mark: .skipped, detail: "no login"),
    CheckRow(title: "package", mark: .waiting),
  ]

  private func draw(_ columns: Int, _ height: Int, selected: Int? = nil, isNarrow: Bool = false)
    -> Canvas
  {
    var list = CheckList(rows: rows, selected: selected)
    list.isNarrow = isNarrow
    return drawn(columns, height) { list.draw(on: &$0, in: $0.area, frame: 2) }
  }

  @Test("sign, title, what was found, and the time")
  func wide() {
    let canvas = draw(60, 7)
    #expect(
      canvas.text == """
        ✓ name      192.0.2.7                                 0.00 s
        ✗ port 22   refused                                   0.02 s
        ? host key  ED25519 SHA256:a0ugvscwo36Il/epvVnYQrhz…  0.11 s
        ⠹ log in                                              12.3 s
        ○ trusted   the fragment is not applied               1.00 s
        – kvm       no login
        · package
        """)
    #expect(canvas.text(in: Theme.success) == ["✓"])
    #expect(canvas.text(in: Theme.failure) == ["✗"])
  }

  @Test("beside a log there are no details")
  func narrow() {
    #expect(
      draw(22, 7, selected: 2, isNarrow: true).text == """
        ✓ name            0.00
        ✗ port 22         0.02
        ? host key        0.11
        ⠹ log in          12.3
        ○ trusted         1.00
        – kvm
        · package
        """)
  }

  @Test("the selected one has its detail in full, beside its title or below it")
  func selected() {
    let beside = draw(60, 9, selected: 2).text.split(separator: "\n")
    #expect(
      beside[2...3] == [
        "? host key  ED25519                                   0.11 s",
        "            SHA256:a0ugvscwo36Il/epvVnYQrhzXA0721EVQ",
      ])
    let below = draw(40, 10, selected: 2).text.split(separator: "\n")
    #expect(
      below[2...5] == [
        "? host key                        0.11 s", "    ED25519",
        "    SHA256:a0ugvscwo36Il/epvVnYQrhzXA072", "    1EVQ1I92S4JuGo",
      ])
    #expect(CheckList(rows: rows, selected: 2).rows(for: 40) == 10)
    #expect(CheckList(rows: rows).rows(for: 40) == 7)
  }

  @Test("the selected one stays in sight")
  func scroll() {
    #expect(
      draw(24, 3, selected: 4, isNarrow: true).text
        == "⠹ log in          12.3 ↑\n○ trusted         1.00\n– kvm                  ↓")
    #expect(draw(24, 1, selected: 6, isNarrow: true).text == "· package              ↑")
  }

  @Test("the whole detail of the selected one is in sight, where there is room for it")
  func scrollDetail() {
    #expect(
      draw(40, 4, selected: 2).text == """
        ? host key                      0.11 s ↑
            ED25519
            SHA256:a0ugvscwo36Il/epvVnYQrhzXA0
            721EVQ1I92S4JuGo                   ↓
        """)
  }

  @Test("keys, the mouse and the wheel select")
  func select() {
    var list = CheckList(rows: rows)
    var selected: [Int?] = []
    let inputs: [Input] = [
      .key(.down), .key(.down), .key(.up), .key(.up), .key(.end), .key(.down),
      .wheel(-3, Target("check", 0)), .press(Target("check", 2)), .key(.home),
    ]
    for input in inputs {
      _ = list.handle(input)
      selected.append(list.selected)
    }
    #expect(selected == [0, 1, 0, 0, 6, 6, 5, 2, 0])
    let isConsumed = list.handle(.key(.enter))
    #expect(!isConsumed)
    #expect(draw(60, 7).target(30, 2) == Target("check", 2))
    var empty = CheckList(rows: [])
    _ = empty.handle(.key(.down))
    #expect(empty.selected == nil)
  }

  @Test("where keys are about a row it is marked")
  func marked() {
    var list = CheckList(rows: rows, selected: 1)
    list.marksSelected = true
    let canvas = drawn(40, 3) { list.draw(on: &$0, in: $0.area, frame: 0) }
    #expect(canvas.text.hasPrefix("  ✓ name      192.0.2.7"))
    #expect(canvas.text.contains("\n▸ ✗ port 22   refused"))
  }

  @Test(
    "times",
    arguments: [
      (0.0, "0.00"), (0.005, "0.01"), (9.994, "9.99"), (9.999, "10.00"), (12.34, "12.3"),
      (100.4, "100"), (86_400, "86400"), (-1, "0.00"), (.nan, "0.00"), (.infinity, "0.00"),
      (1e300, "999999"),
    ])
  func seconds(seconds: Double, expected: String) {
    #expect(Decimals.seconds(seconds) == expected)
  }

  @Test(
    "numbers without a point where they need none",
    arguments: [
      (2.0, "2"), (0.5, "0.5"), (-1, "-1"), (1e300, "1e+300"), (.nan, "nan"), (0.1, "0.1"),
    ])
  func shortest(number: Double, expected: String) {
    #expect(Decimals.shortest(number) == expected)
  }
}
