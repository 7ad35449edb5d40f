import Builders
import Checks
import Interface
import Terminal

/// A test in the log pane: its stages at one side, what ssh and Nix print at the other.
struct TestScreen: Screen {
  /// What makes one test differ from the other.
  struct Content {
    /// The test's name in the title.
    var name: String
    /// What the help page says.
    var help: String
    /// The checks.
    var scopes: [BuilderTest.Scope]
    /// Whether a real package can be built in addition.
    var offersPackage: Bool
  }

  private let content: Content
  private var run: CheckRun?
  private var feed = LogFeed()
  private var pane: LogPane
  /// Asks which package is to be built.
  private var prompt: TextField?
  private var note = ""

  init(_ content: Content) {
    self.content = content
    pane = LogPane(store: feed.store)
  }

  func title(_ session: Session) -> String {
    let source = run?.source.map { " · \($0.words)" } ?? ""
    return "\(session.name) · \(content.name)\(source)"
  }

  func trailing(_ session: Session) -> String? {
    guard let run else { return nil }
    let seconds = run.elapsed(now: session.now).seconds
    return "\(run.passedCount) of \(run.names.count) passed  \(seconds)"
  }

  func bindings(_ session: Session) -> [KeyBinding] {
    if prompt != nil { return [KeyBinding("Enter", "build it"), KeyBinding("Esc", "leave it")] }
    if pane.isPrompting { return pane.bindings }
    var bindings: [KeyBinding] =
      run?.isRunning == true
      ? [KeyBinding("x", "cancel")] : [KeyBinding("Enter", "next"), KeyBinding("r", "again")]
    if content.offersPackage, run?.isRunning == false {
      bindings.append(KeyBinding("p", "build a package"))
    }
    if command != nil { bindings.append(KeyBinding("y", "copy the command")) }
    bindings += pane.bindings.filter { $0.keys != "y" || command == nil }
    if !bindings.contains(where: { $0.keys == "Esc" }) {
      bindings.append(KeyBinding("Esc", "back"))
    }
    return bindings + [KeyBinding("?", "help")]
  }

  func help(_ session: Session) -> String { content.help }
  var isTyping: Bool { prompt != nil || pane.isPrompting }
  var isBusy: Bool { run?.isRunning == true || pane.wantsTick }

  // MARK: - Running

  mutating func open(_ session: inout Session) -> [Effect] {
    if let run, run.isRunning || run.builder == session.draft.builder { return [] }
    return start(content.scopes, &session)
  }

  private mutating func start(_ scopes: [BuilderTest.Scope], _ session: inout Session) -> [Effect] {
    let old = cancel() ?? []
    let (run, effect) = CheckRun.begin(scopes, by: nil, &session)
    self.run = run
    note = ""
    return old + [effect]
  }

  func cancel() -> [Effect]? {
    guard let run, run.isRunning else { return nil }
    return [.cancelRun(run.id)]
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    if case .saved(let path, let problem) = message {
      note = problem.map { "✗ \($0)" } ?? "✓ saved to \(path)"
      return .none
    }
    guard let id = run?.id, run?.receive(message, &session) == true else { return .none }
    switch message {
    case .check(id, let event): feed.take(event)
    case .ended: feed.end()
    default: break
    }
    if let run, run.allPassed, content.offersPackage,
      !session.proven.contains(run.builder.alias)
    {
      session.proven.append(run.builder.alias)
    }
    return .none
  }

