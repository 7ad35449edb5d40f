import Builders
import Interface
import Terminal

extension BuilderListScreen {
  /// What is said of the selected builder has its place also when there is nothing to say, so that
  /// the rows stay where they are.
  private func detailRows(_ area: Area) -> Int { area.rows >= 16 ? 4 : 2 }

  /// The rows below the table for what is typed, with the words that a filter knows.
  private func promptRows(_ area: Area) -> Int {
    guard let prompt else { return 0 }
    return prompt.purpose == .filter && area.rows >= 16 ? 3 : 1
  }

  /// The table, at the columns that it is drawn in whatever is typed, marked or filtered.
  func tableArea(_ area: Area, _ session: Session) -> Area {
    var rest = Area(
      column: area.column + 1, row: area.row, columns: area.columns - 2, rows: area.rows)
    let below = detailRows(area) + notices(session, area.columns).count + promptRows(area) + 1
    _ = rest.takeBottom(min(below, area.rows - 4))
    return rest
  }

  private func notices(_ session: Session, _ columns: Int) -> [StyledLine] {
    Array(ListNotices(session).lines.wrapped(to: columns - 6).prefix(4))
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    if let tests { return tests.draw(on: &canvas, in: area, runs, session) }
    let builders = session.inventory.builders
    let place = tableArea(area, session)
    table.draw(
      on: &canvas, in: place, count: rows.count,
      isMarked: { rows.place(at: $0).map { marks.contains(builders[$0]) } ?? false },
      row: { index in
        guard let place = rows.place(at: index), builders.indices.contains(place) else { return [] }
        let builder = builders[place]
        return ListColumns.cells(
          of: builder, LastTest(builder, runs.running(builder.alias), session))
      })
    if rows.count == 0 {
      let text = builders.isEmpty ? "No builders. a adds one." : "None of them has that."
      canvas.write(
        text, at: Position(column: place.column + 2, row: place.row + 1), Theme.muted,
        limit: place.columns - 2)
    }
    var rest = area
    _ = rest.takeTop(place.rows)
    rest = rest.inset(columns: 3)
    if let prompt { draw(prompt, on: &canvas, in: rest.takeTop(promptRows(area))) }
    [StyledLine(TextWidth.fitted(status(session), to: rest.columns), Theme.strong)]
      .draw(on: &canvas, in: rest.takeTop(1))
    let details = rest.takeTop(detailRows(area))
    lines(below: place, session).wrapped(to: details.columns).draw(on: &canvas, in: details)
    notices(session, area.columns).draw(on: &canvas, in: rest)
    question?.dialog.draw(on: &canvas, in: canvas.area)
  }

  private func draw(_ prompt: ListPrompt, on canvas: inout Canvas, in area: Area) {
    var rest = area
    var line = rest.takeTop(1)
    let label = line.takeLeft(7)
    canvas.write(prompt.label, at: label.origin, Theme.muted, limit: label.columns)
    prompt.field.draw(on: &canvas, in: line, isFocused: true)
    [StyledLine("It knows \(ListFilter.words).", Theme.muted)].wrapped(to: rest.columns)
      .draw(on: &canvas, in: rest)
  }

  /// What is hidden and what is marked: nobody is to act on what they have forgotten.
  private func status(_ session: Session) -> String {
    var parts: [String] = []
    let filter = rows.filter.split(separator: " ").joined(separator: " ")
    if !filter.isEmpty { parts.append("\(rows.hiddenCount) hidden by \(filter)") }
    if !marks.isEmpty {
      let count = marks.count(in: session.inventory.builders, shown: rows.shown)
      if count.shown > 0 { parts.append("\(count.shown) marked") }
      if count.hidden > 0 { parts.append("\(count.hidden) marked out of sight, left alone") }
    }
    return parts.joined(separator: " · ")
  }

  /// What is said of the selected builder; where it is, unless the table has room for that.
  private func lines(below place: Area, _ session: Session) -> [StyledLine] {
    let builders = session.inventory.builders
    guard let index = rows.place(at: table.selected), builders.indices.contains(index) else {
      return []
    }
    let builder = builders[index]
    let last = LastTest(builder, runs.running(builder.alias), session).lines
    if table.showsAll(of: ListColumns.place, in: place.columns) { return last }
    let line = StyledLine("\(builder.alias) is \(builder.place)", Theme.muted)
    return place.rows > 6 ? [line] + last : last + [line]
  }
}
