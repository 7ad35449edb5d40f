import Terminal

/// A thing that can be done, with the keys that do it on every screen that offers it.
///
/// Screens bind shortcuts and never keys of their own, and no key is in two shortcuts. So a letter
/// means one thing wherever one is: what is harmless here never takes something away elsewhere.
public struct Shortcut: Hashable, Sendable {
  /// The keys; help names the first one.
  public let keys: [Key]
  /// The words of which one stands in whatever a screen calls it, so that the same key is called
  /// the same; empty where it depends on the screen, as with Enter.
  public let meaning: [String]
  /// Whether it takes something away that undoing does not bring back, or ends what runs.
  public let isDestructive: Bool

  /// Creates a shortcut of several keys.
  public init(_ keys: Key..., meaning: String..., isDestructive: Bool = false) {
    self.init(keys, meaning, isDestructive)
  }

  /// Creates a shortcut of one character.
  public init(_ character: Character, _ meaning: String..., isDestructive: Bool = false) {
    self.init([.character(character)], meaning, isDestructive)
  }

  private init(_ keys: [Key], _ meaning: [String], _ isDestructive: Bool) {
    self.keys = keys
    self.meaning = meaning
    self.isDestructive = isDestructive
  }

  /// Whether an input is one of the keys, for the cases of a `switch`.
  public static func ~= (shortcut: Shortcut, input: Input) -> Bool {
    if case .key(let key) = input { shortcut.keys.contains(key) } else { false }
  }
}

// What means the same in every program of this kind.
extension Shortcut {
  /// Goes on, opens, chooses.
  public static let accept = Shortcut(.enter)
  /// Goes back, or gives up what was begun.
  public static let back = Shortcut(.escape)
  /// Marks, switches or holds what the cursor is on.
  public static let toggle = Shortcut(" ")
  /// Goes to the next part of the screen.
  public static let nextPart = Shortcut(.tab)
  /// Goes to the part before.
  public static let previousPart = Shortcut(.backTab)
  /// Explains the screen and its keys.
  public static let help = Shortcut(.character("?"), .function(1), meaning: "help")
  /// Shows all that can be done here.
  public static let actions = Shortcut(
    .character(":"), .control("p"), meaning: "all that can be done")
  /// Leaves the program.
  public static let quit = Shortcut("q", "quit", "leave")
  /// Ends what runs, and otherwise leaves.
  public static let interrupt = Shortcut(.control("c"), isDestructive: true)
  /// Ends what runs here.
  public static let cancel = Shortcut("x", "cancel", isDestructive: true)
  /// Ends everything that runs.
  public static let cancelAll = Shortcut("X", "cancel", isDestructive: true)
  /// Does once more what is shown.
  public static let again = Shortcut("r", "again")
  /// Finds what one types.
  public static let find = Shortcut("/", "find")
  /// Shows only what has the words that one types.
  public static let filter = Shortcut("f", "filter")
  /// Goes to the next place that was found.
  public static let nextFound = Shortcut("n", "next")
  /// Goes to the place before that was found.
  public static let previousFound = Shortcut("N", "previous")
  /// Goes to the next failure.
  public static let nextFailure = Shortcut("]", "next")
  /// Goes to the failure before.
  public static let previousFailure = Shortcut("[", "previous")
  /// Saves what is shown to a file.
  public static let save = Shortcut("s", "save")
  /// Puts on the clipboard what one is likely to want elsewhere.
  public static let copy = Shortcut("y", "copy")
  /// The same where letters are text.
  public static let copyWhileTyping = Shortcut(.control("y"), meaning: "copy")
  /// Breaks long lines, or cuts them.
  public static let longLines = Shortcut("l", "long lines")
  /// Numbers lines.
  public static let lineNumbers = Shortcut("#", "line numbers")
  /// Tells when lines came.
  public static let times = Shortcut("@", "times")

  /// All of these.
  public static let common: [Shortcut] = [
    accept, back, toggle, nextPart, previousPart, help, actions, quit, interrupt, cancel,
    cancelAll, again, find, filter, nextFound, previousFound, nextFailure, previousFailure, save,
    copy, copyWhileTyping, longLines, lineNumbers, times,
  ]
}
