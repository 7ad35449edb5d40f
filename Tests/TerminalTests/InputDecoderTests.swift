import Testing

@testable import Terminal

@Suite struct InputDecoderTests {
  private func decode(_ text: String) -> [InputDecoder.Event] { decode(Array(text.utf8)) }

  private func decode(_ bytes: [UInt8]) -> [InputDecoder.Event] {
    var decoder = InputDecoder()
    return decoder.decode(bytes) + decoder.giveUp()
  }

  private func keys(_ text: String) -> [Key] {
    decode(text).compactMap { if case .key(let key) = $0 { key } else { nil } }
  }

  @Test("characters of all lengths are keys")
  func characters() {
    #expect(
      keys("a é日🙂")
        == [
          .character("a"), .character(" "), .character("é"), .character("日"), .character("🙂"),
        ])
  }

  @Test("control characters are keys of their own, or letters with Ctrl")
  func controls() {
    #expect(
      keys("\r\n\t\u{7F}\u{8}\u{1}\u{1A}\u{0}\u{1C}")
        == [
          .enter, .enter, .tab, .backspace, .backspace, .control("a"), .control("z"),
          .control(" "), .control("\\"),
        ])
  }

  @Test(
    "arrows and the keys around them are known in every terminal's way",
    arguments: [
      ("\u{1B}[A", Key.up), ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}OC", .right),
      ("\u{1B}[D", .left), ("\u{1B}[H", .home), ("\u{1B}OH", .home), ("\u{1B}[1~", .home),
      ("\u{1B}[7~", .home), ("\u{1B}[F", .end), ("\u{1B}OF", .end), ("\u{1B}[4~", .end),
      ("\u{1B}[8~", .end), ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown),
      ("\u{1B}[2~", .insert), ("\u{1B}[3~", .delete), ("\u{1B}[Z", .backTab),
      ("\u{1B}\t", .backTab), ("\u{1B}OP", .function(1)), ("\u{1B}[11~", .function(1)),
      ("\u{1B}[[A", .function(1)), ("\u{1B}[[E", .function(5)), ("\u{1B}[15~", .function(5)),
      ("\u{1B}[24~", .function(12)), ("\u{1B}OM", .enter), ("\u{1B}Op", .character("0")),
      ("\u{1B}Oy", .character("9")), ("\u{1B}Ok", .character("+")),
    ])
  func sequences(_ text: String, _ key: Key) {
    #expect(keys(text) == [key])
  }

  @Test(
    "with Shift, Ctrl or Alt an arrow is still that arrow",
    arguments: [
      ("\u{1B}[1;5C", Key.right), ("\u{1B}[1;2A", .up), ("\u{1B}[3;5~", .delete),
      ("\u{1B}[3$", .delete), ("\u{1B}[5^", .pageUp), ("\u{1B}[1;2P", .function(1)),
    ])
  func modifiers(_ text: String, _ key: Key) {
    #expect(keys(text) == [key])
  }

  @Test("what the terminal's description says comes first")
  func description() {
    var decoder = InputDecoder(keys: [Array("\u{1B}A".utf8): .up, Array("\u{1B}OP".utf8): .end])
    #expect(
      decoder.decode("\u{1B}A\u{1B}OP\u{1B}B".utf8)
        == [.key(.up), .key(.end), .key(.alt("B"))])
  }

  @Test("Escape is told when nothing follows")
  func escape() {
    var decoder = InputDecoder()
    #expect(decoder.decode([0x1B]) == [])
    #expect(decoder.patience == 0.025)
    #expect(decoder.giveUp() == [.key(.escape)])
    #expect(decoder.patience == nil)
    #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
    #expect(keys("\u{1B}\u{1B}[A\u{1B}\u{1B}OB") == [.escape, .up, .escape, .down])
  }

  @Test("Alt is recognised, also with the letters that begin sequences")
  func alt() {
    #expect(keys("\u{1B}x\u{1B}é") == [.alt("x"), .alt("é")])
    #expect(keys("\u{1B}[") == [.alt("[")])
    #expect(keys("\u{1B}O") == [.alt("O")])
    #expect(keys("\u{1B}\r\u{1B}\u{3}") == [.enter, .control("c")])
  }

  @Test("a sequence may come in pieces")
  func pieces() {
    var decoder = InputDecoder()
    var events: [InputDecoder.Event] = []
    for byte in "\u{1B}[1;5C\u{1B}[<0;3;4M日\u{1B}[200~a\u{1B}[201~b".utf8 {
      events += decoder.decode([byte])
    }
    #expect(
      events == [
        .key(.right), .press(Position(column: 2, row: 3)), .key(.character("日")), .paste("a"),
        .key(.character("b")),
      ])
  }

  @Test("a slow line may deliver the rest of a long sequence or character later than an Escape")
  func slowLine() {
    var decoder = InputDecoder()
    _ = decoder.decode("\u{1B}[1".utf8)
    #expect(decoder.patience == 0.5)
    var half = InputDecoder()
    _ = half.decode([0xE6, 0x97])
    #expect(half.patience == 0.5)
  }

  @Test("unknown sequences mean nothing, and what follows is not lost")
  func unknown() {
    #expect(keys("\u{1B}[99~\u{1B}[?1;2c\u{1B}[I\u{1B}Ozx") == [.character("x")])
    #expect(keys("\u{1B}[1\u{1B}[Ay") == [.up, .character("y")])
    #expect(keys("\u{1B}[" + String(repeating: "1", count: 500)).filter { $0 == .up } == [])
  }

  @Test("what is not UTF-8 is passed over")
  func invalid() {
    let bytes: [UInt8] = [
      0x61, 0xFF, 0x62, 0xC3, 0x63, 0xE2, 0x82, 0x64, 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0x80, 0x65,
      0xC2, 0x9B, 0x66, 0xE6,
    ]
    #expect(decode(bytes) == "abcdef".map { .key(.character($0)) })
  }

  @Test("clicks and the wheel tell their place; releases, drags and other buttons do not matter")
  func mouse() {
    #expect(
      decode("\u{1B}[<0;10;5M\u{1B}[<0;10;5m\u{1B}[<64;1;1M\u{1B}[<65;300;200M\u{1B}[<4;2;2M")
        == [
          .press(Position(column: 9, row: 4)), .wheel(-1, Position(column: 0, row: 0)),
          .wheel(1, Position(column: 299, row: 199)), .press(Position(column: 1, row: 1)),
        ])
    #expect(decode("\u{1B}[<2;1;1M\u{1B}[<32;1;1M\u{1B}[<0;0;1M\u{1B}[<0;1M\u{1B}[<M") == [])
  }

  @Test("the older mouse reports are understood too")
  func oldMouse() {
    #expect(
      decode([
        0x1B, 0x5B, 0x4D, 32, 42, 37, 0x1B, 0x5B, 0x4D, 35, 42, 37, 0x1B, 0x5B, 0x4D, 96, 33, 33,
      ])
        == [.press(Position(column: 9, row: 4)), .wheel(-1, Position(column: 0, row: 0))])
  }

  @Test("a paste is one text, with its line breaks and tabs and no other controls")
  func paste() {
    #expect(
      decode("\u{1B}[200~one\r\ntwo\rthree\nfour\t\u{3}\u{1B}[A\u{7F}\u{9B}é\u{1B}[201~x")
        == [.paste("one\ntwo\nthree\nfour\t[Aé"), .key(.character("x"))])
    #expect(decode("\u{1B}[200~\u{1B}[201~") == [.paste("")])
    #expect(
      decode([0x1B] + Array("[200~a".utf8) + [0xFF] + Array("b\u{1B}[201~".utf8)) == [.paste("ab")])
  }

  @Test("a paste that never ends is taken as it is")
  func endlessPaste() {
    var decoder = InputDecoder()
    #expect(decoder.decode("\u{1B}[200~abc\u{1B}[20".utf8) == [])
    #expect(decoder.giveUp() == [.paste("abc")])
    #expect(decoder.decode("d".utf8) == [.key(.character("d"))])
  }

  @Test("a huge paste is cut off")
  func hugePaste() {
    var decoder = InputDecoder()
    let text = String(repeating: "x", count: PasteReader.limit + 1000)
    let events = decoder.decode("\u{1B}[200~\(text)\u{1B}[201~".utf8)
    #expect(events == [.paste(String(repeating: "x", count: PasteReader.limit))])
  }
}
