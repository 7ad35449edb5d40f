/// What the user answered about all builders: the content of `builders.json`.
public struct Inventory: Equatable, Sendable {
  /// The settings of the local machine.
  public var local = LocalSettings()
  /// The builders, in the order in which Nix considers them.
  public var builders: [Builder] = []
  /// Keys of the file that this version does not know; written back as they were.
  public var unknownKeys: [String: JSONValue] = [:]

  /// The newest format that this version reads, and the one it writes.
  public static let version = 1
  /// The file's name in the output directory.
  public static let fileName = "builders.json"

  /// Creates an inventory without builders.
  public init(builders: [Builder] = []) { self.builders = builders }

  /// The builders that are part of the written configuration.
  public var enabledBuilders: [Builder] { builders.filter(\.enabled) }

  /// The builder with this alias.
  public func builder(_ alias: String) -> Builder? { builders.first { $0.alias == alias } }
}

/// The settings of the local machine that go with its builders.
public struct LocalSettings: Equatable, Sendable {
  /// `nix.distributedBuilds`: without it Nix ignores the builders.
  public var distributedBuilds = true
  /// `builders-use-substitutes`: builders fetch from caches themselves.
  public var buildersUseSubstitutes = true
  /// `max-jobs` of the local machine; 0 means build only remotely, `nil` leaves it alone.
  public var maxJobs: Int?
  /// Keys of the inventory that this version does not know; written back as they were.
  public var unknownKeys: [String: JSONValue] = [:]

  /// Creates the default settings.
  public init() {}
}
