import Glibc

/// A log as it comes in: its last bytes in memory, the whole of it in a private file.
///
/// Memory stays small however long the log and its lines are: of the lines it is only known how
/// many end before each block of bytes, and a line is looked up by counting in one block. It is
/// used by one thread; what other threads may read is a ``snapshot()``.
public final class LogStore {
  let blockLength: Int
  private let ring: LogRing
  private var spill: LogSpill?
  private let makeSpill: () -> LogSpill
  /// How many bytes are in the file, or lost; all of the others are in the ring.
  private var spilled = 0
  /// What comes before this went to the file without passing through the ring.
  private var ringBegin = 0
  /// From so many blocks on, that is what bytes do which come all at once.
  private static let directBlocks = 4
  /// What the file did not take: whole blocks, in order, none adjacent to the next.
  private(set) var lost: [Range<Int>] = []
  private var fault: Int32 = 0

  /// How many bytes have come.
  public private(set) var byteCount = 0
  private var lineEndCount = 0
  private var lastLineEnd = -1
  /// The number of line ends before each block.
  private var lineEndsBefore = [0]

  private var cache: [(block: Int, bytes: [UInt8])] = []
  private var oldestInCache = 0
  private static let cachedBlocks = 8
  private var lineEndCache: [(block: Int, size: Int, ends: [UInt16])] = []

  /// The lines that the one who fills the log has marked as errors.
  private(set) var marks = LogLineSet()
  /// Whose lines they are, and when they came, as far as the one who fills the log tells.
  var owners: LogOwners
  var times = LogTimes()
  /// The time of day at second 0 of the times, in seconds, where people are to be told it.
  public var timeOfDay = 0.0

  /// Creates an empty log, which is kept in a file in TMPDIR or /tmp as soon as it is long.
  public convenience init() { self.init(blockLength: 16 * 1024, blocks: 256) { LogSpill() } }

  /// Creates an empty log that is one of very many: it takes less memory, and is kept in a file
  /// when it is long and one of the files is free.
  public convenience init(oneOf files: LogFiles) {
    self.init(blockLength: 16 * 1024, blocks: 32) { LogSpill(oneOf: files) }
  }

  /// - Parameters:
  ///   - blockLength: at most 65,536 bytes.
  ///   - blocks: how many are held in memory, at least 2.
  init(blockLength: Int, blocks: Int, spill: @escaping () -> LogSpill) {
    self.blockLength = blockLength
    ring = LogRing(capacity: blockLength * max(2, blocks))
    makeSpill = spill
    owners = LogOwners(spill: spill)
  }

  // MARK: - Filling

