import Terminal

/// How keys and what they do are told to people: by the help line, the help page and the palette.
public struct KeyBinding: Hashable, Sendable {
  /// The keys; empty where those of a field or a list are told of.
  public var keys: [Key]
  /// What the help line calls them, such as `Enter` or `↑↓`.
  public private(set) var label: String
  /// What they do, in a word or two.
  public var words: String
  /// Whether the help line has it, too; the help page always has.
  public var isShown: Bool
  /// Why that cannot be done now; `nil` when it can.
  public var off: String?

  /// Creates an entry about keys that belong to a field or a list.
  public init(_ label: String, _ words: String, isShown: Bool = true) {
    keys = []
    self.label = label
    self.words = words
    self.isShown = isShown
  }

  /// Tells of keys that a screen takes without a table of its own.
  public init(_ shortcut: Shortcut, _ words: String, isShown: Bool = true) {
    self.init("", words, isShown: isShown)
    keys = shortcut.keys
    relabel()
  }

  /// Tells of an entry in a table.
  public init<Action>(_ binding: Binding<Action>) {
    self.init("", binding.words, isShown: binding.isShown)
    keys = binding.keys
    off = binding.off
    relabel()
  }

  mutating func relabel() { label = keys.first?.label ?? "" }

  /// What the help page calls them: all of them.
  var labels: String { keys.isEmpty ? label : keys.map(\.label).joined(separator: " ") }
}
