import Interface
import Terminal

/// What the wizard does on every screen, with keys for which the screen itself has no use.
enum GeneralAction {
  case back
  case actions
  case help

  private static let bindings: [Binding<GeneralAction>] = [
    Binding(.back, "back", .back),
    Binding(.actions, "all that can be done here", .actions, isShown: false),
    Binding(.help, "help", .help),
  ]

  /// Their keys, without letters while those are text.
  static func bindings(isTyping: Bool) -> [Binding<GeneralAction>] {
    bindings.map { binding in
      var binding = binding
      if isTyping { binding.keys.removeAll(where: \.isText) }
      return binding
    }
  }

  /// How they are told; the help line ends with help.
  static func hints(_ isTyping: Bool) -> [KeyBinding] {
    let entries = [KeyBinding](bindings(isTyping: isTyping))
    let leave = KeyBinding(.interrupt, "cancel what runs, or quit", isShown: false)
    return entries.dropLast() + [leave] + entries.suffix(1)
  }

  /// Those that hold on a screen that does not tell of them itself.
  static func untold(_ isTyping: Bool) -> [KeyBinding] {
    hints(isTyping).filter { !$0.isShown }
  }
}
