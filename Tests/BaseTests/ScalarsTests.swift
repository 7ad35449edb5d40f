import Base
import Testing

@Suite("Text as a row of scalars")
struct ScalarsTests {
  /// Each of these makes one `Character` with what stands before it.
  static let marks: [Unicode.Scalar] = ["\u{301}", "\u{34F}", "\u{FE0F}", "\u{200D}", "\u{20E3}"]

  @Test("a mark after a special character hides it from nobody", arguments: marks)
  func mark(_ mark: Unicode.Scalar) {
    let text = "#\(mark)x=\(mark)y".unicodeScalars
    #expect(text.hasPrefix("#"))
    #expect(text.contains("="))
    #expect(text.cut(at: "=").map { String($0.head) } == "#\(mark)x")
    #expect(text.cut(at: "=").map { String($0.tail) } == "\(mark)y")
    #expect("a \(mark)b".unicodeScalars.words.map { String($0) } == ["a", "\(mark)b"])
    #expect("a/\(mark)".unicodeScalars.hasSuffix("/\(mark)"))
    #expect(!"a/\(mark)".unicodeScalars.hasSuffix("/"))
  }

  @Test("what only looks alike is not the same")
  func lookAlikes() {
    #expect("\u{212A}" == "K")
    #expect(!"\u{212A}".unicodeScalars.isExactly("K"))
    #expect(!"\u{37E}".unicodeScalars.contains(";"))
    #expect(!"e\u{301}".unicodeScalars.isExactly("é"))
  }

  @Test("lines end with LF or CR LF")
  func lines() {
    #expect(
      "one\r\n\r\ntwo\n\n three".unicodeScalars.lines.map { String($0) }
        == ["one", "", "two", "", " three"])
    #expect("one\n".unicodeScalars.lines.map { String($0) } == ["one"])
    #expect("".unicodeScalars.lines.isEmpty)
    #expect("a\rb\n".unicodeScalars.lines.map { String($0) } == ["a\rb"])
  }

  @Test("what is looked for is found where it first stands")
  func firstRange() {
    let text = "aab aabc".unicodeScalars
    #expect(text.firstRange(of: "aabc").map { String(text[..<$0.lowerBound]) } == "aab ")
    #expect(text.firstRange(of: "abd") == nil)
    #expect(text.firstRange(of: "aab aabcd") == nil)
    #expect(text.firstRange(of: "").map(\.isEmpty) == true)
  }

  @Test("what is looked for from the end is found where it last stands")
  func lastRange() {
    let text = "a' b' c".unicodeScalars
    #expect(text.lastRange(of: "' ").map { String(text[$0.upperBound...]) } == "c")
    #expect("aaa".unicodeScalars.lastRange(of: "aa").map { "aaa"[..<$0.lowerBound] } == "a")
    #expect(text.lastRange(of: "d") == nil)
    #expect(text.lastRange(of: "") == nil)
  }

  @Test("replacing")
  func replacing() {
    #expect("%\u{34F}a%%".unicodeScalars.replacing("%", with: "%%") == "%%\u{34F}a%%%%")
    #expect("a%%%".unicodeScalars.replacing("%%", with: "%") == "a%%")
    #expect("abc".unicodeScalars.replacing("", with: "x") == "abc")
  }

  @Test("a part of a text is described by its text")
  func description() {
    #expect("\("a b".unicodeScalars.words[1])" == "b")
    #expect(String(scalars: ["a", "\u{301}"]) == "a\u{301}")
  }

  @Test("what surrounds a text goes")
  func trimmed() {
    #expect(String(" \t\r\na b\n ".unicodeScalars.trimmed) == "a b")
    #expect(String(" \n".unicodeScalars.trimmed) == "")
    #expect(String("\u{301}".unicodeScalars.trimmed) == "\u{301}")
  }
}
