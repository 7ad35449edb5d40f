/// A piece of a line with the kind of thing it is. The pieces of a line, put together, are the
/// line.
public struct HighlightedText: Equatable, Sendable {
  /// What a piece of text is.
  public enum Kind: Equatable, Sendable {
    /// None of the others: blanks, and names that are read rather than set.
    case plain
    /// A comment.
    case comment
    /// A string with its quotation marks, or a line of one.
    case string
    /// A word that the language keeps for itself.
    case keyword
    /// The name of what is set: in Nix an attribute, in ssh_config(5) an option.
    case attributeName
    /// A number.
    case number
    /// Brackets, separators and operators.
    case punctuation
  }

  /// What it is.
  public var kind: Kind
  /// The text.
  public var text: String

  /// Creates a piece.
  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

extension [HighlightedText] {
  /// The pieces of each line; one that goes over several lines is parted, neighbours of the same
  /// kind are joined.
  func lines() -> [[HighlightedText]] {
    var lines: [[HighlightedText]] = [[]]
    for piece in self {
      let parts = piece.text.unicodeScalars.split(
        separator: "\n", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if index > 0 { lines.append([]) }
        if part.isEmpty { continue }
        let line = lines.count - 1
        if let last = lines[line].indices.last, lines[line][last].kind == piece.kind {
          lines[line][last].text.unicodeScalars.append(contentsOf: part)
        } else {
          lines[line].append(HighlightedText(piece.kind, String(part)))
        }
      }
    }
    // A line end at the end starts no further line.
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

/// Colours for ssh_config(5), as kinds.
public enum SSHHighlighting {
  /// The pieces of each line.
  public static func lines(of text: String) -> [[HighlightedText]] {
    var pieces: [HighlightedText] = []
    for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      if !pieces.isEmpty { pieces.append(HighlightedText(.plain, "\n")) }
      let blanks = line.prefix { $0 == " " || $0 == "\t" }
      let rest = line[blanks.endIndex...]
      pieces.append(HighlightedText(.plain, String(blanks)))
      if rest.first == "#" {
        pieces.append(HighlightedText(.comment, String(rest)))
        continue
      }
      let name = rest.prefix { $0 != " " && $0 != "\t" && $0 != "=" }
      let argument = rest[name.endIndex...]
      let startsBlock = ["host", "match"].contains(String(name).lowercased())
      pieces.append(HighlightedText(startsBlock ? .keyword : .attributeName, String(name)))
      let digits = argument.drop { $0 == " " || $0 == "\t" || $0 == "=" }
      let isNumber = !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) }
      pieces.append(HighlightedText(isNumber ? .number : .plain, String(argument)))
    }
    return pieces.lines()
  }
}
