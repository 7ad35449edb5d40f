import Checks
import Features
import Fragments
import Interface
import Terminal

/// A file beside what would be written, and what can be done with it.
struct DriftFile {
  let file: FileDrift
  private var document: Document
  private var menu: Menu
  private let choices: [Choice]

  /// What the person wants.
  enum Event {
    case close
    case keep(String)
    case takeOver(String, HandEdit)
    case write(String)
    case ignored
  }

  private enum Choice {
    case takeOver(HandEdit)
    case keep
    case write
    case close
  }

  init(_ file: FileDrift, _ decision: FileDecision?) {
    self.file = file
    document = Document(file.plan, whole: file.kind == .asWritten)
    var offered: [(Choice, Menu.Item)] = []
    func add(_ choice: Choice, _ title: String, _ detail: String = "") {
      offered.append((choice, Menu.Item(title: title, detail: detail)))
    }
    switch file.kind {
    case .asWritten: break
    case .missing: add(.write, "Write it")
    case .olderFormat, .outOfDate: add(.write, "Write it anew")
    case .edited(let edit):
      if let edit, !edit.changes.isEmpty {
        add(
          .takeOver(edit), "Take the edit over",
          edit.surplus.isEmpty ? "all of it can be an answer" : "as far as it can be an answer")
      }
      if decision?.choice != .keep { add(.keep, "Keep the file as it is") }
      add(.write, "Replace it", "a backup is kept")
    case .unreadable:
      if decision?.choice != .keep { add(.keep, "Keep the file as it is") }
      add(.write, "Replace it", "a backup is kept")
    case .obsolete: add(.write, "Remove it", "a backup is kept")
    }
    add(.close, "Back")
    choices = offered.map(\.0)
    menu = Menu(offered.map(\.1))
  }

  var name: String { file.name }

  static let hints = [
    KeyBinding(.accept, "choose"), KeyBinding("↑↓", "move"), KeyBinding("PgUp PgDn", "scroll"),
  ]

  mutating func receive(_ input: Input, in area: Area) -> Event? {
    switch input {
    case .key(.pageUp), .key(.pageDown), Shortcut.toggle, .key(.left), .key(.right):
      _ = document.handle(input, rows: split(area).document.rows)
      return nil
    default: break
    }
    guard let index = menu.handle(input) else { return .ignored }
    switch choices[index] {
    case .takeOver(let edit): return .takeOver(name, edit)
    case .keep: return .keep(name)
    case .write: return .write(name)
    case .close: return .close
    }
  }

  // MARK: - Drawing

  private func lines(_ columns: Int) -> [StyledLine] {
    var lines = [
      StyledLine("\(file.mark.sign(frame: 0)) \(name) is \(sentence)", file.mark.style, hang: 2)
    ]
    if case .edited(let edit?) = file.kind {
      lines += edit.changes.map { StyledLine("  answer    \($0)", hang: 12) }
      lines += edit.surplus.map {
        StyledLine("  no answer \($0)", Theme.warning, hang: 12)
      }
      if !edit.surplus.isEmpty {
        lines.append(
          StyledLine(
            "  What is no answer is lost when the file is written. Put it into a module of its own.",
            Theme.muted, hang: 2))
      }
    }
    return lines.wrapped(to: columns)
  }

  private var sentence: String {
    switch file.kind {
    case .asWritten: "as it was written."
    case .missing: "not there. This is what would be written."
    case .olderFormat: "in an older format, and says the same."
    case .outOfDate: "not what follows from builders.json any more."
    case .edited(let edit?) where edit.saysTheSame:
      "edited by hand: layout or comments, but it says the same."
    case .edited: "edited by hand. − is how it is, + how it would be written."
    case .unreadable(let reason): "edited by hand, and Nix cannot read it: \(reason)"
    case .obsolete: "of a builder that is gone."
    }
  }

  private func split(_ area: Area) -> (document: Area, lines: Area, menu: Area) {
    var rest = area
    let menuArea = rest.takeBottom(min(menu.rows + 1, rest.rows / 2))
    let count = min(lines(area.columns - 4).count, max(1, rest.rows / 2))
    let linesArea = rest.takeBottom(count)
    _ = rest.takeBottom(1)
    return (rest.inset(columns: 1), linesArea.inset(columns: 2), menuArea.inset(columns: 2))
  }

  func draw(on canvas: inout Canvas, in area: Area) {
    let parts = split(area)
    document.draw(on: &canvas, in: parts.document)
    lines(area.columns - 4).draw(on: &canvas, in: parts.lines)
    var rest = parts.menu
    _ = rest.takeTop(1)
    menu.draw(on: &canvas, in: rest)
  }
}
