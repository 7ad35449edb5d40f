import Terminal

/// How keys move through lists and texts.
public enum Motion: CaseIterable, Sendable {
  case up, down, pageUp, pageDown, first, last

  /// The keys of each, the letters those of vi(1) and less(1).
  private var keys: [Key] {
    switch self {
    case .up: [.up, .character("k")]
    case .down: [.down, .character("j")]
    case .pageUp: [.pageUp]
    case .pageDown: [.pageDown]
    case .first: [.home, .character("g")]
    case .last: [.end, .character("G")]
    }
  }

  private static let byKey = Dictionary(
    uniqueKeysWithValues: allCases.flatMap { motion in motion.keys.map { ($0, motion) } })

  /// The motion of a key; `nil` for keys that do not move.
  public init?(_ key: Key) {
    guard let motion = Self.byKey[key] else { return nil }
    self = motion
  }

  /// The motion of a key press; `nil` for whatever else there is.
  public init?(_ input: Input) {
    guard case .key(let key) = input else { return nil }
    self.init(key)
  }

  /// The letters, which no shortcut may have.
  public static let letters = Set(byKey.keys.filter(\.isText))

  /// How the keys are told.
  ///
  /// - Parameters:
  ///   - words: what going up and down is.
  ///   - isShown: whether the help line has it.
  public static func hints(_ words: String, isShown: Bool = true) -> [KeyBinding] {
    [
      KeyBinding("↑↓", words, isShown: isShown),
      KeyBinding("PgUp PgDn Home End", "by pages, to both ends", isShown: false),
      KeyBinding("k j g G", "the same as ↑ ↓ Home End", isShown: false),
    ]
  }
}
