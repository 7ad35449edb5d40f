import Terminal
import Testing

@testable import Interface

/// Random logs, with much in them that is awkward, against the simplest thing that could be right.
@Suite struct LogFuzzTests {
  private static let awkward = [
    "\n", "\n", "\n", "\r", "\r\n", "\t", "\0", "\u{1B}[31m", "\u{1B}[0m", "\u{1B}", "\u{1B}]0;t",
    "\u{07}", "\u{1B}\\", "error:", "Error", "日本", "e\u{301}", "🙂", " ", "abc",
  ].map { Array($0.utf8) }

  private func randomBytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      if Int.random(in: 0..<4, using: &random) == 0 {
        bytes.append(UInt8.random(in: 0...255, using: &random))
      } else {
        bytes += Self.awkward.randomElement(using: &random) ?? []
      }
      // Now and then a longer line.
      if Int.random(in: 0..<100, using: &random) == 0 {
        bytes += Array(repeating: 0x78, count: .random(in: 0..<200, using: &random))
      }
    }
    return bytes
  }

  private func append(
    _ bytes: [UInt8], to store: LogStore, _ random: inout SeededGenerator
  ) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Int.random(in: 1...70, using: &random)
      store.append(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
  }

  private func naiveLines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    if lines.last == [] { lines.removeLast() }
    return lines
  }

  @Test("no line is lost or changed", arguments: 0..<40)
  func lines(run: Int) {
    var random = SeededGenerator(seed: run)
    let bytes = randomBytes(Int.random(in: 0..<2000, using: &random), &random)
    let store = smallStore()
    append(bytes, to: store, &random)
    let lines = naiveLines(bytes)
    #expect(store.lineCount == lines.count)
    for index in lines.indices.shuffled(using: &random) {
      #expect(store.line(index) == lines[index])
    }
    #expect(store.bytes(in: 0..<bytes.count) == bytes)
  }

  @Test("a search finds the lines that show the text, and no others", arguments: 0..<40)
  func search(run: Int) {
    var random = SeededGenerator(seed: run)
    let bytes = randomBytes(Int.random(in: 0..<3000, using: &random), &random)
    let store = LogStore(blockLength: 64, blocks: 8) { LogSpill() }
    let lines = naiveLines(bytes)
    for text in ["error:", "Error", "本", "c e", "b", "xxx"] {
      let pattern = LogPattern(text)
      if store.byteCount == 0 { append(bytes, to: store, &random) }
      var scan = LogScan(pattern, from: Int.random(in: 0...lines.count, using: &random), in: store)
      scan.finish(in: store)
      let expected = lines.indices.filter { index in
        let shown = AnsiText(lines[index]).spans.map(\.text).joined()
        return text == "Error"
          ? shown.utf8.contains(text.utf8) : shown.utf8.map(folded).contains(text.utf8.map(folded))
      }
      #expect(scan.found == expected)
    }
  }

  private func folded(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
  }

  @Test("a search that follows a growing log finds the same", arguments: 0..<20)
  func growingSearch(run: Int) {
    var random = SeededGenerator(seed: run)
    let bytes = randomBytes(3000, &random)
    let store = LogStore(blockLength: 64, blocks: 8) { LogSpill() }
    var scan = LogScan(LogPattern("error:"), from: 0, in: store)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Int.random(in: 1...200, using: &random)
      store.append(rest.prefix(count))
      rest = rest.dropFirst(count)
      if Bool.random(using: &random) { scan.advance(in: store, budget: 100) }
    }
    scan.finish(in: store)
    var whole = LogScan(LogPattern("error:"), from: 0, in: store)
    whole.finish(in: store)
    #expect(scan.found == whole.found)
  }

  @Test("what is drawn can do nothing to the terminal", arguments: 0..<20)
  func harmless(run: Int) {
    var random = SeededGenerator(seed: run)
    let bytes = randomBytes(2000, &random)
    for line in naiveLines(bytes) {
      let text = AnsiText(line)
      for span in text.spans {
        for scalar in span.text.unicodeScalars {
          #expect(![.control, .format].contains(scalar.properties.generalCategory))
        }
      }
      #expect(text.columns == text.columns(of: 0..<text.text.count))
      #expect(text.rows(columns: 7).map { text.columns(of: $0) }.allSatisfy { $0 <= 7 })
      #expect(String(validating: text.text, as: UTF8.self) != nil)
    }
  }

  @Test("any key in any order is taken, whatever the log", arguments: 0..<30)
  func keys(run: Int) {
    var random = SeededGenerator(seed: run)
    let disk = Disk()
    let store = smallStore { disk.spill }
    var pane = LogPane(store: store)
    let keys: [Key] =
      [.up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .enter, .escape, .backspace]
      + " jkgG#l/nNf][se:x@".map { .character($0) }
    for _ in 0..<200 {
      if Int.random(in: 0..<3, using: &random) == 0 {
        store.append(randomBytes(Int.random(in: 0..<80, using: &random), &random))
      }
      if Int.random(in: 0..<30, using: &random) == 0 { disk.isFull.toggle() }
      let size = Size(
        columns: .random(in: 0..<30, using: &random), rows: .random(in: 0..<10, using: &random))
      for input in [keys.randomElement(using: &random).map(Input.key) ?? .tick, .tick] {
        _ = pane.handle(input, rows: size.rows, columns: size.columns)
      }
      var canvas = Canvas(size: size)
      pane.draw(on: &canvas, in: canvas.area)
      _ = pane.status(rows: size.rows, columns: size.columns)
      if pane.isFollowing, pane.filter == nil, !pane.isPrompting, !pane.wraps, size.rows > 0,
        let last = store.line(store.lineCount - 1)
      {
        let shown = AnsiText(last).spans.map(\.text).joined()
        if pane.left == 0, !pane.showsLineNumbers, size.columns > 1, shown.hasPrefix("abc") {
          #expect(canvas.text.split(separator: "\n").last?.hasPrefix("a") == true)
        }
      }
    }
    for _ in 0..<1000 where pane.wantsTick { _ = pane.handle(.tick, rows: 5, columns: 20) }
    #expect(!pane.wantsTick)
  }
}

extension Sequence<UInt8> {
  fileprivate func contains(_ other: some Collection<UInt8>) -> Bool {
    let bytes = Array(self)
    return bytes.indices.contains { bytes[$0...].starts(with: other) }
  }
}
