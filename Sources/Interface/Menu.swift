import Terminal

/// A few things to choose from, one below the other.
public struct Menu: Equatable, Sendable {
  /// One of them.
  public struct Item: Hashable, Sendable {
    /// What is done.
    public var title: String
    /// More about it, shown beside it where it fits.
    public var detail: String
    /// Whether it can be chosen.
    public var isEnabled: Bool

    /// Creates an item.
    public init(title: String, detail: String = "", isEnabled: Bool = true) {
      self.title = title
      self.detail = detail
      self.isEnabled = isEnabled
    }
  }

  /// What there is to choose from.
  public var items: [Item]
  /// The one that Enter chooses.
  public var selected: Int

  /// Creates a menu with the first item that can be chosen selected.
  public init(_ items: [Item]) {
    self.items = items
    selected = items.firstIndex { $0.isEnabled } ?? 0
  }

  /// How many rows it would like.
  public var rows: Int { items.count }

  private static let targetName = "menu"

  // MARK: - Input

  /// Takes a key or what the mouse does.
  ///
  /// - Returns: the number of the item that was chosen, by Enter or with the mouse.
  public mutating func handle(_ input: Input) -> Int? {
    switch input {
    case .wheel(let lines, let target) where target.name == Self.targetName:
      move(by: lines.signum())
    case .key(.enter): return choose(selected)
    case .key(let key): if let motion = Motion(key) { move(motion) }
    case .press(let target) where target.name == Self.targetName: return choose(target.index)
    default: break
    }
    return nil
  }

  private mutating func choose(_ index: Int) -> Int? {
    guard items.indices.contains(index), items[index].isEnabled else { return nil }
    selected = index
    return index
  }

  private mutating func move(_ motion: Motion) {
    switch motion {
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .pageUp, .first: selected = items.firstIndex { $0.isEnabled } ?? selected
    case .pageDown, .last: selected = items.lastIndex { $0.isEnabled } ?? selected
    }
  }

  private mutating func move(by step: Int) {
    guard step != 0 else { return }
    var next = max(-1, min(selected, items.count)) + step
    while items.indices.contains(next), !items[next].isEnabled { next += step }
    if items.indices.contains(next) { selected = next }
  }

  // MARK: - Drawing

  /// Draws it; of more items than fit, those around the selected one.
  public func draw(on canvas: inout Canvas, in area: Area) {
    guard !area.isEmpty, !items.isEmpty else { return }
    var rest = area
    if items.count > area.rows {
      let marks = rest.takeRight(MoreMarks.columns)
      let range = range(rows: area.rows)
      MoreMarks.draw(
        above: range.lowerBound > 0, below: range.upperBound < items.count, on: &canvas, in: marks)
    }
    let titles = items.filter { !$0.detail.isEmpty }.map { TextWidth.columns(of: $0.title) }
    for (row, index) in range(rows: area.rows).enumerated() {
      draw(index, detailColumn: (titles.max() ?? 0) + 3, on: &canvas, in: rest.row(row))
    }
  }

  private func range(rows: Int) -> Range<Int> {
    let shown = max(0, min(selected, items.count - 1))
    let first = Scroll.first(showing: shown..<shown + 1, of: items.count, rows: rows)
    return first..<min(items.count, first + rows)
  }

  private func draw(_ index: Int, detailColumn: Int, on canvas: inout Canvas, in row: Area) {
    let item = items[index]
    var rest = FocusMark.draw(index == selected && item.isEnabled, on: &canvas, in: row)
    let style =
      !item.isEnabled ? Theme.muted : index == selected ? Theme.selection : Theme.plain
    let used = canvas.writeFitted(item.title, in: rest, style)
    _ = rest.takeLeft(max(used + 3, detailColumn))
    // Half a detail would only raise questions.
    if rest.columns >= min(TextWidth.columns(of: item.detail), 12) {
      canvas.writeFitted(item.detail, in: rest, Theme.muted)
    }
    if item.isEnabled { canvas.mark(row, as: Target(Self.targetName, index)) }
  }
}
