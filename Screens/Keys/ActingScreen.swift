import Interface
import Terminal

/// A screen whose keys are a table: what a key does, the help line, the help page and the palette
/// come from it.
protocol ActingScreen: Screen {
  /// What can be done on it.
  associatedtype Action

  /// What its keys do now; the wizard's own come after them.
  func keys(_ session: Session) -> [Binding<Action>]
  /// What keys of a list or a form come to that are told before those of the table.
  func mainHints(_ session: Session) -> [KeyBinding]
  /// How one moves on it, told behind the table.
  func hints(_ session: Session) -> [KeyBinding]
  /// Does what a key stands for.
  ///
  /// - Parameter area: where the screen is drawn.
  mutating func perform(_ action: Action, in area: Area, _ session: inout Session) -> Reaction
  /// Takes what no key of the table is: text, what moves, the mouse, a tick.
  ///
  /// - Parameter area: where the screen is drawn.
  mutating func take(_ input: Input, in area: Area, _ session: inout Session) -> Reaction
}

extension ActingScreen {
  func mainHints(_ session: Session) -> [KeyBinding] { [] }
  func hints(_ session: Session) -> [KeyBinding] { [] }

  func bindings(_ session: Session) -> [KeyBinding] {
    (mainHints(session) + [KeyBinding](keys(session)) + hints(session)).followed(
      by: GeneralAction.hints(isTyping))
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    guard case .key(let key) = input, let binding = keys(session).binding(of: key) else {
      return take(input, in: area, &session)
    }
    if let reason = binding.off {
      session.notice = "\(binding.words): not now, \(reason)"
      return .none
    }
    return perform(binding.action, in: area, &session)
  }
}
