/// A program in the terminal: a state that takes what happens and can be drawn.
///
/// Drawing depends on the state and the canvas's size alone. Whatever touches the world is returned
/// as an effect, carried out elsewhere, and comes back as messages.
public protocol Application<Message, Effect> {
  /// What comes back from effects.
  associatedtype Message: Sendable
  /// What is to be done outside.
  associatedtype Effect

  /// Takes what the person does.
  ///
  /// - Parameter now: seconds since the event loop began.
  mutating func receive(_ input: Input, now: Double) -> [Effect]

  /// Takes what an effect has brought.
  ///
  /// - Parameter now: seconds since the event loop began.
  mutating func receive(_ message: Message, now: Double) -> [Effect]

  /// Draws the whole screen.
  func draw(on canvas: inout Canvas)

  /// How long until the next ``Input/tick`` is wanted, in seconds; `nil` when nothing moves.
  var tickInterval: Double? { get }
}
