import Base
import Glibc
import SystemPackage

/// Files that are replaced together: all of them or none.
///
/// All new contents are first written beside the old ones and brought to the disk, so a full disk or
/// a failing one is noticed while everything is as it was. Then a journal says what is to be done,
/// and the files are renamed into place, in the order given. When one of them cannot be, the earlier
/// ones are brought back; whoever is killed meanwhile leaves the journal, by which the next writer
/// finishes.
struct OutputTransaction {
  private let files: OutputFiles
  private var steps: [Prepared] = []

  private struct Prepared {
    /// The file's name as it is shown.
    var name: String
    var step: OutputStep
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
    _ name: String, _ present: PresentFile?, with bytes: [UInt8], backup: String
  ) throws(OutputError) {
    let step = OutputStep(
      file: files.relative(present?.location) ?? name, digest: FNV.digest(bytes),
      backup: present == nil ? nil : backup)
    steps.append(Prepared(name: name, step: step, present: present))
    let code = make(step.paths(in: files).new, bytes, like: present)
    if code != 0 { throw .unwritable(files.shown(name), code) }
  }

  /// Takes a file away, but for its backup.
  mutating func remove(_ name: String, _ present: PresentFile, backup: String) {
    let file = files.relative(present.location) ?? name
    steps.append(
      Prepared(name: name, step: OutputStep(file: file, backup: backup), present: present))
  }

