import Base
import Builders
import Glibc

/// Why the output directory could not be read or written. Each names the path.
public enum OutputError: Error, Equatable, Sendable {
  /// builders.json cannot be used.
  case unusable(path: String, problems: InventoryError)
  /// A file could not be read.
  case unreadable(path: String, reason: String)
  /// A file could not be written.
  case unwritable(path: String, reason: String)
  /// Another nix-builders is writing there.
  case locked(path: String, owner: String)
  /// Files were edited by hand and their replacement was not allowed; their paths.
  case edited([String])
  /// A symbolic link leads out of the directory.
  case symbolicLink(path: String)
  /// builders.json is not what it was when it was read.
  case changed(path: String)
  /// Some files are new and some are old, and the next writer makes them one again.
  indirect case unfinished(OutputError)
  /// All files are new, and may be old again after a power cut; their names.
  indirect case writtenUnsafely(names: [String], OutputError)
  /// All files are new, but the old ones have not got the names of their backups yet.
  indirect case writtenWithoutBackup(names: [String], OutputError)

  /// The names of the files that were written in spite of it.
  public var written: [String]? {
    switch self {
    case .writtenUnsafely(let names, _), .writtenWithoutBackup(let names, _): names
    default: nil
    }
  }
}

extension OutputError: CustomStringConvertible {
  /// What happened, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .unusable(let path, let error):
      let more = error.problems.count - 1
      let rest = more > 0 ? " And \(more) more." : ""
      return "\(path) cannot be used: \(error.problems.first?.description ?? "")\(rest)"
    case .unreadable(let path, let reason): return "\(path) cannot be read: \(reason)"
    case .unwritable(let path, let reason): return "\(path) cannot be written: \(reason)"
    case .locked(let path, let owner):
      return "\(path): another nix-builders is writing there (\(owner)). Try again when it is done."
    case .edited(let paths):
      let subject = paths.count == 1 ? "was" : "were"
      return "\(paths.joined(separator: ", ")) \(subject) edited by hand. Nothing was written; "
        + "look at the difference and allow the replacement, or move the edit elsewhere."
    case .symbolicLink(let path):
      return "\(path) is a symbolic link that leads out of the folder. Put a file in its place, "
        + "or name the folder that it leads to with --directory."
    case .changed(let path):
      return "\(path) was changed by somebody else since it was read. Nothing was written; "
        + "open it again."
    case .unfinished(let cause):
      return "\(cause) Some files are new and some are old now; the next writing there makes them "
        + "one again."
    case .writtenUnsafely(_, let cause):
      return "All files were written, but they may be the old ones again after a power cut: "
        + "\(cause)"
    case .writtenWithoutBackup(_, let cause):
      return "All files were written, but what they replace is not kept under its name yet: "
        + "\(cause) The next writing there does it."
    }
  }

  static func unreadable(_ path: String, _ code: Int32) -> OutputError {
    .unreadable(path: path, reason: reason(code))
  }

  static func unwritable(_ path: String, _ code: Int32) -> OutputError {
    .unwritable(path: path, reason: reason(code))
  }

  static func unreadable(_ path: String, _ fault: FileFault) -> OutputError {
    if case .failed(let code) = fault { return .unreadable(path, code) }
    return .unreadable(path: path, reason: "\(fault) Move it out of the way.")
  }

  /// What the C library says, and what to do.
  private static func reason(_ code: Int32) -> String {
    let cause = String(cString: strerror(code))
    switch code {
    case EACCES, EPERM:
      return "\(cause). Run nix-builders as root, or name another folder with --directory."
    case EROFS: return "\(cause). Name another folder with --directory."
    case ENOSPC, EDQUOT: return "\(cause). Make room there and write again."
    case ENOTDIR: return "\(cause). A part of the path is a file; name another with --directory."
    default: return "\(cause)."
    }
  }
}
