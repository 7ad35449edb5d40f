import Terminal
import Testing

@testable import Interface

@Suite struct LogOwnerTests {
  /// The owners of all lines.
  private func owners(_ store: LogStore) -> [Int] {
    var all: [Int] = []
    var group = 0
    while all.count < store.owners.lineCount {
      store.owners.withGroup(group) { owners in
        all += (0..<owners.count).map { owners[$0] }
      }
      group += 1
    }
    return all
  }

  /// A log in which line `n` belongs to this owner.
  private func log(_ count: Int, _ owner: (Int) -> Int) -> LogStore {
    let store = LogStore()
    for line in 0..<count {
      store.note(owner: owner(line), ofLines: 1)
      store.append("line \(line)\n".utf8)
    }
    return store
  }

  @Test("each line keeps its owner, however they are mixed")
  func mixed() {
    let store = LogStore()
    var expected: [Int] = []
    var generator = SeededGenerator(seed: 4)
    while expected.count < 30_000 {
      let owner = Int.random(in: 0...3, using: &generator)
      // Long stretches now and then, so that some groups belong to one alone.
      let most = Bool.random(using: &generator) ? 3 : 9000
      let count = Int.random(in: 0...most, using: &generator)
      store.note(owner: owner, ofLines: count)
      expected += Array(repeating: owner, count: count)
    }
    #expect(owners(store) == expected)
  }

  @Test("owners that the file does not take are nobody's, and their lines are not lost")
  func fullDisk() {
    let disk = Disk()
    let store = LogStore(blockLength: 1024, blocks: 4) { disk.spill }
    for line in 0..<LogOwners.groupLength { store.note(owner: line % 2 + 1, ofLines: 1) }
    disk.isFull = true
    for line in 0..<LogOwners.groupLength { store.note(owner: line % 2 + 1, ofLines: 1) }
    store.note(owner: 7, ofLines: 2)
    let found = owners(store)
    #expect(found.count == 2 * LogOwners.groupLength + 2)
    #expect(Array(found[..<4]) == [1, 2, 1, 2])
    #expect(Set(found[LogOwners.groupLength..<2 * LogOwners.groupLength]) == [0])
    #expect(found.suffix(2) == [7, 7])
  }

  @Test("a scan finds the lines of some owners, at once or bit by bit")
  func scan() {
    let store = log(10_000) { $0 % 7 }
    for limit in [1, 100, 5000, 100_000] {
      var scan = LogOwnerScan([2, 5])
      while !scan.isComplete(in: store) { scan.advance(in: store, lines: limit) }
      #expect(scan.lines.count == 2857)
      #expect((0..<20).filter { scan.lines.contains($0) } == [2, 5, 9, 12, 16, 19])
    }
  }

  @Test("a scan goes on with what comes, and takes in owners that come later")
  func growing() {
    let store = log(5) { _ in 1 }
    var scan = LogOwnerScan([1])
    scan.advance(in: store, lines: 100)
    scan.add([1, 900])
    store.note(owner: 900, ofLines: 1)
    store.note(owner: 2, ofLines: 1)
    #expect(!scan.isComplete(in: store))
    scan.advance(in: store, lines: 100)
    #expect((0..<7).filter { scan.lines.contains($0) } == [0, 1, 2, 3, 4, 5])
  }

  @Test("the last lines of an owner")
  func lastLines() {
    let store = log(9000) { $0 < 100 ? 1 : 2 }
    func last(_ count: Int, _ owner: Int) -> [String] {
      store.lastLines(count, of: owner).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(last(2, 1) == ["line 98", "line 99"])
    #expect(last(1, 2) == ["line 8999"])
    #expect(last(3, 9) == [])
    #expect(last(200, 1).count == 100)
  }

  // MARK: - In the pane

  private func newPane(_ count: Int = 12) -> LogPane {
    LogPane(store: log(count) { $0 % 3 + 1 })
  }

  @Test("the pane shows the lines of some owners, the last of them first")
  func pane() {
    var pane = newPane()
    pane.show(linesOf: [2], rows: 2, columns: 20)
    #expect(pane.picture(rows: 2) == "line 7\nline 10")
    #expect(pane.shownOwners == [2])
    pane.press(.home, rows: 2)
    #expect(pane.picture(rows: 2) == "line 1\nline 4")
    pane.show(linesOf: nil, rows: 2, columns: 20)
    #expect(pane.picture(rows: 2) == "line 1\nline 2")
  }

  @Test("search and filter stay within the lines of the owners")
  func withinOwners() {
    var pane = newPane(40)
    pane.show(linesOf: [2, 3], rows: 3, columns: 20)
    pane.press("f1")
    pane.press(.enter)
    _ = pane.handle(.tick, rows: 3, columns: 20)
    pane.press(.home)
    #expect(pane.picture(rows: 5) == "line 1\nline 10\nline 11\nline 13\nline 14")
    #expect(pane.status(rows: 3, columns: 20).contains("9 lines with “1”"))
    pane.press("/line 1")
    pane.press(.enter)
    #expect(pane.status(rows: 3, columns: 20).contains("1 of 8 found"))
    pane.press("n", rows: 3)
    pane.press("n", rows: 3)
    #expect(pane.status(rows: 3, columns: 20).contains("3 of 8 found"))
  }

  @Test("the next error is one of the owners'")
  func errors() {
    let store = LogStore()
    for line in 0..<6 {
      store.note(owner: line % 2 + 1, ofLines: 1)
      store.append("error: \(line)\n".utf8)
    }
    var pane = LogPane(store: store)
    pane.show(linesOf: [1], rows: 1, columns: 20)
    pane.press(.home, rows: 1)
    #expect(pane.picture(rows: 1) == "error: 0")
    pane.press("]", rows: 1)
    pane.press("]", rows: 1)
    #expect(pane.picture(rows: 1) == "error: 2")
    pane.press("[", rows: 1)
    pane.press("[", rows: 1)
    #expect(pane.picture(rows: 1) == "error: 4")
  }

  @Test("lines that come are shown when they are the owner's")
  func following() {
    var pane = newPane(3)
    pane.show(linesOf: [1], rows: 2, columns: 20)
    #expect(pane.picture(rows: 2) == "line 0\n")
    pane.store.note(owner: 2, ofLines: 1)
    pane.store.note(owner: 1, ofLines: 1)
    pane.store.append("other\nmine\n".utf8)
    #expect(pane.wantsTick)
    _ = pane.handle(.tick, rows: 2, columns: 20)
    #expect(!pane.wantsTick)
    #expect(pane.picture(rows: 2) == "line 0\nmine")
  }
}
