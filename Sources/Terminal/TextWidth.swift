import Base
import CTerm

/// How many columns text takes, by wcwidth(3), whatever the locale of the process.
public enum TextWidth {
  /// The columns of a scalar: 0 for one that joins the cell before it, 1 or 2 for one that is
  /// shown. A control or format character counts 1, since a substitute is shown for it.
  public static func columns(of scalar: Unicode.Scalar) -> Int { shown(scalar).columns }

  /// What is shown for a scalar, and how many columns that takes.
  static func shown(_ scalar: Unicode.Scalar) -> (scalar: Unicode.Scalar, columns: Int) {
    if (0x20...0x7E).contains(scalar.value) { return (scalar, 1) }
    let width = Int(cterm_width(scalar.value))
    return width >= 0 && isShown(scalar) ? (scalar, width) : ("\u{FFFD}", 1)
  }

  /// Control characters must never reach the terminal, and format characters turn text around or
  /// hide in it.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .surrogate, .privateUse, .unassigned: false
    default: scalar.isVisible || scalar.properties.isVariationSelector
    }
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
    var isFirst = true
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let width = self.columns(of: word)
      if !isFirst, used + 1 + width > columns {
        // The blank becomes the line's end.
        lines.append(line)
        line = ""
        used = 0
      } else if !isFirst {
        line += " "
        used += 1
      }
      isFirst = false
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
