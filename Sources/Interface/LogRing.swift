/// The most recent bytes of a log, in whole blocks; a place in the log has its place here, modulo
/// the capacity.
struct LogRing: ~Copyable {
  let capacity: Int
  private let memory: UnsafeMutableRawPointer

  init(capacity: Int) {
    self.capacity = capacity
    memory = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit { memory.deallocate() }

  /// Puts bytes over those that were one capacity before them; they must fit in one block.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    guard let source = bytes.baseAddress else { return }
    (memory + offset % capacity).copyMemory(from: source, byteCount: bytes.count)
  }

  /// As much of a range as lies in one piece, at its beginning.
  func bytes(in range: Range<Int>) -> UnsafeRawBufferPointer {
    let place = range.lowerBound % capacity
    return UnsafeRawBufferPointer(
      start: memory + place, count: min(range.count, capacity - place))
  }

  /// Copies a range.
  func copy(_ range: Range<Int>, to buffer: UnsafeMutableRawBufferPointer) {
    var done = 0
    while done < range.count {
      let part = bytes(in: range.lowerBound + done..<range.upperBound)
      UnsafeMutableRawBufferPointer(rebasing: buffer[done..<done + part.count])
        .copyMemory(from: part)
      done += part.count
    }
  }
}
