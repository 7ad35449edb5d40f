import Base
import Glibc

/// What a transaction does to one file, and under which names the file's contents are on disk
/// meanwhile. Each thing that it does can be done again after it was broken off anywhere.
struct OutputStep: Codable, Equatable {
  /// Where the file is, below the directory.
  var file: String
  /// The digest of what the file becomes; `nil` when it goes.
  var digest: String?
  /// The ending of the name under which the old file is kept; `nil` where there is none.
  var backup: String?

  private static let newEnding = ".new"
  private static let oldEnding = ".old"

  /// The names of what belongs to it.
  struct Paths {
    /// Where the file itself is.
    let place: String
    /// What it becomes.
    let new: String
    /// A second name of what it was.
    let old: String
    /// Where what it was is kept in the end.
    let backup: String?
    /// Where an edit goes that nobody has asked about.
    let edit: String
  }

  /// The names below a directory.
  func paths(in files: OutputFiles) -> Paths {
    let place = files.location(of: file)
    let folder = OutputFiles.folder(of: place)
    let scalars = place.unicodeScalars
    let name = scalars.lastIndex(of: "/").map { scalars[$0...].dropFirst() } ?? scalars[...]
    return Paths(
      place: place, new: "\(folder)/.\(name)\(Self.newEnding)",
      old: "\(folder)/.\(name)\(Self.oldEnding)", backup: backup.map { place + $0 },
      edit: "\(place).edited.bak")
  }

  /// The file that a temporary name belongs to; `nil` for any other name.
  static func file(ofTemporary name: String) -> String? {
    let scalars = name.unicodeScalars
    guard scalars.first == "." else { return nil }
    for ending in [newEnding, oldEnding] where scalars.hasSuffix(ending) {
      return String(scalars.dropFirst().dropLast(ending.unicodeScalars.count))
    }
    return nil
  }

  // MARK: - What is done

  /// Puts the new file into its place, or takes the old one away.
  ///
  /// - Returns: 0 or the error's number.
  func place(in files: OutputFiles) -> Int32 {
    let paths = paths(in: files)
    let done = digest == nil ? unlink(paths.place) : rename(paths.new, paths.place)
    return done == 0 ? 0 : errno
  }

  /// Brings the old file back. It may be in its place still.
  func takeBack(in files: OutputFiles) -> Int32 {
    let paths = paths(in: files)
    if isPlaced(paths) {
      let done = backup == nil ? unlink(paths.place) : rename(paths.old, paths.place)
      if done != 0, errno != ENOENT { return errno }
    }
    for left in [paths.old, paths.new] where unlink(left) != 0 && errno != ENOENT { return errno }
    return 0
  }

  /// Gives the old file the name of its backup, in the place of the last one.
  func keepBackup(in files: OutputFiles) -> Int32 {
    let paths = paths(in: files)
    guard let backup = paths.backup else { return 0 }
    if rename(paths.old, backup) != 0, errno != ENOENT { return errno }
    return unlink(paths.old) == 0 || errno == ENOENT ? 0 : errno
  }

  /// Takes away what was prepared, while the file is as it was.
  func abandon(in files: OutputFiles) {
    let paths = paths(in: files)
    unlink(paths.new)
    unlink(paths.old)
  }

  // MARK: - After a break

  /// What is in the file's place.
  private enum Found { case nothing, new, old, foreign }

  private func found(_ paths: Paths) -> Found {
    do throws(FileFault) {
      let here = try WholeFile(paths.place, atMost: .inventory, followsLink: false)
      if let digest, FNV.digest(here.bytes) == digest { return .new }
      let old = try? WholeFile(paths.old, atMost: .inventory, followsLink: false)
      return old?.bytes == here.bytes ? .old : .foreign
    } catch {
      return error.isMissing ? .nothing : .foreign
    }
  }

  /// Puts the new file into its place if that was not done yet. An edit that somebody has made
  /// meanwhile is kept.
  func placeAfterBreak(in files: OutputFiles) -> Int32 {
    let paths = paths(in: files)
    let isPending = digest == nil ? exists(paths.old) : exists(paths.new)
    guard isPending else { return 0 }
    var found = found(paths)
    if found == .foreign {
      if rename(paths.place, paths.edit) != 0 { return errno }
      found = .nothing
    }
    return digest == nil && found == .nothing ? 0 : place(in: files)
  }

  /// Brings the old file back, however far that has come. An edit that somebody has made meanwhile
  /// is kept.
  func takeBackAfterBreak(in files: OutputFiles) -> Int32 {
    let paths = paths(in: files)
    guard found(paths) == .foreign else { return takeBack(in: files) }
    if backup == nil || !isPlaced(paths) || !exists(paths.old) {
      abandon(in: files)
      return 0
    }
    return rename(paths.place, paths.edit) == 0 ? takeBack(in: files) : errno
  }

  /// Whether the new file has gone into its place, or the old one is taken away.
  private func isPlaced(_ paths: Paths) -> Bool {
    digest == nil ? !exists(paths.place) : !exists(paths.new)
  }

  private func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }
}
