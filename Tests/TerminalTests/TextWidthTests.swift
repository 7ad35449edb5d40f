import Testing

@testable import Terminal

@Suite struct TextWidthTests {
  @Test(
    "widths are the terminal's",
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("🙂", 2), ("✓✗○–│", 5),
      ("\u{1B}", 1), ("a\tb", 3), ("\u{202E}", 1), ("\u{200B}", 1), ("\u{AD}", 1), ("각", 2),
      ("\u{1112}\u{1161}\u{11AB}", 2), ("ｆ", 2), ("\u{E000}", 1),
    ])
  func columns(_ text: String, _ columns: Int) {
    #expect(TextWidth.columns(of: text) == columns)
  }

  @Test("what does not fit ends in an ellipsis")
  func fitted() {
    #expect(TextWidth.fitted("abcdef", to: 6) == "abcdef")
    #expect(TextWidth.fitted("abcdef", to: 5) == "abcd…")
    #expect(TextWidth.fitted("日本語", to: 4) == "日…")
    #expect(TextWidth.fitted("e\u{301}e\u{301}e\u{301}", to: 2) == "e\u{301}…")
    #expect(TextWidth.fitted("abc", to: 1) == "…")
    #expect(TextWidth.fitted("abc", to: 0) == "")
  }

  @Test("lines are broken at blanks, and inside a word only when it is longer than a line")
  func wrapped() {
    #expect(TextWidth.wrapped("one two three", to: 7) == ["one two", "three"])
    #expect(TextWidth.wrapped("one two three", to: 8) == ["one two", "three"])
    #expect(TextWidth.wrapped("a abcdefgh", to: 4) == ["a", "abcd", "efgh"])
    #expect(TextWidth.wrapped("日本語", to: 4) == ["日本", "語"])
    #expect(TextWidth.wrapped("one\n\ntwo", to: 9) == ["one", "", "two"])
    #expect(TextWidth.wrapped("", to: 9) == [""])
    #expect(TextWidth.wrapped("abc", to: 0) == [])
  }

  @Test("indentation stays")
  func indented() {
    #expect(TextWidth.wrapped("  ls -l", to: 9) == ["  ls -l"])
    #expect(TextWidth.wrapped("a  b", to: 9) == ["a  b"])
  }
}
