import Glibc
import SystemPackage

/// A folder for the files of one run, which nobody else may read; to be removed when it is over.
///
/// Whoever makes one holds a lock in it, which the kernel lets go of in whatever way the program
/// ends. So the next start can tell what a killed one has left behind.
package struct PrivateDirectory: Sendable {
  /// Its path, without blanks: Nix splits NIX_SSHOPTS at them.
  package let path: String
  /// What holds the lock; -1 where there is none.
  private let lock: Int32

  /// Makes a folder below /tmp; `nil` when that is impossible.
  package init?() {
    var template = Array("/tmp/nix-builders-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    lock = open("\(path)/\(Self.lockName)", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if lock >= 0 { flock(lock, LOCK_EX | LOCK_NB) }
  }

  private init(path: String) {
    self.path = path
    lock = -1
  }

  /// Makes a folder in it that belongs to somebody else, who then may pass through this one.
  ///
  /// - Returns: it; `nil` when that is impossible.
  package func folder(_ name: String, of person: InvokingPerson) -> PrivateDirectory? {
    let folder = PrivateDirectory(path: "\(path)/\(name)")
    guard mkdir(folder.path, 0o700) == 0,
      chown(folder.path, person.userID, person.groupID) == 0, chmod(path, 0o711) == 0
    else {
      rmdir(folder.path)
      return nil
    }
    return folder
  }

  /// Writes a file with mode 600.
  ///
  /// - Parameter isPublic: whether everybody who gets to it may read it.
  /// - Returns: its path; `nil` when it could not be written.
  package func write(_ text: String, to name: String, isPublic: Bool = false) -> String? {
    let file = "\(path)/\(name)"
    let mode: mode_t = isPublic ? 0o644 : 0o600
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { return nil }
    if isPublic { fchmod(descriptor, mode) }
    defer { close(descriptor) }
    guard (try? FileDescriptor(rawValue: descriptor).writeAll(text.utf8)) != nil else {
      return nil
    }
    return file
  }

  /// Removes the folder with the files in it.
  package func remove() {
    for name in fileNames(in: path) { unlink("\(path)/\(name)") }
    rmdir(path)
    if lock >= 0 { close(lock) }
  }
}

// MARK: - Left behind

extension PrivateDirectory {
  private static let prefix = "nix-builders-"
  private static let lockName = ".lock"

  /// Removes the folders of programs that were killed, with all that is in them. One that somebody
  /// holds, or that has no lock, is left alone.
  ///
  /// - Parameter place: where to look.
  package static func removeLeftOvers(in place: String = "/tmp") {
    for name in fileNames(in: place)
    where name.unicodeScalars.hasPrefix(prefix) && name.utf8.count == prefix.utf8.count + 6 {
      let path = "\(place)/\(name)"
      var status = stat()
      // Only a folder of one's own: in /tmp anybody can make one with such a name.
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
        status.st_uid == geteuid()
      else { continue }
      let lock = open("\(path)/\(lockName)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
      guard lock >= 0 else { continue }
      defer { close(lock) }
      // Between its making and its lock a moment passes.
      guard fstat(lock, &status) == 0, time(nil) - status.st_mtim.tv_sec >= youngest,
        flock(lock, LOCK_EX | LOCK_NB) == 0
      else { continue }
      for entry in fileNames(in: path) {
        PrivateDirectory(path: "\(path)/\(entry)").remove()
        unlink("\(path)/\(entry)")
      }
      rmdir(path)
    }
  }

  /// How many seconds old a folder is at least that nobody holds.
  private static let youngest = 2
}

/// The names of what a folder holds; empty when it cannot be read.
package func fileNames(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
