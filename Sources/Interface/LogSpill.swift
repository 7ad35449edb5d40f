import Glibc

/// Where a whole log is kept: a file without a name, with mode 600, that is gone with this process.
struct LogSpill: ~Copyable {
  private let descriptor: Int32
  /// Why there is no such file; 0 when there is one.
  let fault: Int32
  /// Where the permission for the file goes back to.
  private let files: LogFiles?

  /// Makes the file in the first of these folders that takes one.
  init(directories: [String] = LogSpill.directories) {
    (descriptor, fault) = Self.make(in: directories)
    files = nil
  }

  private static func make(
    in directories: [String] = LogSpill.directories
  ) -> (descriptor: Int32, fault: Int32) {
    var descriptor: Int32 = -1
    var fault = ENOENT
    for directory in directories where descriptor < 0 {
      let name = "\(directory)/nix-builders-log-\(UInt64.random(in: 0 ... .max))"
      descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      fault = descriptor < 0 ? errno : 0
      if descriptor >= 0 { unlink(name) }
    }
    return (descriptor, fault)
  }

  /// Makes the file if one more may be open.
  init(oneOf files: LogFiles) {
    guard files.take() else {
      (descriptor, fault, self.files) = (-1, EMFILE, nil)
      return
    }
    let made = Self.make()
    (descriptor, fault, self.files) = (made.descriptor, made.fault, files)
  }

  /// Takes over a file that is open for reading and writing.
  init(descriptor: Int32) {
    self.descriptor = descriptor
    fault = 0
    files = nil
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    files?.giveBack()
  }

  /// TMPDIR, where it is set, then /tmp.
  static var directories: [String] {
    guard let own = getenv("TMPDIR"), own.pointee != 0 else { return ["/tmp"] }
    return [String(cString: own), "/tmp"]
  }

  /// Another descriptor for the same file, for a reader of its own; negative when there is none.
  func duplicate() -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }

  /// Writes at a place in the file.
  ///
  /// - Returns: how many of the bytes were taken, fewer than all with the cause.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> (count: Int, fault: Int32) {
    if descriptor < 0 { return (0, fault) }
    var done = 0
    while done < bytes.count {
      let part = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = pwrite(descriptor, part.baseAddress, part.count, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return (done, count < 0 ? errno : ENOSPC) }
      done += count
    }
    return (done, 0)
  }

  /// Fills the buffer from a place in the file; `false` when that is impossible.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    logRead(descriptor, into: buffer, at: offset)
  }
}

/// Fills the buffer from a place in a file; `false` when that is impossible.
func logRead(
  _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
) -> Bool {
  var done = 0
  while done < buffer.count {
    let part = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
    let count = pread(descriptor, part.baseAddress, part.count, off_t(offset + done))
    if count < 0, errno == EINTR { continue }
    if count <= 0 { return false }
    done += count
  }
  return true
}
