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
  /// - Parameter others: where there are any, the line must be in them too.
  func first(from line: Int, alsoIn others: LogLineSet?...) -> Int? {
    let start = max(0, line)
    var word = start / 64
    var mask = ~UInt64(0) << (start % 64)
    while word < words.count {
      if groups[word / Self.wordsPerGroup] == 0 {
        word = (word / Self.wordsPerGroup + 1) * Self.wordsPerGroup
      } else {
        let bits = self.bits(word, alsoIn: others) & mask
        if bits != 0 { return word * 64 + bits.trailingZeroBitCount }
        word += 1
      }
      mask = ~0
    }
    return nil
  }

  /// The last line of the set at or before this one.
  ///
  /// - Parameter others: where there are any, the line must be in them too.
  func last(to line: Int, alsoIn others: LogLineSet?...) -> Int? {
    guard line >= 0, !words.isEmpty else { return nil }
    let start = min(line, words.count * 64 - 1)
    var word = start / 64
    var mask = ~UInt64(0) >> (63 - start % 64)
    while word >= 0 {
      if groups[word / Self.wordsPerGroup] == 0 {
        word = word / Self.wordsPerGroup * Self.wordsPerGroup - 1
      } else {
        let bits = self.bits(word, alsoIn: others) & mask
        if bits != 0 { return word * 64 + 63 - bits.leadingZeroBitCount }
        word -= 1
      }
      mask = ~0
    }
    return nil
  }

  /// How many lines of the set come before this one.
  ///
  /// - Parameter others: where there are any, only lines that are in them too count.
  func count(before line: Int, alsoIn others: LogLineSet?...) -> Int {
    let end = min(max(0, line), words.count * 64)
    var word = 0
    var count = 0
    while (word + 1) * 64 <= end {
      let group = word / Self.wordsPerGroup
      let isWhole = word % Self.wordsPerGroup == 0 && (group + 1) * Self.wordsPerGroup * 64 <= end
      if isWhole, groups[group] == 0 || others.allSatisfy({ $0 == nil }) {
        count += groups[group]
        word += Self.wordsPerGroup
      } else {
        count += bits(word, alsoIn: others).nonzeroBitCount
        word += 1
      }
    }
    if end % 64 > 0 {
      count += (bits(word, alsoIn: others) & ~(~0 << (end % 64))).nonzeroBitCount
    }
    return count
  }

  private func bits(_ word: Int, alsoIn others: [LogLineSet?]) -> UInt64 {
    var bits = words[word]
    for case let other? in others {
      bits &= word < other.words.count ? other.words[word] : 0
    }
    return bits
  }

  private static func bit(_ line: Int) -> UInt64 { 1 << (line % 64) }
}
