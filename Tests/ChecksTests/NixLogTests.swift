import Testing

@testable import Base
@testable import Checks
@testable import Nix

@Suite struct NixLogTests {
  private func events(_ text: String) -> [NixLogEvent] { events(Array(text.utf8)) }

  private func events(_ bytes: [UInt8], cutAt cuts: [Int] = []) -> [NixLogEvent] {
    var parser = NixLogParser()
    var events: [NixLogEvent] = []
    var start = 0
    for cut in cuts + [bytes.count] {
      parser.feed(Array(bytes[start..<cut])) { events.append($0) }
      start = cut
    }
    parser.finish { events.append($0) }
    return events
  }

  private func rendered(_ bytes: [UInt8]) -> String {
    var renderer = NixLogRenderer()
    var text: [UInt8] = []
    for event in events(bytes) { renderer.append(event, to: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  @Test("each kind of line becomes its event")
  func kinds() {
    let log = #"""
      @nix {"action":"msg","level":0,"msg":"\u001b[31;1merror:\u001b[0m no"}
      @nix {"action":"start","fields":["/nix/store/a.drv","ssh-ng://forge",1,1],"id":7,"level":3,"parent":2,"text":"building","type":105}
      @nix {"action":"start","fields":["/nix/store/b","ssh-ng://forge","local"],"id":8,"level":3,"text":"c","type":100}
      @nix {"action":"start","fields":["/nix/store/b","https://cache"],"id":9,"level":3,"text":"s","type":108}
      @nix {"action":"start","fields":["https://x"],"id":10,"level":4,"text":"d","type":101}
      @nix {"action":"start","id":11,"level":6,"text":"q","type":0}
      @nix {"action":"result","fields":["one \"two\" \\ \u00e9 \ud83d\ude00"],"id":7,"type":101}
      @nix {"action":"result","fields":["buildPhase"],"id":7,"type":104}
      @nix {"action":"result","fields":[1,2,3,4],"id":7,"type":105}
      @nix {"action":"result","fields":[101,5],"id":7,"type":106}
      @nix {"action":"result","fields":["hook"],"id":7,"type":107}
      @nix {"action":"result","fields":[],"id":7,"type":102}
      @nix {"action":"stop","id":7}
      ssh said this

      """#
    #expect(
      events(log) == [
        .message(level: 0, text: Array("\u{1B}[31;1merror:\u{1B}[0m no".utf8)),
        .started(
          id: 7, level: 3, text: Array("building".utf8),
          .build(derivation: "/nix/store/a.drv", machine: "ssh-ng://forge")),
        .started(
          id: 8, level: 3, text: Array("c".utf8),
          .copyPath(path: "/nix/store/b", from: "ssh-ng://forge", to: "local")),
        .started(
          id: 9, level: 3, text: Array("s".utf8),
          .substitute(path: "/nix/store/b", from: "https://cache")),
        .started(id: 10, level: 4, text: Array("d".utf8), .fileTransfer(url: "https://x")),
        .started(id: 11, level: 6, text: Array("q".utf8), .other(kind: 0)),
        .buildLine(id: 7, text: Array("one \"two\" \\ é 😀".utf8)),
        .phase(id: 7, name: "buildPhase"),
        .progress(id: 7, NixProgress(done: 1, expected: 2, running: 3, failed: 4)),
        .expected(id: 7, kind: 101, count: 5),
        .hookLine(id: 7, text: Array("hook".utf8)),
        .result(id: 7, kind: 102),
        .stopped(id: 7),
        .plain(Array("ssh said this".utf8)),
      ])
  }

  @Test("keys that are not known are passed over, however nested")
  func unknownKeys() {
    let log =
      #"@nix {"action":"msg","column":null,"file":"/a","level":1,"line":3,"#
      + #""msg":"m","raw_msg":"r","trace":[{"file":"x","line":-1.5e3,"deep":[[],{}]}],"z":true}"#
    #expect(events(log) == [.message(level: 1, text: Array("m".utf8))])
  }

  @Test(
    "a line that is broken comes out as it is",
    arguments: [
      "@nix", "@nix ", "@nix {", "@nix {}", "@nix []", #"@nix {"action":"msg""#,
      #"@nix {"action":"msg","msg":"m"} x"#, #"@nix {"action":"msg","msg":"\q"}"#,
      #"@nix {"action":"msg","level":"high","msg":"m"}"#, #"@nix {"action":"other","id":1}"#,
      #"@nix {"action":"stop","id":99999999999999999999999}"#,
      #"@nix {"action":"result","fields":[{}]}"#,
      #" @nix {"action":"stop","id":1}"#, #"@nix {"action":"msg","msg":"\ud83"}"#, "\u{0}\u{1}",
    ])
  func garbage(line: String) {
    #expect(events(line + "\nnext\n") == [.plain(Array(line.utf8)), .plain(Array("next".utf8))])
  }

  @Test("bytes that are not UTF-8 stay as they are")
  func notUTF8() {
    let line: [UInt8] = [0xFF, 0xFE, 0x0D]
    #expect(events(line + [0x0A]) == [.plain(line)])
    let wrapped =
      Array(#"@nix {"action":"result","fields":[""#.utf8) + line
      + Array(#""],"id":1,"type":101}"#.utf8)
    #expect(events(wrapped) == [.buildLine(id: 1, text: line)])
  }

  @Test(
    "pieces cut anywhere give the same events",
    arguments: [
      ("nix-2.8.0", "build-two-dependencies-json.err"), ("nix-2.34.8", "build-fails-json.err"),
      ("nix-2.34.8", "build-two-dependencies-json.err"), ("nix-2.8.0", "build-good-json.err"),
    ])
  func chunks(version: String, name: String) {
    let bytes = Transcripts.bytes(version, name)
    let whole = events(bytes)
    #expect(whole.count == bytes.count { $0 == 0x0A })
    #expect(events(bytes, cutAt: Array(0..<bytes.count)) == whole)
    for _ in 0..<40 {
      let cuts = (0..<Int.random(in: 0...30)).map { _ in Int.random(in: 0...bytes.count) }.sorted()
      #expect(events(bytes, cutAt: cuts) == whole)
    }
  }

  @Test("a log that ends anywhere yields every line up to there")
  func truncated() {
    let bytes = Transcripts.bytes("nix-2.34.8", "build-connection-dies-json.err")
    let whole = events(bytes)
    for _ in 0..<100 {
      let end = Int.random(in: 0...bytes.count)
      let lines = bytes[..<end].count { $0 == 0x0A }
      let cut = events(Array(bytes[..<end]))
      #expect(Array(cut.prefix(lines)) == Array(whole.prefix(lines)))
      #expect(cut.count - lines <= 1)
    }
  }

  @Test("a line of many megabytes is passed on in pieces")
  func longLine() {
    let bytes = [UInt8](repeating: 0x78, count: 10 << 20)
    let pieces = events(bytes, cutAt: Array(stride(from: 0, to: bytes.count, by: 1 << 20)))
    let total = pieces.reduce(0) { sum, event in
      if case .plain(let text) = event { sum + text.count } else { sum }
    }
    #expect(total == bytes.count)
    #expect(pieces.count > 1)
  }

  @Test("who built what is in the log")
  func machines() {
    let builds = events(Transcripts.bytes("nix-2.34.8", "build-good-json.err")).compactMap {
      if case .started(_, _, _, .build(let derivation, let machine)) = $0 {
        "\(NixLogRenderer.name(of: derivation)) \(machine)"
      } else {
        nil
      }
    }
    #expect(builds == ["probe ssh-ng://forge", "probe "])
  }

  /// A log as text without what differs between two runs.
  private func anonymous(_ text: String) -> [String] {
    text.split(separator: "\n").map { line in
      var line = String(line)
      while let start = line.firstRange(of: "/nix/store/") {
        let path = line[start.upperBound...].prefix {
          $0.isLetter || $0.isNumber || "-.".contains($0)
        }
        line.replaceSubrange(start.lowerBound..<path.endIndex, with: "PATH")
      }
      return line
    }
  }

  @Test(
    "the rendered log reads as Nix prints it",
    arguments: Transcripts.versions, ["build-good", "build-fails"])
  func rendering(version: String, name: String) {
    let printed = String(decoding: Transcripts.bytes(version, "\(name).err"), as: UTF8.self)
    let text = rendered(Transcripts.bytes(version, "\(name)-json.err"))
    #expect(anonymous(withoutColour(text)) == anonymous(printed))
  }

  @Test(
    "the name of a derivation has neither hash nor version",
    arguments: [
      ("/nix/store/f3s8nzv2lim5dzn453zfmwlflspsp0zy-probe-991541702.drv", "probe"),
      ("/nix/store/f3s8nzv2lim5dzn453zfmwlflspsp0zy-lib-a-2.drv", "lib-a"),
      ("/nix/store/f3s8nzv2lim5dzn453zfmwlflspsp0zy-hello.drv", "hello"), ("odd", "odd"), ("", ""),
    ])
  func names(derivation: String, name: String) {
    #expect(NixLogRenderer.name(of: derivation) == name)
  }
}
