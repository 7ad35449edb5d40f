import Glibc

/// A log as it was at one moment, for saving it outside of the main loop.
public final class LogSnapshot: Sendable {
  /// A part that is not kept.
  struct Gap: Equatable, Sendable {
    var range: Range<Int>
    var lines: Int

    /// What is said of so many lost lines; without a line end among it, it is a part of one.
    static func note(lines: Int) -> String {
      lines > 1 ? "\(logLines(lines)) are not kept" : "\(logLines(1)) is not kept"
    }
  }

  private let descriptor: Int32
  private let fileEnd: Int
  private let tail: [UInt8]
  private let gaps: [Gap]

  /// Takes over the descriptor of the file that holds all before the tail.
  init(descriptor: Int32, fileEnd: Int, tail: [UInt8], gaps: [Gap]) {
    self.descriptor = descriptor
    self.fileEnd = fileEnd
    self.tail = tail
    self.gaps = gaps
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// How many bytes the log has.
  public var byteCount: Int { fileEnd + tail.count }

  /// What went wrong while a log was saved.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    /// The number of the error, as in errno(3).
    public var code: Int32
    /// What it means, in the words of the C library.
    public var description: String { String(cString: strerror(code)) }
  }

  /// Writes the whole log as it came, escapes included, with a line in place of what is not kept.
  public func write(to target: Int32) throws(Failure) {
    var offset = 0
    while offset < byteCount { offset = try write(from: offset, to: target) }
  }

  /// Writes one slice of the log, of at most 1 MiB.
  ///
  /// - Returns: where the next one starts; at ``byteCount`` all is written.
  public func write(from offset: Int, to target: Int32) throws(Failure) -> Int {
    if offset >= fileEnd {
      try Self.write(tail[min(tail.count, offset - fileEnd)...], to: target)
      return byteCount
    }
    let gap = gaps.first { $0.range.upperBound > offset }
    if let gap, gap.range.lowerBound <= offset {
      // A line of its own, also where the text before it has not ended.
      try Self.write("\n[… \(Gap.note(lines: gap.lines)) …]\n".utf8, to: target)
      return gap.range.upperBound
    }
    let end = min(offset + 1 << 20, fileEnd, gap?.range.lowerBound ?? fileEnd)
    var isRead = false
    let bytes = [UInt8](unsafeUninitializedCapacity: end - offset) { buffer, count in
      isRead = logRead(descriptor, into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      count = isRead ? end - offset : 0
    }
    guard isRead else { throw Failure(code: EIO) }
    try Self.write(bytes, to: target)
    return end
  }

  private static func write(
    _ bytes: some Sequence<UInt8>, to target: Int32
  ) throws(Failure) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(target, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure(code: count < 0 ? errno : EIO) }
      rest = rest.dropFirst(count)
    }
  }
}
