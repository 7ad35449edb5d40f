import Checks
import Interface
import Processes
import Terminal

// What is typed for a command that asks on its terminal; `nil` while nobody types.
extension TextField? {
  /// Begins to type, or goes on.
  mutating func ask(_ question: TerminalCommand.Question?) {
    var field = self ?? TextField()
    // Where nobody has asked, nobody has said either that it may be seen.
    field.isHidden = question?.isHidden ?? true
    self = field
  }

  /// Takes what the person does.
  ///
  /// - Returns: what is to be sent; `nil` when nothing is yet, or Esc has closed the line.
  mutating func take(_ input: Input) -> String? {
    switch input {
    case .key(.escape): self = nil
    case .key(.enter):
      defer { self = nil }
      return self?.text ?? ""
    default: _ = self?.handle(input)
    }
    return nil
  }
}

extension TextField {
  /// Draws it as what is typed for a program that asks.
  func drawAsAnswer(on canvas: inout Canvas, in area: Area) {
    var area = area
    var rest = area.takeTop(1)
    let label = isHidden ? "Answer (not shown)  " : "Answer  "
    _ = rest.takeLeft(canvas.write(label, at: rest.origin, limit: rest.columns - 1))
    draw(on: &canvas, in: rest, isFocused: true)
  }
}
