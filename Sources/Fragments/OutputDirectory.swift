import Base
import Builders
import SystemPackage

/// The folder that holds the inventory and the fragments.
public struct OutputDirectory: Sendable {
  /// Where it is.
  public let path: FilePath

  /// Names an output directory; nothing is read or made yet.
  public init(path: FilePath) { self.path = path }

  /// How a file on disk stands to what would be written.
  public enum Standing: Equatable, Sendable {
    /// It is not there.
    case missing
    /// It is byte for byte what would be written.
    case current
    /// It was written by this program and has not been touched since; the inventory changed.
    case outdated
    /// It was changed by hand since it was written, or was never written by this program.
    case edited
    /// It was written for a builder that is no longer in the inventory; it is removed on request.
    case obsolete
  }

  /// A file that is about to be written.
  public struct Plan: Equatable, Sendable {
    /// What would be written; without text for a file that is obsolete.
    public var fragment: Fragment
    /// How the file on disk stands to it.
    public var standing: Standing
    /// The file's present content, `nil` when it is missing.
    public var present: String?

    /// Creates a plan.
    public init(fragment: Fragment, standing: Standing, present: String?) {
      self.fragment = fragment
      self.standing = standing
      self.present = present
    }
  }

  /// builders.json as it was read.
  public struct StoredInventory: Equatable, Sendable {
    /// What it says.
    public var inventory: Inventory
    /// Its bytes, to be given to ``OutputDirectory/write(_:replaceEdited:removeObsolete:previous:)``.
    public var bytes: [UInt8]

    /// Creates a description, for tests.
    public init(inventory: Inventory, bytes: [UInt8]) {
      self.inventory = inventory
      self.bytes = bytes
    }
  }

  /// What builders.json held when this program last read it.
  public enum Previous: Equatable, Sendable {
    /// It was not there.
    case missing
    /// These bytes.
    case bytes([UInt8])
    /// It does not matter.
    case any
  }

  // MARK: - Reading

  /// Reads the inventory; `nil` when there is none yet.
  ///
  /// - Throws: ``OutputError/unusable(path:problems:)``, ``OutputError/unreadable(path:reason:)`` or
  ///   ``OutputError/symbolicLink(path:)``
  public func readInventory() throws(OutputError) -> Inventory? {
    try readStoredInventory()?.inventory
  }

  /// Reads the inventory with its bytes; `nil` when there is none yet.
  ///
  /// - Throws: as ``readInventory()``
  public func readStoredInventory() throws(OutputError) -> StoredInventory? {
    guard let files = try OutputFiles(at: path.string) else { return nil }
    guard let present = try files.read(Inventory.fileName) else { return nil }
    return StoredInventory(
      inventory: try Self.decode(present, in: files), bytes: present.bytes)
  }

  private static func decode(
    _ present: PresentFile, in files: OutputFiles
  ) throws(OutputError) -> Inventory {
    do {
      return try InventoryFile.decode(present.bytes)
    } catch {
      throw .unusable(path: files.shown(Inventory.fileName), problems: error)
    }
  }

  /// What writing an inventory would do to each file, in the order of ``Inventory/fragments()``,
  /// and which files it would leave behind.
  ///
  /// - Throws: ``OutputError/unreadable(path:reason:)`` or ``OutputError/symbolicLink(path:)``
  public func plan(_ inventory: Inventory) throws(OutputError) -> [Plan] {
    guard let files = try OutputFiles(at: path.string) else {
      return inventory.fragments().map { Plan(fragment: $0, standing: .missing, present: nil) }
    }
    return try survey(inventory, files, names: files.list()).map(\.plan)
  }

  private typealias Surveyed = (plan: Plan, file: PresentFile?)

  private func survey(
    _ inventory: Inventory, _ files: OutputFiles, names: [String]
  ) throws(OutputError) -> [Surveyed] {
    var survey: [Surveyed] = []
    for fragment in inventory.fragments() {
      let file = try files.read(fragment.fileName)
      let standing: Standing
      switch file {
      case nil: standing = .missing
      case let file? where fragment.text.utf8.elementsEqual(file.bytes): standing = .current
      case let file?:
        standing = Digest.verdict(on: file.bytes) == .intact ? .outdated : .edited
      }
      survey.append((Plan(fragment: fragment, standing: standing, present: file?.text), file))
    }
    let known = Set(inventory.builders.map { $0.remoteFileName })
    for name in names.sorted() where Self.isRemote(name) && !known.contains(name) {
      // Somebody's own file may have such a name too.
      guard let file = try? files.read(name), Digest.verdict(on: file.bytes) != .absent else {
        continue
      }
      let nothing = Fragment(fileName: name, text: "")
      survey.append((Plan(fragment: nothing, standing: .obsolete, present: file.text), file))
    }
    return survey
  }

  // MARK: - Writing

