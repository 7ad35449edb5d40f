import Base
import Glibc
import SystemPackage

/// Reads and writes a file that is nobody else's business: mode 600, replaced as a whole.
enum PrivateFile {
  /// The content; `nil` when there is no such file, or it is not this user's own.
  static func read(_ path: String) -> [UInt8]? {
    guard let file = try? WholeFile(path, atMost: .inventory, followsLink: false),
      file.status.st_uid == geteuid()
    else { return nil }
    return file.bytes
  }

  /// Puts new content in the place of the old one: whoever is killed meanwhile leaves either.
  ///
  /// - Returns: whether it is on the disk.
  @discardableResult
  static func write(_ bytes: [UInt8], to path: String) -> Bool {
    let temporary = path + ".new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    var isWritten = (try? FileDescriptor(rawValue: descriptor).writeAll(bytes)) != nil
    if fsync(descriptor) != 0 { isWritten = false }
    if close(descriptor) != 0 { isWritten = false }
    if isWritten, rename(temporary, path) == 0 { return true }
    unlink(temporary)
    return false
  }
}
