import FoundationEssentials
import Glibc

/// Who has an output directory open in a window.
public struct WindowOwner: Equatable, Sendable, Codable {
  /// The process.
  public var process: Int32
  /// Its user.
  public var user: String
  /// The terminal it is in, such as `/dev/pts/2`; `nil` when it has none.
  public var terminal: String?
  /// When it opened the directory.
  public var since: Moment

  /// Creates a description.
  public init(process: Int32, user: String, terminal: String?, since: Moment) {
    self.process = process
    self.user = user
    self.terminal = terminal
    self.since = since
  }

  /// This process.
  static var own: WindowOwner {
    let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
    let terminal = ttyname(STDIN_FILENO).map { String(cString: $0) }
    return WindowOwner(process: getpid(), user: user, terminal: terminal, since: .now())
  }
}

/// The lock that a window holds on an output directory as long as it lives: flock(2), which ends
/// with the process in any case.
///
/// It keeps nobody from writing, which has a lock of its own. It tells a second window of the first,
/// and makes the unsaved changes that are kept those of one window.
public final class WindowLock: Sendable {
  private let descriptor: Int32

  /// What comes of asking for the lock.
  public enum Answer: Sendable {
    /// It is held now.
    case held(WindowLock)
    /// Another window has it.
    case taken(WindowOwner?)
    /// There is no place for such a lock.
    case impossible
  }

  /// Asks for the lock.
  public static func take(in directory: StateDirectory) -> Answer {
    guard directory.make() else { return .impossible }
    let path = directory.file("window.lock")
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return .impossible }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let code = errno
      let bytes = PrivateFile.read(path) ?? []
      close(descriptor)
      guard code == EWOULDBLOCK else { return .impossible }
      return .taken(try? JSONDecoder().decode(WindowOwner.self, from: Data(bytes)))
    }
    let owner = (try? JSONEncoder().encode(WindowOwner.own)).map(Array.init) ?? []
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, owner, owner.count, 0)
    return .held(WindowLock(descriptor: descriptor))
  }

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
