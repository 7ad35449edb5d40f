import Terminal

/// The line at the bottom of the pane where a text is typed.
struct LogPrompt {
  /// What the text is for.
  enum Purpose {
    case search, filter, save

    var label: String {
      switch self {
      case .search: "/"
      case .filter: "only lines with "
      case .save: "save to "
      }
    }

    /// What Enter does.
    var action: String {
      switch self {
      case .search: "find"
      case .filter: "filter"
      case .save: "save"
      }
    }
  }

  let purpose: Purpose
  var field: TextField

  init(_ purpose: Purpose, text: String = "") {
    self.purpose = purpose
    field = TextField(text)
  }

  func draw(on canvas: inout Canvas, in area: Area) {
    var rest = area
    let label = canvas.write(purpose.label, at: area.origin, Theme.accent, limit: area.columns)
    // The cursor is shown wherever there is a column.
    _ = rest.takeLeft(min(label, area.columns - 1))
    field.draw(on: &canvas, in: rest, isFocused: true)
  }
}
