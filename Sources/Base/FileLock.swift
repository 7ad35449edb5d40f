import Glibc

/// A lock that programs hold on a file to keep each other away (flock(2)). It ends with the process
/// in any case.
///
/// Taking it may block the thread, for as long as one says.
public final class FileLock: Sendable {
  private let descriptor: Int32

  /// Why there is no lock.
  public enum Failure: Error, Equatable, Sendable {
    /// Another program has it, and has kept it; who, as far as the file says.
    case held(by: String?)
    /// The file cannot be locked.
    case failed(Int32)
  }

  /// Takes the lock.
  ///
  /// - Parameters:
  ///   - path: the file; it is made, for its owner alone, where it is missing.
  ///   - limit: how long somebody else may keep it meanwhile.
  public init(_ path: String, within limit: Duration) throws(Failure) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .failed(errno) }
    let end = ContinuousClock.now + limit
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      guard code == EWOULDBLOCK, ContinuousClock.now < end else {
        let failure =
          code == EWOULDBLOCK ? Failure.held(by: Self.holder(in: descriptor)) : .failed(code)
        close(descriptor)
        throw failure
      }
      usleep(10_000)
    }
    let words = "process \(getpid())\n"
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, words, words.utf8.count, 0)
    self.descriptor = descriptor
  }

  private static func holder(in descriptor: Int32) -> String? {
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    let words = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
      .unicodeScalars.words.strings
    guard words.count == 2, words[0] == "process", Int(words[1]) != nil else { return nil }
    return "process \(words[1])"
  }

  deinit { close(descriptor) }
}

extension FileLock.Failure: CustomStringConvertible {
  /// Why there is no lock, as a sentence.
  public var description: String {
    switch self {
    case .held(let holder):
      "\(holder ?? "Another program") holds the lock and does not let go of it."
    case .failed(let code): "\(String(cString: strerror(code)))."
    }
  }
}
