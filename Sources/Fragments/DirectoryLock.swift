import Base
import Glibc

/// The lock that a writer holds on the output directory: a file there with flock(2), which ends
/// with the process in any case. The file says who holds it, and goes when the lock is released.
struct DirectoryLock {
  static let fileName = ".nix-builders.lock"

  private let path: String
  private let descriptor: Int32

  init(_ files: OutputFiles) throws(OutputError) {
    path = files.location(of: Self.fileName)
    let shown = files.shown(Self.fileName)
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else {
        if errno == ELOOP { throw .symbolicLink(path: shown) }
        throw .unwritable(errno == ENOSPC || errno == EDQUOT ? files.name : shown, errno)
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        let owner = Self.owner(in: descriptor)
        close(descriptor)
        if code == EINTR { continue }
        if code == EWOULDBLOCK { throw .locked(path: files.name, owner: owner) }
        throw .unwritable(shown, code)
      }
      // Its last owner may have taken the file away just before we got the lock on it.
      var (held, there) = (stat(), stat())
      if fstat(descriptor, &held) == 0, lstat(path, &there) == 0, held.st_ino == there.st_ino {
        self.descriptor = descriptor
        break
      }
      close(descriptor)
    }
    // Should it be left behind, whoever owns the directory can still use it. That the owner's name
    // cannot be written, on a full disk, is no reason not to lock.
    _ = fchown(descriptor, files.status.st_uid, files.status.st_gid)
    let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
    let owner = Array("\(getpid()) \(user)\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, owner, owner.count, 0)
  }

  func release() {
    unlink(path)
    close(descriptor)
  }

  private static func owner(in descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    let words = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).unicodeScalars.words
    return words.count == 2 ? "process \(words[0]) of \(words[1])" : "another process"
  }
}
