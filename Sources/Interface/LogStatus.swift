import Terminal

extension LogPane {
  /// Where one is and what was found, such as "following · line 57" or
  /// "line 10–40 of 3,000 · 3 of 12 found".
  ///
  /// - Parameters:
  ///   - rows: the height of the area in which the pane is drawn.
  ///   - columns: its width.
  public func status(rows: Int, columns: Int) -> String {
    let view = View(rows: rows - (isPrompting ? 1 : 0), columns: columns)
    let parts = [placeStatus(view), filterStatus, searchStatus, errorStatus, notice, store.problem]
    return parts.compactMap { $0 }.joined(separator: " · ")
  }

  private func placeStatus(_ view: View) -> String {
    let count = store.lineCount
    if count == 0 { return isFollowing ? "following · no lines yet" : "no lines yet" }
    if isFollowing { return "following · line \(logNumber(count))" }
    guard let lines = linesInView(view) else { return logLines(count) }
    let first = logNumber(lines.lowerBound + 1)
    let last = logNumber(lines.upperBound + 1)
    let shown = first == last ? first : "\(first)–\(last)"
    return "line \(shown) of \(logNumber(count))"
  }

  private var filterStatus: String? {
    guard let filter else { return nil }
    return "\(logLines(shownLines?.count ?? 0)) with “\(filter.pattern.text)”\(progress(filter))"
  }

  private var searchStatus: String? {
    guard let search else { return nil }
    let count = search.scan.lines.count(
      before: .max, alsoIn: filter?.lines, owners?.lines)
    let progress = progress(search.scan)
    if count == 0 { return progress.isEmpty ? "nothing found" : "searching\(progress)" }
    guard let current, search.scan.lines.contains(current) else {
      return "\(logNumber(count)) found\(progress)"
    }
    let place =
      search.scan.lines.count(before: current, alsoIn: filter?.lines, owners?.lines) + 1
    return "\(logNumber(place)) of \(logNumber(count)) found\(progress)"
  }

  private var errorStatus: String? {
    guard let errors, errors.wish != nil else { return nil }
    return "looking for errors\(progress(errors.scan))"
  }

  private func progress(_ scan: LogScan) -> String {
    // What the next tick will see is not worth a word.
    let unseen = scan.unseenBytes(in: store)
    if unseen <= Self.budget { return "" }
    return ", \((store.byteCount - unseen) * 100 / store.byteCount) %"
  }
}
