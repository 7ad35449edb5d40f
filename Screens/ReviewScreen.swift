import Builders
import Fragments
import Interface
import Terminal

/// Screen 10: the fragments in full, or what changes in them, before anything is written.
struct ReviewScreen: Screen {
  private var files: [PlannedFile] = []
  private var problem: String?
  private var planning = OpenQuestion()
  private var writing = OpenQuestion()
  private var isPlanning: Bool { planning.isOpen }
  private var isWriting: Bool { writing.isOpen }
  /// What is shown, and is what will be written.
  private var planned = Inventory()
  /// Those that can be gone through: of many files only the ones with news.
  private var listed: [Int] = []
  private var shown = 0
  private var showsWhole = false
  private var document = Document(lines: [])
  /// Asked before hand edits are replaced.
  private var consent: Dialog?
  /// What follows from the changes on both machines.
  private var consequences: [Consequence] = []

  func bindings(_ session: Session) -> [KeyBinding] {
    [
      KeyBinding(.accept, files.isEmpty || isUnchanged ? "go on" : "write"),
      KeyBinding("Tab", "next file"),
      KeyBinding(.difference, showsWhole ? "only what differs" : "the whole file"),
      KeyBinding("↑↓ PgUp PgDn", "scroll", isShown: false), KeyBinding(.copy, "copy the file"),
      KeyBinding(.write, "write", isShown: false),
      KeyBinding(.back, "back"), KeyBinding(.help, "help"),
    ]
  }

  func help(_ session: Session) -> String {
    """
    This is what will be written to \(session.directory). Lines with + are new, lines with − go \
    away. Each file is read by the installed Nix first. A file that was edited by hand since it \
    was written is replaced only when you say so, and what is replaced is kept beside it.
    """
  }

  var isBusy: Bool { isPlanning || isWriting }

  private var isUnchanged: Bool { files.allSatisfy { $0.plan.standing == .current } }

  mutating func open(_ session: inout Session) -> [Effect] {
    // What was found before says nothing of what is written now.
    files = []
    listed = []
    problem = nil
    consent = nil
    return plan(&session)
  }

