/// Looks for a pattern in a log, a slice at a time, and knows the lines where it has found it.
///
/// It begins at the line where somebody waits for an answer, goes on to the end and follows the
/// log as it grows; what comes before that line is looked at meanwhile.
struct LogScan {
  /// How much is read at once, in bytes; a longer line is looked at in parts.
  static let window = 256 * 1024

  let pattern: LogPattern
  /// The lines where it was found.
  private(set) var lines = LogLineSet()
  private let window: Int
  private let start: Cursor
  /// From the start to the end of the log.
  private var upper: Cursor
  /// From the beginning of the log to the start.
  private var lower = Cursor()
  /// How long the log was when its last line was looked at.
  private var seenEnd = 0

  private struct Cursor {
    var offset = 0
    var line = 0
    /// Whether a part of the line has been looked at before.
    var isWithinLine = false
  }

  /// Gets ready to begin at a line.
  init(
    _ pattern: LogPattern, from line: Int, in store: LogStore, window: Int = LogScan.window
  ) {
    self.pattern = pattern
    self.window = max(window, 2 * pattern.bytes.count)
    let offset = line < store.lineCount ? store.start(ofLine: line) : nil
    start = offset.map { Cursor(offset: $0, line: line) } ?? Cursor()
    upper = start
  }

  /// Whether everything that has come so far was looked at.
  func isComplete(in store: LogStore) -> Bool {
    seenEnd == store.byteCount && lower.offset >= start.offset
  }

  /// How much was not looked at yet.
  func unseenBytes(in store: LogStore) -> Int {
    let behind = seenEnd == store.byteCount ? 0 : store.byteCount - upper.offset
    return behind + max(0, start.offset - lower.offset)
  }

  /// The first line at or after this one that was not looked at; at or beyond the log's line
  /// count when there is none.
  func firstUnseen(from line: Int, in store: LogStore) -> Int {
    let end = seenEnd == store.byteCount ? store.lineCount : upper.line
    let isLowerDone = lower.offset >= start.offset
    return max(line, isLowerDone || line >= start.line ? end : lower.line)
  }

  /// The last line at or before this one that was not looked at.
  func lastUnseen(to line: Int, in store: LogStore) -> Int? {
    let end = seenEnd == store.byteCount ? store.lineCount : upper.line
    if line >= end, line < store.lineCount { return line }
    if lower.offset >= start.offset { return nil }
    let last = min(line, start.line - 1)
    return last >= lower.line ? last : nil
  }

  /// Looks at the next bytes, about as many as are asked for.
  mutating func advance(in store: LogStore, budget: Int) {
    guard !isComplete(in: store) else { return }
    let buffers = LogSlice.Buffers(size: window)
    var budget = budget
    while budget > 0, !isComplete(in: store) {
      // In turn, so that a fast log does not keep the rest waiting for ever.
      if seenEnd != store.byteCount {
        budget -= advance(\.upper, to: store.byteCount, in: store, buffers)
      }
      if lower.offset < start.offset {
        budget -= advance(\.lower, to: start.offset, in: store, buffers)
      }
    }
  }

  /// Looks at one window, or at as many whole lines as are in it.
  ///
  /// - Returns: what that cost, in bytes.
  private mutating func advance(
    _ which: WritableKeyPath<LogScan, Cursor>, to limit: Int, in store: LogStore,
    _ buffers: LogSlice.Buffers
  ) -> Int {
    var cursor = self[keyPath: which]
    defer { self[keyPath: which] = cursor }
    var range = cursor.offset..<min(limit, cursor.offset + window)
    let gap = store.firstLost(in: range)
    if let gap, gap.lowerBound <= cursor.offset {
      let line = store.lineEnds(beforeBlockAt: gap.upperBound)
      cursor = Cursor(offset: gap.upperBound, line: line, isWithinLine: true)
      if cursor.offset == store.byteCount { seenEnd = store.byteCount }
      return 1
    }
    if let gap { range = range.lowerBound..<gap.lowerBound }
    guard let slice = LogSlice(range, in: store, for: pattern, buffers) else {
      // The file cannot be read any more: nothing else will be found.
      cursor = Cursor(offset: store.byteCount, line: store.lineCount)
      seenEnd = store.byteCount
      return window
    }
    if let lastEnd = slice.plain.lastIndex(of: .lineFeed, before: range.count) {
      // The first line may have matched in an earlier part of it, or have changed its end.
      if !cursor.isWithinLine { lines.set(cursor.line, to: false) }
      let first = cursor.line
      let count = slice.forEachMatch(before: lastEnd + 1) { lines.set(first + $0, to: true) }
      cursor = Cursor(offset: range.lowerBound + lastEnd + 1, line: first + count)
      if cursor.offset == store.byteCount { seenEnd = store.byteCount }
      return lastEnd + 1
    }
    let matches = slice.matches(0..<range.count)
    lines.set(cursor.line, to: matches || cursor.isWithinLine && lines.contains(cursor.line))
    if gap != nil {
      cursor.offset = range.upperBound
    } else if range.count == window {
      // The text may stand across the border of two windows.
      cursor.offset = range.upperBound - (pattern.bytes.count - 1)
      cursor.isWithinLine = true
    } else {
      // The line has not ended; it is looked at again when it has grown.
      seenEnd = store.byteCount
    }
    return range.count
  }
}
