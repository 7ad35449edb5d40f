/// Going from one line that is looked for to the next, while the log is still being looked through.
struct LogSearch {
  var scan: LogScan
  /// Whether the lines that are marked as errors count as well.
  var includesMarks = false
  /// What somebody waits for.
  var wish: Wish?

  /// A line that is to be gone to.
  struct Wish {
    /// The first line that will do.
    var line: Int
    var isForward = true
    /// Whether the other end of the log was passed.
    var isRound = false
  }

  /// What has become of a wish.
  enum Outcome: Equatable {
    case found(Int, isRound: Bool)
    case nothing
    case notYet
  }

  /// Looks whether the wish can be fulfilled.
  ///
  /// - Parameter filter: where there is one, only lines that it shows count.
  mutating func fulfil(in store: LogStore, filter: LogFilter?) -> Outcome {
    guard let wish else { return .nothing }
    let found =
      wish.isForward ? first(from: wish.line, store, filter) : last(to: wish.line, store, filter)
    if let found {
      self.wish = nil
      return .found(found, isRound: wish.isRound)
    }
    if isUnseen(from: wish, in: store, filter) { return .notYet }
    if wish.isRound {
      self.wish = nil
      return .nothing
    }
    self.wish?.line = wish.isForward ? 0 : store.lineCount - 1
    self.wish?.isRound = true
    return fulfil(in: store, filter: filter)
  }

  private func first(from line: Int, _ store: LogStore, _ filter: LogFilter?) -> Int? {
    let end = min(
      scan.firstUnseen(from: line, in: store), filter?.firstUnseen(from: line, in: store) ?? .max)
    let matches = [scan.lines] + (includesMarks ? [store.marks] : [])
    return matches.compactMap {
      $0.first(from: line, alsoIn: filter?.text?.lines, filter?.owners?.lines)
    }
    .filter { $0 <= end }.min()
  }

  private func last(to line: Int, _ store: LogStore, _ filter: LogFilter?) -> Int? {
    let end = max(
      scan.lastUnseen(to: line, in: store) ?? -1, filter?.lastUnseen(to: line, in: store) ?? -1)
    let matches = [scan.lines] + (includesMarks ? [store.marks] : [])
    return matches.compactMap {
      $0.last(to: line, alsoIn: filter?.text?.lines, filter?.owners?.lines)
    }
    .filter { $0 >= end }.max()
  }

  private func isUnseen(from wish: Wish, in store: LogStore, _ filter: LogFilter?) -> Bool {
    if wish.isForward {
      return scan.firstUnseen(from: wish.line, in: store) < store.lineCount
        || filter.map { $0.firstUnseen(from: wish.line, in: store) < store.lineCount } ?? false
    }
    return scan.lastUnseen(to: wish.line, in: store) != nil
      || filter?.lastUnseen(to: wish.line, in: store) != nil
  }
}
