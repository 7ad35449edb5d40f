import Glibc
import SystemPackage

/// Files that are replaced together.
///
/// All new contents are first written beside the old ones and brought to the disk; only then are
/// they renamed into place, one after the other in the order given. So a full disk or a failing
/// one is noticed while everything is as it was, and whoever is killed in between leaves each file
/// either old or new, and whole.
struct OutputTransaction {
  private let files: OutputFiles
  private var steps: [Step] = []

  private struct Step {
    var name: String
    var location: String
    /// The new file, to be renamed; `nil` to take the old one away.
    var temporary: String?
    /// Where the old file is to be kept.
    var backup: String?
    /// The old file.
    var present: PresentFile?
  }

  init(_ files: OutputFiles) { self.files = files }

  var names: [String] { steps.map(\.name) }

  // MARK: - Preparing

  /// Writes new content beside a file. It gets the modes and the owner of the old one; a new file
  /// gets the owner of the directory.
  ///
  /// - Parameter backup: the ending of the name under which the old file is kept.
  mutating func replace(
    _ name: String, _ present: PresentFile?, with bytes: some Collection<UInt8>, backup: String
  ) throws(OutputError) {
    let location = present?.location ?? files.location(of: name)
    let temporary = Self.temporary(for: location)
    steps.append(
      Step(
        name: name, location: location, temporary: temporary,
        backup: present == nil ? nil : location + backup, present: present))
    let code = make(temporary, bytes, like: present)
    if code != 0 { throw .unwritable(files.shown(name), code) }
  }

  /// Makes a file with the owner and modes of another.
  ///
  /// - Returns: 0 or the error's number.
  private func make(
    _ path: String, _ bytes: some Collection<UInt8>, like present: PresentFile?
  ) -> Int32 {
    // What a killed process has left is in the way.
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    do {
      try FileDescriptor(rawValue: descriptor).writeAll(bytes)
    } catch {
      return (error as? Errno)?.rawValue ?? EIO
    }
    let owner = present?.status ?? files.status
    if fchown(descriptor, owner.st_uid, owner.st_gid) != 0 {
      // Only root can give a file away. A group that one is not in matters less than the owner,
      // and a new file is its maker's where the directory lets others in.
      guard present == nil || owner.st_uid == geteuid() else { return errno }
    }
    let modes = present.map { $0.status.st_mode & 0o7777 } ?? 0o644
    return fchmod(descriptor, modes) == 0 ? 0 : errno
  }

  /// Takes a file away, but for its backup.
  mutating func remove(_ name: String, _ present: PresentFile, backup: String) {
    let location = present.location
    steps.append(
      Step(name: name, location: location, backup: location + backup, present: present))
  }

  // MARK: - Carrying out

  /// Puts every file into its place.
  ///
  /// - Parameter afterEach: is called after each thing that is done to the disk.
  func commit(afterEach: () -> Void = {}) throws(OutputError) {
    for step in steps {
      guard let temporary = step.temporary else { continue }
      do { try synchronize(temporary) } catch { throw renamed(error, step) }
      afterEach()
    }
    for step in steps where step.temporary != nil { try keep(step, afterEach) }
    for step in steps {
      let moved =
        if let temporary = step.temporary {
          rename(temporary, step.location)
        } else {
          rename(step.location, step.backup ?? step.location)
        }
      guard moved == 0 else { throw .unwritable(files.shown(step.name), errno) }
      afterEach()
    }
    for folder in Set(steps.map { Self.folder(of: $0.location) }) { try synchronize(folder) }
  }

  /// Gives the old file its second name, which replaces the last backup. The file itself stays, so
  /// there is one at every moment.
  private func keep(_ step: Step, _ afterEach: () -> Void) throws(OutputError) {
    guard let backup = step.backup else { return }
    let second = Self.temporary(for: backup)
    unlink(second)
    if link(step.location, second) != 0 {
      // Not every file system has second names, or enough of them; a copy does as well.
      let hasNone = [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(errno)
      let code = hasNone ? make(second, step.present?.bytes ?? [], like: step.present) : errno
      if code != 0 { throw .unwritable(backup, code) }
      try synchronize(second)
    }
    afterEach()
    guard rename(second, backup) == 0 else { throw .unwritable(backup, errno) }
    afterEach()
    // When both are the same file already, rename(2) does nothing.
    unlink(second)
  }

  private func renamed(_ error: OutputError, _ step: Step) -> OutputError {
    if case .unwritable(_, let reason) = error {
      return .unwritable(path: files.shown(step.name), reason: reason)
    }
    return error
  }

  /// Takes away what was prepared.
  func abandon() {
    for step in steps {
      if let temporary = step.temporary { unlink(temporary) }
      if let backup = step.backup { unlink(Self.temporary(for: backup)) }
    }
  }

  // MARK: - Names

  private static let ending = ".new"

  private static func temporary(for location: String) -> String {
    let folder = folder(of: location)
    return "\(folder)/.\(location.dropFirst(folder.utf8.count + 1))\(ending)"
  }

  private static func folder(of location: String) -> String {
    location.lastIndex(of: "/").map { String(location[..<$0]) } ?? "."
  }

  /// Takes away what a killed process has left. The lock has to be held.
  static func clean(
    _ files: OutputFiles, _ names: [String], isOurs: (String) -> Bool
  ) {
    for name in names where name.hasPrefix(".") && name.hasSuffix(ending) {
      let file = name.dropFirst().dropLast(ending.count)
      if isOurs(String(file)) { unlink(files.location(of: name)) }
    }
  }
}
