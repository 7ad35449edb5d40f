import Terminal

/// Keys and the action that they perform on a screen: dispatch, the help line, the help page and the
/// palette are made from one table of them.
public struct Binding<Action> {
  /// The keys.
  public var keys: [Key]
  /// What they do, in a word or two.
  public var words: String
  /// What is performed.
  public var action: Action
  /// Whether the help line has it, too; the help page and the palette always have.
  public var isShown: Bool
  /// Why it cannot be done now; `nil` when it can.
  public var off: String?

  /// Creates an entry of the table.
  public init(
    _ shortcut: Shortcut, _ words: String, _ action: Action, isShown: Bool = true,
    off reason: String? = nil
  ) {
    keys = shortcut.keys
    self.words = words
    self.action = action
    self.isShown = isShown
    off = reason
  }

  /// The same keys for an action that this one is a part of.
  public func map<Other>(_ transform: (Action) -> Other) -> Binding<Other> {
    var other = Binding<Other>(Shortcut(), words, transform(action), isShown: isShown, off: off)
    other.keys = keys
    return other
  }

  /// The same under these conditions.
  public func off(_ reason: String?) -> Binding {
    var copy = self
    copy.off = reason ?? off
    return copy
  }
}

extension Binding: Equatable where Action: Equatable {}
extension Binding: Sendable where Action: Sendable {}

extension Array {
  /// The entry that a key belongs to: the first one that has it.
  public func binding<Action>(of key: Key) -> Binding<Action>? where Element == Binding<Action> {
    first { $0.keys.contains(key) }
  }
}

extension [KeyBinding] {
  /// How a table is told to people.
  public init<Action>(_ bindings: [Binding<Action>]) {
    self = [].followed(by: bindings.map { KeyBinding($0) })
  }

  /// The entries with others behind them. A key belongs to the first entry that has it; entries that
  /// are left without a key are not told.
  public func followed(by others: [KeyBinding]) -> [KeyBinding] {
    var taken: Set<Key> = []
    return (self + others).compactMap { entry in
      if entry.keys.isEmpty { return entry }
      var rest = entry
      rest.keys = entry.keys.filter { taken.insert($0).inserted }
      if rest.keys.count < entry.keys.count { rest.relabel() }
      return rest.keys.isEmpty ? nil : rest
    }
  }
}
