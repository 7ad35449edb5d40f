/// Some bytes of a log in which a pattern is looked for.
struct LogSlice {
  let plain: UnsafeRawBufferPointer
  private let folded: UnsafeRawBufferPointer
  private let pattern: LogPattern

  /// Memory for the bytes, as they are and with their letters folded.
  final class Buffers {
    let plain: UnsafeMutableRawBufferPointer
    let folded: UnsafeMutableRawBufferPointer

    init(size: Int) {
      plain = .allocate(byteCount: size, alignment: 64)
      folded = .allocate(byteCount: size, alignment: 64)
    }

    deinit {
      plain.deallocate()
      folded.deallocate()
    }
  }

  /// Reads a part of a log, which must outlive neither the buffers nor their next use; `nil` when
  /// it cannot be read.
  init?(_ range: Range<Int>, in store: LogStore, for pattern: LogPattern, _ buffers: Buffers) {
    let plain = UnsafeMutableRawBufferPointer(rebasing: buffers.plain[..<range.count])
    guard store.copy(range, to: plain) else { return nil }
    self.init(plain, for: pattern, folded: buffers.folded)
  }

  private init(
    _ bytes: UnsafeMutableRawBufferPointer, for pattern: LogPattern,
    folded: UnsafeMutableRawBufferPointer
  ) {
    plain = UnsafeRawBufferPointer(bytes)
    self.pattern = pattern
    if pattern.isCaseSensitive {
      self.folded = plain
    } else {
      let copy = UnsafeMutableRawBufferPointer(rebasing: folded[..<bytes.count])
      copy.copyMemory(from: plain)
      LogPattern.fold(copy)
      self.folded = UnsafeRawBufferPointer(copy)
    }
  }

  /// Whether the pattern is in what is shown of a line, or of a part of one.
  func matches(_ line: Range<Int>) -> Bool {
    if Indirect.allCases.contains(where: { next($0, from: line.lowerBound) < line.upperBound }) {
      return matchesAsShown(line)
    }
    guard let found = pattern.first(in: folded, from: line.lowerBound) else { return false }
    return found + pattern.bytes.count <= line.upperBound
  }

  /// Calls back with the number, from 0, of each line in which the pattern is shown.
  ///
  /// - Parameter end: where whole lines end.
  /// - Returns: how many lines there are.
  func forEachMatch(before end: Int, _ body: (Int) -> Void) -> Int {
    var line = 0
    var lineStart = 0
    var match = -1
    // Each is looked for again only when it was passed: no byte is read more than a few times.
    var escape = -1
    var carriageReturn = -1
    var tab = -1
    while true {
      if match < lineStart { match = pattern.first(in: folded, from: lineStart) ?? end }
      if escape < lineStart { escape = next(.escape, from: lineStart) }
      if carriageReturn < lineStart { carriageReturn = next(.carriageReturn, from: lineStart) }
      if tab < lineStart { tab = next(.tab, from: lineStart) }
      let indirect = min(escape, carriageReturn, tab)
      let place = min(match, indirect, end)
      while let lineEnd = plain.firstIndex(of: .lineFeed, from: lineStart), lineEnd < place {
        line += 1
        lineStart = lineEnd + 1
      }
      guard place < end, let lineEnd = plain.firstIndex(of: .lineFeed, from: place) else {
        return line
      }
      if indirect > lineEnd || matchesAsShown(lineStart..<lineEnd) { body(line) }
      line += 1
      lineStart = lineEnd + 1
    }
  }

  private func matchesAsShown(_ line: Range<Int>) -> Bool {
    let shown = AnsiText.shown(UnsafeRawBufferPointer(rebasing: plain[line]))
    let start = line.lowerBound + shown.lowerBound
    let part = start..<line.lowerBound + shown.upperBound
    let bytes = UnsafeRawBufferPointer(rebasing: plain[part])
    if pattern.hasBlank, bytes.firstIndex(of: .tab, from: 0) != nil {
      return !pattern.ranges(in: AnsiText(part: bytes).text).isEmpty
    }
    return withoutEscapes(part).withUnsafeBytes { pattern.first(in: $0, from: 0) != nil }
  }

  /// The text of a line without its escapes, folded where need be.
  private func withoutEscapes(_ part: Range<Int>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(part.count)
    let bytes = UnsafeRawBufferPointer(rebasing: plain[part])
    var start = 0
    while let escape = bytes.firstIndex(of: .escape, from: start) {
      text.append(contentsOf: folded[part.lowerBound + start..<part.lowerBound + escape])
      start = AnsiEscape.read(bytes, at: escape).end
    }
    text.append(contentsOf: folded[part.lowerBound + start..<part.upperBound])
    return text
  }

  /// What makes a line look different from its bytes, in a way that matters here.
  private enum Indirect: CaseIterable {
    case escape, carriageReturn, tab
  }

  /// Where such a byte stands next; the end of the bytes when there is none.
  private func next(_ indirect: Indirect, from start: Int) -> Int {
    switch indirect {
    case .escape: return plain.firstIndex(of: .escape, from: start) ?? plain.count
    case .tab:
      // Only a blank in the pattern can be found in what is shown for a tab.
      return pattern.hasBlank ? plain.firstIndex(of: .tab, from: start) ?? plain.count : plain.count
    case .carriageReturn:
      var from = start
      while let found = plain.firstIndex(of: .carriageReturn, from: from) {
        from = found + 1
        // One that ends a line changes nothing.
        if from == plain.count || plain[from] != .lineFeed { return found }
      }
      return plain.count
    }
  }
}
