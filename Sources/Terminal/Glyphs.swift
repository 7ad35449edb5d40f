/// What stands for characters where the terminal shows nothing but ASCII.
enum Glyphs {
  /// A substitute as wide as the character's first column.
  static func ascii(for scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII { return scalar }
    switch scalar {
    case "─", "━", "═", "╌", "╴", "╶", "–", "—", "‐", "‑", "−": return "-"
    case "│", "┃", "║", "▏", "▎", "▍", "▐", "╎": return "|"
    // Corners and crossings.
    case "\u{250C}"..."\u{254B}", "\u{2550}"..."\u{2570}": return "+"
    case "✓", "✔": return "v"
    case "✗", "✘", "×": return "x"
    case "○", "◯": return "o"
    case "●", "•", "◆", "■", "⠀"..."⣿": return "*"
    case "·", "…", "‥", "∙": return "."
    case "⋮": return ":"
    case "▸", "▶", "›", "→", "»", "❯": return ">"
    case "◂", "◀", "‹", "←", "«", "❮": return "<"
    case "↑", "▲", "▴": return "^"
    case "↓", "▼", "▾": return "v"
    case "█", "▓", "▒", "░", "▀", "▄", "▉", "▊", "▋", "▌": return "#"
    case "‘", "’", "‚", "′": return "'"
    case "“", "”", "„", "″": return "\""
    case "\u{A0}": return " "
    default: return "?"
    }
  }
}
