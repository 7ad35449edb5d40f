import Terminal

/// Yes or no.
public struct ToggleField: Equatable, Sendable {
  /// Whether it is yes.
  public var isOn: Bool

  /// Creates a field.
  public init(_ isOn: Bool = false) { self.isOn = isOn }

  /// Takes a key or a press of the mouse.
  ///
  /// - Returns: whether it meant something here.
  public mutating func handle(_ input: Input) -> Bool {
    switch input {
    case .key(.character(" ")), .key(.left), .key(.right): isOn.toggle()
    case .press(let target) where target.name == Self.target.name: isOn.toggle()
    default: return false
    }
    return true
  }

  /// What it reacts to the mouse as, unless it is in a form.
  static let target = Target("toggle")

  /// Draws it.
  public func draw(on canvas: inout Canvas, in area: Area, isFocused: Bool) {
    draw(on: &canvas, in: area, isFocused: isFocused, target: Self.target)
  }

  func draw(on canvas: inout Canvas, in area: Area, isFocused: Bool, target: Target) {
    let text = CheckBox.text(isOn ? "yes" : "no", isOn: isOn)
    CheckBox.draw(text, on: &canvas, in: area.row(0), isFocused: isFocused, target: target)
  }
}
