import Terminal
import Testing

@testable import Interface

@Suite("A table")
struct TableTests {
  private static let columns = [
    Table.Column("alias", minimum: 8, priority: 0),
    Table.Column("where", minimum: 14, widest: 19, priority: 1),
    Table.Column("systems", minimum: 12, widest: 23, priority: 2),
    Table.Column("jobs", minimum: 4, priority: 4, isNumber: true),
    Table.Column("features", minimum: 8, widest: 37, priority: 5),
    Table.Column("last test", minimum: 11, priority: 3),
  ]

  private let table = Table(columns: columns)

  private static let rows: [[Table.Cell]] = [
    [
      Table.Cell("forge"), Table.Cell("nixremote@192.0.2.7"),
      Table.Cell("x86_64-linux i686-linux"), Table.Cell("3"),
      Table.Cell("nixos-test benchmark big-parallel kvm"),
      Table.Cell("✓ 2 h ago", Theme.success),
    ],
    [
      Table.Cell("锻造"), Table.Cell("nix@pi.lan:2200"), Table.Cell("aarch64-linux"),
      Table.Cell("16"), Table.Cell(""), Table.Cell("✗ log in", Theme.failure),
    ],
    [Table.Cell("mac", Theme.muted)],
  ]

  private func draw(_ table: Table, _ columns: Int, _ height: Int = 4) -> Canvas {
    drawn(columns, height) {
      table.draw(on: &$0, in: $0.area, count: Self.rows.count) { Self.rows[$0] }
    }
  }

  // MARK: - Columns

