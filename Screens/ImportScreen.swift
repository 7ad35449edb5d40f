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
  private var document = Document(lines: [])

  /// Where Nix itself looks for machines.
  private static let standardPath = "/etc/nix/machines"

  func title(_ session: Session) -> String { "nix-builders · import" }
  func trailing(_ session: Session) -> String? { "" }

  func bindings(_ session: Session) -> [KeyBinding] {
    guard let result else {
      return [
        KeyBinding("Enter", "read it"), KeyBinding("Esc", "back"), KeyBinding("F1", "help"),
      ]
    }
    let keep = result.builders.isEmpty ? [] : [KeyBinding("Enter", "take them over")]
    return keep + [
      KeyBinding("↑↓ PgUp PgDn", "scroll", isShown: false), KeyBinding("Esc", "another file"),
      KeyBinding("?", "help"),
    ]
  }

  func help(_ session: Session) -> String {
    """
    A file in the format of /etc/nix/machines, or a NixOS module (a .nix file, or a folder with \
    default.nix) with nix.buildMachines: the installed Nix evaluates it, without nixpkgs. The Host \
    blocks that belong to the machines are read through ssh -G. Nothing is written before the \
    review.
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
    document = Document(result)
    return .none
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    guard let result else { return receiveInField(input, &session) }
    switch input {
    case .key(.escape):
      self.result = nil
      return .none
    case .key(.enter) where !result.builders.isEmpty:
      let count = result.builders.count
      session.change(count == 1 ? "1 builder imported" : "\(count) builders imported") {
        $0 = result.imported
      }
      return .move(.home)
    default: return document.handle(input, rows: area.rows - 4) ? .none : .ignored
    }
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
        "A file like /etc/nix/machines, or a NixOS module with nix.buildMachines.", on: &canvas,
        in: rest)
      let row = rest.takeTop(1)
      canvas.write("File  ", at: row.origin)
      field.draw(
        on: &canvas,
        in: Area(column: row.column + 6, row: row.row, columns: row.columns - 6, rows: 1),
        isFocused: !isReading)
      _ = rest.takeTop(1)
      if isReading { canvas.write("Reading…", at: rest.origin, Theme.muted) }
      return
    }
    rest = drawHeading(result.heading, on: &canvas, in: rest)
    document.draw(on: &canvas, in: rest)
  }
}

extension ImportResult {
  fileprivate var heading: String {
    switch builders.count {
    case 0: "There is nothing to take over."
    case 1: "One builder can be taken over."
    default: "\(builders.count) builders can be taken over."
    }
  }
}

extension Document {
  /// What an import has found, and what it leaves out.
  fileprivate init(_ result: ImportResult) {
    var lines: [Line] = []
    for builder in result.builders {
      lines.append(
        Line(spans: [
          Span("✓ ", Theme.success), Span(builder.alias, Theme.strong),
          Span("  \(builder.place)  \(builder.systems.joined(separator: " "))"),
        ]))
    }
    if !result.builders.isEmpty, !result.notes.isEmpty { lines.append(Line(spans: [])) }
    for note in result.notes {
      let mark: Mark =
        switch note.kind {
        case .missing, .leftOut: .failed
        case .incomplete: .notYet
        case .known: .skipped
        }
      lines.append(
        Line(spans: [
          Span("\(mark.sign(frame: 0)) ", mark.style), Span("\(note.place): ", Theme.muted),
          Span(note.reason),
        ]))
    }
    self.init(lines: lines)
  }
}
