import Glibc
import Interface

extension LogSnapshot {
  /// Writes the log to a new file.
  ///
  /// - Returns: what went wrong; `nil` when nothing did.
  func save(to path: String) -> String? {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = open(path, flags, 0o644)
    guard descriptor >= 0 else { return "\(path): \(String(cString: strerror(errno)))" }
    defer { close(descriptor) }
    do {
      try write(to: descriptor)
      return nil
    } catch {
      return "\(path): \(error)"
    }
  }
}
