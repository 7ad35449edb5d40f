import Glibc

/// Why a file could not be read as a whole.
public enum FileFault: Error, Equatable, Sendable {
  /// It is something else than a file.
  case notFile(FileKind)
  /// It is longer than it may be.
  case tooLong(FileLimit)
  /// Nothing more came through a pipe, and its other end stayed open.
  case silent
  /// The system refused, with this error's number.
  case failed(Int32)

  /// Whether nothing is there.
  public var isMissing: Bool { self == .failed(ENOENT) || self == .failed(ENOTDIR) }
}

extension FileFault: CustomStringConvertible {
  /// What is wrong, as a sentence.
  public var description: String {
    switch self {
    case .notFile(let kind): "It is \(kind.rawValue), not a file."
    case .tooLong(let limit): "It is longer than \(limit), and no more is read of such a file."
    case .silent: "Nothing more came from it, and it did not end."
    case .failed(let code): "\(String(cString: strerror(code)))."
    }
  }
}

/// What may stand where a file is expected.
public enum FileKind: String, Sendable {
  /// A file that holds bytes.
  case regular = "a file"
  /// A directory.
  case folder = "a folder"
  /// A FIFO, or the pipe of a shell.
  case pipe = "a named pipe"
  /// A Unix socket.
  case socket = "a socket"
  /// A character or block device.
  case device = "a device"
  /// A symbolic link, where none is followed.
  case link = "a symbolic link"

  /// The kind that stat(2) tells. The null device is as good as an empty file, and people name it.
  public init(_ status: stat) {
    let null = dev_t(1 << 8 | 3)
    if status.st_mode & S_IFMT == S_IFCHR, status.st_rdev == null {
      self = .regular
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .folder
    case S_IFIFO: self = .pipe
    case S_IFSOCK: self = .socket
    case S_IFLNK: self = .link
    default: self = .device
    }
  }
}
