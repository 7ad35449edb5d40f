import Terminal

/// One line of text that is typed.
public struct TextField: Equatable, Sendable {
  /// What is shown, faintly, where nothing is typed.
  public var placeholder: String
  /// Whether dots are shown for what is typed.
  public var isHidden = false
  /// What stands for a line break in pasted text.
  var lineBreak = ""
  // The cursor stands between the two. Characters are graphemes, so that it never stands within
  // one, and Backspace takes back all of what looks like one.
  private var before: String
  private var after = ""
  /// Whether all of it is selected: what is typed takes its place.
  private(set) var isSelected = false

  /// Creates a field, the cursor behind the text.
  public init(_ text: String = "", placeholder: String = "") {
    before = text
    self.placeholder = placeholder
  }

  /// What is typed; setting it puts the cursor behind it.
  public var text: String {
    get { before + after }
    set {
      before = newValue
      after = ""
      isSelected = false
    }
  }

  /// Selects all of it, so that what is typed next takes its place.
  mutating func select() { isSelected = !isEmpty }

  /// Selects nothing any more.
  mutating func deselect() { isSelected = false }

  private var isEmpty: Bool { before.isEmpty && after.isEmpty }

  /// Whether the cursor stands before all of the text.
  var isAtBegin: Bool { before.isEmpty }

  // MARK: - Input

  /// Takes a key or a paste.
  ///
  /// - Returns: whether it meant something here.
  public mutating func handle(_ input: Input) -> Bool {
    switch input {
    case .paste(let text):
      replaceSelection()
      before += onOneLine(text)
    case .key(.character(let character)): return type(character)
    case .key(.backspace) where isSelected, .key(.delete) where isSelected: replaceSelection()
    case .key(let key):
      guard edit(key) else { return false }
      isSelected = false
    case .press, .wheel, .resize, .tick: return false
    }
    return true
  }

  private mutating func replaceSelection() {
    if isSelected { text = "" }
  }

  private mutating func type(_ character: Character) -> Bool {
    guard !character.unicodeScalars.contains(where: Self.isControl) else { return false }
    replaceSelection()
    before.append(character)
    return true
  }

  /// The keys of readline(3).
  private mutating func edit(_ key: Key) -> Bool {
    switch key {
    case .left: if let last = before.popLast() { after.insert(last, at: after.startIndex) }
    case .right: if !after.isEmpty { before.append(after.removeFirst()) }
    case .home, .control("a"):
      after = text
      before = ""
    case .end, .control("e"):
      before = text
      after = ""
    case .backspace: _ = before.popLast()
    case .delete: if !after.isEmpty { after.removeFirst() }
    case .control("u"): before = ""
    case .control("k"): after = ""
    case .control("w"):
      while before.last?.isWhitespace == true { before.removeLast() }
      while before.last?.isWhitespace == false { before.removeLast() }
    default: return false
    }
    return true
  }

  /// Pasted text as one line: line breaks go, since a selection often ends with one, other
  /// control characters become blanks.
  private func onOneLine(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      if Self.isLineBreak(scalar) {
        line += lineBreak
      } else {
        line.unicodeScalars.append(Self.isControl(scalar) ? " " : scalar)
      }
    }
    return line
  }

  private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    ["\n", "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control || isLineBreak(scalar)
  }

  // MARK: - Drawing

  /// Draws the part of the text around the cursor; … stands where something is cut off.
  public func draw(on canvas: inout Canvas, in area: Area, isFocused: Bool) {
    let place = area.row(0)
    guard !place.isEmpty else { return }
    let style = isFocused ? Theme.fieldFocused : Theme.field
    canvas.fill(place, style)
    guard !isEmpty else {
      canvas.writeFitted(placeholder, in: place, faint(style))
      if isFocused { canvas.cursor = place.origin }
      return
    }
    guard isFocused else {
      canvas.writeFitted(shown(text), in: place, style)
      return
    }
    let shown = Self.window(shown(before), shown(after), columns: place.columns)
    let selected = Style(style.foreground, style.attributes.union(.reverse))
    let left = canvas.write(
      shown.before, at: place.origin, isSelected ? selected : style, limit: place.columns)
    canvas.cursor = Position(column: place.column + left, row: place.row)
    var rest = place
    _ = rest.takeLeft(left)
    canvas.write(shown.after, at: rest.origin, style, limit: rest.columns)
  }

  private func shown(_ text: String) -> String {
    isHidden ? String(repeating: "•", count: text.count) : text
  }

  private func faint(_ style: Style) -> Style {
    Style(nil, on: style.background, style.attributes.union(.dim))
  }

  /// What is shown on both sides of the cursor: one column is for the cursor itself.
  private static func window(
    _ before: String, _ after: String, columns: Int
  ) -> (before: String, after: String) {
    // The character that the cursor is on has to be seen, and whether there is more behind it.
    let next = after.first.map { TextWidth.columns(of: String($0)) } ?? 0
    let reserved = min(next, 2) + (after.dropFirst().isEmpty ? 0 : 1)
    let room = max(0, columns - max(1, reserved))
    var shown = before
    if TextWidth.columns(of: before) > room {
      var used = room > 0 ? 1 : 0
      var part: [Character] = []
      for character in before.reversed() {
        let width = TextWidth.columns(of: String(character))
        if used + width > room { break }
        part.append(character)
        used += width
      }
      shown = (room > 0 ? "…" : "") + String(part.reversed())
    }
    return (shown, TextWidth.fitted(after, to: columns - TextWidth.columns(of: shown)))
  }
}
