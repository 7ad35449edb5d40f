import Builders
import Checks
import Interface
import Terminal

/// A test in the log pane: its stages at one side, what ssh and Nix print at the other.
struct TestScreen: ActingScreen {
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

  /// What can be done here.
  enum Action {
    case next
    case back
    case cancel
    case again
    case onlyFailed
    case askForPackage
    case buildPackage
    case leavePrompt
    case copyCommand
    case compareKey
    case takeOverFacts
    case log(LogPane.Action)
  }

  private let content: Content
  private var pane = TestPane()
  private var run: CheckRun? { pane.run }
  /// Where fragments were applied when the run began.
  private var appliedBefore: [ApplyTarget] = []
  /// Asks which package is to be built.
  private var prompt: TextField?
  private var note = ""

  init(_ content: Content) {
    self.content = content
    pane.openLog(LogStore())
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

  func keys(_ session: Session) -> [Binding<Action>] {
    if prompt != nil {
      return [
        Binding(.accept, "build it", .buildPackage), Binding(.back, "leave it", .leavePrompt),
      ]
    }
    if pane.isPrompting { return pane.bindings.map { $0.map(Action.log) } }
    let isRunning = run?.isRunning == true
    let busy = isRunning ? "the test runs" : nil
    let copy = Binding(.copy, "copy the command", Action.copyCommand)
    let compare = Binding(.compareKey, "compare the host key", Action.compareKey)
    let facts = Binding(.takeOver, "take over what it says", Action.takeOverFacts)
    let package = Binding(.build, "build a package", Action.askForPackage, off: busy)
    return [
      Binding(.cancel, "cancel", .cancel, off: isRunning ? nil : "nothing runs"),
      Binding(.accept, "next", .next, off: busy), Binding(.again, "again", .again, off: busy),
      Binding(
        .onlyFailed, "only what failed", .onlyFailed,
        off: run?.leftOver.isEmpty == false ? nil : "there is nothing that passed beside it"),
    ] + (content.offersPackage ? [package] : []) + (hasHostKeyTrouble ? [compare] : [])
      + (offersFacts(session) ? [facts] : [])
      + (command == nil ? [] : [copy])
      + pane.bindings.map { $0.map(Action.log) } + [Binding(.back, "back", .back)]
  }

  func hints(_ session: Session) -> [KeyBinding] { prompt == nil ? pane.hints : [] }

  func help(_ session: Session) -> String { content.help }
  var isTyping: Bool { prompt != nil || pane.isPrompting }
  var isBusy: Bool { pane.isBusy }

  // MARK: - Running

  mutating func open(_ session: inout Session) -> [Effect] {
    // What was seen before fragments were applied says nothing of how it is now.
    if let run, run.isRunning || run.builder == session.draft.builder,
      appliedBefore == session.applied
    {
      return []
    }
    return start(content.scopes, &session)
  }

  private mutating func start(_ scopes: [BuilderTest.Scope], _ session: inout Session) -> [Effect] {
    appliedBefore = session.applied
    return begin(CheckRun.begin(scopes, by: session.testedSource, &session))
  }

  private mutating func begin(_ begun: (run: CheckRun, effect: Effect)) -> [Effect] {
    let old = cancel() ?? []
    pane.begin(begun.run)
    note = ""
    return old + [begun.effect]
  }

  func cancel() -> [Effect]? { pane.cancel() }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    if case .saved(let path, let problem) = message {
      note = LogPane.note(savedTo: path, problem: problem)
      return .none
    }
    guard pane.receive(message, &session, store: LogStore()) else { return .none }
    if let run, !run.isRunning, run.scopes == [.builds] {
      session.proven[run.builder.alias] = run.allPassed ? run.source : nil
    }
    return .none
  }

  // MARK: - Input

  mutating func perform(
    _ action: Action, in area: Area, _ session: inout Session
  ) -> Reaction {
    switch action {
    case .next: return .move(.next)
    case .back: return .move(.back, cancel() ?? [])
    case .cancel: return .effects(cancel() ?? [])
    case .again: return .effects(start(content.scopes, &session))
    case .onlyFailed:
      return run.map { .effects(begin(CheckRun.again(onlyFailedOf: $0, &session))) } ?? .none
    case .askForPackage: prompt = TextField(session.suggestedPackage)
    case .leavePrompt: prompt = nil
    case .buildPackage:
      let package = prompt?.text ?? ""
      prompt = nil
      if !package.isEmpty { return .effects(start([.package(package)], &session)) }
    case .compareKey: return .move(.to(.reach))
    case .takeOverFacts:
      session.takeOverFacts()
      // Where it is seen what was taken over; from there it is written again.
      return .move(.to(.capabilities))
    case .copyCommand: return command.map { .effects([.copy($0)]) } ?? .none
    case .log(let action): return pane.perform(action, in: split(area, session))
    }
    return .none
  }

  mutating func take(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if prompt != nil { return prompt?.handle(input) == true ? .none : .ignored }
    return pane.handle(input, in: split(area, session)) ?? .ignored
  }

  /// Whether it ended at the host key.
  private var hasHostKeyTrouble: Bool {
    guard let concern = run?.concern, run?.isRunning == false else { return false }
    return concern.name == .hostKey
      || [.hostKeyChanged, .unknownHostKey].contains(concern.diagnosis?.identity)
  }

  /// Whether the builder has said something only after the answers were given.
  private func offersFacts(_ session: Session) -> Bool {
    run?.isRunning == false && session.said.isLate && !session.contradictions.isEmpty
  }

  /// What mends the trouble.
  private var command: String? { run?.concern?.diagnosis?.command }

  // MARK: - Drawing

  private func split(_ area: Area, _ session: Session) -> LogSplit {
    let rows = min(lowerLines(session).wrapped(to: area.columns - 4).count + 1, 8)
    return pane.split(area, lowerRows: rows)
  }

  private func lowerLines(_ session: Session) -> [StyledLine] {
    if prompt != nil { return [StyledLine("Package")] }
    if !note.isEmpty { return [StyledLine(note)] }
    guard let run, !run.isRunning else { return [] }
    let said =
      offersFacts(session)
      ? [
        StyledLine(
          "○ \(session.name) says: \(session.takeOverSummary). + takes it over.", Theme.warning,
          hang: 2)
      ] : []
    return (run.explanation ?? [StyledLine("✓ \(verdict(of: run))", Theme.success)])
      + run.warnings + said
  }

  private func verdict(of run: CheckRun) -> String {
    guard content.offersPackage else { return "\(run.builder.alias) answers, and trusts you." }
    if run.names == [.package] { return "The package was built by \(run.builder.alias)." }
    return "\(run.builder.alias) builds. b builds a real package too."
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let lower = pane.draw(on: &canvas, in: split(area, session), session)
    if let prompt {
      canvas.write("Package  ", at: Position(column: lower.column + 2, row: lower.row))
      let place = Area(
        column: lower.column + 11, row: lower.row, columns: lower.columns - 13, rows: 1)
      prompt.draw(on: &canvas, in: place, isFocused: true)
      return
    }
    lowerLines(session).wrapped(to: lower.columns - 4).draw(
      on: &canvas, in: lower.inset(columns: 2))
  }
}
