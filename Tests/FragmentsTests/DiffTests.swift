import Fragments
import Testing

@Suite("Differences")
struct DiffTests {
  /// The lines with `+`, `-` or a blank, and their numbers.
  private func shown(_ lines: [Diff.Line]) -> [String] {
    lines.map { line in
      let sign =
        switch line.change {
        case .same: " "
        case .added: "+"
        case .removed: "-"
        }
      return "\(line.number)\(sign)\(line.text)"
    }
  }

  @Test("lines are the same, added or removed, each with its number")
  func lines() {
    let diff = Diff(from: "a\nb\nc\nd\n", to: "a\nB\nc\nd\ne\n")
    #expect(shown(diff.lines) == ["1 a", "2-b", "2+B", "3 c", "4 d", "5+e"])
    #expect(diff.added == 2)
    #expect(diff.removed == 1)
  }

  @Test("equal texts, and empty ones")
  func trivial() {
    #expect(Diff(from: "", to: "").lines == [])
    #expect(shown(Diff(from: "a\n", to: "a\n").lines) == ["1 a"])
    #expect(shown(Diff(from: "", to: "a\n\nb\n").lines) == ["1+a", "2+", "3+b"])
    #expect(shown(Diff(from: "a\n", to: "").lines) == ["1-a"])
  }

  @Test("a missing line end, another kind of line end and another spelling are seen")
  func bytes() {
    #expect(
      shown(Diff(from: "a", to: "a\n").lines) == ["1 a", "2-\\ No newline at end of file"])
    #expect(shown(Diff(from: "a\r\nb\n", to: "a\nb\n").lines) == ["1-a\r", "1+a", "2 b"])
    #expect(Diff(from: "\u{E9}\n", to: "e\u{301}\n").added == 1)
  }

  @Test("changes close together are one group, with lines around them")
  func hunks() {
    let old = (1...30).map { "\($0)\n" }.joined()
    let new = (1...30).map { [5, 9, 25].contains($0) ? "x\n" : "\($0)\n" }.joined()
    let hunks = Diff(from: old, to: new).hunks(context: 2)
    #expect(hunks.map(\.skipped) == [2, 11])
    #expect(
      shown(hunks[0].lines) == [
        "3 3", "4 4", "5-5", "5+x", "6 6", "7 7", "8 8", "9-9", "9+x", "10 10", "11 11",
      ])
    #expect(shown(hunks[1].lines) == ["23 23", "24 24", "25-25", "25+x", "26 26", "27 27"])
    #expect(Diff(from: old, to: old).hunks() == [])
    #expect(shown(Diff(from: old, to: new).hunks(context: 0)[0].lines) == ["5-5", "5+x"])
    #expect(Diff(from: "", to: "a\n").hunks().map(\.skipped) == [0])
  }

  @Test("random texts: the lines give back both, and groups leave out no change")
  func random() {
    var generator = SeededGenerator(seed: 3)
    for round in 0..<150 {
      // Longer texts take the way over anchors.
      let length = round % 10 == 0 ? 0...900 : 0...30
      let kinds = round % 3 == 0 ? 3 : 2000
      func text() -> String {
        let count = Int.random(in: length, using: &generator)
        return (0..<count).map { _ in "\(Int.random(in: 0..<kinds, using: &generator))\n" }.joined()
      }
      let old = text()
      var new = text()
      if round % 2 == 0 {
        // Mostly alike.
        new = old.split(separator: "\n").flatMap { line -> [Substring] in
          switch Int.random(in: 0..<20, using: &generator) {
          case 0: []
          case 1: [line, "x"]
          default: [line]
          }
        }.map { "\($0)\n" }.joined()
      }
      let diff = Diff(from: old, to: new)
      func joined(_ lines: [Diff.Line], without change: Diff.Line.Change) -> String {
        lines.filter { $0.change != change }.map { "\($0.text)\n" }.joined()
      }
      #expect(joined(diff.lines, without: .added) == old)
      #expect(joined(diff.lines, without: .removed) == new)
      let context = Int.random(in: 0...4, using: &generator)
      let hunks = diff.hunks(context: context)
      #expect(
        hunks.flatMap(\.lines).filter { $0.change != .same }
          == diff.lines.filter { $0.change != .same })
      // With what is skipped before them, the groups are a beginning of the whole.
      var position = 0
      for hunk in hunks {
        #expect(diff.lines[position..<position + hunk.skipped].allSatisfy { $0.change == .same })
        position += hunk.skipped
        #expect(Array(diff.lines[position..<position + hunk.lines.count]) == hunk.lines)
        position += hunk.lines.count
      }
    }
  }

  @Test("two long texts with nothing in common are told apart at once", .timeLimit(.minutes(1)))
  func long() {
    let old = (0..<20_000).map { "old \($0)\n" }.joined()
    let new = (0..<20_000).map { "new \($0)\n" }.joined()
    let diff = Diff(from: old, to: new)
    #expect(diff.added == 20_000)
    #expect(diff.removed == 20_000)
  }
}
