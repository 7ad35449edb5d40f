import Terminal

/// One of a few.
public struct ChoiceField: Equatable, Sendable {
  /// What can be chosen.
  public var options: [String]
  /// The one that is chosen; none when it is not the number of an option.
  public var selected: Int

  /// Creates a field.
  public init(_ options: [String], selected: Int = 0) {
    self.options = options
    self.selected = selected
  }

  // MARK: - Input

  /// Takes a key or a press of the mouse.
  ///
  /// - Returns: whether it meant something here.
  public mutating func handle(_ input: Input) -> Bool {
    switch input {
    case .key(.left): select(max(0, selected - 1))
    case .key(.right): select(min(selected + 1, options.count - 1))
    case .key(.home): select(0)
    case .key(.end): select(options.count - 1)
    case .key(.character(" ")): select(selected + 1 < options.count ? selected + 1 : 0)
    case .press(let target) where target.name == Self.targetName: select(target.index)
    default: return false
    }
    return true
  }

  /// Chooses an option, if there is such a one.
  mutating func select(_ index: Int) {
    if options.indices.contains(index) { selected = index }
  }

  static let targetName = "choice"

  // MARK: - Drawing

  private var texts: [String] {
    options.enumerated().map { CheckBox.roundText($0.element, isOn: $0.offset == selected) }
  }

  private func areas(in columns: Int) -> [Area] {
    Flow.areas(of: texts.map { TextWidth.columns(of: $0) }, in: columns)
  }

  /// How many rows it takes.
  public func rows(for columns: Int) -> Int { areas(in: columns).last?.endRow ?? 1 }

  /// The columns that it takes in one row.
  var columns: Int { areas(in: .max / 2).last?.endColumn ?? 0 }

  /// The row of the option that is chosen.
  func focusedRow(for columns: Int) -> Int {
    let areas = areas(in: columns)
    return areas.indices.contains(selected) ? areas[selected].row : 0
  }

  /// Draws the options, in as many rows as they take.
  public func draw(on canvas: inout Canvas, in area: Area, isFocused: Bool) {
    draw(on: &canvas, in: area, skipping: 0, isFocused: isFocused) { Target(Self.targetName, $0) }
  }

  func draw(
    on canvas: inout Canvas, in area: Area, skipping skipped: Int, isFocused: Bool,
    target: (Int) -> Target
  ) {
    for (index, place) in areas(in: area.columns).enumerated() {
      let isHere = isFocused && (index == selected || !options.indices.contains(selected))
      CheckBox.draw(
        texts[index], on: &canvas, in: area.part(place, skipping: skipped), isFocused: isHere,
        target: target(index))
    }
  }
}
