import Testing

@testable import Interface

extension LogScan {
  /// Looks through the whole log at once.
  mutating func finish(in store: LogStore) {
    while !isComplete(in: store) { advance(in: store, budget: 100) }
  }

  var found: [Int] {
    var lines: [Int] = []
    while let line = self.lines.first(from: (lines.last ?? -1) + 1) { lines.append(line) }
    return lines
  }
}

@Suite struct LogScanTests {
  private func found(_ pattern: String, in text: String, from line: Int = 0) -> [Int] {
    let store = smallStore(text)
    var scan = LogScan(LogPattern(pattern), from: line, in: store, window: 16)
    scan.finish(in: store)
    return scan.found
  }

  @Test("the case makes a difference only where there is an upper-case letter")
  func cases() {
    #expect(found("error", in: "an Error\nERROR\nerror\nerr\n") == [0, 1, 2])
    #expect(found("Error", in: "an Error\nERROR\nerror\n") == [0])
    #expect(found("grün", in: "GRün\nGRÜN\n") == [0])
    #expect(found("@[`{", in: "@[`{\n`[@{\n") == [0])
  }

  @Test("what counts is what is shown")
  func shown() {
    #expect(found("error: why", in: "\u{1B}[31merror:\u{1B}[0m why\n") == [0])
    #expect(found("31m", in: "\u{1B}[31merror:\u{1B}[0m why\n31m\n") == [1])
    #expect(found("10%", in: "10%\r20%\n10%\r\n10%\n") == [1, 2])
    #expect(found("a  ", in: "a\tb\na b\na  b\n") == [0, 2])
    #expect(found("ab", in: "a\nb\nab\n") == [2])
  }

  @Test("the unfinished last line counts, and is looked at again when it grows")
  func unfinished() {
    let store = smallStore("one\ntw")
    var scan = LogScan(LogPattern("two"), from: 0, in: store, window: 16)
    scan.finish(in: store)
    #expect(scan.found == [])
    store.append("o".utf8)
    #expect(!scan.isComplete(in: store))
    scan.finish(in: store)
    #expect(scan.found == [1])
    store.append("\rthree".utf8)
    scan.finish(in: store)
    #expect(scan.found == [])
    store.append("\nand two\n".utf8)
    scan.finish(in: store)
    #expect(scan.found == [2])
    store.append("two".utf8)
    scan.finish(in: store)
    #expect(scan.found == [2, 3])
  }

  @Test("in a line longer than what is read at once, nothing is missed", arguments: 0..<40)
  func longLine(place: Int) {
    let line = String(repeating: "x", count: place) + "needle" + String(repeating: "y", count: 60)
    #expect(found("needle", in: "short\n\(line)\nneedle\nend") == [1, 2])
    #expect(found("needle", in: "short\n\(line)") == [1])
    #expect(found("noodle", in: "short\n\(line)\n\n") == [])
  }

  @Test("it begins where somebody waits and comes to everything", arguments: 0..<12)
  func start(line: Int) {
    let text = (0..<12).map { $0 % 3 == 1 ? "match \($0)\n" : "other \($0)\n" }.joined()
    #expect(found("match", in: text, from: line) == [1, 4, 7, 10])
    #expect(found("match", in: text, from: 100) == [1, 4, 7, 10])
  }

  @Test("what was not looked at yet is known")
  func unseen() {
    let store = smallStore((0..<20).map { "line \($0 + 10)\n" }.joined())
    var scan = LogScan(LogPattern("line 2"), from: 10, in: store, window: 16)
    #expect(!scan.isComplete(in: store))
    #expect(scan.unseenBytes(in: store) == 160)
    #expect(scan.firstUnseen(from: 0, in: store) == 0)
    #expect(scan.firstUnseen(from: 10, in: store) == 10)
    #expect(scan.lastUnseen(to: 9, in: store) == 9)
    // Two lines fit in what is read at once.
    scan.advance(in: store, budget: 1)
    #expect(scan.firstUnseen(from: 10, in: store) == 12)
    #expect(scan.firstUnseen(from: 0, in: store) == 2)
    #expect(scan.lastUnseen(to: 19, in: store) == 19)
    #expect(scan.lastUnseen(to: 11, in: store) == 9)
    #expect(scan.lastUnseen(to: 1, in: store) == nil)
    #expect(scan.unseenBytes(in: store) == 128)
    scan.finish(in: store)
    #expect(scan.firstUnseen(from: 0, in: store) == 20)
    #expect(scan.lastUnseen(to: 19, in: store) == nil)
    #expect(scan.unseenBytes(in: store) == 0)
    store.append("line 30\n".utf8)
    #expect(scan.firstUnseen(from: 0, in: store) == 20)
    #expect(scan.lastUnseen(to: 20, in: store) == 20)
  }

  @Test("a log that grows faster than it is read does not keep the lines before the start waiting")
  func growing() {
    let store = smallStore((0..<20).map { "line \($0 + 10)\n" }.joined())
    var scan = LogScan(LogPattern("line 10"), from: 10, in: store, window: 16)
    for _ in 0..<10 {
      store.append(String(repeating: "more\n", count: 20).utf8)
      scan.advance(in: store, budget: 30)
    }
    #expect(scan.found == [0])
    #expect(!scan.isComplete(in: store))
  }

  @Test("what is not kept is skipped")
  func lost() {
    let disk = Disk()
    let store = smallStore { disk.spill }
    for number in 10..<20 { store.append("line \(number)\n".utf8) }
    disk.isFull = true
    for number in 20..<40 { store.append("line \(number)\n".utf8) }
    disk.isFull = false
    for number in 40..<60 { store.append("line \(number)\n".utf8) }
    for start in [0, 5, 15, 25, 49] {
      var scan = LogScan(LogPattern("line"), from: start, in: store, window: 24)
      scan.finish(in: store)
      #expect(scan.found == Array(0..<10) + Array(22..<50))
    }
  }

  @Test("places in a line do not overlap")
  func ranges() {
    #expect(LogPattern("aa").ranges(in: Array("aaaaxAa".utf8)) == [0..<2, 2..<4, 5..<7])
    #expect(LogPattern("x").ranges(in: []) == [])
    #expect(LogPattern("é").ranges(in: Array("aéé".utf8)) == [1..<3, 3..<5])
  }
}
