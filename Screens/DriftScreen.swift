import Builders
import Checks
import Features
import Fragments
import Interface
import StateFiles
import Terminal

/// What changed behind the program's back: the files as they are on disk, and what this machine and
/// the builders have installed.
struct DriftScreen: ActingScreen {
  private var table = Table(columns: columns)
  /// A file that is looked at closely.
  private var opened: DriftFile?

  private static let columns = [
    Table.Column("what", minimum: 16, priority: 0),
    Table.Column("how it stands", minimum: 20, widest: 200, priority: 1),
  ]

  /// What can be done here.
  enum Action {
    case openRow
    case closeFile
    case lookAgain
    case write
    case leave
  }

  /// What a row is about.
  private enum Row {
    case file(FileDrift)
    case text(String, String, Style)

    /// What stands in its first column.
    var title: String {
      switch self {
      case .file(let file): file.name
      case .text(let what, _, _): what
      }
    }
  }

  func title(_ session: Session) -> String {
    "nix-builders · " + (opened?.name ?? "what differs")
  }

  func trailing(_ session: Session) -> String? { "" }

  func keys(_ session: Session) -> [Binding<Action>] {
    if opened != nil { return [Binding(.back, "back", .closeFile)] }
    return [
      Binding(.accept, "look at it", .openRow), Binding(.again, "look again", .lookAgain),
      Binding(.write, "write", .write), Binding(.back, "builder list", .leave),
    ]
  }

  func mainHints(_ session: Session) -> [KeyBinding] { opened == nil ? [] : DriftFile.hints }

  func hints(_ session: Session) -> [KeyBinding] { opened == nil ? Motion.hints("move") : [] }

  func help(_ session: Session) -> String {
    """
    The fragments as they are on disk, beside what follows from builders.json as it is on disk; \
    changes that are not written yet do not count. Below that, what Nix and ssh on this machine \
    have now. An edit made by hand can be taken over into builders.json where an answer says the \
    same, or kept, or replaced; a backup is kept then.
    """
  }

  mutating func open(_ session: inout Session) -> [Effect] {
    opened = nil
    session.look(isThorough: true)
    return [.tellTime]
  }

  // MARK: - Input

  mutating func perform(
    _ action: Action, in area: Area, _ session: inout Session
  ) -> Reaction {
    switch action {
    case .openRow: return open(rows(session), session)
    case .closeFile: opened = nil
    case .lookAgain: return .effects(open(&session))
    case .write: return .move(.to(.review))
    case .leave: return .move(.home)
    }
    return .none
  }

  mutating func take(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if opened != nil { return receiveInFile(input, in: area, &session) }
    let rows = rows(session)
    let before = table.selected
    guard table.handle(input, count: rows.count, rows: tableArea(area).rows) else {
      return .ignored
    }
    guard case .press(let target) = input, target.index == before else { return .none }
    return open(rows, session)
  }

  private mutating func open(_ rows: [Row], _ session: Session) -> Reaction {
    guard rows.indices.contains(table.selected) else { return .none }
    switch rows[table.selected] {
    case .file(let file): opened = DriftFile(file, decision(on: file, session))
    case .text(let what, let how, _):
      return .page(
        what, Document(lines: how.split(separator: "\n").map { .init(spans: [.init(String($0))]) }))
    }
    return .none
  }

  private mutating func receiveInFile(
    _ input: Input, in area: Area, _ session: inout Session
  ) -> Reaction {
    let content = opened?.file.plan.present
    return receive(opened?.receive(input, in: area), about: content, &session)
  }

  private func decision(on file: FileDrift, _ session: Session) -> FileDecision? {
    session.decisions[file.name].flatMap { $0.isAbout(file.plan) ? $0 : nil }
  }

  private mutating func receive(
    _ event: DriftFile.Event?, about content: String?, _ session: inout Session
  ) -> Reaction {
    switch event {
    case .close?: opened = nil
    case .keep(let name)?:
      session.decisions[name] = FileDecision(choice: .keep, content: content)
      opened = nil
      session.notice = "\(name) stays as it is while the others are written."
    case .takeOver(let name, let edit)?:
      // The edit was found in what is on disk; unsaved answers go on top of it.
      let merge = InventoryMerge(edit.inventory, from: session.saved, onto: session.inventory)
      session.change("the edit of \(name) taken over") { $0 = merge.inventory }
      session.decisions[name] = FileDecision(choice: .replace, content: content)
      opened = nil
      session.notice = "Taken over. w writes it, u in the builder list takes it back."
    case .write(let name)?:
      session.decisions[name] = FileDecision(choice: .replace, content: content)
      opened = nil
      return .move(.to(.review))
    case nil: break
    case .ignored?: return .ignored
    }
    return .none
  }