  @Test("a wide window has room for all")
  func wide() {
    #expect(
      draw(table, 130).text == """
          alias     where                systems                  jobs  features                               last test
        ▸ forge     nixremote@192.0.2.7  x86_64-linux i686-linux     3  nixos-test benchmark big-parallel kvm  ✓ 2 h ago
          锻造      nix@pi.lan:2200      aarch64-linux              16                                         ✗ log in
          mac
        """)
  }

  @Test("in a narrower one cells are cut, and the least important columns go")
  func usual() {
    #expect(
      draw(table, 73).text == """
          alias     where                systems              jobs  last test
        ▸ forge     nixremote@192.0.2.7  x86_64-linux i686-…     3  ✓ 2 h ago
          锻造      nix@pi.lan:2200      aarch64-linux          16  ✗ log in
          mac
        """)
    #expect(
      draw(table, 36).text == """
          alias     where
        ▸ forge     nixremote@192.0.2.7
          锻造      nix@pi.lan:2200
          mac
        """)
    #expect(draw(table, 10).text == "  alias\n▸ forge\n  锻造\n  mac")
    #expect(draw(table, 7).text == "  al…\n▸ fo…\n  锻…\n  mac")
  }

  @Test("cells keep their look, and the selected row is bold")
  func looks() {
    let canvas = draw(table, 76)
    #expect(canvas.text(in: Theme.failure) == ["✗ log in"])
    #expect(canvas.text(in: Style(.green, .bold)) == ["✓ 2 h ago"])
  }

  // MARK: - Selection

  @Test("keys move the selection, and it stays in sight")
  func move() {
    var table = Table(columns: [Table.Column("n", minimum: 2, priority: 0)])
    func picture() -> String {
      drawn(8, 4) {
        table.draw(on: &$0, in: $0.area, count: 100) { [Table.Cell("\($0)")] }
      }.text
    }
    func press(_ keys: Key...) {
      for key in keys { _ = table.handle(.key(key), count: 100, rows: 4) }
    }
    #expect(picture() == "  n\n▸ 0\n  1\n  2    ↓")
    press(.down, .down)
    #expect(picture() == "  n\n  0\n  1\n▸ 2    ↓")
    press(.down)
    #expect(picture() == "  n\n  1    ↑\n  2\n▸ 3    ↓")
    press(.up)
    #expect(picture() == "  n\n  1    ↑\n▸ 2\n  3    ↓")
    press(.pageDown)
    #expect(picture() == "  n\n  2    ↑\n  3\n▸ 4    ↓")
    press(.end, .down)
    #expect(picture() == "  n\n  97   ↑\n  98\n▸ 99")
    press(.home, .up)
    #expect(picture() == "  n\n▸ 0\n  1\n  2    ↓")
  }

  @Test("a selection that was set, or is out of range, is shown as well as can be")
  func set() {
    var table = table
    table.selected = 2
    #expect(draw(table, 20, 2).text == "  alias     jobs\n▸ mac              ↑")
    table.selected = 9
    #expect(draw(table, 20, 2).text == "  alias     jobs\n  mac              ↑")
    table.selected = -1
    #expect(draw(table, 20, 2).text == "  alias     jobs\n  forge        3   ↓")
  }

  @Test("the mouse selects a row, the wheel goes through them")
  func mouse() {
    var table = table
    #expect(draw(table, 76).target(40, 2) == Target("table", 1))
    #expect(draw(table, 76).target(40, 0) == nil)
    _ = table.handle(.press(Target("table", 1)), count: 3, rows: 4)
    #expect(table.selected == 1)
    _ = table.handle(.wheel(.max, Target("table", 1)), count: 3, rows: 4)
    #expect(table.selected == 2)
    _ = table.handle(.press(Target("table", 7)), count: 3, rows: 4)
    #expect(table.selected == 2)
  }

  @Test(
    "what it does not know is left to the screen",
    arguments: [
      Input.key(.enter), .key(.character("e")), .key(.delete), .press(Target("menu", 0)), .tick,
    ])
  func unclaimed(input: Input) {
    var table = table
    let isConsumed = table.handle(input, count: 3, rows: 4)
    #expect(!isConsumed)
    #expect(table == self.table)
  }

  @Test("an empty table has its header")
  func empty() {
    var table = table
    _ = table.handle(.key(.end), count: 0, rows: 4)
    #expect(table.selected == 0)
    let canvas = drawn(40, 3) { table.draw(on: &$0, in: $0.area, count: 0) { _ in [] } }
    #expect(canvas.text == "  alias     where                jobs\n\n")
  }

  @Test("of ten thousand rows only those around the ones in sight are asked for")
  func many() {
    var table = table
    var asked: Set<Int> = []
    _ = table.handle(.key(.end), count: 10_000, rows: 24)
    let canvas = drawn(80, 24) {
      table.draw(on: &$0, in: $0.area, count: 10_000) { index in
        asked.insert(index)
        return [Table.Cell("builder-\(index)")]
      }
    }
    #expect(canvas.text.contains("▸ builder…"))
    #expect(asked.count < 150)
    #expect(asked.max() == 9999)
  }

  @Test("widths stand still, whatever rows are in sight and however many")
  func steady() {
    let long = [Table.Cell("a-rather-long-alias"), Table.Cell("somebody@far.away.example.org")]
    func header(_ rows: [[Table.Cell]], _ height: Int) -> String {
      drawn(77, height) { table.draw(on: &$0, in: $0.area, count: rows.count) { rows[$0] } }.text
        .split(separator: "\n").first.map(String.init) ?? ""
    }
    let expected = "  alias     where                systems                  jobs  last test"
    #expect(header(Self.rows, 10) == expected)
    #expect(header([], 10) == expected)
    #expect(header([long], 10) == expected)
    // The sign that there is more below has its place in any case.
    #expect(header(Array(repeating: long, count: 50), 10) == expected)
  }

  @Test("marks have a column of their own, beside the sign of the selected row")
  func marks() {
    var table = Table(columns: [Table.Column("n", minimum: 4, priority: 0)])
    table.hasMarks = true
    func picture() -> String {
      drawn(12, 4) {
        table.draw(on: &$0, in: $0.area, count: 3, isMarked: { $0 != 1 }) { [Table.Cell("\($0)")] }
      }.text
    }
    #expect(picture() == "    n\n▸ ● 0\n    1\n  ● 2")
    table.hasMarks = false
    #expect(picture() == "  n\n▸ 0\n  1\n  2")
  }

  @Test("tells of which columns a window shows all")
  func shows() {
    #expect(table.showsAll(of: "features", in: 130))
    #expect(!table.showsAll(of: "features", in: 76))
    #expect(table.showsAll(of: "last test", in: 76))
    // It is there, and cut.
    #expect(table.showsAll(of: "systems", in: 77))
    #expect(!table.showsAll(of: "systems", in: 73))
  }
}