  // MARK: - Messages

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    switch message {
    case .planned(let ticket, let result) where planning.isAnswered(by: ticket): show(result)
    case .written(let ticket, let result, _) where writing.isAnswered(by: ticket):
      switch result {
      case .success: return .move(.next)
      case .failure(let error):
        problem = "\(error)"
        if case .changed = error { problem = "\(error) R in the builder list takes that over." }
      }
    default: break
    }
    return .none
  }

  private mutating func show(_ result: Result<[PlannedFile], OutputError>) {
    switch result {
    case .success(let files):
      self.files = files
      let isMany = files.count > 12 && !isUnchanged
      listed = files.indices.filter { !isMany || files[$0].plan.standing != .current }
      shown = files.firstIndex { $0.plan.standing != .current } ?? 0
      showFile()
    case .failure(let error):
      files = []
      problem = "\(error)"
    }
  }

  private mutating func showFile() {
    guard files.indices.contains(shown) else { return }
    document = Document(files[shown].plan, whole: showsWhole)
  }

  // MARK: - Input

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if let answer = consent?.handle(input) {
      consent = nil
      switch answer {
      case 0: return write(&session, replacing: doubtful(session), keeping: [])
      case 1: return write(&session, replacing: [], keeping: doubtful(session))
      default: return .none
      }
    }
    if consent != nil { return .none }
    switch input {
    // Whether it was written is told here.
    case .key(.escape): return isWriting ? .none : .move(.back)
    case .key(.enter), Shortcut.write: return submit(&session)
    case .key(.tab), .key(.right): show(by: 1)
    case .key(.backTab), .key(.left): show(by: -1)
    case Shortcut.difference:
      showsWhole.toggle()
      showFile()
    case Shortcut.copy:
      if files.indices.contains(shown) {
        return .effects([.copy(files[shown].plan.fragment.text)])
      }
    default:
      if !document.handle(input, rows: documentArea(area).rows) { return .ignored }
    }
    return .none
  }

  private mutating func show(by step: Int) {
    guard let place = listed.firstIndex(of: shown) else { return }
    show(listed[(place + step + listed.count) % listed.count])
  }

  private mutating func show(_ index: Int) {
    shown = index
    showFile()
  }

  private mutating func submit(_ session: inout Session) -> Reaction {
    if isPlanning || isWriting { return .none }
    guard problem == nil, !files.isEmpty else { return .effects(plan(&session)) }
    if let broken = files.firstIndex(where: { $0.problem != nil }) {
      show(broken)
      return .none
    }
    let doubtful = doubtful(session)
    if doubtful.isEmpty { return write(&session, replacing: [], keeping: []) }
    let lines = files.filter { doubtful.contains($0.plan.fragment.fileName) }.map { file in
      let name = file.plan.fragment.fileName
      return file.plan.standing == .edited
        ? "\(name) was edited by hand. Its edits will be gone from it; a backup is kept."
        : "\(name) belongs to a builder that is gone. It will be removed; a backup is kept."
    }
    let more = lines.count > 5 ? "\nAnd \(lines.count - 5) more." : ""
    consent = Dialog(
      title: "Replace what is there?", text: lines.prefix(5).joined(separator: "\n") + more,
      choices: [
        "Write all the same", "Write the others, and leave these alone",
        "Leave everything as it is",
      ])
    return .none
  }

  /// The files that go only with consent, and on which nobody has decided yet.
  private func doubtful(_ session: Session) -> Set<String> {
    Set(
      files.map(\.plan).filter { plan in
        (plan.standing == .edited || plan.standing == .obsolete)
          && session.decisions[plan.fragment.fileName]?.isAbout(plan) != true
      }.map(\.fragment.fileName))
  }

  /// Asks what writing would do.
  private mutating func plan(_ session: inout Session) -> [Effect] {
    problem = nil
    planned = session.drafted
    consequences = Consequence.all(from: session.saved, to: planned)
    return [.plan(planning.ask(&session), planned)]
  }

  private mutating func write(
    _ session: inout Session, replacing replaced: Set<String>, keeping kept: Set<String>
  ) -> Reaction {
    let decisions = session.decisions
    func decided(_ choice: FileDecision.Choice) -> Set<String> {
      Set(
        files.map(\.plan).filter { plan in
          let decision = decisions[plan.fragment.fileName]
          return decision?.choice == choice && decision?.isAbout(plan) == true
        }.map(\.fragment.fileName))
    }
    return .effects([
      .write(
        writing.ask(&session), planned, replacing: replaced.union(decided(.replace)),
        keeping: kept.union(decided(.keep)))
    ])
  }

  // MARK: - Drawing

  private func documentArea(_ area: Area) -> Area {
    let rows = consequenceLines(area).count
    return Area(
      column: area.column, row: area.row + 2, columns: area.columns,
      rows: area.rows - 4 - (rows == 0 ? 0 : rows + 1))
  }

  /// What follows from the changes beyond the files, as far as there is room for it.
  private func consequenceLines(_ area: Area) -> [StyledLine] {
    let lines = consequences.map { StyledLine($0.text, Theme.warning, hang: 2) }
    return Array(lines.wrapped(to: area.columns - 2).prefix(max(0, min(6, area.rows / 4))))
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    drawTabs(on: &canvas, in: area)
    if let problem {
      let lines = [StyledLine("✗ \(problem)", Theme.failure, hang: 2)]
      lines.wrapped(to: area.columns - 4).draw(
        on: &canvas, in: documentArea(area).inset(columns: 2))
      return
    }
    if files.isEmpty { return }
    document.draw(on: &canvas, in: documentArea(area).inset(columns: 1))
    let lines = consequenceLines(area)
    var lower = area.inset(columns: 1)
    _ = lower.takeBottom(lines.isEmpty ? 1 : 2)
    lines.draw(on: &canvas, in: lower.takeBottom(lines.count))
    drawVerdict(on: &canvas, in: area, session)
    consent?.draw(on: &canvas, in: canvas.area)
  }

  private func drawTabs(on canvas: inout Canvas, in area: Area) {
    let end = area.endColumn - 1
    func label(_ index: Int) -> String {
      let file = files[index]
      let name = file.plan.fragment.fileName
      return index == shown ? "[\(name) \(file.plan.news)]" : " \(name) \(file.plan.news) "
    }
    // So many before the one that is shown as fit.
    var first = listed.firstIndex(of: shown) ?? 0
    var used = listed.isEmpty ? 0 : TextWidth.columns(of: label(shown))
    while first > 0 {
      used += TextWidth.columns(of: label(listed[first - 1])) + 1
      if used > area.columns - 4 { break }
      first -= 1
    }
    var column = area.column + 1
    if first > 0 {
      column += canvas.write("… ", at: Position(column: column, row: area.row), Theme.muted)
    }
    for index in listed.dropFirst(first) {
      guard column < end else { break }
      column += canvas.write(
        label(index), at: Position(column: column, row: area.row),
        index == shown ? Theme.accent : Theme.muted, limit: end - column)
      column += 1
    }
    if isPlanning {
      canvas.write(
        "Looking at what is there…", at: Position(column: column, row: area.row), Theme.muted)
    } else if listed.count < files.count, column < end {
      canvas.write(
        "\(files.count - listed.count) more as they are",
        at: Position(column: column, row: area.row), Theme.muted, limit: end - column)
    }
  }

  private func drawVerdict(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let file = files[shown]
    let place = Position(column: area.column + 1, row: area.endRow - 1)
    if isWriting {
      canvas.write("Writing…", at: place, Theme.muted)
      return
    }
    if let problem = file.problem {
      let last = problem.split(separator: "\n").first.map(String.init) ?? problem
      canvas.write("✗ \(last)", at: place, Theme.failure, limit: area.columns - 2)
      return
    }
    let nix = session.machine?.nixVersion.map { "Nix \($0)" } ?? "Nix"
    let used = canvas.write("✓ read by \(nix)", at: place, Theme.success)
    canvas.write(
      "   → \(session.directory)/\(file.plan.fragment.fileName)",
      at: Position(column: place.column + used, row: place.row), Theme.muted,
      limit: area.columns - used - 2)
  }
}

