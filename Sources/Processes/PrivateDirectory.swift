import Glibc
import SystemPackage

/// A folder for the files of one run, which nobody else may read; to be removed when it is over.
package struct PrivateDirectory: Sendable {
  /// Its path, without blanks: Nix splits NIX_SSHOPTS at them.
  package let path: String

  /// Makes a folder below /tmp; `nil` when that is impossible.
  package init?() {
    var template = Array("/tmp/nix-builders-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private init(path: String) { self.path = path }

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
  }
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
