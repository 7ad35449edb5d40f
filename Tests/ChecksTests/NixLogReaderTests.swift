import Testing

@testable import Checks
@testable import Nix

@Suite struct NixLogReaderTests {
  /// What a log comes to: its text, and what the lines of it belong to.
  private struct Whole: Equatable {
    var text: [UInt8] = []
    var items: [Item] = []

    /// Lines of one activity in a row are one item, across batches too.
    mutating func add(_ batch: NixLogBatch) {
      text += batch.text
      batch.forEach { id, count in
        if case .lines(id, let before)? = items.last {
          items[items.count - 1] = .lines(of: id, count: before + count)
        } else {
          items.append(.lines(of: id, count: count))
        }
      } event: { event, lines in
        if case .progress(let id, _) = event, case .event(.progress(id, _), _)? = items.last {
          items.removeLast()
        }
        items.append(.event(event, lines: lines))
      }
    }
  }

  private enum Item: Equatable {
    case lines(of: UInt64, count: Int)
    case event(NixLogEvent, lines: Int)
  }

  /// Everything that a log comes to, read in pieces.
  private func read(_ bytes: [UInt8], cutAt cuts: [Int] = []) -> Whole {
    var reader = NixLogReader()
    var all = Whole()
    var start = 0
    for cut in cuts + [bytes.count] {
      var batch = NixLogBatch()
      if cut % 2 == 0 {
        bytes[start..<cut].withUnsafeBytes { reader.read($0, into: &batch) }
      } else {
        // As it comes from a pipe, in memory that is too large for it.
        var piece = Array(bytes[start..<cut]) + Array("@nix not yet\n".utf8)
        reader.read(&piece, count: cut - start, into: &batch)
      }
      all.add(batch)
      start = cut
    }
    var batch = NixLogBatch()
    reader.finish(into: &batch)
    all.add(batch)
    return all
  }

  private func text(_ batch: Whole) -> String { String(decoding: batch.text, as: UTF8.self) }

  private func lineCount(_ batch: Whole) -> Int {
    batch.items.reduce(0) { sum, item in
      switch item {
      case .lines(_, let count), .event(_, let count): sum + count
      }
    }
  }

  /// The lines that begin in a text.
  private func beginnings(_ text: [UInt8]) -> Int {
    text.count { $0 == 0x0A } + (text.isEmpty || text.last == 0x0A ? 0 : 1)
  }

  private static let recordings = Transcripts.versions.flatMap { version in
    ["build-good", "build-fails", "build-two-dependencies", "build-connection-dies"].flatMap {
      [(version, "\($0)-json.err"), (version, "\($0).err")]
    }
  }

  @Test("the text is what the parser and the renderer make of it", arguments: recordings)
  func rendered(version: String, name: String) {
    let bytes = Transcripts.bytes(version, name)
    var parser = NixLogParser()
    var renderer = NixLogRenderer()
    var expected: [UInt8] = []
    parser.feed(bytes) { renderer.append($0, to: &expected) }
    parser.finish { renderer.append($0, to: &expected) }
    #expect(text(read(bytes)) == String(decoding: expected, as: UTF8.self))
  }