  /// Makes a file with the owner and modes of another.
  ///
  /// - Returns: 0 or the error's number.
  private func make(_ path: String, _ bytes: [UInt8], like present: PresentFile?) -> Int32 {
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

  // MARK: - Carrying out

  /// Puts every file into its place.
  ///
  /// - Parameter afterEach: is called after each thing that is done to the disk.
  /// - Throws: an error that says in which state the directory is.
  func commit(afterEach: () -> Void = {}) throws(OutputError) {
    if steps.isEmpty { return }
    do throws(OutputError) {
      try prepare(afterEach)
      try begin(afterEach)
    } catch {
      // What is decided is for the next writer to finish.
      if case .unfinished = error { throw error }
      abandon()
      throw error
    }
    for (index, prepared) in steps.enumerated() {
      let code = prepared.step.place(in: files)
      guard code == 0 else { throw takeBack(index, code) }
      afterEach()
    }
    try end(afterEach)
  }

  /// Brings the new contents to the disk, and gives the old files second names.
  private func prepare(_ afterEach: () -> Void) throws(OutputError) {
    for prepared in steps where prepared.step.digest != nil {
      do throws(OutputError) {
        try synchronize(prepared.step.paths(in: files).new)
      } catch {
        throw shown(error, prepared)
      }
      afterEach()
    }
    for prepared in steps where prepared.step.backup != nil {
      try nameOld(prepared)
      afterEach()
    }
  }

  /// Gives the old file a second name. The file itself stays, so there is one at every moment.
  private func nameOld(_ prepared: Prepared) throws(OutputError) {
    let paths = prepared.step.paths(in: files)
    unlink(paths.old)
    if link(paths.place, paths.old) == 0 { return }
    // Not every file system has second names, or enough of them; a copy does as well.
    let hasNone = [EPERM, ENOTSUP, ENOSYS, EMLINK, EXDEV].contains(errno)
    let code =
      hasNone ? make(paths.old, prepared.present?.bytes ?? [], like: prepared.present) : errno
    if code != 0 { throw .unwritable(paths.backup ?? paths.place, code) }
    if hasNone { try synchronize(paths.old) }
  }

  /// Writes the journal. From here on it is decided.
  private func begin(_ afterEach: () -> Void) throws(OutputError) {
    let journal = files.location(of: OutputJournal.fileName)
    let draft = files.location(of: OutputJournal.draftName)
    let code = make(draft, OutputJournal.encode(steps.map(\.step)), like: nil)
    if code != 0 { throw .unwritable(files.shown(OutputJournal.fileName), code) }
    afterEach()
    do throws(OutputError) {
      try synchronize(draft)
      if rename(draft, journal) != 0 { throw .unwritable(files.name, errno) }
      afterEach()
      try synchronizeFolders()
    } catch {
      unlink(draft)
      // A journal that stays would have the next writer do what was said to have failed.
      if unlink(journal) != 0, errno != ENOENT { throw .unfinished(error) }
      throw error
    }
    afterEach()
  }

  /// Brings back the files that were replaced before one could not be.
  private func takeBack(_ index: Int, _ code: Int32) -> OutputError {
    let cause = OutputError.unwritable(files.shown(steps[index].name), code)
    let reverse = files.location(of: OutputJournal.reverseName)
    // First it is written down, since after this what is new is gone.
    guard rename(files.location(of: OutputJournal.fileName), reverse) == 0 else {
      return .unfinished(cause)
    }
    for prepared in steps.reversed() where prepared.step.takeBack(in: files) != 0 {
      return .unfinished(cause)
    }
    guard (try? synchronizeFolders()) != nil, unlink(reverse) == 0 else {
      return .unfinished(cause)
    }
    return cause
  }

  /// All is in its place: the old files become backups, and the journal goes.
  private func end(_ afterEach: () -> Void) throws(OutputError) {
    var fault: OutputError?
    do throws(OutputError) { try synchronizeFolders() } catch { fault = error }
    afterEach()
    for prepared in steps {
      let code = prepared.step.keepBackup(in: files)
      if code != 0 {
        let path = prepared.step.paths(in: files).backup ?? prepared.name
        throw .writtenWithoutBackup(names: names, .unwritable(path, code))
      }
      afterEach()
    }
    unlink(files.location(of: OutputJournal.fileName))
    afterEach()
    // Until here it may come back after a power cut, and would do nothing any more.
    try? synchronize(files.location(of: "."))
    if let fault { throw .writtenUnsafely(names: names, fault) }
  }

  private func synchronizeFolders() throws(OutputError) {
    let folders = Set(steps.map { OutputFiles.folder(of: $0.step.paths(in: files).place) })
    for folder in folders { try synchronize(folder) }
    let own = OutputFiles.folder(of: files.location(of: OutputJournal.fileName))
    if !folders.contains(own) { try synchronize(own) }
  }

  private func shown(_ error: OutputError, _ prepared: Prepared) -> OutputError {
    if case .unwritable(_, let reason) = error {
      return .unwritable(path: files.shown(prepared.name), reason: reason)
    }
    return error
  }

  /// Takes away what was prepared, where nothing was decided yet.
  func abandon() { for prepared in steps { prepared.step.abandon(in: files) } }
}

// MARK: - What an earlier writer has left

extension OutputTransaction {
  /// Makes the directory one again where a writer was stopped, and takes away what it has left. The
  /// lock has to be held.
  ///
  /// - Returns: `nil` when no file was being replaced.
  @discardableResult
  static func recover(
    _ files: OutputFiles, isOurs: (String) -> Bool
  ) throws(OutputError) -> OutputDirectory.Recovery? {
    let interrupted = try OutputJournal.read(in: files)
    if let (direction, steps) = interrupted {
      for step in direction == .forward ? steps : steps.reversed() {
        let code =
          direction == .forward
          ? step.placeAfterBreak(in: files) : step.takeBackAfterBreak(in: files)
        if code != 0 { throw .unfinished(.unwritable(files.shown(step.file), code)) }
      }
      for folder in Set(steps.map { OutputFiles.folder(of: $0.paths(in: files).place) }) {
        try synchronize(folder)
      }
      if direction == .forward {
        for step in steps {
          let code = step.keepBackup(in: files)
          if code != 0 { throw .unfinished(.unwritable(files.shown(step.file), code)) }
        }
      }
      for name in [OutputJournal.fileName, OutputJournal.reverseName] {
        if unlink(files.location(of: name)) != 0, errno != ENOENT {
          throw .unwritable(files.shown(name), errno)
        }
      }
      try synchronize(files.location(of: "."))
    }
    for name in try files.list() {
      let isDraft = name == OutputJournal.draftName
      if isDraft || OutputStep.file(ofTemporary: name).map(isOurs) == true {
        unlink(files.location(of: name))
      }
    }
    return interrupted.map { $0.direction == .forward ? .finished : .takenBack }
  }
}
