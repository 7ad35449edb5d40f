import Terminal
import Testing

@testable import Interface

@Suite struct AnsiTextTests {
  private func text(_ line: String) -> String {
    AnsiText(line.utf8).spans.map(\.text).joined()
  }

  private func style(_ parameters: String) -> Style? {
    AnsiText("\u{1B}[\(parameters)mx".utf8).spans.first?.style
  }

  @Test("colours begin and end where the program says so")
  func spans() {
    #expect(
      AnsiText("plain \u{1B}[31;1merror:\u{1B}[0m why".utf8).spans == [
        AnsiText.Span(text: "plain ", style: .plain),
        AnsiText.Span(text: "error:", style: Style(.red, [.bold])),
        AnsiText.Span(text: " why", style: .plain),
      ])
    #expect(
      AnsiText("\u{1B}[31m\u{1B}[;mx".utf8).spans == [AnsiText.Span(text: "x", style: .plain)])
    #expect(AnsiText([UInt8]()).spans == [])
    #expect(AnsiText("\u{1B}[31m\u{1B}[m".utf8).spans == [])
  }

  @Test(
    "each rendition has its style",
    arguments: [
      ("", Style.plain),
      ("0", .plain),
      ("1", Style(nil, [.bold])),
      ("2;3", Style(nil, [.dim, .italic])),
      ("4", Style(nil, [.underline])),
      ("4:3", Style(nil, [.underline])),
      ("4;4:0", .plain),
      ("7", Style(nil, [.reverse])),
      ("1;2;22", .plain),
      ("3;23;4;24;7;27", .plain),
      ("32", Style(.green)),
      ("41", Style(nil, on: .red)),
      ("31;42;39", Style(nil, on: .green)),
      ("31;42;49", Style(.red)),
      ("91", Style(Style.Color(9))),
      ("100", Style(nil, on: .grey)),
      ("38;5;208", Style(Style.Color(208))),
      ("48;5;17;1", Style(nil, on: Style.Color(17), [.bold])),
      ("38:5:208", Style(Style.Color(208))),
      ("38;2;255;0;0", Style(Style.Color(196))),
      ("38;2;255;0;0;4", Style(Style.Color(196), [.underline])),
      ("38:2:255:0:0", Style(Style.Color(196))),
      ("38:2::255:0:0", Style(Style.Color(196))),
      ("48;2;8;8;8", Style(nil, on: Style.Color(232))),
      ("38;2;128;128;128", Style(Style.Color(244))),
      ("38;2;0;0;0", Style(Style.Color(16))),
      ("38;2;95;135;175", Style(Style.Color(67))),
      ("58;5;1;32", Style(.green)),
      ("58;2;1;2;3;32", Style(.green)),
      ("31;38", Style(.red)),
      ("31;38;5", Style(.red)),
      ("38;5;256", .plain),
      ("38;2;300;0;0", .plain),
      ("5;8;9;53;999", .plain),
      ("99999999999999999999", .plain),
      ("31;0", .plain),
      ("31;;", .plain),
    ])
  func rendition(parameters: String, expected: Style) {
    #expect(style(parameters) == expected)
  }

  @Test(
    "other sequences are left out",
    arguments: [
      "\u{1B}[2J", "\u{1B}[10;20H", "\u{1B}[K", "\u{1B}[?25l", "\u{1B}[?1049h", "\u{1B}[6n",
      "\u{1B}[>4;2m", "\u{1B}[?4m", "\u{1B}[!p", "\u{1B}[1 q", "\u{1B}[31 m",
      "\u{1B}]0;title\u{07}", "\u{1B}]0;title\u{1B}\\",
      "\u{1B}]52;c;cm0gLXJmIC8=\u{07}", "\u{1B}P1$qm\u{1B}\\", "\u{1B}_secret\u{1B}\\",
      "\u{1B}^note\u{1B}\\", "\u{1B}Xstring\u{1B}\\", "\u{1B}(B", "\u{1B}#8", "\u{1B}%G",
      "\u{1B}7", "\u{1B}8", "\u{1B}c", "\u{1B}=", "\u{1B}M",
    ])
  func sequences(sequence: String) {
    #expect(text("a\(sequence)b") == "ab")
    #expect(AnsiText("a\(sequence)b".utf8).spans.count == 1)
  }

  @Test("a link keeps its text")
  func link() {
    #expect(
      text("see \u{1B}]8;;https://nixos.org\u{1B}\\the manual\u{1B}]8;;\u{1B}\\.")
        == "see the manual.")
  }

  @Test("broken sequences take no text with them")
  func broken() {
    #expect(text("a\u{1B}") == "a")
    #expect(text("a\u{1B}[") == "a")
    #expect(text("a\u{1B}[31") == "a")
    #expect(text("a\u{1B}[31\u{1B}[0mb") == "ab")
    #expect(text("a\u{1B}[3é") == "aé")
    #expect(text("a\u{1B}é") == "aé")
    #expect(text("a\u{1B}\u{1B}[1mb") == "ab")
    #expect(text("a\u{1B}]0;no end") == "a0;no end")
    #expect(text("a\u{1B}Pno end") == "ano end")
    #expect(text("a\u{1B}]0;x\u{1B}[31mb") == "ab")
    #expect(text("a\u{1B}]0;x\u{18}b") == "ab")
    #expect(text("a\u{1B} ") == "a")
    #expect(text("a\u{1B}(é") == "aé")
  }

  @Test("tabs go to the next of the stops, which are eight apart")
  func tabs() {
    #expect(text("a\tb") == "a       b")
    #expect(text("1234567\t8") == "1234567 8")
    #expect(text("12345678\t9") == "12345678        9")
    #expect(text("日本\tx") == "日本    x")
    #expect(text("\u{1B}[1ma\t\u{1B}[0mb") == "a       b")
  }

  @Test("what is left of a line is what comes after its last carriage return")
  func carriageReturns() {
    #expect(text("10%\r50%\r100%") == "100%")
    #expect(text("10%\r50%\r") == "50%")
    #expect(text("windows\r") == "windows")
    #expect(text("10%\r\u{1B}[K") == "10%")
    #expect(text("10%\r    \r") == "10%")
    #expect(text("10%\r\u{1B}[K\u{1B}[32mdone\u{1B}[0m") == "done")
    #expect(text("\r\r") == "")
    #expect(text("\r  ") == "  ")
    #expect(text("") == "")
  }

  @Test("control characters become dots, marks of direction vanish")
  func controls() {
    #expect(text("a\0b\u{07}c\u{7F}d\u{08}") == "a·b·c·d·")
    #expect(text("a\u{9B}31mb") == "a·31mb")
    #expect(text("a\u{85}b\u{2028}c") == "a·b·c")
    #expect(text("a\u{202E}b\u{200B}c\u{FEFF}") == "abc")
  }

  @Test("invalid UTF-8 is shown, each part once")
  func invalid() {
    func text(_ bytes: [UInt8]) -> String { AnsiText(bytes).spans.map(\.text).joined() }
    #expect(text([0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
    #expect(text([0xC3]) == "\u{FFFD}")
    #expect(text([0xE2, 0x82, 0x61]) == "\u{FFFD}a")
    #expect(text([0xC0, 0x80]) == "\u{FFFD}\u{FFFD}")
    #expect(text([0xED, 0xA0, 0x80]) == "\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(text([0xF4, 0x90, 0x80, 0x80]) == "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(text([0xF0, 0x9F, 0x99, 0x82]) == "🙂")
    #expect(text([0x80]) == "\u{FFFD}")
  }

  @Test("it decodes as the standard library does")
  func decoding() {
    for _ in 0..<3000 {
      let interesting: [UInt8] = [0x80, 0xBF, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0x9F, 0xA0, 0x90, 0x41]
      let bytes = (0..<6).map { _ in interesting.randomElement() ?? 0x41 }
      var shown = ""
      bytes.withUnsafeBytes { raw in
        var index = 0
        while index < raw.count {
          if raw[index] < 0x80 {
            shown.unicodeScalars.append(Unicode.Scalar(raw[index]))
            index += 1
          } else {
            let (scalar, length) = AnsiText.decode(raw, at: index)
            shown.unicodeScalars.append(scalar)
            index += length
          }
        }
      }
      #expect(
        Array(shown.unicodeScalars) == Array(String(decoding: bytes, as: UTF8.self).unicodeScalars))
    }
  }

  @Test("columns count wide and combining characters as the terminal does")
  func columns() {
    #expect(AnsiText("日本e\u{301}🙂".utf8).columns == 7)
    #expect(AnsiText("\u{1B}[31ma\tb".utf8).columns == 9)
  }

  @Test("rows break before the character that does not fit")
  func rows() {
    func rows(_ line: String, _ columns: Int) -> [String] {
      let text = AnsiText(line.utf8)
      return text.rows(columns: columns).map { String(decoding: text.text[$0], as: UTF8.self) }
    }
    #expect(rows("abcdef", 4) == ["abcd", "ef"])
    #expect(rows("abcd", 4) == ["abcd"])
    #expect(rows("", 4) == [""])
    #expect(rows("日本語", 3) == ["日", "本", "語"])
    #expect(rows("日本", 1) == ["日", "本"])
    #expect(rows("abe\u{301}d", 3) == ["abe\u{301}", "d"])
  }

  @Test("what is emphasised is cut out of what has colours")
  func strokes() {
    let text = AnsiText("ab\u{1B}[31mcdef".utf8)
    let match = Style(.cyan)
    let strokes = text.strokes(
      0..<6, highlights: [AnsiText.Highlight(range: 1..<3, style: match)])
    #expect(
      strokes == [
        AnsiText.Stroke(text: "a", style: .plain, columns: 1),
        AnsiText.Stroke(text: "b", style: match, columns: 1),
        AnsiText.Stroke(text: "c", style: match, columns: 1),
        AnsiText.Stroke(text: "def", style: Style(.red), columns: 3),
      ])
    let rest = text.strokes(4..<6, highlights: [AnsiText.Highlight(range: 1..<3, style: match)])
    #expect(rest == [AnsiText.Stroke(text: "ef", style: Style(.red), columns: 2)])
  }
}