extension OutputDirectory.Plan {
  /// What becomes of the file, in a word or two.
  var news: String {
    switch standing {
    case .missing: return "new"
    case .current: return "as it is"
    case .obsolete: return "goes"
    case .outdated, .edited:
      let diff = Diff(from: present ?? "", to: fragment.text)
      return (standing == .edited ? "edited " : "") + "+\(diff.added) −\(diff.removed)"
    }
  }
}

extension Document {
  /// A planned file: what changes in it, or the whole of it.
  init(_ plan: OutputDirectory.Plan, whole: Bool) {
    let isNew = plan.present == nil || plan.standing == .current
    let target = plan.fragment.text
    let old = isNew ? target : plan.present ?? ""
    let colours = (old: NixHighlighting.lines(of: old), new: NixHighlighting.lines(of: target))
    func line(_ line: Diff.Line) -> Line {
      let pieces = line.change == .removed ? colours.old : colours.new
      let spans =
        pieces.indices.contains(line.number - 1)
        ? pieces[line.number - 1].map { Span($0.text, Theme.style(of: $0.kind)) }
        : [Span(line.text)]
      switch line.change {
      case .same: return Line(number: line.number, spans: spans)
      case .added: return Line(number: line.number, sign: "+", spans: spans, style: Theme.success)
      case .removed: return Line(number: line.number, sign: "−", spans: spans, style: Theme.failure)
      }
    }
    let diff = Diff(from: old, to: target)
    if whole || isNew {
      self.init(lines: diff.lines.map(line))
      return
    }
    let gap = Line(spans: [Span("⋮", Theme.muted)])
    self.init(lines: Array(diff.hunks().map { $0.lines.map(line) }.joined(separator: [gap])))
  }
}

extension Theme {
  fileprivate static func style(of kind: HighlightedText.Kind) -> Style {
    switch kind {
    case .plain: plain
    case .comment, .punctuation: muted
    case .string: Style(.magenta)
    case .keyword, .attributeName: strong
    case .number: Style(.magenta)
    }
  }
}
