import Interface
import Terminal

/// One screen: it takes what happens while it is shown, and draws itself.
protocol Screen {
  /// What stands at the upper left.
  func title(_ session: Session) -> String
  /// What stands at the upper right; `nil` for the place in the wizard.
  func trailing(_ session: Session) -> String?
  /// Its keys; the help line and the help page are made from them.
  func bindings(_ session: Session) -> [KeyBinding]
  /// What the help page says.
  func help(_ session: Session) -> String
  /// Whether single letters are text here.
  var isTyping: Bool { get }
  /// Whether something moves, so that ticks are wanted.
  var isBusy: Bool { get }

  /// It is shown now, for the first time or again.
  mutating func open(_ session: inout Session) -> [Effect]
  /// Takes a key, a paste, a press of the mouse or a tick.
  ///
  /// - Parameter area: where the screen is drawn.
  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction
  /// Takes what an effect has brought.
  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction
  /// Ends what runs; `nil` when nothing does.
  func cancel() -> [Effect]?
  /// Moves to the question with this title.
  mutating func focus(_ title: String)
  /// Draws the screen below the title and above the help line.
  func draw(on canvas: inout Canvas, in area: Area, _ session: Session)
}

extension Screen {
  func title(_ session: Session) -> String {
    let alias = session.draft.builder.alias
    if session.flow == .browse { return "nix-builders" }
    return "nix-builders · " + (alias.isEmpty ? "new builder" : alias)
  }
  func trailing(_ session: Session) -> String? { nil }
  var isTyping: Bool { false }
  var isBusy: Bool { false }
  mutating func open(_ session: inout Session) -> [Effect] { [] }
  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction { .none }
  func cancel() -> [Effect]? { nil }
  mutating func focus(_ title: String) {}
}

/// What a screen wants to happen next.
struct Reaction {
  /// To be done outside.
  var effects: [Effect] = []
  /// To be shown instead.
  var move: Move?
  /// To be shown on top.
  var page: Page?
  /// Whether the input meant nothing to the screen.
  var isIgnored = false

  /// Nothing more.
  static let none = Reaction()
  /// The input meant nothing to the screen; the wizard may know it.
  static let ignored = Reaction(isIgnored: true)

  /// Goes elsewhere.
  static func move(_ move: Move, _ effects: [Effect] = []) -> Reaction {
    Reaction(effects: effects, move: move)
  }

  /// Has something done outside.
  static func effects(_ effects: [Effect]) -> Reaction { Reaction(effects: effects) }

  /// Shows a page on top.
  static func page(_ title: String, _ document: Document) -> Reaction {
    Reaction(page: Page(title: title, document: document))
  }
}

/// Where to go.
enum Move: Equatable {
  /// To the screen that comes next.
  case next
  /// To the one before.
  case back
  /// To this one.
  case to(Step)
  /// To this one, to the question at fault.
  case correct(Step, field: String)
  /// Out of the program; where answers would be lost, one is asked.
  case leave
  /// To the welcome or the builder list.
  case home
  /// Through all screens, for a new builder.
  case setUp
  /// To the edit screen, for the builder at this place in the inventory.
  case edit(Int)
  /// To the address screen, for the builder at this place in the inventory.
  case rename(Int)
  /// To the tests, for the builder at this place in the inventory.
  case test(Int)
  /// To the host key of the builder at this place in the inventory.
  case compareKey(Int)
  /// To the measures of the builder at this place in the inventory.
  case measure(Int)
}

/// A page to read on top of a screen, such as the evidence of a check.
struct Page {
  var title: String
  var document: Document

  private static let bindings = [
    KeyBinding("↑↓ PgUp PgDn", "scroll"), KeyBinding(.back, "close"),
  ]
  private static let closing = [Shortcut.back, .accept, .quit, .printed, .copy, .interrupt]
    .flatMap(\.keys)

  /// Takes a key.
  ///
  /// - Returns: whether the page is to be closed.
  mutating func handle(_ input: Input, rows: Int) -> Bool {
    if case .key(let key) = input, Self.closing.contains(key) { return true }
    _ = document.handle(input, rows: rows)
    return false
  }

  func draw(on canvas: inout Canvas) {
    let area = Frame(title: title, bindings: Self.bindings).draw(on: &canvas)
    document.draw(on: &canvas, in: area.inset(columns: 1))
  }
}
