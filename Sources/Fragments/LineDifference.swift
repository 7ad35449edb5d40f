/// Which lines of two texts have no counterpart in the other one.
///
/// Lines that are unique in both texts are taken as anchors (as in patience diff), and only the
/// small rest between them goes through Myers' algorithm: two long texts without anything in common
/// are then told apart in linear time.
struct LineDifference {
  private(set) var isRemoved: [Bool]
  private(set) var isAdded: [Bool]
  private let old: [Int]
  private let new: [Int]

  /// Up to how many lines together go through Myers' algorithm, which is quadratic at worst.
  private static let small = 600

  init(old: [ArraySlice<UInt8>], new: [ArraySlice<UInt8>]) {
    // Numbers compare faster than lines.
    var numbers: [ArraySlice<UInt8>: Int] = [:]
    func number(_ line: ArraySlice<UInt8>) -> Int {
      if let number = numbers[line] { return number }
      numbers[line] = numbers.count
      return numbers.count - 1
    }
    self.old = old.map(number)
    self.new = new.map(number)
    isRemoved = [Bool](repeating: false, count: old.count)
    isAdded = [Bool](repeating: false, count: new.count)
    var pending = [(self.old.indices, self.new.indices)]
    while let (oldPart, newPart) = pending.popLast() {
      pending += compare(oldPart, newPart)
    }
  }

  /// Compares two parts, and returns the parts between their anchors that are still to be compared.
  private mutating func compare(
    _ wholeOld: Range<Int>, _ wholeNew: Range<Int>
  ) -> [(Range<Int>, Range<Int>)] {
    let (a, b) = withoutCommonEnds(wholeOld, wholeNew)
    if a.isEmpty || b.isEmpty {
      mark(a, b)
      return []
    }
    if a.count + b.count <= Self.small {
      for change in new[b].difference(from: old[a]) {
        switch change {
        case .remove(let offset, _, _): isRemoved[a.lowerBound + offset] = true
        case .insert(let offset, _, _): isAdded[b.lowerBound + offset] = true
        }
      }
      return []
    }
    let anchors = anchors(a, b)
    if anchors.isEmpty {
      mark(a, b)
      return []
    }
    var parts: [(Range<Int>, Range<Int>)] = []
    var (fromOld, fromNew) = (a.lowerBound, b.lowerBound)
    for anchor in anchors {
      parts.append((fromOld..<anchor.old, fromNew..<anchor.new))
      (fromOld, fromNew) = (anchor.old + 1, anchor.new + 1)
    }
    parts.append((fromOld..<a.upperBound, fromNew..<b.upperBound))
    return parts
  }

  private mutating func mark(_ a: Range<Int>, _ b: Range<Int>) {
    for index in a { isRemoved[index] = true }
    for index in b { isAdded[index] = true }
  }

  private func withoutCommonEnds(_ a: Range<Int>, _ b: Range<Int>) -> (Range<Int>, Range<Int>) {
    var (a, b) = (a, b)
    while let first = a.first, let other = b.first, old[first] == new[other] {
      a.removeFirst()
      b.removeFirst()
    }
    while let last = a.last, let other = b.last, old[last] == new[other] {
      a.removeLast()
      b.removeLast()
    }
    return (a, b)
  }

  // MARK: - Anchors

  private typealias Anchor = (old: Int, new: Int)

  /// The longest series, in the order of both, of lines that stand once in each part.
  private func anchors(_ a: Range<Int>, _ b: Range<Int>) -> [Anchor] {
    let once = places(in: old, a)
    let pairs = places(in: new, b).compactMap { line, place -> Anchor? in
      guard let place, let other = once[line] ?? nil else { return nil }
      return (other, place)
    }.sorted { $0.old < $1.old }
    // Patience sorting: the top of each pile is the least end of a series of that length.
    var tops: [Int] = []
    var before = [Int?](repeating: nil, count: pairs.count)
    for (index, pair) in pairs.enumerated() {
      var (low, high) = (0, tops.count)
      while low < high {
        let middle = (low + high) / 2
        if pairs[tops[middle]].new < pair.new { low = middle + 1 } else { high = middle }
      }
      before[index] = low > 0 ? tops[low - 1] : nil
      if low == tops.count { tops.append(index) } else { tops[low] = index }
    }
    var series: [Anchor] = []
    var next = tops.last
    while let index = next {
      series.append(pairs[index])
      next = before[index]
    }
    return series.reversed()
  }

  /// Where each line stands, or `nil` where it stands more than once.
  private func places(in lines: [Int], _ part: Range<Int>) -> [Int: Int?] {
    var places: [Int: Int?] = [:]
    for index in part {
      let isFirst = places[lines[index]] == nil
      places[lines[index]] = .some(isFirst ? index : nil)
    }
    return places
  }
}