  // MARK: - Rows

  /// Of more files only those that differ have a row each.
  private static let many = 12

  private func rows(_ session: Session) -> [Row] {
    guard let drift = session.drift else { return [] }
    let changed = drift.changedFiles
    let listed = drift.files.count > Self.many ? changed : drift.files
    var rows = listed.map { Row.file($0) }
    let rest = drift.files.count - listed.count
    if rest > 0 { rows.append(.text("\(rest) more files", "as written", Theme.muted)) }
    rows += installedRows(drift.installed)
    rows += remoteRows(session)
    return rows
  }

  private func installedRows(_ installed: InstalledDrift) -> [Row] {
    let place = "this machine"
    guard installed.isInstalled else {
      return [
        .text(
          place,
          "none of the builders is installed: import local.nix, and nixos-rebuild switch",
          Theme.warning)
      ]
    }
    var rows: [Row] = installed.differences.map { difference in
      .text(difference.alias ?? place, difference.text, Theme.warning)
    }
    if rows.isEmpty {
      rows.append(.text(place, "Nix and ssh have what was written", Theme.success))
    }
    if installed.unchecked > 0 {
      rows.append(
        .text(place, "\(installed.unchecked) builders were not compared with ssh", Theme.muted))
    }
    for name in installed.others.prefix(8) {
      rows.append(.text(name, "installed, and none of the builders that are on", Theme.muted))
    }
    return rows
  }

  /// What the last login has shown of the builders.
  private func remoteRows(_ session: Session) -> [Row] {
    session.saved.enabledBuilders.compactMap { builder in
      guard let record = session.tests[builder.alias].first(where: { $0.kind == .connection }),
        record.isAbout(builder), !record.unannounced.isEmpty
      else { return nil }
      let age = session.moment.map { ", \(record.at.age(at: $0))" } ?? ""
      let missing = record.unannounced.joined(separator: ", ")
      return .text(
        builder.alias, "its Nix did not list \(missing) at the last login\(age)", Theme.warning)
    }
  }

  // MARK: - Drawing

  private func tableArea(_ area: Area) -> Area {
    var rest = area.inset(columns: 1)
    _ = rest.takeBottom(2)
    return rest
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    if let opened {
      opened.draw(on: &canvas, in: area)
      return
    }
    let rows = rows(session)
    var table = table
    table.columns[0].widest = rows.map { TextWidth.columns(of: $0.title) }.max() ?? 0
    table.draw(on: &canvas, in: tableArea(area), count: rows.count) { index in
      switch rows[index] {
      case .file(let file):
        let sign = file.mark.sign(frame: 0)
        let decision =
          switch decision(on: file, session)?.choice {
          case .keep?: "kept, "
          case .replace?: "to be written, "
          case nil: ""
          }
        return [
          Table.Cell(file.name),
          Table.Cell("\(sign) \(decision)\(file.kind.text)", file.mark.style),
        ]
      case .text(let what, let how, let style):
        let sign = style == Theme.success ? "✓" : style == Theme.muted ? "–" : "○"
        return [Table.Cell(what), Table.Cell("\(sign) \(how)", style)]
      }
    }
    let line = Position(column: area.column + 3, row: area.endRow - 1)
    if session.survey.isOpen {
      canvas.write("Looking…", at: line, Theme.muted, limit: area.columns - 6)
    } else if let problem = session.surveyProblem {
      canvas.write("✗ \(problem)", at: line, Theme.failure, limit: area.columns - 6)
    } else if session.saved.builders.isEmpty {
      canvas.write("Nothing is written yet.", at: line, Theme.muted, limit: area.columns - 6)
    }
  }
}

extension FileDrift {
  /// A sign for how it stands.
  var mark: Mark {
    switch kind {
    case .asWritten: .passed
    case .missing, .unreadable: .failed
    case .olderFormat, .outOfDate, .edited, .obsolete: .notYet
    }
  }
}
