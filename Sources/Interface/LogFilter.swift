/// Which lines of a log are shown: those with a text, those of some owners, or those that are both.
struct LogFilter {
  var text: LogScan?
  var owners: LogOwnerScan?

  /// `nil` where all lines are shown.
  init?(text: LogScan?, owners: LogOwnerScan?) {
    if text == nil, owners == nil { return nil }
    self.text = text
    self.owners = owners
  }

  /// The first line that is shown, at or after this one.
  func first(from line: Int) -> Int? {
    if let text { return text.lines.first(from: line, alsoIn: owners?.lines) }
    return owners?.lines.first(from: line)
  }

  /// The last line that is shown, at or before this one.
  func last(to line: Int) -> Int? {
    if let text { return text.lines.last(to: line, alsoIn: owners?.lines) }
    return owners?.lines.last(to: line)
  }

  /// How many lines are shown.
  var count: Int {
    if let text { return text.lines.count(before: .max, alsoIn: owners?.lines) }
    return owners?.lines.count ?? 0
  }

  /// The first line at or after this one of which it is not known whether it is shown; at or
  /// beyond the log's line count when there is none.
  func firstUnseen(from line: Int, in store: LogStore) -> Int {
    min(
      text?.firstUnseen(from: line, in: store) ?? .max,
      owners.map { max(line, $0.next) } ?? .max)
  }

  /// The last line at or before this one of which it is not known whether it is shown.
  func lastUnseen(to line: Int, in store: LogStore) -> Int? {
    let unseen = owners.flatMap { line >= $0.next && line < store.lineCount ? line : nil }
    return [text?.lastUnseen(to: line, in: store), unseen].compactMap(\.self).max()
  }
}
