import Checks
import Dispatch
import Glibc

/// Reads a log in a thread of its own, and no faster than what it reads is taken.
final class LogPipe: Sendable {
  /// How many pieces may wait to be taken.
  private static let room = 4
  /// How much is read at once, in bytes.
  static let pieceLength = 256 * 1024
  /// `F_SETPIPE_SZ` of <linux/fcntl.h>, which the C library's module leaves out.
  private static let setPipeSize: Int32 = 1031

  private let descriptor: Int32
  private let free = DispatchSemaphore(value: LogPipe.room)

  /// What is read.
  enum Piece {
    case batch(NixLogBatch)
    /// The end; not `nil` when it is not the log's.
    case end(problem: String?)
  }

  init(descriptor: Int32) {
    self.descriptor = descriptor
    // A larger pipe takes more before its writer has to wait; where that is refused, it goes
    // without.
    _ = fcntl(descriptor, Self.setPipeSize, 1 << 20)
  }

  /// Begins to read.
  ///
  /// - Parameter send: is called from the thread, with the end as the last.
  func start(_ send: @escaping @Sendable (Piece) -> Void) {
    DispatchQueue(label: "log").async {
      Self.read(self.descriptor) { piece in
        self.free.wait()
        send(piece)
      }
    }
  }

  /// A piece was taken: there is room for another.
  func taken() { free.signal() }

  /// Reads up to the end.
  static func read(_ descriptor: Int32, _ send: (Piece) -> Void) {
    var reader = NixLogReader()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceLength, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR { continue }
      let fault = errno
      var batch = NixLogBatch()
      if count > 0 {
        reader.read(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &batch)
        if count < buffer.count, !hasMore(descriptor) { reader.passOnBegun(into: &batch) }
      } else {
        reader.finish(into: &batch)
      }
      if !batch.isEmpty { send(.batch(batch)) }
      if count <= 0 {
        return send(.end(problem: count < 0 ? String(cString: strerror(fault)) : nil))
      }
    }
  }

  private static func hasMore(_ descriptor: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) > 0
  }
}
