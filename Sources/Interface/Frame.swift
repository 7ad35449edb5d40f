import Terminal

/// What is around every screen: the title, the steps of the wizard, the keys.
public struct Frame: Equatable, Sendable {
  /// What stands at the upper left.
  public var title: String
  /// What stands at the upper right.
  public var trailing: String
  /// The steps, in lower case; the present one is shown with a capital letter.
  public var steps: [String]
  /// The present step.
  public var currentStep: Int?
  /// The keys; the last one of those shown stays in the help line however narrow it is.
  public var bindings: [KeyBinding]
  /// What came of the last key, said until the next one.
  public var notice: String

  /// Creates a frame.
  public init(
    title: String, trailing: String = "", steps: [String] = [], currentStep: Int? = nil,
    bindings: [KeyBinding], notice: String = ""
  ) {
    self.notice = notice
    self.title = title
    self.trailing = trailing
    self.steps = steps
    self.currentStep = currentStep
    self.bindings = bindings
  }

  /// From so many rows on there is one to spare above the help line.
  private static let roomyRows = 16

  private struct Parts {
    var title: Area
    var steps: Area
    var help: Area
    var rest: Area
  }

  private func split(_ size: Size) -> Parts {
    var rest = Area(size)
    let title = rest.takeTop(1)
    let steps = rest.takeTop(self.steps.isEmpty ? 0 : 1)
    let help = rest.takeBottom(1)
    if size.rows >= Self.roomyRows { _ = rest.takeBottom(1) }
    return Parts(
      title: title.inset(columns: 1), steps: steps.inset(columns: 1),
      help: help.inset(columns: 1), rest: rest)
  }

  /// The area that is left for the screen: the same that ``draw(on:)`` returns.
  public func area(in size: Size) -> Area { split(size).rest }

  /// Draws what is around the screen.
  ///
  /// - Returns: the area that is left for the screen.
  public func draw(on canvas: inout Canvas) -> Area {
    let parts = split(canvas.size)
    drawTitle(on: &canvas, in: parts.title)
    drawSteps(on: &canvas, in: parts.steps)
    HelpLine(bindings).draw(on: &canvas, in: parts.help)
    return parts.rest
  }

  /// Draws what came of the last key, above the keys or, in a low window, in their place; longer
  /// text also over the lowest rows of the screen, so that nothing moves for it.
  public func drawNotice(on canvas: inout Canvas) {
    if notice.isEmpty { return }
    var place = Area(canvas.size)
    if place.rows >= Self.roomyRows { _ = place.takeBottom(1) }
    let lines = TextWidth.wrapped(notice, to: max(1, place.columns - 2)).prefix(3)
    place = place.takeBottom(lines.count)
    canvas.fill(place)
    for (row, line) in lines.enumerated() {
      canvas.writeFitted(line, in: place.row(row).inset(columns: 1), Theme.strong)
    }
  }

  private func drawTitle(on canvas: inout Canvas, in area: Area) {
    guard !area.isEmpty else { return }
    var rest = area
    let width = TextWidth.columns(of: trailing)
    // A title that is cut tells less than what stands beside it, but half of it has to stay.
    if width > 0,
      width + 2 <= area.columns / 2
        || width + 2 + TextWidth.columns(of: title) <= area.columns
    {
      canvas.write(trailing, at: rest.takeRight(width).origin, Theme.muted)
      _ = rest.takeRight(2)
    }
    canvas.write(TextWidth.fitted(title, to: rest.columns), at: rest.origin, Theme.strong)
  }

  private func drawSteps(on canvas: inout Canvas, in area: Area) {
    guard !area.isEmpty else { return }
    var rest = area
    let names = steps.enumerated().map { index, name in
      index == currentStep ? name.prefix(1).uppercased() + name.dropFirst() : name
    }
    let widths = names.map { TextWidth.columns(of: $0) + 2 }
    var first = 0
    if let currentStep, names.indices.contains(currentStep) {
      // The present step is in sight, and that there is more behind it.
      while first < currentStep, widths[first...currentStep].reduce(2, +) > area.columns {
        first += 1
      }
    }
    if first > 0 { rest = drawStep("…", Theme.muted, on: &canvas, in: rest) }
    for index in first..<names.count {
      let isLast = index == names.count - 1
      let needed = widths[index] - 2 + (isLast ? 0 : 3)
      if needed > rest.columns, index != currentStep {
        canvas.write("…", at: rest.origin, Theme.muted, limit: rest.columns)
        return
      }
      let style =
        index == currentStep
        ? Theme.selection : index < currentStep ?? 0 ? Theme.plain : Theme.muted
      rest = drawStep(names[index], style, on: &canvas, in: rest)
    }
  }

  private func drawStep(
    _ name: String, _ style: Style, on canvas: inout Canvas, in area: Area
  ) -> Area {
    var rest = area
    let used = canvas.write(
      TextWidth.fitted(name, to: area.columns), at: area.origin, style, limit: area.columns)
    _ = rest.takeLeft(used + 2)
    return rest
  }
}
