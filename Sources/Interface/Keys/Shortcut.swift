import Terminal

/// A thing that can be done, with the keys that do it on every screen that offers it.
///
/// Screens bind shortcuts and never keys of their own, and no key is in two shortcuts. So a letter
/// means one thing wherever one is: what is harmless here never takes something away elsewhere.
public struct Shortcut: Hashable, Sendable {
  /// The keys; help names the first one.
  public let keys: [Key]
  /// Whether it takes something away that undoing does not bring back, or ends what runs.
  public let isDestructive: Bool

  /// Creates a shortcut of several keys.
  public init(_ keys: Key..., isDestructive: Bool = false) {
    self.keys = keys
    self.isDestructive = isDestructive
  }

  /// Creates a shortcut of one character.
  public init(_ character: Character, isDestructive: Bool = false) {
    self.init(.character(character), isDestructive: isDestructive)
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
  public static let help = Shortcut(.character("?"), .function(1))
  /// Shows all that can be done here.
  public static let actions = Shortcut(.character(":"), .control("p"))
  /// Leaves the program.
  public static let quit = Shortcut("q")
  /// Ends what runs, and otherwise leaves.
  public static let interrupt = Shortcut(.control("c"), isDestructive: true)
  /// Ends what runs here.
  public static let cancel = Shortcut("x", isDestructive: true)
  /// Ends everything that runs.
  public static let cancelAll = Shortcut("X", isDestructive: true)
  /// Does once more what is shown.
  public static let again = Shortcut("r")
  /// Finds what one types.
  public static let find = Shortcut("/")
  /// Shows only lines with what one types.
  public static let filter = Shortcut("f")
  /// Goes to the next place that was found.
  public static let nextFound = Shortcut("n")
  /// Goes to the place before that was found.
  public static let previousFound = Shortcut("N")
  /// Goes to the next failure.
  public static let nextFailure = Shortcut("]")
  /// Goes to the failure before.
  public static let previousFailure = Shortcut("[")
  /// Saves what is shown to a file.
  public static let save = Shortcut("s")
  /// Puts on the clipboard what one is likely to want elsewhere.
  public static let copy = Shortcut("y")
  /// Breaks long lines, or cuts them.
  public static let longLines = Shortcut("l")
  /// Numbers lines.
  public static let lineNumbers = Shortcut("#")
  /// Tells when lines came.
  public static let times = Shortcut("@")

  /// All of these.
  public static let common: [Shortcut] = [
    accept, back, toggle, nextPart, previousPart, help, actions, quit, interrupt, cancel,
    cancelAll, again, find, filter, nextFound, previousFound, nextFailure, previousFailure, save,
    copy, longLines, lineNumbers, times,
  ]
}
