import Terminal

/// One check as it is shown: what it is about, how it stands, what it found, how long it took.
public struct CheckRow: Equatable, Sendable {
  /// What it is about, in a word or two.
  public var title: String
  /// How it stands.
  public var mark: Mark
  /// What it found, on one line.
  public var detail: String
  /// How long it took or has been running, in seconds; `nil` when it was not begun.
  public var seconds: Double?

  /// Creates a row.
  public init(title: String, mark: Mark, detail: String = "", seconds: Double? = nil) {
    self.title = title
    self.mark = mark
    self.detail = detail
    self.seconds = seconds
  }
}

/// Checks one below the other.
public struct CheckList: Equatable, Sendable {
  /// The checks.
  public var rows: [CheckRow]
  /// The one whose detail is shown in full and that stays in sight.
  public var selected: Int?
  /// Whether there is no room for details, as beside a log.
  public var isNarrow = false
  /// Whether the selected row is marked as the one that keys are about.
  public var marksSelected = false

  /// Creates a list.
  public init(rows: [CheckRow], selected: Int? = nil) {
    self.rows = rows
    self.selected = selected
  }

  private static let targetName = "check"

  // MARK: - Input

  /// Takes a key or what the mouse does.
  ///
  /// - Returns: whether it meant something here.
  public mutating func handle(_ input: Input) -> Bool {
    switch input {
    case .key(.up): select((selected ?? rows.count) - 1)
    case .key(.down): select((selected ?? -1) + 1)
    case .key(.home): select(0)
    case .key(.end): select(rows.count - 1)
    case .press(let target) where target.name == Self.targetName: select(target.index)
    case .wheel(let lines, let target) where target.name == Self.targetName:
      select((selected ?? 0) + lines.signum())
    default: return false
    }
    return true
  }

  private mutating func select(_ index: Int) {
    if !rows.isEmpty { selected = max(0, min(index, rows.count - 1)) }
  }

  // MARK: - Drawing

  /// One line on the screen: a check, or what follows of its detail.
  private struct Line {
    var index: Int
    var detail: String
    var place = Place.first

    enum Place { case first, beside, below }
  }

  private struct Widths {
    var all: Int
    var title: Int
    var detail: Int
    var seconds: Int
  }

  /// How many rows it would like.
  public func rows(for columns: Int) -> Int { lines(columnWidths(in: columns)).count }

  private func time(_ row: CheckRow) -> String {
    guard let seconds = row.seconds else { return "" }
    return Decimals.seconds(seconds, decimals: row.mark == .running ? 1 : 2)
      + (isNarrow ? "" : " s")
  }

  private func columnWidths(in columns: Int) -> Widths {
    let marks = 2 + (marksSelected ? FocusMark.columns : 0)
    let seconds = rows.map { TextWidth.columns(of: time($0)) }.max() ?? 0
    let rest = max(0, columns - marks - (seconds == 0 ? 0 : seconds + 2))
    let title = rows.map { TextWidth.columns(of: $0.title) }.max() ?? 0
    if isNarrow { return Widths(all: columns, title: rest, detail: 0, seconds: seconds) }
    let limited = min(title, max(8, rest / 2))
    return Widths(
      all: columns, title: limited, detail: max(0, rest - limited - 2), seconds: seconds)
  }

  private func lines(_ widths: Widths) -> [Line] {
    rows.indices.flatMap { index -> [Line] in
      let detail = isNarrow ? "" : Self.onOneLine(rows[index].detail)
      let fits = TextWidth.columns(of: detail) <= widths.detail
      if index != selected || isNarrow || fits { return [Line(index: index, detail: detail)] }
      if widths.detail < Self.leastBeside {
        let below = TextWidth.wrapped(detail, to: widths.all - Self.indent)
        return [Line(index: index, detail: "")]
          + below.map { Line(index: index, detail: $0, place: .below) }
      }
      return TextWidth.wrapped(detail, to: widths.detail).enumerated().map {
        Line(index: index, detail: $0.element, place: $0.offset == 0 ? .first : .beside)
      }
    }
  }

  /// With fewer columns beside the titles, a detail stands below its own.
  private static let leastBeside = 24
  private static let indent = 4

  private static func onOneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// Draws it; of more rows than fit, those around the selected one.
  ///
  /// - Parameter frame: counts on while something runs, and turns its sign.
  public func draw(on canvas: inout Canvas, in area: Area, frame: Int) {
    guard !area.isEmpty else { return }
    var rest = area
    var widths = columnWidths(in: area.columns)
    var lines = lines(widths)
    var first = 0
    if lines.count > area.rows {
      let marks = rest.takeRight(MoreMarks.columns)
      widths = columnWidths(in: rest.columns)
      lines = self.lines(widths)
      let row = lines.firstIndex { $0.index == selected } ?? 0
      let end = lines.lastIndex { $0.index == selected } ?? 0
      first = Scroll.first(showing: row..<end + 1, of: lines.count, rows: area.rows)
      MoreMarks.draw(
        above: first > 0, below: first + area.rows < lines.count, on: &canvas, in: marks)
    }
    for (row, line) in lines.dropFirst(first).prefix(area.rows).enumerated() {
      draw(line, widths, on: &canvas, in: rest.row(row), frame)
    }
  }

  private func draw(
    _ line: Line, _ widths: Widths, on canvas: inout Canvas, in row: Area, _ frame: Int
  ) {
    let check = rows[line.index]
    canvas.mark(row, as: Target(Self.targetName, line.index))
    let style = check.mark == .skipped ? Theme.muted : Theme.plain
    if line.place == .below {
      var rest = row
      _ = rest.takeLeft(Self.indent)
      canvas.writeFitted(line.detail, in: rest, style)
      return
    }
    var rest = row
    if marksSelected {
      let isMarked = line.place == .first && line.index == selected
      rest = FocusMark.draw(isMarked, on: &canvas, in: rest)
    }
    let seconds = rest.takeRight(widths.seconds)
    if widths.seconds > 0 { _ = rest.takeRight(2) }
    let sign = rest.takeLeft(2)
    let title = rest.takeLeft(widths.title)
    _ = rest.takeLeft(2)
    if line.place == .first {
      drawSign(of: check, on: &canvas, in: sign, frame)
      canvas.writeFitted(check.title, in: title, check.mark == .waiting ? Theme.muted : style)
      drawTime(of: check, on: &canvas, in: seconds)
    }
    canvas.writeFitted(line.detail, in: rest, style)
  }

  private func drawSign(
    of check: CheckRow, on canvas: inout Canvas, in area: Area, _ frame: Int
  ) {
    if area.isEmpty { return }
    canvas.write(check.mark.sign(frame: frame), at: area.origin, check.mark.style, limit: 1)
  }

  private func drawTime(of check: CheckRow, on canvas: inout Canvas, in area: Area) {
    var place = area
    let text = time(check)
    _ = place.takeLeft(place.columns - TextWidth.columns(of: text))
    canvas.writeFitted(text, in: place, Theme.muted)
  }
}
