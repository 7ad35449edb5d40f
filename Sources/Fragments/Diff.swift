/// The difference between two texts, line by line.
public struct Diff: Equatable, Sendable {
  /// A line and what becomes of it.
  public struct Line: Equatable, Sendable {
    /// What becomes of a line.
    public enum Change: Equatable, Sendable {
      /// It stands in both texts.
      case same
      /// It stands in the new text only.
      case added
      /// It stands in the old text only.
      case removed
    }
    /// What becomes of it.
    public var change: Change
    /// Its text without the line end.
    public var text: String
    /// Its number in the new text, or in the old one where it is removed; from 1.
    public var number: Int

    /// Creates a line.
    public init(change: Change, text: String, number: Int) {
      self.change = change
      self.text = text
      self.number = number
    }
  }

  /// Changed lines that stand close together, with some of the lines around them.
  public struct Hunk: Equatable, Sendable {
    /// How many unchanged lines before it are left out.
    public var skipped: Int
    /// Its lines in order.
    public var lines: [Line]
  }

  /// All lines of both texts in order.
  public var lines: [Line]

  /// Compares two texts. A text that ends without a line end has one more line that says so.
  public init(from old: String, to new: String) {
    let (old, new) = (Self.lines(of: old), Self.lines(of: new))
    let difference = LineDifference(old: old, new: new)
    lines = []
    lines.reserveCapacity(max(old.count, new.count))
    var (a, b) = (0, 0)
    func line(_ change: Line.Change, _ bytes: ArraySlice<UInt8>, _ index: Int) -> Line {
      Line(change: change, text: String(decoding: bytes, as: UTF8.self), number: index + 1)
    }
    while a < old.count || b < new.count {
      if a < old.count, difference.isRemoved[a] {
        lines.append(line(.removed, old[a], a))
        a += 1
      } else if b < new.count, difference.isAdded[b] {
        lines.append(line(.added, new[b], b))
        b += 1
      } else {
        lines.append(line(.same, new[b], b))
        a += 1
        b += 1
      }
    }
  }

  /// Bytes rather than characters: "\r\n" is one character, and `é` equals `e` with an accent.
  private static func lines(of text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    if bytes.isEmpty { return [] }
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true {
      lines.removeLast()
    } else {
      lines.append(Array("\\ No newline at end of file".utf8)[...])
    }
    return lines
  }

  /// How many lines are added.
  public var added: Int { lines.count { $0.change == .added } }
  /// How many lines are removed.
  public var removed: Int { lines.count { $0.change == .removed } }

  /// The changed lines in groups, each with up to so many unchanged lines around it.
  public func hunks(context: Int = 3) -> [Hunk] {
    var hunks: [Hunk] = []
    var end = 0  // of the last hunk
    var index = 0
    while let first = lines[index...].firstIndex(where: { $0.change != .same }) {
      let start = max(end, first - context)
      var next = first
      // Where less than twice the context parts two changes, they are one group.
      while let change = lines[next..<min(next + 2 * context + 1, lines.count)].lastIndex(
        where: { $0.change != .same }), change > next
      {
        next = change
      }
      index = next + 1
      let stop = min(index + context, lines.count)
      if start == end, let last = hunks.indices.last, end > 0 {
        hunks[last].lines += lines[start..<stop]
      } else {
        hunks.append(Hunk(skipped: start - end, lines: Array(lines[start..<stop])))
      }
      end = stop
    }
    return hunks
  }
}
