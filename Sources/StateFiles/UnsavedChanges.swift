import Base
import Builders
import FoundationEssentials
import Glibc

/// Answers that are not written yet, as they are kept in case the program is killed or loses its
/// terminal.
public struct UnsavedChanges: Equatable, Sendable {
  /// The inventory as it was on disk and as it has become; `nil` when it has not changed.
  public var inventory: Edit?
  /// Answers that are not part of the inventory yet; `nil` when there are none.
  public var draft: Draft?

  /// A change of the whole inventory.
  public struct Edit: Equatable, Sendable, Codable {
    /// What it was made from.
    public var before: Inventory
    /// What it has become.
    public var after: Inventory

    /// Creates a change.
    public init(before: Inventory, after: Inventory) {
      self.before = before
      self.after = after
    }
  }

  /// The answers of one builder.
  public struct Draft: Equatable, Sendable, Codable {
    /// The builder.
    public var builder: Builder
    /// The local machine's settings.
    public var local: LocalSettings
    /// The alias in the inventory of the builder that is edited; `nil` for a new one.
    public var edited: String?

    /// Creates a draft.
    public init(builder: Builder, local: LocalSettings, edited: String?) {
      self.builder = builder
      self.local = local
      self.edited = edited
    }
  }

  /// Creates a description.
  public init(inventory: Edit? = nil, draft: Draft? = nil) {
    self.inventory = inventory
    self.draft = draft
  }
}

/// Unsaved changes as they were found.
public struct KeptChanges: Equatable, Sendable {
  /// What they are.
  public var changes: UnsavedChanges
  /// When they were kept.
  public var at: Moment
  /// Whether builders.json is not what it was then.
  public var isOutdated: Bool

  /// Creates a description.
  public init(changes: UnsavedChanges, at: Moment, isOutdated: Bool) {
    self.changes = changes
    self.at = at
    self.isOutdated = isOutdated
  }
}

// MARK: - On disk

extension UnsavedChanges {
  private static let fileName = "unsaved.json"

  private struct File: Codable {
    var version = 1
    /// Which output directory it is about, for people.
    var directory: String
    var at: Moment
    /// The digest of builders.json then; absent when there was none.
    var base: String?
    var inventory: Edit?
    var draft: Draft?
  }

  /// Keeps the changes, in the place of those kept before.
  ///
  /// - Parameters:
  ///   - base: the bytes of builders.json that they belong to; `nil` when there is none.
  ///   - output: the output directory.
  /// - Returns: whether that worked.
  @discardableResult
  public func keep(
    in directory: StateDirectory, about output: String, base: [UInt8]?, at moment: Moment
  ) -> Bool {
    guard directory.make() else { return false }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = File(
      directory: output, at: moment, base: base.map { FNV.digest($0) }, inventory: inventory,
      draft: draft)
    guard let data = try? encoder.encode(file) else { return false }
    return PrivateFile.write(Array(data) + [0x0A], to: directory.file(Self.fileName))
  }

  /// Reads what was kept; `nil` when there is nothing, or nothing that this version knows.
  ///
  /// - Parameter base: the bytes of builders.json as it is now; `nil` when there is none.
  public static func kept(in directory: StateDirectory, base: [UInt8]?) -> KeptChanges? {
    guard let bytes = PrivateFile.read(directory.file(fileName)),
      let file = try? JSONDecoder().decode(File.self, from: Data(bytes)), file.version == 1
    else { return nil }
    return KeptChanges(
      changes: UnsavedChanges(inventory: file.inventory, draft: file.draft), at: file.at,
      isOutdated: file.base != base.map { FNV.digest($0) })
  }

  /// Removes what was kept.
  public static func drop(in directory: StateDirectory) { unlink(directory.file(fileName)) }
}