  @Test("each line of the text belongs to an item, wherever the log is cut", arguments: recordings)
  func cuts(version: String, name: String) {
    let bytes = Transcripts.bytes(version, name)
    let whole = read(bytes)
    #expect(lineCount(whole) == beginnings(whole.text))
    let isJSON = name.hasSuffix("-json.err")
    for _ in 0..<60 {
      let cuts = (0..<Int.random(in: 0...20)).map { _ in Int.random(in: 0...bytes.count) }.sorted()
      let cut = read(bytes, cutAt: cuts)
      #expect(cut.text == whole.text)
      #expect(lineCount(cut) == lineCount(whole))
      // An error that Nix printed for people ends with the piece that it is in.
      if isJSON { #expect(cut.items == whole.items) }
    }
    let bytewise = read(bytes, cutAt: Array(0..<bytes.count))
    #expect(bytewise.text == whole.text)
  }

  @Test("lines of a build follow its prompt, and lines in a row are one item")
  func buildLines() {
    let log = #"""
      @nix {"action":"start","fields":["/nix/store/00000000000000000000000000000000-hello-2.12.drv","ssh-ng://forge",1,1],"id":7,"level":3,"text":"building hello","type":105}
      @nix {"action":"result","fields":["one \u001b[31mred\u001b[0m"],"id":7,"type":101}
      @nix {"action":"result","fields":["two"],"id":7,"type":101}
      @nix {"action":"result","fields":["three"],"id":8,"type":101}
      @nix { "type": 101, "id": 7, "fields": ["fo\nur"], "action": "result" }
      @nix {"action":"result","fields":["é \u00e9 \ud83d\ude00 \ud83d \\ \n8"],"id":8,"type":101}
      @nix {"action":"result","fields":[1,9,0,0],"id":9,"type":105}
      @nix {"action":"result","fields":[2,9,0,0],"id":9,"type":105}
      ssh said this
      @nix {"action":"stop","id":7}

      """#
    let batch = read(Array(log.utf8))
    #expect(
      text(batch) == """
        building hello...
        hello> one \u{1B}[31mred\u{1B}[0m
        hello> two
        > three
        hello> fo
        ur
        > é é 😀 \u{FFFD} \\\u{20}
        8
        ssh said this

        """)
    #expect(
      batch.items == [
        .event(
          .started(
            id: 7, level: 3, text: Array("building hello".utf8),
            .build(
              derivation: "/nix/store/00000000000000000000000000000000-hello-2.12.drv",
              machine: "ssh-ng://forge")), lines: 1),
        .lines(of: 7, count: 2),
        .lines(of: 8, count: 1),
        .lines(of: 7, count: 2),
        .lines(of: 8, count: 2),
        .event(
          .progress(id: 9, NixProgress(done: 2, expected: 9, running: 0, failed: 0)), lines: 0),
        .lines(of: 0, count: 1),
        .event(.stopped(id: 7), lines: 0),
      ])
  }

  @Test("a message of several lines is counted as such")
  func severalLines() {
    let log = #"@nix {"action":"msg","level":0,"msg":"error: a\n  b\n  c"}"# + "\n"
    let batch = read(Array(log.utf8))
    #expect(text(batch) == "error: a\n  b\n  c\n")
    #expect(
      batch.items == [
        .event(.message(level: 0, text: Array("error: a\n  b\n  c".utf8)), lines: 3)
      ])
  }

  @Test(
    "a line that is broken comes out as it is",
    arguments: [
      "@nix {", #"@nix {"action":"msg","msg":"\q"}"#,
      #"@nix {"action":"result","fields":["a\q"],"id":7,"type":101}"#,
      #"@nix {"action":"result","fields":["a],"id":7,"type":101}"#,
      #"@nix {"action":"result","fields":["\ud8"],"id":7,"type":101}"#, "\u{0}\u{1}\r",
    ])
  func broken(line: String) {
    let batch = read(Array("before\n\(line)\nafter\n".utf8))
    #expect(text(batch) == "before\n\(line)\nafter\n")
    #expect(batch.items == [.lines(of: 0, count: 3)])
    #expect(read(Array(line.utf8)).text == Array(line.utf8))
  }

  @Test("what has begun of a line is passed on while the rest takes its time, once")
  func begun() {
    var reader = NixLogReader()
    var all = Whole()
    for piece in ["error: 50 %", " 60 %", " done\nnext\n", #"@nix {"action":"msg","level":3,"#] {
      var batch = NixLogBatch()
      Array(piece.utf8).withUnsafeBytes { reader.read($0, into: &batch) }
      reader.passOnBegun(into: &batch)
      all.add(batch)
      if piece == "error: 50 %" {
        #expect(text(all) == "error: 50 %")
        #expect(all.items == [.event(.message(level: 0, text: Array(piece.utf8)), lines: 1)])
      }
    }
    #expect(text(all) == "error: 50 % 60 % done\nnext\n")
    #expect(lineCount(all) == 2)
    var batch = NixLogBatch()
    Array(#""msg":"hi"}"#.utf8).withUnsafeBytes { reader.read($0, into: &batch) }
    reader.finish(into: &batch)
    all.add(batch)
    #expect(text(all) == "error: 50 % 60 % done\nnext\nhi\n")
    #expect(lineCount(all) == 3)
  }

  @Test("a line of many megabytes is passed on in pieces, and stays one line")
  func longLine() {
    let line = Array("x".utf8) + [UInt8](repeating: 0x79, count: 10 << 20)
    let batch = read(
      line + Array("\nnext\n".utf8), cutAt: Array(stride(from: 0, to: line.count, by: 1 << 20)))
    #expect(batch.text.count == line.count + 6)
    #expect(batch.items == [.lines(of: 0, count: 2)])
  }

  @Test("garbage between lines of two logs loses none and never stops")
  func interleaved() {
    var generator = SystemRandomNumberGenerator()
    let lines = Self.recordings.flatMap { Transcripts.bytes($0.0, $0.1).split(separator: 0x0A) }
    for _ in 0..<30 {
      var bytes: [UInt8] = []
      var markers = 0
      for _ in 0..<200 {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0:
          markers += 1
          bytes += Array("marker \(markers) \u{1B}[31m\r\n".utf8)
        case 1:
          // Torn off anywhere, and the next line right behind it.
          let line = lines.randomElement() ?? []
          bytes += line.prefix(Int.random(in: 0...line.count, using: &generator))
        case 2:
          bytes += (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) }
          bytes.append(0x0A)
        default: bytes += (lines.randomElement() ?? []) + [0x0A]
        }
      }
      let batch = read(
        bytes,
        cutAt: (0..<20).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted())
      #expect(lineCount(batch) == beginnings(batch.text))
      let shown = text(batch)
      for marker in 1..<max(2, markers) where markers > 0 {
        #expect(shown.contains("marker \(marker) "))
      }
    }
  }
}
