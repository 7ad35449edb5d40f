/// A key as it was pressed.
public enum Key: Hashable, Sendable {
  /// A character, the blank included.
  case character(Character)
  /// A letter with Ctrl, in lower case.
  case control(Character)
  /// A character with Alt.
  case alt(Character)
  /// Enter or Return.
  case enter
  /// Tab.
  case tab
  /// Shift-Tab.
  case backTab
  /// Escape.
  case escape
  /// Backspace.
  case backspace
  /// Delete.
  case delete
  /// Insert.
  case insert
  /// The arrow up.
  case up
  /// The arrow down.
  case down
  /// The arrow to the left.
  case left
  /// The arrow to the right.
  case right
  /// Home.
  case home
  /// End.
  case end
  /// Page up.
  case pageUp
  /// Page down.
  case pageDown
  /// F1 and so on.
  case function(Int)
}

/// What the person at the terminal does, and what the clock does.
public enum Input: Hashable, Sendable {
  /// A key is pressed.
  case key(Key)
  /// Text is pasted.
  case paste(String)
  /// The mouse button is pressed on something that reacts to it.
  case press(Target)
  /// The wheel is turned over something that reacts to the mouse: lines, up is negative.
  case wheel(Int, Target)
  /// The window has this size now.
  case resize(Size)
  /// Time passes; only where it is asked for.
  case tick
}