  /// Appends bytes.
  public func append(_ bytes: some Collection<UInt8>) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { append(UnsafeRawBufferPointer($0)) }
    if done == nil { Array(bytes).withUnsafeBytes { append($0) } }
  }

  /// Appends bytes.
  public func append(_ bytes: UnsafeRawBufferPointer) {
    var start = 0
    while start < bytes.count {
      if byteCount % blockLength == 0 {
        start += appendPastRing(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        if start == bytes.count { return }
      }
      let room = blockLength - byteCount % blockLength
      let end = min(bytes.count, start + room)
      appendToBlock(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      start = end
    }
  }

  /// Marks a line as an error, for those who look for the next one.
  public func markError(atLine line: Int) { marks.set(line, to: true) }

  private func appendToBlock(_ bytes: UnsafeRawBufferPointer) {
    makeRoom(for: bytes.count)
    ring.write(bytes, at: byteCount)
    countLines(bytes)
    // A sixteenth of the ring at once: few system calls, and what waits fits well.
    if byteCount - spilled >= ring.capacity / 16 { flush() }
  }

  /// Takes in bytes of one block that are kept now.
  private func countLines(_ bytes: UnsafeRawBufferPointer) {
    if let end = bytes.lastIndex(of: .lineFeed, before: bytes.count) {
      lineEndCount += bytes.count(of: .lineFeed)
      lastLineEnd = byteCount + end
    }
    byteCount += bytes.count
    if byteCount % blockLength == 0 { lineEndsBefore.append(lineEndCount) }
  }

  /// Puts whole blocks into the file alone, which saves copying them.
  ///
  /// - Returns: how many bytes that was possible with.
  private func appendPastRing(_ bytes: UnsafeRawBufferPointer) -> Int {
    let whole = bytes.count / blockLength
    guard whole >= Self.directBlocks else { return 0 }
    flush()
    guard spilled == byteCount else { return 0 }
    let wanted = UnsafeRawBufferPointer(rebasing: bytes[..<(whole * blockLength)])
    guard let (taken, _) = spill?.write(wanted, at: byteCount) else { return 0 }
    // What is left over, as on a full disk, is tried again from the ring.
    let count = taken / blockLength
    for block in 0..<count {
      let start = block * blockLength
      countLines(UnsafeRawBufferPointer(rebasing: bytes[start..<start + blockLength]))
    }
    spilled = byteCount
    if count > 0 { ringBegin = byteCount }
    return count * blockLength
  }

  /// The first byte in the ring. Of the block that is being overwritten nothing counts as kept.
  private var ringStart: Int { max(ringBegin, blockEnd(byteCount - ring.capacity)) }

  private func makeRoom(for count: Int) {
    let start = blockEnd(byteCount + count - ring.capacity)
    if start > spilled { flush() }
    guard start > spilled else { return }
    let block = spilled / blockLength * blockLength
    if let last = lost.last, last.upperBound >= block {
      lost[lost.count - 1] = last.lowerBound..<start
    } else {
      lost.append(block..<start)
    }
    spilled = start
  }

  private func blockEnd(_ offset: Int) -> Int {
    max(0, (offset + blockLength - 1) / blockLength * blockLength)
  }

  private func flush() {
    if spill == nil { spill = makeSpill() }
    // What is written late is kept all the same.
    if lost.isEmpty { fault = 0 }
    while spilled < byteCount {
      let part = ring.bytes(in: spilled..<byteCount)
      // The class owns the file; there is always one by now.
      guard let (count, fault) = spill?.write(part, at: spilled) else { return }
      spilled += count
      if count < part.count {
        self.fault = fault
        return
      }
    }
  }

  // MARK: - Lines

  /// How many lines there are; one that has not ended yet counts.
  public var lineCount: Int { lineEndCount + (lastLineEnd + 1 < byteCount ? 1 : 0) }

  /// A line without its end.
  ///
  /// - Parameter limit: how much of its beginning is wanted, in bytes.
  /// - Returns: its bytes; `nil` when it is not kept, or not there.
  public func line(_ index: Int, limit: Int = 64 * 1024) -> [UInt8]? {
    guard let range = range(ofLine: index) else { return nil }
    return bytes(in: range.prefix(limit))
  }

  /// Where a line's bytes are, without its end; of a line that is kept in part, where the first
  /// part is. `nil` when none of it is kept, or when there is no such line.
  func range(ofLine index: Int) -> Range<Int>? {
    guard index >= 0, index < lineCount, let start = keptStart(ofLine: index) else { return nil }
    let gap = lost.first { $0.lowerBound > start }?.lowerBound ?? byteCount
    if index >= lineEndCount { return start..<gap }
    return start..<min(gap, lineEnd(index) ?? gap)
  }

  private func keptStart(ofLine index: Int) -> Int? {
    if let start = start(ofLine: index), lostRange(at: start) == nil { return start }
    // The line's end may be there, behind what is not kept.
    let gap = lost.last {
      $0.upperBound < byteCount && lineEnds(beforeBlockAt: $0.upperBound) == index
    }
    return gap?.upperBound
  }

  /// Where a line starts; `nil` when that is not kept.
  func start(ofLine index: Int) -> Int? {
    if index == 0 { return 0 }
    return lineEnd(index - 1).map { $0 + 1 }
  }

  /// Where the line of this number ends; `nil` when that is not kept.
  func lineEnd(_ number: Int) -> Int? {
    guard number >= 0, number < lineEndCount else { return nil }
    if number == lineEndCount - 1 { return lastLineEnd }
    // The last block with no more line ends before it than this number.
    var block = 0
    var end = lineEndsBefore.count
    while end - block > 1 {
      let middle = (block + end) / 2
      if lineEndsBefore[middle] <= number { block = middle } else { end = middle }
    }
    return lineEnds(inBlock: block).map {
      block * blockLength + Int($0[number - lineEndsBefore[block]])
    }
  }

  /// Where the lines end in a block; `nil` when it is not kept.
  private func lineEnds(inBlock block: Int) -> [UInt16]? {
    let size = min(byteCount - block * blockLength, blockLength)
    if let known = lineEndCache.first(where: { $0.block == block && $0.size == size }) {
      return known.ends
    }
    let ends: [UInt16]? = withBlock(block) { bytes in
      var ends: [UInt16] = []
      while let end = bytes.firstIndex(of: .lineFeed, from: ends.last.map { Int($0) + 1 } ?? 0) {
        ends.append(UInt16(end))
      }
      return ends
    }
    guard let ends else { return nil }
    // One goes through the lines in either direction: two blocks are enough.
    lineEndCache = lineEndCache.suffix(1) + [(block, size, ends)]
    return ends
  }

  /// How many lines end before the beginning of a block.
  func lineEnds(beforeBlockAt offset: Int) -> Int { lineEndsBefore[offset / blockLength] }

  // MARK: - Bytes

  /// A part of the log; `nil` when it is not kept as a whole.
  func bytes(in range: Range<Int>) -> [UInt8]? {
    var isKept = true
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      var place = range.lowerBound
      while place < range.upperBound, isKept {
        let block = place / blockLength
        let start = place - block * blockLength
        let end = min(blockLength, start + range.upperBound - place)
        let into = UnsafeMutableRawBufferPointer(buffer)[(place - range.lowerBound)...]
        let found: Void? = withBlock(block) { bytes in
          UnsafeMutableRawBufferPointer(rebasing: into)
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        }
        isKept = found != nil
        place += end - start
      }
      count = isKept ? range.count : 0
    }
    return isKept ? bytes : nil
  }

  /// Copies a long part of the log, past the cache; `false` when it is not kept as a whole.
  func copy(_ range: Range<Int>, to buffer: UnsafeMutableRawBufferPointer) -> Bool {
    let border = min(max(range.lowerBound, ringStart), range.upperBound)
    let filed = range.lowerBound..<border
    if !filed.isEmpty {
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<filed.count])
      guard firstLost(in: filed) == nil, spill?.read(into: part, at: filed.lowerBound) == true
      else { return false }
    }
    ring.copy(
      border..<range.upperBound, to: UnsafeMutableRawBufferPointer(rebasing: buffer[filed.count...])
    )
    return true
  }

  /// The first part of the range that is not kept.
  func firstLost(in range: Range<Int>) -> Range<Int>? { lost.first { $0.overlaps(range) } }

  private func lostRange(at offset: Int) -> Range<Int>? { lost.first { $0.contains(offset) } }

  /// Reads a block, which is short where the log ends; `nil` when it is not kept.
  private func withBlock<Result>(
    _ block: Int, _ body: (UnsafeRawBufferPointer) -> Result?
  ) -> Result? {
    let start = block * blockLength
    let end = min(byteCount, start + blockLength)
    if start >= ringStart { return body(ring.bytes(in: start..<end)) }
    if let cached = cache.first(where: { $0.block == block }) {
      return cached.bytes.withUnsafeBytes(body)
    }
    guard lostRange(at: start) == nil else { return nil }
    var isRead = false
    let bytes = [UInt8](unsafeUninitializedCapacity: blockLength) { buffer, count in
      isRead = spill?.read(into: UnsafeMutableRawBufferPointer(buffer), at: start) == true
      count = isRead ? blockLength : 0
    }
    guard isRead else { return nil }
    if cache.count < Self.cachedBlocks {
      cache.append((block, bytes))
    } else {
      cache[oldestInCache] = (block, bytes)
      oldestInCache = (oldestInCache + 1) % Self.cachedBlocks
    }
    return bytes.withUnsafeBytes(body)
  }

  // MARK: - What went wrong, and saving

  /// What keeps the log from being kept as a whole, as a short sentence; `nil` when nothing does.
  public var problem: String? {
    guard fault != 0 else { return nil }
    let cause = String(cString: strerror(fault))
    if lost.isEmpty { return "only the end of the log can be kept: \(cause)" }
    return "\(LogSnapshot.Gap.note(lines: lostLineCount)): \(cause)"
  }

  private var lostLineCount: Int {
    lost.reduce(0) {
      $0 + lineEnds(beforeBlockAt: $1.upperBound) - lineEnds(beforeBlockAt: $1.lowerBound)
    }
  }

  /// The log as it is now, to be saved from any thread while it goes on.
  public func snapshot() -> LogSnapshot {
    let tail = bytes(in: spilled..<byteCount) ?? []
    return LogSnapshot(
      descriptor: spill?.duplicate() ?? -1, fileEnd: spilled, tail: tail,
      gaps: lost.map {
        LogSnapshot.Gap(
          range: $0,
          lines: lineEnds(beforeBlockAt: $0.upperBound) - lineEnds(beforeBlockAt: $0.lowerBound))
      })
  }
}

extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let tab = UInt8(ascii: "\t")
  static let escape: UInt8 = 0x1B
}

extension UnsafeRawBufferPointer {
  /// Where a byte stands first at or after a place.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    guard let base = baseAddress, start < count,
      let found = memchr(base + start, Int32(byte), count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// How often a byte stands in it.
  ///
  /// Eight bytes are looked at in one go, in stretches that the compiler can lay out as vectors:
  /// whatever could trap would keep it from that.
  func count(of byte: UInt8) -> Int {
    guard let start = baseAddress else { return 0 }
    let wanted = UInt64(byte) &* 0x0101_0101_0101_0101
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let everyOther: UInt64 = 0x00FF_00FF_00FF_00FF
    let stretch = 240
    var total = 0
    var index = 0
    while index &+ stretch <= count {
      // A counter for each of the eight, which holds no more than 255.
      var counters: UInt64 = 0
      for place in 0..<stretch / 8 {
        let word = (start + index).loadUnaligned(fromByteOffset: place &* 8, as: UInt64.self)
        let different = word ^ wanted
        counters &+= ~((different & low) &+ low | different | low) &>> 7
      }
      let pairs = (counters & everyOther) &+ (counters &>> 8 & everyOther)
      total &+= Int((pairs &* 0x0001_0001_0001_0001) &>> 48)
      index &+= stretch
    }
    return total + self[index...].count { $0 == byte }
  }

  /// Where a byte stands last before a place.
  func lastIndex(of byte: UInt8, before end: Int) -> Int? {
    var index = end - 1
    while index >= 0, self[index] != byte { index -= 1 }
    return index < 0 ? nil : index
  }
}

extension Range<Int> {
  /// The beginning of the range.
  func prefix(_ count: Int) -> Range<Int> {
    count >= self.count ? self : lowerBound..<lowerBound + Swift.max(0, count)
  }
}
