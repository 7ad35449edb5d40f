import Glibc

/// How many columns text takes, by wcwidth(3), whatever the locale of the process.
public enum TextWidth {
  // A locale object is never changed once it is made.
  private nonisolated(unsafe) static let unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)

  /// The columns of a scalar: 0 for one that joins the cell before it, 1 or 2 for one that is
  /// shown; a control character counts 1, since a substitute is shown for it.
  public static func columns(of scalar: Unicode.Scalar) -> Int {
    if (0x20...0x7E).contains(scalar.value) { return 1 }
    let own = uselocale(unicode)
    defer { uselocale(own) }
    let width = wcwidth(wchar_t(bitPattern: scalar.value))
    return width < 0 ? 1 : Int(width)
  }

  /// The columns of a text on one line.
  public static func columns(of text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
  }

  /// The text, or as much of it as fits, with … at its end when something is left out.
  public static func fitted(_ text: String, to columns: Int) -> String {
    if self.columns(of: text) <= columns { return text }
    if columns <= 0 { return "" }
    var shown = ""
    var used = 0
    for character in text {
      let width = self.columns(of: String(character))
      if used + width > columns - 1 { break }
      shown.append(character)
      used += width
    }
    return shown + "…"
  }

  /// The text in lines that fit, broken at blanks where there are any.
  public static func wrapped(_ text: String, to columns: Int) -> [String] {
    guard columns > 0 else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      wrapLine($0, to: columns)
    }
  }

  private static func wrapLine(_ text: Substring, to columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let width = self.columns(of: word)
      if used > 0, used + 1 + width > columns {
        lines.append(line)
        line = ""
        used = 0
      } else if used > 0 || !line.isEmpty {
        line += " "
        used += 1
      }
      for character in word {
        let width = self.columns(of: String(character))
        if used + width > columns, used > 0 {
          lines.append(line)
          line = ""
          used = 0
        }
        line.append(character)
        used += width
      }
    }
    return lines + [line]
  }
}
