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

  private static let closing = [Shortcut.back, .accept, .help, .quit, .interrupt].flatMap(\.keys)

  // MARK: - Input

  /// Takes a key.
  ///
  /// - Parameter size: of the window.
  /// - Returns: whether the page is to be closed.
  public mutating func handle(_ input: Input, size: Size) -> Bool {
    let parts = split(Area(size))
    let (count, rows) = (lines(for: parts.body.columns).count, parts.body.rows)
    guard case .key(let key) = input else { return false }
    if Self.closing.contains(key) { return true }
    if let motion = key == .character(" ") ? .pageDown : Motion(key) {
      scroll.move(motion, count: count, rows: rows)
    }
    return false
  }

  // MARK: - Drawing

  /// Lines longer than this are hard to read.
  private static let widest = 76

  private struct Line: Equatable {
    var keys = ""
    var text = ""
    var isMuted = false
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

  private var keyColumns: Int { bindings.map { TextWidth.columns(of: $0.labels) }.max() ?? 0 }

  private func lines(for columns: Int) -> [Line] {
    let about = text.isEmpty ? [] : TextWidth.wrapped(text, to: columns).map { Line(text: $0) }
    let keys = bindings.filter { !$0.words.isEmpty }.flatMap { binding in
      let room = max(1, columns - keyColumns - 3)
      let text = binding.words + (binding.off.map { " – not now: \($0)" } ?? "")
      return TextWidth.wrapped(text, to: room).enumerated().map {
        Line(
          keys: $0.offset == 0 ? binding.labels : " ", text: $0.element,
          isMuted: binding.off != nil)
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
      let line = lines[index]
      if !line.keys.isEmpty {
        canvas.writeFitted(line.keys, in: place, line.isMuted ? Theme.muted : Theme.strong)
        _ = place.takeLeft(keyColumns + 3)
      }
      canvas.writeFitted(line.text, in: place, line.isMuted ? Theme.muted : Theme.plain)
    }
    let scrolls = lines.count > parts.body.rows
    HelpLine((scrolls ? [KeyBinding("↑↓", "scroll")] : []) + [KeyBinding("Esc", "close")]).draw(
      on: &canvas, in: parts.help)
  }
}
