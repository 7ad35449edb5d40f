import Checks
import Dispatch
import Glibc
import Nix
import Synchronization

/// Reads a log in a thread of its own, and no faster than what it reads is taken.
final class LogPipe: Sendable {
  /// How many pieces may wait to be taken.
  private static let room = 4
  /// How much is read at once, in bytes.
  static let pieceLength = 256 * 1024
  /// `F_SETPIPE_SZ` of <linux/fcntl.h>, which the C library's module leaves out.
  private static let setPipeSize: Int32 = 1031

  private let descriptor: Int32
  /// Counts up from 0, since one that is let go of must not be below where it began.
  private let free = DispatchSemaphore(value: 0)

  /// Batches that were taken, whose memory is used again: a log has many thousands of them.
  private let used = Mutex<[NixLogBatch]>([])

  /// What is read.
  enum Piece {
    case batch(NixLogBatch)
    /// The end; not `nil` when it is not the log's.
    case end(problem: String?)
  }

  init(descriptor: Int32) {
    self.descriptor = descriptor
    for _ in 0..<Self.room { free.signal() }
    // A larger pipe takes more before its writer has to wait; where that is refused, it goes
    // without.
    _ = fcntl(descriptor, Self.setPipeSize, 1 << 20)
  }

  /// Begins to read.
  ///
  /// - Parameter send: is called from the thread, with the end as the last.
  func start(_ send: @escaping @Sendable (Piece) -> Void) {
    DispatchQueue(label: "log").async {
      Self.read(
        self.descriptor,
        batch: { self.used.withLock { $0.popLast() } ?? NixLogBatch() },
        send: { piece in
          self.free.wait()
          send(piece)
        })
    }
  }

  /// A batch was taken: there is room for another.
  func take(back batch: NixLogBatch) {
    used.withLock { $0.append(batch) }
    free.signal()
  }

  /// Reads up to the end.
  ///
  /// - Parameter batch: gives one to fill, whatever is in it.
  static func read(
    _ descriptor: Int32, batch: () -> NixLogBatch = { NixLogBatch() }, send: (Piece) -> Void
  ) {
    var reader = NixLogReader()
    var piece: [UInt8] = []
    while true {
      // Where its memory was exchanged with that of a batch, there is less in it.
      if piece.count < pieceLength {
        piece.append(contentsOf: repeatElement(0, count: pieceLength - piece.count))
      }
      let count = piece.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, pieceLength)
      }
      if count < 0, errno == EINTR { continue }
      let fault = errno
      var batch = batch()
      batch.clear()
      if count > 0 {
        reader.read(&piece, count: count, into: &batch)
        if count < pieceLength, !hasMore(descriptor) { reader.passOnBegun(into: &batch) }
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
