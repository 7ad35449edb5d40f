/// Some of the lines of a log: one bit for each line, so that ten million take a little over 1 MB.
struct LogLineSet: Equatable {
  private static let wordsPerGroup = 64

  private var words: [UInt64] = []
  /// How many lines of each group of words are in the set, to get over empty stretches.
  private var groups: [Int] = []
  /// How many lines are in the set.
  private(set) var count = 0

  func contains(_ line: Int) -> Bool {
    line >= 0 && line / 64 < words.count && words[line / 64] & Self.bit(line) != 0
  }

  /// Puts a line in or takes it out.
  mutating func set(_ line: Int, to isIn: Bool) {
    guard line >= 0, contains(line) != isIn else { return }
    let group = line / 64 / Self.wordsPerGroup
    if group >= groups.count {
      groups += Array(repeating: 0, count: group + 1 - groups.count)
      words += Array(repeating: 0, count: groups.count * Self.wordsPerGroup - words.count)
    }
    words[line / 64] ^= Self.bit(line)
    groups[group] += isIn ? 1 : -1
    count += isIn ? 1 : -1
  }

  /// The first line of the set at or after this one.
  ///
  /// - Parameter other: where there is one, the line must be in it too.
  func first(from line: Int, alsoIn other: LogLineSet? = nil) -> Int? {
    let start = max(0, line)
    var word = start / 64
    var mask = ~UInt64(0) << (start % 64)
    while word < words.count {
      if groups[word / Self.wordsPerGroup] == 0 {
        word = (word / Self.wordsPerGroup + 1) * Self.wordsPerGroup
      } else {
        let bits = self.bits(word, alsoIn: other) & mask
        if bits != 0 { return word * 64 + bits.trailingZeroBitCount }
        word += 1
      }
      mask = ~0
    }
    return nil
  }

  /// The last line of the set at or before this one.
  ///
  /// - Parameter other: where there is one, the line must be in it too.
  func last(to line: Int, alsoIn other: LogLineSet? = nil) -> Int? {
    guard line >= 0, !words.isEmpty else { return nil }
    let start = min(line, words.count * 64 - 1)
    var word = start / 64
    var mask = ~UInt64(0) >> (63 - start % 64)
    while word >= 0 {
      if groups[word / Self.wordsPerGroup] == 0 {
        word = word / Self.wordsPerGroup * Self.wordsPerGroup - 1
      } else {
        let bits = self.bits(word, alsoIn: other) & mask
        if bits != 0 { return word * 64 + 63 - bits.leadingZeroBitCount }
        word -= 1
      }
      mask = ~0
    }
    return nil
  }

  /// How many lines of the set come before this one.
  ///
  /// - Parameter other: where there is one, only lines that are in it too count.
  func count(before line: Int, alsoIn other: LogLineSet? = nil) -> Int {
    let end = min(max(0, line), words.count * 64)
    var word = 0
    var count = 0
    while (word + 1) * 64 <= end {
      let group = word / Self.wordsPerGroup
      let isWhole = word % Self.wordsPerGroup == 0 && (group + 1) * Self.wordsPerGroup * 64 <= end
      if isWhole, groups[group] == 0 || other == nil {
        count += groups[group]
        word += Self.wordsPerGroup
      } else {
        count += bits(word, alsoIn: other).nonzeroBitCount
        word += 1
      }
    }
    if end % 64 > 0 {
      count += (bits(word, alsoIn: other) & ~(~0 << (end % 64))).nonzeroBitCount
    }
    return count
  }

  private func bits(_ word: Int, alsoIn other: LogLineSet?) -> UInt64 {
    guard let other else { return words[word] }
    return word < other.words.count ? words[word] & other.words[word] : 0
  }

  private static func bit(_ line: Int) -> UInt64 { 1 << (line % 64) }
}
