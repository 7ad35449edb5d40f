import Base

/// Colours for Nix, as kinds: enough of its lexer for any file to be shown, a wrong one too.
public enum NixHighlighting {
  /// The pieces of each line.
  public static func lines(of text: String) -> [[HighlightedText]] {
    var lexer = NixLexer(text)
    lexer.readAll()
    return lexer.pieces.namingAttributes().lines()
  }
}

private struct NixLexer {
  private(set) var pieces: [HighlightedText] = []
  private let scalars: [Unicode.Scalar]
  private var position = 0

  /// What the reader is inside of: the expression between `${` and `}`, or the string around it.
  private enum Level {
    case braces
    case interpolation
    case string
    case indentedString
  }
  private var levels: [Level] = []

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func readAll() {
    while position < scalars.count {
      switch levels.last {
      case .string: readString()
      case .indentedString: readIndentedString()
      case .braces, .interpolation, nil: readExpression()
      }
    }
  }

  private func isAt(_ text: String, offset: Int = 0) -> Bool {
    let start = position + offset
    let wanted = text.unicodeScalars
    return start + wanted.count <= scalars.count
      && wanted.elementsEqual(scalars[start..<start + wanted.count])
  }

  private mutating func take(_ count: Int, _ kind: HighlightedText.Kind) {
    let end = min(position + count, scalars.count)
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[position..<end])
    position = end
    // A string is read bit by bit.
    if kind == .string, let last = pieces.indices.last, pieces[last].kind == .string {
      pieces[last].text.unicodeScalars.append(contentsOf: text)
    } else {
      pieces.append(HighlightedText(kind, String(text)))
    }
  }

  private mutating func take(
    _ kind: HighlightedText.Kind, while isPart: (Unicode.Scalar) -> Bool
  ) {
    take(scalars[position...].prefix(while: isPart).count, kind)
  }

  // MARK: - Expressions

  private mutating func readExpression() {
    let scalar = scalars[position]
    if isAt("#") { return take(.comment) { $0 != "\n" } }
    if isAt("/*") {
      let end = scalars[(position + 2)...].indices.first { index in
        scalars[index] == "*" && index + 1 < scalars.count && scalars[index + 1] == "/"
      }
      return take((end ?? scalars.count) + 2 - position, .comment)
    }
    if isAt("''") {
      levels.append(.indentedString)
      return take(2, .string)
    }
    switch scalar {
    case "\"":
      levels.append(.string)
      take(1, .string)
    case "{":
      levels.append(.braces)
      take(1, .punctuation)
    case "}":
      if !levels.isEmpty { levels.removeLast() }
      take(1, .punctuation)
    case "$" where isAt("${"):
      levels.append(.interpolation)
      take(2, .punctuation)
    case _ where scalar.properties.isWhitespace:
      take(.plain) { $0.properties.isWhitespace }
    case _ where Self.isDigit(scalar):
      take(.number) { Self.isDigit($0) || $0 == "." || $0 == "e" || $0 == "E" }
    case _ where Self.isLetter(scalar):
      let word = scalars[position...].prefix {
        Self.isLetter($0) || Self.isDigit($0) || $0 == "-" || $0 == "'"
      }
      let text = String(scalars: word)
      take(word.count, NixPrinter.keywords.contains(text) ? .keyword : .plain)
    default: take(1, .punctuation)
    }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  // MARK: - Strings

  private mutating func readString() {
    if isAt("${") { return startInterpolation() }
    if isAt("\\") || isAt("$$") { return take(2, .string) }
    if isAt("\"") {
      levels.removeLast()
      return take(1, .string)
    }
    takeString { $0 != "\"" && $0 != "$" && $0 != "\\" }
  }

  private mutating func readIndentedString() {
    if isAt("${") { return startInterpolation() }
    if isAt("'''") || isAt("''$") { return take(3, .string) }
    if isAt("''\\") { return take(4, .string) }
    if isAt("$$") { return take(2, .string) }
    if isAt("''") {
      levels.removeLast()
      return take(2, .string)
    }
    takeString { $0 != "'" && $0 != "$" }
  }

  /// At least one scalar, and those after it that mean nothing but themselves.
  private mutating func takeString(while isPlain: (Unicode.Scalar) -> Bool) {
    take(1 + scalars[(position + 1)...].prefix(while: isPlain).count, .string)
  }

  private mutating func startInterpolation() {
    levels.append(.interpolation)
    take(2, .punctuation)
  }
}

extension [HighlightedText] {
  /// Names before a `=` are those of attributes; only then is it known what they were.
  fileprivate func namingAttributes() -> [HighlightedText] {
    var named = self
    for index in indices where isAssignment(index) {
      var expectsName = true
      for earlier in indices[..<index].reversed() {
        let piece = self[earlier]
        if piece.kind == .plain, piece.text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
          continue
        }
        if expectsName, piece.kind == .plain || piece.kind == .string {
          named[earlier].kind = .attributeName
          expectsName = false
        } else if !expectsName, piece == HighlightedText(.punctuation, ".") {
          expectsName = true
        } else {
          break
        }
      }
    }
    return named
  }

  private func isAssignment(_ index: Int) -> Bool {
    guard self[index] == HighlightedText(.punctuation, "=") else { return false }
    let comparison: Set<String> = ["=", "!", "<", ">"]
    return !(index > 0 && comparison.contains(self[index - 1].text))
      && !(index + 1 < count && self[index + 1].text == "=")
  }
}
