/// A key and what it does: the help line and the help page are made from one table of them.
public struct KeyBinding: Hashable, Sendable {
  /// The key or keys, such as `Enter` or `↑↓`.
  public var keys: String
  /// What they do, in a word or two.
  public var action: String
  /// Whether the help line has it, too; the help page always has.
  public var isShown: Bool

  /// Creates an entry.
  public init(_ keys: String, _ action: String, isShown: Bool = true) {
    self.keys = keys
    self.action = action
    self.isShown = isShown
  }
}
