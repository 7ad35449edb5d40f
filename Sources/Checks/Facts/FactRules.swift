import Base
import Builders

/// What a fact may be. It comes from another machine, which may say whatever it likes: what is not
/// what it ought to be is no fact, and stays evidence.
enum FactRules {
  /// Text as it came.
  typealias Text = Substring.UnicodeScalarView

  /// A word of plain ASCII, of at most so many bytes.
  static func isPlain(_ word: String) -> Bool { isWord(word, most: 200) }

  private static func isWord(_ word: String, most: Int) -> Bool {
    !word.isEmpty && word.utf8.count <= most
      && word.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }

  /// A line of printable ASCII, without the blanks around it and not longer than a screen takes.
  static func line(_ text: Text) -> String? {
    let line = text.trimmed
    guard !line.isEmpty, line.count <= 300,
      line.allSatisfy({ ("\u{20}"..."\u{7E}").contains($0) || $0 == "\t" })
    else { return nil }
    return String(scalars: line.map { $0 == "\t" ? " " : $0 })
  }

  /// A whole number within limits.
  static func number(_ text: Text, in range: ClosedRange<Int>) -> Int? {
    guard !text.isEmpty, text.count <= 19, text.allSatisfy(\.isDigit),
      let number = Int(String(text)), range.contains(number)
    else { return nil }
    return number
  }

  /// The absolute path of a program, of plain characters.
  static func path(_ text: Text) -> String? {
    guard text.first == "/", text.count <= 1024,
      text.allSatisfy({ $0.isLetterOrDigit || "/._+-".unicodeScalars.contains($0) })
    else { return nil }
    return String(text)
  }

  /// A version, such as `2.34.8` or `2.35pre20260101_abcdef`.
  static func version(_ text: Text) -> String? {
    guard let first = text.first, first.isDigit, text.count <= 60,
      text.allSatisfy({ $0.isLetterOrDigit || "._+-".unicodeScalars.contains($0) })
    else { return nil }
    return String(text)
  }

  /// Names that a rule allows, each once and not more than anybody has.
  static func names(_ words: [Text], _ rule: (String) -> String?) -> [String] {
    var seen: Set<String> = []
    var names: [String] = []
    for word in words.prefix(1000) where names.count < 100 {
      let name = String(word)
      // The rules are for people, who may write what they like within plain text.
      if isWord(name, most: 100), rule(name) == nil, seen.insert(name).inserted {
        names.append(name)
      }
    }
    return names
  }
}
