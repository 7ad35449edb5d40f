import Glibc

/// Memory to which lines are written one after the other, without the checks that an array makes
/// each time.
struct NixLogOutput: ~Copyable {
  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  private(set) var count = 0

  /// Room beyond the end, so that eight bytes can be written in one go.
  private static let slack = 8

  init(capacity: Int = 1 << 16) {
    self.capacity = capacity
    memory = .allocate(byteCount: capacity + Self.slack, alignment: 8)
  }

  deinit { memory.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

  mutating func removeAll() { count = 0 }

  /// Takes back what was written since there were so many bytes.
  mutating func shorten(to count: Int) { self.count = count }

  private mutating func reserve(_ more: Int) {
    if count + more <= capacity { return }
    let grown = max(2 * capacity, count + more)
    let new = UnsafeMutableRawPointer.allocate(byteCount: grown + Self.slack, alignment: 8)
    new.copyMemory(from: memory, byteCount: count)
    memory.deallocate()
    memory = new
    capacity = grown
  }

  mutating func append(_ byte: UInt8) {
    reserve(1)
    memory.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    reserve(bytes.count)
    (memory + count).copyMemory(from: start, byteCount: bytes.count)
    count += bytes.count
  }

  mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  /// Appends what is between two quotes of a JSON object without its escapes.
  ///
  /// - Parameters:
  ///   - range: where it is in the object, of which at least eight bytes come after it.
  /// - Returns: how many line ends there are in it; `nil` when it is broken, or ends earlier.
  mutating func append(text range: Range<Int>, of object: UnsafeRawBufferPointer) -> Int? {
    precondition(range.upperBound + 8 <= object.count)
    reserve(range.count)
    var lineEnds = 0
    var place = range.lowerBound
    while true {
      let word = object.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      memory.storeBytes(of: word, toByteOffset: count, as: UInt64.self)
      let special = NixLogText.quotesAndBackslashes(in: UInt64(littleEndian: word))
      if special == 0 {
        place += 8
        count += 8
        // The quote at the end of the text stops this.
        continue
      }
      let plain = special.trailingZeroBitCount / 8
      place += plain
      count += plain
      if place == range.upperBound { return lineEnds }
      guard place < range.upperBound, object[place] == UInt8(ascii: "\\") else { return nil }
      let rest = UnsafeRawBufferPointer(rebasing: object[place + 1..<range.upperBound])
      var used = 0
      guard let character = NixLogText.escape(in: rest, at: &used) else { return nil }
      if character == "\n" { lineEnds += 1 }
      for byte in character.utf8 { append(byte) }
      place += 1 + used
    }
  }
}
