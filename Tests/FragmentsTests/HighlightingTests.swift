import Builders
import Fragments
import Testing

@Suite("Highlighting")
struct HighlightingTests {
  /// Pieces as `kind:text`, without the plain blanks between them.
  private func shown(_ line: [HighlightedText]) -> [String] {
    line.filter { !$0.text.allSatisfy(\.isWhitespace) }.map {
      "\($0.kind) \($0.text)".split(separator: " ").joined(separator: " ")
    }
  }

  private func nix(_ text: String) -> [[String]] { NixHighlighting.lines(of: text).map(shown) }

  @Test("the kinds of things in a fragment")
  func kinds() {
    #expect(
      nix(
        """
        # a "comment"
        {
          nix.settings.max-jobs = 0; # none
          "for.ge".x = [ "a\\"b" true ];
        }
        """) == [
          [#"comment # a "comment""#],
          ["punctuation {"],
          [
            "attributeName nix", "punctuation .", "attributeName settings", "punctuation .",
            "attributeName max-jobs", "punctuation =", "number 0", "punctuation ;",
            "comment # none",
          ],
          [
            #"attributeName "for.ge""#, "punctuation .", "attributeName x", "punctuation =",
            "punctuation [", #"string "a\"b""#, "plain true", "punctuation ];",
          ],
          ["punctuation }"],
        ])
  }

  @Test("words of the language, comparisons and interpolation")
  func expressions() {
    #expect(
      nix(#"let a = if b == 1 then "x${c}y" else d; in a"#) == [
        [
          "keyword let", "attributeName a", "punctuation =", "keyword if", "plain b",
          "punctuation ==", "number 1", "keyword then", #"string "x"#, "punctuation ${",
          "plain c", "punctuation }", #"string y""#, "keyword else", "plain d", "punctuation ;",
          "keyword in", "plain a",
        ]
      ])
  }

  @Test("strings and comments over several lines")
  func severalLines() {
    #expect(
      nix("a = ''\n  b ''${c} '''\n  ${d}\n'';\n/* e\nf */ g") == [
        ["attributeName a", "punctuation =", "string ''"],
        ["string b ''${c} '''"],
        ["punctuation ${", "plain d", "punctuation }"],
        ["string ''", "punctuation ;"],
        ["comment /* e"],
        ["comment f */", "plain g"],
      ])
  }

  @Test("the pieces of a line are the line, whatever the text")
  func complete() {
    var generator = SeededGenerator(seed: 5)
    let parts = [
      "\"", "''", "${", "}", "{", "a", "=", ".", "\n", "/*", "*/", "#", "\\", "$", "1", " ", "锻",
      "\r\n", "'", "let",
    ]
    var texts = (0..<500).map { _ in generator.text(parts, 0...30) }
    texts += Inventory(builders: [Examples.forge, Examples.plain]).fragments().map(\.text)
    for text in texts {
      var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last?.isEmpty == true { lines.removeLast() }
      for pieces in [NixHighlighting.lines(of: text), SSHHighlighting.lines(of: text)] {
        #expect(pieces.map { $0.map(\.text).joined() } == lines.map { String($0) })
      }
    }
  }

  @Test("ssh_config")
  func ssh() {
    #expect(
      SSHHighlighting.lines(of: "# c\nHost forge\n  Port 22\n\n  User=me\n").map(shown) == [
        ["comment # c"], ["keyword Host", "plain forge"], ["attributeName Port", "number 22"], [],
        ["attributeName User", "plain =me"],
      ])
  }
}
