import Builders
import Fragments
import Interface
import Terminal

/// Takes builders over that were written down by hand: what was found is reviewed before it is
/// kept, and what cannot be taken over is named, entry by entry.
struct ImportScreen: Screen {
  private var field = TextField(ImportScreen.standardPath)
  private var reading = OpenQuestion()
  private var isReading: Bool { reading.isOpen }
  private var result: ImportResult?
  /// The builders that are left out, by their numbers.
  private var leftOut: Set<Int> = []
  /// The builder that keys are about.
  private var selected = 0
  /// What is noted about the import.
  private var notes = ScrolledText()

  /// Where Nix itself looks for machines.
  private static let standardPath = "/etc/nix/machines"

  func title(_ session: Session) -> String { "nix-builders · import" }
  func trailing(_ session: Session) -> String? { "" }

  func bindings(_ session: Session) -> [KeyBinding] {
    guard let result else {
      return [
        KeyBinding(.accept, "read it"), KeyBinding(.back, "back"), KeyBinding("F1", "help"),
      ]
    }
    let isNothing = leftOut.count == result.builders.count
    let choose = [KeyBinding("Space", "leave out or take"), KeyBinding("↑↓", "move")]
    return (isNothing ? [] : [KeyBinding(.accept, "take them over")])
      + (result.builders.isEmpty ? [] : choose) + [
        KeyBinding("PgUp PgDn", "scroll the notes", isShown: false),
        KeyBinding(.back, "another source"), KeyBinding(.help, "help"),
      ]
  }

  func help(_ session: Session) -> String {
    """
    A file in the format of /etc/nix/machines; a nix.conf (a .conf file); a NixOS module (a .nix \
    file, or a folder with default.nix), which the installed Nix evaluates without nixpkgs; the \
    host of a flake, such as /etc/nixos#laptop, evaluated whole; or the text of a builders setting. \
    The Host blocks that belong to the machines are read through ssh -G. Nothing is written before \
    the review.
    """
  }

  var isTyping: Bool { result == nil }
  var isBusy: Bool { isReading }

  mutating func open(_ session: inout Session) -> [Effect] {
    result = nil
    reading.drop()
    return []
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    guard case .imported(let ticket, let result) = message, reading.isAnswered(by: ticket) else {
      return .none
    }
    self.result = result
    leftOut = []
    selected = 0
    notes.replace(with: result.notes.map(\.line))
    return .none
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    guard let result else { return receiveInField(input, &session) }
    switch input {
    case .key(.escape):
      self.result = nil
      return .none
    case .key(.enter):
      var taken = result
      taken.builders = result.builders.indices.filter { !leftOut.contains($0) }
        .map { result.builders[$0] }
      if taken.builders.isEmpty { return .none }
      let count = taken.builders.count
      session.change(count == 1 ? "1 builder imported" : "\(count) builders imported") {
        $0 = taken.imported
      }
      return .move(.home)
    case .key(.up): selected = max(selected - 1, 0)
    case .key(.down): selected = max(min(selected + 1, result.builders.count - 1), 0)
    case Shortcut.toggle where !result.builders.isEmpty: turn(selected)
    case .press(let target) where target.name == Self.targetName: turn(target.index)
    default:
      var below = area.inset(columns: 2)
      _ = below.takeTop(4)
      return notes.handle(input, in: below) ? .none : .ignored
    }
    return .none
  }

  private static let targetName = "imported"

  /// Leaves a builder out, or takes it after all.
  private mutating func turn(_ index: Int) {
    selected = index
    if leftOut.remove(index) == nil { leftOut.insert(index) }
  }

  private mutating func receiveInField(_ input: Input, _ session: inout Session) -> Reaction {
    switch input {
    case .key(.escape): return .move(.home)
    case .key(.enter):
      if field.text.isEmpty || isReading { return .none }
      let ticket = reading.ask(&session)
      return .effects([.readImport(ticket, path: field.text, into: session.inventory)])
    default: return field.handle(input) ? .none : .ignored
    }
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    var rest = area.inset(columns: 2)
    guard let result else {
      rest = drawHeading(
        "Where are the builders written down?",
        "/etc/nix/machines, a nix.conf, a NixOS module, a flake's host, or a builders setting.",
        on: &canvas, in: rest)
      let row = rest.takeTop(1)
      canvas.write("From  ", at: row.origin)
      field.draw(
        on: &canvas,
        in: Area(column: row.column + 6, row: row.row, columns: row.columns - 6, rows: 1),
        isFocused: !isReading)
      _ = rest.takeTop(1)
      if isReading { canvas.write("Reading…", at: rest.origin, Theme.muted) }
      return
    }
    rest = drawHeading(heading(result), on: &canvas, in: rest)
    let builders = result.builders
    let half = max(rest.rows / 2, 3)
    let rows = min(builders.count, notes.lines.isEmpty ? rest.rows : half)
    let first = max(0, min(selected - rows / 2, builders.count - rows))
    for index in first..<(first + rows) {
      draw(builders[index], number: index, on: &canvas, in: rest.takeTop(1))
    }
    if rows > 0 { _ = rest.takeTop(1) }
    notes.draw(on: &canvas, in: rest)
  }

  private func draw(_ builder: Builder, number: Int, on canvas: inout Canvas, in area: Area) {
    guard !area.isEmpty else { return }
    let isSelected = number == selected
    let box = "\(isSelected ? "▸" : " ") [\(leftOut.contains(number) ? " " : "x")] "
    let options =
      builder.optionNames.isEmpty ? "" : "  with \(builder.optionNames.joined(separator: ", "))"
    let text = "\(builder.place)  \(builder.systems.joined(separator: " "))\(options)"
    var place = area
    for (words, style) in [
      (box, isSelected ? Theme.accent : Theme.plain), (builder.alias, Theme.strong),
      ("  \(text)", Theme.plain),
    ] where !place.isEmpty {
      _ = place.takeLeft(canvas.write(words, at: place.origin, style, limit: place.columns))
    }
    canvas.mark(area, as: Target(Self.targetName, number))
    if isSelected { canvas.cursor = Position(column: area.column + 3, row: area.row) }
  }

  private func heading(_ result: ImportResult) -> String {
    let all = result.builders.count
    let taken = all - leftOut.count
    switch (all, taken) {
    case (0, _): return "There is nothing to take over."
    case (1, 1): return "One builder can be taken over."
    case let (all, taken) where all == taken: return "\(all) builders can be taken over."
    default: return "\(taken) of \(all) builders are taken over."
    }
  }
}

extension ImportNote {
  /// The note with the sign of what became of it.
  fileprivate var line: StyledLine {
    let mark: Mark =
      switch kind {
      case .missing, .leftOut: .failed
      case .incomplete, .unreadable: .notYet
      case .known: .skipped
      }
    return StyledLine("\(mark.sign(frame: 0)) \(self)", mark.style, hang: 2)
  }
}
