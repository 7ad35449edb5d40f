import Base
import Testing

@Suite("Text that a terminal may be given")
struct SafeTextTests {
  @Test(
    "what a terminal acts on, or nobody sees, is shown as ·",
    arguments: [
      ("plain", "plain"), ("", ""), ("ä €", "ä €"), ("a\u{1B}[2Jb", "a·[2Jb"),
      ("\u{1B}]52;c;Zm9v\u{7}", "·]52;c;Zm9v·"), ("\u{1B}]0;t\u{1B}\\", "·]0;t·\\"),
      ("\u{1B}P1$r\u{9C}", "·P1$r·"), ("\u{9B}2J", "·2J"), ("\u{7F}\u{0}", "··"),
      ("\u{202E}x\u{2066}y\u{2069}", "·x·y·"), ("a\u{200B}b\u{200D}c\u{FEFF}", "a·b·c·"),
      ("\u{34F}\u{115F}\u{FE0F}\u{E0041}\u{AD}", "·····"), ("a\u{2028}b\u{85}", "a·b·"),
      ("one\r\ntwo\tthree\n", "one\ntwo\tthree\n"), ("over\rwritten", "over·written"),
      ("\u{1B}[1;31mred\u{1B}[0m", "red"), ("\u{1B}[38:5:1mred", "red"), ("\u{1B}[31", "·[31"),
      ("\u{1B}[\u{301}31m", "·[\u{301}31m"),
    ])
  func harmless(_ text: String, _ expected: String) {
    #expect(SafeText(text).text == expected)
  }

  @Test("on one line, line ends and tabs are shown too")
  func line() {
    #expect(SafeText(line: "a\r\nb\tc").text == "a··b·c")
  }

  @Test("bytes that are no UTF-8 are replaced")
  func bytes() {
    #expect(
      SafeText(bytes: [0x61, 0x9B, 0x32, 0x4A, 0xED, 0xA0, 0x80, 0x0A]).text
        == "a\u{FFFD}2J\u{FFFD}\u{FFFD}\u{FFFD}\n")
  }

  @Test("only what is put into a literal is looked at")
  func interpolation() {
    let name = "x\u{1B}c\n"
    let text: SafeText = "\(line: name) has\n\(3) \(SafeText(name))"
    #expect(text.text == "x·c· has\n3 x·c\n")
    #expect(("\(text)\u{1B}[m" as SafeText).text == "x·c· has\n3 x·c\n\u{1B}[m")
    #expect(SafeText(["a", "b"], separator: ", ") == "a, b")
  }

  @Test("no scalar gets through that is not visible")
  func everyScalar() {
    let scalars = (0...0x10FFFF).lazy.compactMap { Unicode.Scalar(UInt32($0)) }
    let hidden = scalars.filter { scalar in
      let properties = scalar.properties
      let mustGo =
        properties.generalCategory == .control || properties.generalCategory == .format
        || properties.isDefaultIgnorableCodePoint || properties.isBidiControl
      return mustGo && SafeText(String(scalar)).text.unicodeScalars.first == scalar
    }
    #expect(Array(hidden) == ["\t", "\n"])
  }
}
