import Glibc

/// A file that was read as a whole: the one way in which this program does that.
///
/// Only a regular file is opened, so that nothing waits for a named pipe and no device is woken, and
/// no more is read of it than the limit, even if it grows meanwhile.
public struct WholeFile: Sendable {
  /// What it holds.
  public let bytes: [UInt8]
  /// Its owner and modes when it was read.
  public let status: stat

  /// What it holds, as text; what is no UTF-8 is replaced.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - limit: how long it may be.
  ///   - followsLink: whether the path may name a symbolic link.
  public init(
    _ path: String, atMost limit: FileLimit, followsLink: Bool = true
  ) throws(FileFault) {
    try self.init(path, limit, followsLink ? 0 : O_NOFOLLOW, mayBePipe: false)
  }

  /// Reads a file or, up to its end, what a shell's pipe such as `<(…)` gives.
  public init(fileOrPipe path: String, atMost limit: FileLimit) throws(FileFault) {
    try self.init(path, limit, 0, mayBePipe: true)
  }

  private init(
    _ path: String, _ limit: FileLimit, _ flags: Int32, mayBePipe: Bool
  ) throws(FileFault) {
    func check(_ status: stat) throws(FileFault) {
      let kind = FileKind(status)
      if kind == .regular || kind == .pipe && mayBePipe { return }
      throw .notFile(kind)
    }
    // Asked first, since opening a device is doing something with it.
    var status = stat()
    guard (flags == 0 ? stat(path, &status) : lstat(path, &status)) == 0 else {
      throw .failed(errno)
    }
    try check(status)
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags)
    guard descriptor >= 0 else { throw .failed(errno) }
    defer { close(descriptor) }
    // It may be another one by now.
    guard fstat(descriptor, &status) == 0 else { throw .failed(errno) }
    try check(status)
    if status.st_size > limit.bytes { throw .tooLong(limit) }
    bytes = try Self.read(descriptor, expecting: Int(status.st_size), atMost: limit)
    self.status = status
  }

  /// Reads what a descriptor gives up to its end.
  public static func rest(
    of descriptor: Int32, atMost limit: FileLimit
  ) throws(FileFault) -> [UInt8] {
    try read(descriptor, expecting: 64 << 10, atMost: limit, waiting: -1)
  }

  /// - Parameter milliseconds: how long a pipe may be silent; -1 for as long as it likes.
  private static func read(
    _ descriptor: Int32, expecting count: Int, atMost limit: FileLimit,
    waiting milliseconds: Int32 = 60_000
  ) throws(FileFault) -> [UInt8] {
    // Mostly the whole file at once, and its end. What lies in /proc says that it is empty.
    var bytes = [UInt8](repeating: 0, count: min(count == 0 ? 4096 : count + 1, limit.bytes + 1))
    var end = 0
    while true {
      if end == bytes.count {
        bytes.append(contentsOf: repeatElement(0, count: min(end, limit.bytes + 1 - end)))
      }
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress?.advanced(by: end), $0.count - end)
      }
      if count < 0 {
        switch errno {
        case EINTR: continue
        case EAGAIN:
          var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
          if poll(&state, 1, milliseconds) == 0 { throw .silent }
          continue
        default: throw .failed(errno)
        }
      }
      if count == 0 { break }
      end += count
      if end > limit.bytes { throw .tooLong(limit) }
    }
    bytes.removeLast(bytes.count - end)
    return bytes
  }

  /// Whether something stands where a file is meant that other programs are to read, and why not.
  ///
  /// - Returns: `nil` for a file that is not too long, and for a path where nothing is.
  public static func fault(at path: String, atMost limit: FileLimit) -> FileFault? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let kind = FileKind(status)
    if kind != .regular { return .notFile(kind) }
    return status.st_size > limit.bytes ? .tooLong(limit) : nil
  }
}
