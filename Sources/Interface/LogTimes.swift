/// When the lines of a log have come, as exactly as a bounded number of entries can tell it.
struct LogTimes {
  private struct Entry {
    var line: Int
    var seconds: Double
  }

  /// More entries than this are thinned out, and what comes then is told half as exactly.
  private let limit: Int
  private var entries: [Entry] = []
  /// The least time between two entries, in seconds.
  private(set) var precision = 0.05

  init(limit: Int = 1 << 16) { self.limit = limit }

  var isEmpty: Bool { entries.isEmpty }

  /// Notes that lines come from this one on.
  mutating func note(line: Int, at seconds: Double) {
    if let last = entries.last {
      if seconds - last.seconds < precision || line <= last.line { return }
      if entries.count >= limit { thin() }
    }
    entries.append(Entry(line: line, seconds: seconds))
  }

  private mutating func thin() {
    entries = entries.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    precision *= 2
  }

  /// When a line came, in seconds; `nil` when nothing is known of it.
  subscript(line: Int) -> Double? {
    // The last entry at or before the line.
    var start = 0
    var end = entries.count
    while start < end {
      let middle = (start + end) / 2
      if entries[middle].line <= line { start = middle + 1 } else { end = middle }
    }
    return start == 0 ? nil : entries[start - 1].seconds
  }
}
