import Interface

/// Says that a text was put on the clipboard, and shows it where it may not have arrived there:
/// terminals do not tell.
struct Clipboard {
  /// Whether the terminal is known to take texts at all.
  var isThere = true
  /// What the last key has copied.
  private var last: String?
  private var before: String?

  /// What is to be said or shown.
  enum Answer {
    case notice(String)
    case page(Page)
  }

  /// Another key was pressed.
  mutating func noteKey() {
    before = last
    last = nil
  }

  /// A text was copied. The same one once more is shown.
  mutating func take(_ text: String) -> Answer {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if !isThere || before == text {
      return .page(
        Page(
          title: isThere ? "To the clipboard" : "This terminal has no clipboard",
          document: Document(lines: lines.map { .init(spans: [.init(String($0))]) })))
    }
    last = text
    let first = lines.first { !$0.isEmpty } ?? ""
    let told = lines.count > 1 ? "\(lines.count) lines, “\(first.prefix(40))…”" : String(first)
    return .notice("To the clipboard: \(told)  (the same key again shows it)")
  }
}
