import Terminal

extension Form {
  /// Where everything goes at a certain width: labels, fields, hints at the right.
  private struct Layout {
    var label: Int
    /// The columns that a field can take.
    var room: Int
    /// The columns that it takes unless it needs more.
    var usual: Int
    var entries: [(index: Int, row: Int, rows: Int)]
    var rows: Int { entries.last.map { $0.row + $0.rows } ?? 0 }
  }

  private static var gap: Int { 2 }

  private func layout(for columns: Int) -> Layout {
    // All questions are measured, whether they are shown or not, so that nothing jumps.
    let titles = questions.map { TextWidth.columns(of: $0.title) }
    let label = min(titles.max() ?? 0, 24, max(0, columns / 3))
    let room = max(1, columns - FocusMark.columns - label - Self.gap)
    let hint = questions.map { TextWidth.columns(of: $0.hint) }.max() ?? 0
    let usual = min(room, max(16, min(room - hint - Self.gap, 40)))
    var layout = Layout(label: label, room: room, usual: usual, entries: [])
    for index in shown {
      layout.entries.append((index, layout.rows, fields[index].rows(for: room)))
    }
    return layout
  }

  /// How many rows it would like at a certain width.
  public func rows(for columns: Int) -> Int { layout(for: columns).rows }

  /// Draws the questions; of more than fit, those around the focus.
  ///
  /// - Parameter isFocused: whether keys go to the form now.
  public func draw(on canvas: inout Canvas, in area: Area, isFocused: Bool = true) {
    guard !area.isEmpty else { return }
    var rest = area
    var layout = layout(for: area.columns)
    if layout.rows > area.rows {
      let marks = rest.takeRight(MoreMarks.columns)
      layout = self.layout(for: rest.columns)
      let first = firstRow(layout, rows: area.rows)
      MoreMarks.draw(
        above: first > 0, below: first + area.rows < layout.rows, on: &canvas, in: marks)
      draw(layout, from: first, on: &canvas, in: rest, isFocused)
    } else {
      draw(layout, from: 0, on: &canvas, in: rest, isFocused)
    }
  }

  /// The first row in sight: the question that has the focus stands in the middle, or where it
  /// takes more rows than there are, the part of it that has the focus.
  private func firstRow(_ layout: Layout, rows: Int) -> Int {
    guard let entry = layout.entries.first(where: { $0.index == focus }) else { return 0 }
    let part = entry.row + fields[entry.index].focusedRow(for: layout.room)
    let isWhole = entry.rows <= rows
    return Scroll.first(
      showing: isWhole ? entry.row..<entry.row + entry.rows : part..<part + 1, of: layout.rows,
      rows: rows)
  }

  private func draw(
    _ layout: Layout, from first: Int, on canvas: inout Canvas, in area: Area, _ isFocused: Bool
  ) {
    for entry in layout.entries {
      let top = max(first, entry.row)
      let rows = min(first + area.rows, entry.row + entry.rows) - top
      if rows <= 0 { continue }
      let place = Area(
        column: area.column, row: area.row + top - first, columns: area.columns, rows: rows)
      canvas.mark(place, as: Self.target(entry.index))
      draw(
        entry.index, layout, on: &canvas, in: place, skipping: top - entry.row,
        isFocused && entry.index == focus)
    }
  }

  private func draw(
    _ index: Int, _ layout: Layout, on canvas: inout Canvas, in area: Area, skipping skipped: Int,
    _ isFocused: Bool
  ) {
    var rest = area
    let question = questions[index]
    if skipped == 0 {
      let row = FocusMark.draw(isFocused, on: &canvas, in: area.row(0))
      if !isFocused, isFaulty(index) {
        canvas.write("✗", at: area.origin, Theme.failure, limit: 1)
      }
      let label = Area(column: row.column, row: row.row, columns: layout.label, rows: 1)
      canvas.writeFitted(question.title, in: label, isFocused ? Theme.strong : Theme.plain)
    }
    _ = rest.takeLeft(FocusMark.columns + layout.label + Self.gap)
    let needed = fields[index].columns(usual: layout.usual)
    let note = question.note(answers)
    let hint = TextWidth.columns(of: note ?? question.hint)
    if hint > 0, needed <= layout.room - Self.gap - hint, skipped == 0 {
      let column = rest.column + needed + Self.gap
      canvas.write(
        note ?? question.hint, at: Position(column: column, row: rest.row),
        note == nil ? Theme.muted : Theme.accent, limit: hint)
    }
    switch fields[index] {
    case .text, .suggestion: if needed <= layout.usual { rest = rest.takeLeft(needed) }
    case .toggle, .choice, .multiChoice: break
    }
    fields[index].draw(on: &canvas, in: rest, skipping: skipped, isFocused: isFocused) { part in
      Self.target(index, part: part)
    }
  }
}
