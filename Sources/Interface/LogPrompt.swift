import Terminal

/// The line at the bottom of the pane where a text is typed.
struct LogPrompt {
  /// What the text is for.
  enum Purpose {
    case search, filter, save

    var label: String {
      switch self {
      case .search: "/"
      case .filter: "only lines with: "
      case .save: "save to: "
      }
    }
  }

  let purpose: Purpose
  private(set) var text: String
  private var cursor: String.Index
  private static let limit = 1000

  init(_ purpose: Purpose, text: String = "") {
    self.purpose = purpose
    self.text = text
    cursor = text.endIndex
  }

  /// Edits the text; `false` when the key has another meaning.
  mutating func edit(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(String(character))
    case .left: if cursor > text.startIndex { cursor = text.index(before: cursor) }
    case .right: if cursor < text.endIndex { cursor = text.index(after: cursor) }
    case .home, .control("a"): cursor = text.startIndex
    case .end, .control("e"): cursor = text.endIndex
    case .backspace:
      if cursor > text.startIndex { remove(text.index(before: cursor)..<cursor) }
    case .delete:
      if cursor < text.endIndex { remove(cursor..<text.index(after: cursor)) }
    case .control("u"): remove(text.startIndex..<cursor)
    case .control("k"): remove(cursor..<text.endIndex)
    case .control("w"):
      let word = text[..<cursor].lastIndex { $0 != " " } ?? text.startIndex
      let start = text[..<word].lastIndex(of: " ").map { text.index(after: $0) }
      remove((start ?? text.startIndex)..<cursor)
    default: return false
    }
    return true
  }

  /// Inserts text, up to its first line end and without control characters.
  mutating func insert(_ pasted: String) {
    let line = pasted.prefix { !$0.isNewline }.unicodeScalars
      .filter { $0.properties.generalCategory != .control }
    let before = text[..<cursor] + String(String.UnicodeScalarView(line))
    guard before.utf8.count + text[cursor...].utf8.count <= Self.limit else { return }
    // What is inserted may join the characters around it.
    let behind = text[cursor...].count
    text = String(before) + text[cursor...]
    cursor = text.suffix(behind).startIndex
  }

  private mutating func remove(_ range: Range<String.Index>) {
    let behind = text[range.upperBound...].count
    text.removeSubrange(range)
    cursor = text.suffix(behind).startIndex
  }

  /// Draws the label and as much of the text as fits, with the terminal's cursor in it.
  func draw(on canvas: inout Canvas, in area: Area, _ style: Style) {
    let width = canvas.write(
      purpose.label, at: Position(column: area.column, row: area.row), style, limit: area.columns)
    // The cursor may stand behind the text; it keeps one column.
    var start = text.startIndex
    while TextWidth.columns(of: text[start..<cursor]) > max(0, area.columns - width - 1),
      start < cursor
    {
      start = text.index(after: start)
    }
    let column = area.column + width
    canvas.write(
      text[start...], at: Position(column: column, row: area.row), limit: area.columns - width)
    canvas.cursor = Position(
      column: min(column + TextWidth.columns(of: text[start..<cursor]), area.endColumn - 1),
      row: area.row)
  }
}
