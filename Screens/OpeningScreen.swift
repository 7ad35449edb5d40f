import Interface
import Terminal

/// Shown while an inventory is read that is so large that one would notice.
struct OpeningScreen: Screen {
  func title(_ session: Session) -> String { "nix-builders" }
  func bindings(_ session: Session) -> [KeyBinding] { [KeyBinding(.interrupt, "quit")] }
  func help(_ session: Session) -> String { "\(session.directory)/builders.json is being read." }

  mutating func open(_ session: inout Session) -> [Effect] { [.open] }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    // There is nothing to go back to.
    if case .key(.escape) = input { return .none }
    return .ignored
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let text = "Reading \(session.directory)/builders.json…"
    canvas.write(
      text, at: Position(column: area.column + 2, row: area.row + 1), Theme.muted,
      limit: area.columns - 4)
  }
}
