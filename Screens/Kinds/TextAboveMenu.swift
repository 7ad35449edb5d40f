import Interface
import Terminal

/// A text to read and below it what there is to choose. The choice is always in sight; where the text
/// does not fit above it, it scrolls.
struct TextAboveMenu {
  /// What there is to choose.
  var menu = Menu([])
  private var text = ScrolledText()

  /// The keys that scroll, for the help.
  static let scrolling = KeyBinding("PgUp PgDn", "scroll", isShown: false)

  init() {}

  /// Shows another text, from its beginning.
  mutating func show(_ lines: [StyledLine]) {
    if lines != text.lines { text.replace(with: lines) }
  }

  /// Takes a key or what the mouse does.
  ///
  /// - Returns: the number of what was chosen.
  mutating func handle(_ input: Input, in area: Area) -> Int? {
    switch input {
    case .key(.pageUp), .key(.pageDown):
      _ = text.handle(input, in: parts(of: area).text)
      return nil
    default: return menu.handle(input)
    }
  }

  func draw(on canvas: inout Canvas, in area: Area) {
    let (place, below) = parts(of: area)
    text.draw(on: &canvas, in: place)
    menu.draw(on: &canvas, in: below)
  }

  /// Of little room the choice gets what it needs first, but for a few lines.
  private func parts(of area: Area) -> (text: Area, menu: Area) {
    var rest = area
    let wanted = text.lines.wrapped(to: max(1, area.columns - 2)).count
    let room = max(min(3, rest.rows - 2), rest.rows - menu.rows - 1)
    let place = rest.takeTop(max(0, min(wanted, room)))
    _ = rest.takeTop(place.rows > 0 ? 1 : 0)
    return (place, rest)
  }
}
