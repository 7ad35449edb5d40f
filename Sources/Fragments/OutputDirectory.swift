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
  }

  /// A file that is about to be written.
  public struct Plan: Equatable, Sendable {
    /// What would be written.
    public var fragment: Fragment
    /// How the file on disk stands to it.
    public var standing: Standing
    /// The file's present content, `nil` when it is missing.
    public var present: String?
  }

  /// Reads the inventory; `nil` when there is none yet.
  ///
  /// - Throws: ``OutputError/unusable(path:problems:)`` or ``OutputError/unreadable(path:reason:)``
  public func readInventory() throws(OutputError) -> Inventory? { nil }

  /// What writing an inventory would do to each file.
  public func plan(_ inventory: Inventory) throws(OutputError) -> [Plan] { [] }

  /// Writes the inventory and its fragments: all of them or, when the first fails, none.
  ///
  /// - Parameters:
  ///   - replaceEdited: names of hand-edited files that may be replaced.
  ///   - previous: the bytes of builders.json as this program last read it, `nil` for none, so
  ///     that a change by someone else is seen.
  /// - Returns: the names of the files that were changed.
  public func write(_ inventory: Inventory, replaceEdited: Set<String>) throws(OutputError)
    -> [String]
  { [] }
}

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
  /// Files were edited by hand and their replacement was not allowed.
  case edited([String])
  /// A symbolic link leads out of the directory.
  case symbolicLink(path: String)
}