  // MARK: - Input

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if prompt != nil { return promptReceives(input, &session) }
    if case .key(.character("y")) = input, !pane.isPrompting, let command {
      return .effects([.copy(command)])
    }
    let parts = split(area)
    let isAsking = pane.isPrompting
    let event = pane.handle(input, rows: parts.log.rows, columns: parts.log.columns)
    switch event {
    case .copy(let text)?: return .effects([.copy(text)])
    case .save(let path)?: return .effects([.save(path: path, log: feed.store.snapshot())])
    case nil: return .none
    case .unused?: if isAsking { return .none }
    }
    switch input {
    case .key(.escape): return .move(.back, cancel() ?? [])
    case .key(.character("x")): return .effects(cancel() ?? [])
    case .key(.enter) where run?.isRunning == false: return .move(.next)
    case .key(.character("r")) where run?.isRunning == false:
      return .effects(start(content.scopes, &session))
    case .key(.character("p")) where content.offersPackage && run?.isRunning == false:
      prompt = TextField(session.suggestedPackage)
      return .none
    default: return .ignored
    }
  }

  /// What mends the trouble.
  private var command: String? { run?.trouble?.diagnosis?.command }

  private mutating func promptReceives(_ input: Input, _ session: inout Session) -> Reaction {
    switch input {
    case .key(.escape): prompt = nil
    case .key(.enter):
      let package = prompt?.text ?? ""
      prompt = nil
      if !package.isEmpty { return .effects(start([.package(package)], &session)) }
    default: _ = prompt?.handle(input)
    }
    return .none
  }

  // MARK: - Drawing

  private struct Parts {
    var stages: Area
    var rule: Area?
    var log: Area
    var lower: Area
  }

  /// Side by side where there is room, else one above the other.
  private func split(_ area: Area) -> Parts {
    var rest = area
    let lower = rest.takeBottom(lowerRows(columns: area.columns))
    let stageCount = run?.names.count ?? 0
    if area.columns >= 70 {
      let stages = rest.takeLeft(min(34, max(24, area.columns / 4)))
      return Parts(stages: stages, rule: rest.takeLeft(2), log: rest, lower: lower)
    }
    let stages = rest.takeTop(min(stageCount, rest.rows / 3))
    return Parts(stages: stages, rule: nil, log: rest, lower: lower)
  }

  private func lowerRows(columns: Int) -> Int {
    min(lowerLines.wrapped(to: columns - 4).count + 1, 8)
  }

  private var lowerLines: [StyledLine] {
    if prompt != nil { return [StyledLine("Package")] }
    if !note.isEmpty { return [StyledLine(note)] }
    guard let run else { return [] }
    if run.isRunning { return [] }
    guard let trouble = run.trouble else {
      let verdict =
        run.allPassed
        ? StyledLine("✓ \(verdict(of: run))", Theme.success)
        : StyledLine("– Not everything was tried.", Theme.warning)
      return [verdict]
    }
    let title = trouble.name.title(for: run.builder)
    let mark = Mark(trouble.outcome)
    return [StyledLine("\(mark.sign(frame: 0)) \(title): \(trouble.detail)", mark.style, hang: 2)]
      + (trouble.diagnosis?.lines
        ?? [StyledLine("The cause is not known. The log has all that was printed.", Theme.muted)])
  }

  private func verdict(of run: CheckRun) -> String {
    guard content.offersPackage else { return "\(run.builder.alias) answers, and trusts you." }
    if run.names == [.package] { return "The package was built by \(run.builder.alias)." }
    return "\(run.builder.alias) builds. p builds a real package too."
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let parts = split(area)
    if let run {
      var list = CheckList(rows: run.rows(now: session.now))
      if let index = list.rows.lastIndex(where: { $0.mark != .waiting }) { list.selected = index }
      list.isNarrow = true
      list.draw(on: &canvas, in: parts.stages.inset(columns: 1), frame: session.frame)
    }
    if let rule = parts.rule {
      for row in rule.row..<rule.endRow {
        canvas.write("│", at: Position(column: rule.column, row: row), Theme.muted)
      }
    }
    pane.draw(on: &canvas, in: parts.log)
    var lower = parts.lower
    let rule = lower.takeTop(1)
    canvas.fill(rule.inset(columns: 1), with: "─", Theme.muted)
    let status = pane.status(rows: parts.log.rows, columns: parts.log.columns)
    let width = TextWidth.columns(of: status) + 2
    canvas.write(
      " \(status) ", at: Position(column: max(1, rule.endColumn - width - 4), row: rule.row),
      Theme.muted)
    if let prompt {
      canvas.write("Package  ", at: Position(column: lower.column + 2, row: lower.row))
      let place = Area(
        column: lower.column + 11, row: lower.row, columns: lower.columns - 13, rows: 1)
      prompt.draw(on: &canvas, in: place, isFocused: true)
      return
    }
    lowerLines.wrapped(to: lower.columns - 4).draw(on: &canvas, in: lower.inset(columns: 2))
  }
}
