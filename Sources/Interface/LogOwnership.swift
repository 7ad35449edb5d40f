extension LogPane {
  /// Which lines are shown; `nil` where all are.
  var shownLines: LogFilter? { LogFilter(text: filter, owners: owners) }

  /// Shows only the lines of some owners, the last of them first, or everybody's again.
  ///
  /// Owners may be added at any time, as long as no line of them has come.
  ///
  /// - Parameters:
  ///   - rows: the height of the area in which the pane is drawn.
  ///   - columns: its width.
  public mutating func show(linesOf wanted: Set<Int>?, rows: Int, columns: Int) {
    guard wanted != owners?.owners else { return }
    if let wanted, let shown = owners?.owners, wanted.isSuperset(of: shown) {
      owners?.add(wanted)
      return
    }
    let view = View(rows: isPrompting ? rows - 1 : rows, columns: columns)
    let line = firstLineInView(view)
    owners = wanted.map { LogOwnerScan($0) }
    if wanted == nil {
      if !isFollowing { top = LogPosition(line: line) }
    } else {
      isFollowing = true
    }
    look(view)
  }

  /// Whose lines are shown; `nil` for everybody's.
  public var shownOwners: Set<Int>? { owners?.owners }
}
