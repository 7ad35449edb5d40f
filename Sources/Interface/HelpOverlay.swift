import Terminal

/// The help page: what a screen is about, and all of its keys.
public struct HelpOverlay: Equatable, Sendable {
  private let title: String
  private let text: String
  private let bindings: [KeyBinding]
  private var scroll = Scroll()

  /// Creates a page.
  public init(title: String, text: String, bindings: [KeyBinding]) {
    self.title = title
    self.text = text
    self.bindings = bindings
  }

  // MARK: - Input

  /// Takes a key.
  ///
  /// - Parameter size: of the window.
  /// - Returns: whether the page is to be closed.
  public mutating func handle(_ input: Input, size: Size) -> Bool {
    let parts = split(Area(size))
    let (count, rows) = (lines(for: parts.body.columns).count, parts.body.rows)
    let page = max(1, rows - 1)
    switch input {
    case .key(.escape), .key(.enter), .key(.function(1)), .key(.character("?")),
      .key(.character("q")), .key(.control("c")):
      return true
    case .key(.up): scroll.move(by: -1, count: count, rows: rows)
    case .key(.down): scroll.move(by: 1, count: count, rows: rows)
    case .key(.pageUp): scroll.move(by: -page, count: count, rows: rows)
    case .key(.pageDown), .key(.character(" ")): scroll.move(by: page, count: count, rows: rows)
    case .key(.home): scroll.go(toEnd: false, count: count, rows: rows)
    case .key(.end): scroll.go(toEnd: true, count: count, rows: rows)
    default: break
    }
    return false
  }

  // MARK: - Drawing

  /// Lines longer than this are hard to read.
  private static let widest = 76

  private struct Line: Equatable {
    var keys = ""
    var text = ""
  }

  private struct Parts {
    var title: Area
    var body: Area
    var marks: Area
    var help: Area
  }

  private func split(_ area: Area) -> Parts {
    var rest = area.inset(columns: 1)
    let title = rest.takeTop(1)
    let help = rest.takeBottom(1)
    let isRoomy = rest.rows > 8
    if isRoomy {
      _ = rest.takeTop(1)
      _ = rest.takeBottom(1)
    }
    let marks = rest.takeRight(MoreMarks.columns)
    _ = rest.takeLeft(min(2, max(0, rest.columns - 20)))
    let body = rest.takeLeft(min(rest.columns, Self.widest))
    return Parts(title: title, body: body, marks: marks, help: help)
  }

  private var keyColumns: Int { bindings.map { TextWidth.columns(of: $0.keys) }.max() ?? 0 }

  private func lines(for columns: Int) -> [Line] {
    let about = text.isEmpty ? [] : TextWidth.wrapped(text, to: columns).map { Line(text: $0) }
    let keys = bindings.filter { !$0.action.isEmpty }.flatMap { binding in
      let room = max(1, columns - keyColumns - 3)
      return TextWidth.wrapped(binding.action, to: room).enumerated().map {
        Line(keys: $0.offset == 0 ? binding.keys : " ", text: $0.element)
      }
    }
    return about + (about.isEmpty || keys.isEmpty ? [] : [Line()]) + keys
  }

  /// Draws it over all of an area; nothing beneath reacts to the mouse any more.
  public func draw(on canvas: inout Canvas, in area: Area) {
    canvas.unmark()
    canvas.cursor = nil
    canvas.fill(area)
    let parts = split(area)
    canvas.writeFitted(title, in: parts.title, Theme.strong)
    let lines = lines(for: parts.body.columns)
    let range = scroll.range(count: lines.count, rows: parts.body.rows)
    MoreMarks.draw(
      above: range.lowerBound > 0, below: range.upperBound < lines.count, on: &canvas,
      in: parts.marks)
    for (row, index) in range.enumerated() {
      var place = parts.body.row(row)
      if !lines[index].keys.isEmpty {
        canvas.writeFitted(lines[index].keys, in: place, Theme.strong)
        _ = place.takeLeft(keyColumns + 3)
      }
      canvas.writeFitted(lines[index].text, in: place)
    }
    let scrolls = lines.count > parts.body.rows
    HelpLine((scrolls ? [KeyBinding("↑↓", "scroll")] : []) + [KeyBinding("Esc", "close")]).draw(
      on: &canvas, in: parts.help)
  }
}
