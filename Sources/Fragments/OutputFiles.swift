import Base
import Glibc

/// A file of the output directory as it is on disk.
struct PresentFile {
  /// Where it really is: below the directory, whatever symbolic links lead to it.
  var location: String
  var bytes: [UInt8]
  /// Its owner and modes.
  var status: stat
}

/// The output directory on disk: the only way to its files, none of which leads out of it.
struct OutputFiles {
  /// What the user calls it; for messages.
  let name: String
  /// Where it really is: its own path may go over symbolic links.
  private let root: String
  /// Its owner and modes.
  let status: stat

  /// Finds the directory; `nil` when there is none.
  init?(at name: String) throws(OutputError) {
    self.name = name
    guard let root = realPath(name) else {
      if errno == ENOENT { return nil }
      throw .unreadable(name, errno)
    }
    var status = stat()
    guard stat(root, &status) == 0 else { throw .unreadable(name, errno) }
    guard isKind(status, S_IFDIR) else { throw .unreadable(name, ENOTDIR) }
    self.root = root
    self.status = status
  }

  /// Makes the directory and those above it, each owned like the one that it is made in: people
  /// keep their configuration in a folder of their own and run this as root.
  static func make(at name: String) throws(OutputError) {
    var path = name.unicodeScalars.first == "/" ? "/" : "."
    for part in name.unicodeScalars.split(separator: "/") {
      let parent = path
      path += "/\(part)"
      if mkdir(path, 0o755) == 0 {
        var owner = stat()
        if stat(parent, &owner) == 0 { _ = lchown(path, owner.st_uid, owner.st_gid) }
        try synchronize(parent)
      } else if errno != EEXIST {
        throw .unwritable(name, errno)
      }
    }
  }

  /// A file's path as the user would write it.
  func shown(_ file: String) -> String {
    name.unicodeScalars.last == "/" ? name + file : "\(name)/\(file)"
  }

  /// Where a file is to be made that is not there yet.
  func location(of file: String) -> String { "\(root)/\(file)" }

  /// A path in the directory, from there on; `nil` for any other.
  func relative(_ location: String?) -> String? {
    guard let location = location?.unicodeScalars, location.hasPrefix("\(root)/") else {
      return nil
    }
    return String(location.dropFirst(root.unicodeScalars.count + 1))
  }

  /// The folder that a file lies in.
  static func folder(of location: String) -> String {
    location.unicodeScalars.lastIndex(of: "/").map {
      String(location.unicodeScalars[..<$0])
    } ?? "."
  }

  /// The names of what the directory holds.
  func list() throws(OutputError) -> [String] {
    guard let directory = opendir(root) else { throw .unreadable(name, errno) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  /// Reads a file; `nil` when it is not there.
  func read(_ file: String) throws(OutputError) -> PresentFile? {
    // An alias that no rule has seen yet may hold anything.
    guard !file.utf8.contains(UInt8(ascii: "/")) else { throw .unreadable(shown(file), EINVAL) }
    var location = location(of: file)
    var status = stat()
    guard lstat(location, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw .unreadable(shown(file), errno)
    }
    if isKind(status, S_IFLNK) {
      guard let target = realPath(location), target.unicodeScalars.hasPrefix("\(root)/") else {
        throw .symbolicLink(path: shown(file))
      }
      location = target
    }
    do throws(FileFault) {
      // What was no link a moment ago is not followed if it became one.
      let whole = try WholeFile(location, atMost: .inventory, followsLink: false)
      return PresentFile(location: location, bytes: whole.bytes, status: whole.status)
    } catch {
      throw .unreadable(shown(file), error)
    }
  }
}

/// Writes what was done to a file or folder to the disk.
func synchronize(_ path: String) throws(OutputError) {
  let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
  guard descriptor >= 0 else { throw .unwritable(path, errno) }
  defer { close(descriptor) }
  // Some file systems have no such thing for folders.
  guard fsync(descriptor) == 0 || errno == EINVAL else { throw .unwritable(path, errno) }
}

func isKind(_ status: stat, _ kind: mode_t) -> Bool { status.st_mode & S_IFMT == kind }

/// The path without symbolic links; `nil`, with `errno` set, when it leads nowhere.
func realPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}