  /// Writes the inventory and its fragments: all of them or none. Whoever is stopped meanwhile leaves
  /// a journal, by which the next writer, or ``recover()``, makes them one again.
  ///
  /// What it replaces is kept: a file as this program wrote it as `NAME.bak`, a file edited by hand
  /// as `NAME.edited.bak`, so that the next writing does not take the edit away. There is one of
  /// each, the latest.
  ///
  /// - Parameters:
  ///   - replaceEdited: names of hand-edited files that may be replaced.
  ///   - keepEdited: names of hand-edited files that stay as they are.
  ///   - removeObsolete: names of obsolete files that may be removed, but for their backups.
  ///   - previous: builders.json as this program last read it, so that a change by someone else is
  ///     seen.
  /// - Returns: the names of the files that were changed.
  /// - Throws: any ``OutputError``
  @discardableResult
  public func write(
    _ inventory: Inventory, replaceEdited: Set<String> = [], keepEdited: Set<String> = [],
    removeObsolete: Set<String> = [], previous: Previous = .any
  ) throws(OutputError) -> [String] {
    try transact(inventory, previous) {
      (files, names, transaction) throws(OutputError) in
      let survey = try survey(inventory, files, names: names).filter {
        $0.plan.standing != .edited || !keepEdited.contains($0.plan.fragment.fileName)
      }
      try prepareFragments(survey, replaceEdited, removeObsolete, files, &transaction)
    }
  }

  /// Writes the inventory alone. The fragments stay as they are, and are out of date from then on
  /// where the change concerns them.
  ///
  /// - Parameter previous: builders.json as this program last read it, so that a change by someone
  ///   else is seen.
  /// - Returns: the names of the files that were changed: builders.json, or none.
  /// - Throws: any ``OutputError``
  @discardableResult
  public func writeInventory(
    _ inventory: Inventory, previous: Previous = .any
  ) throws(OutputError) -> [String] {
    try transact(inventory, previous)
  }

  private func transact(
    _ inventory: Inventory, _ previous: Previous,
    _ prepareMore: (OutputFiles, [String], inout OutputTransaction) throws(OutputError) -> Void = {
      _, _, _ in
    }
  ) throws(OutputError) -> [String] {
    let problems = inventory.problems()
    if !problems.isEmpty {
      throw .unusable(
        path: path.appending(Inventory.fileName).string, problems: InventoryError(problems))
    }
    let files = try openOrMake()
    let lock = try DirectoryLock(files)
    defer { lock.release() }
    try OutputTransaction.recover(files, isOurs: Self.isOurs)
    let names = try files.list()
    var transaction = OutputTransaction(files)
    do {
      // The inventory comes first: the fragments follow from it.
      try prepareInventory(inventory, previous, files, &transaction)
      try prepareMore(files, names, &transaction)
    } catch {
      transaction.abandon()
      throw error
    }
    try transaction.commit()
    return transaction.names
  }

  private func openOrMake() throws(OutputError) -> OutputFiles {
    if let files = try OutputFiles(at: path.string) { return files }
    try OutputFiles.make(at: path.string)
    if let files = try OutputFiles(at: path.string) { return files }
    throw .unwritable(path: path.string, reason: "It was removed while it was being made.")
  }

  private func prepareInventory(
    _ inventory: Inventory, _ previous: Previous, _ files: OutputFiles,
    _ transaction: inout OutputTransaction
  ) throws(OutputError) {
    let present = try files.read(Inventory.fileName)
    switch previous {
    case .any: break
    case .missing where present == nil: break
    case .bytes(let bytes) where present?.bytes == bytes: break
    case .missing, .bytes: throw .changed(path: files.shown(Inventory.fileName))
    }
    let bytes = InventoryFile.encode(inventory)
    if let present {
      if present.bytes == bytes { return }
      // One that cannot be read, or is a newer version's, is nobody's to replace.
      let stored = try Self.decode(present, in: files)
      // A file that says the same in another layout stays as its owner wrote it.
      if InventoryFile.encode(stored) == bytes { return }
    }
    try transaction.replace(Inventory.fileName, present, with: bytes, backup: ".bak")
  }

  private func prepareFragments(
    _ survey: [Surveyed], _ replaceEdited: Set<String>, _ removeObsolete: Set<String>,
    _ files: OutputFiles, _ transaction: inout OutputTransaction
  ) throws(OutputError) {
    let refused = survey.map(\.plan).filter {
      $0.standing == .edited && !replaceEdited.contains($0.fragment.fileName)
    }
    if !refused.isEmpty { throw .edited(refused.map { files.shown($0.fragment.fileName) }) }
    for (plan, file) in survey {
      let name = plan.fragment.fileName
      let isIntact = file.map { Digest.verdict(on: $0.bytes) == .intact } ?? true
      let backup = isIntact ? ".bak" : ".edited.bak"
      switch plan.standing {
      case .current: break
      case .missing, .outdated, .edited:
        try transaction.replace(name, file, with: Array(plan.fragment.text.utf8), backup: backup)
      case .obsolete:
        guard removeObsolete.contains(name), let file else { continue }
        transaction.remove(name, file, backup: backup)
      }
    }
  }

  // MARK: - Names

  private static func isRemote(_ name: String) -> Bool {
    name.unicodeScalars.hasPrefix("remote-") && name.unicodeScalars.hasSuffix(".nix")
  }

  /// Whether a name is that of a file this program writes, or of its backup.
  static func isOurs(_ name: String) -> Bool {
    var scalars = name.unicodeScalars[...]
    for ending in [".bak", ".edited"] where scalars.hasSuffix(ending) {
      scalars = scalars.dropLast(ending.unicodeScalars.count)
    }
    let name = String(scalars)
    return name == Inventory.fileName || name == Fragment.localName || isRemote(name)
  }
}

extension PresentFile {
  fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }
}
