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

  func bindings(_ session: Session) -> [KeyBinding] {
    if prompt != nil { return [KeyBinding("Enter", "build it"), KeyBinding("Esc", "leave it")] }
    if pane.isPrompting { return pane.bindings }
    var bindings: [KeyBinding] =
      run?.isRunning == true
      ? [KeyBinding("x", "cancel")] : [KeyBinding("Enter", "next"), KeyBinding("r", "again")]
    if run?.leftOver.isEmpty == false { bindings.append(KeyBinding("F", "only what failed")) }
    if content.offersPackage, run?.isRunning == false {
      bindings.append(KeyBinding("p", "build a package"))
    }
    if hasHostKeyTrouble { bindings.append(KeyBinding("h", "compare the host key")) }
    if offersFacts(session) { bindings.append(KeyBinding("a", "take over what it says")) }
    if command != nil { bindings.append(KeyBinding("y", "copy the command")) }
    bindings += pane.bindings.filter { $0.keys != "y" || command == nil }
    if !bindings.contains(where: { $0.keys == "Esc" }) {
      bindings.append(KeyBinding("Esc", "back"))
    }
    return bindings + [KeyBinding("?", "help")]
  }

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

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if prompt != nil { return promptReceives(input, &session) }
    if case .key(.character("y")) = input, !pane.isPrompting, let command {
      return .effects([.copy(command)])
    }
    if case .key(.character("a")) = input, !pane.isPrompting, offersFacts(session) {
      session.takeOverFacts()
      // Where it is seen what was taken over; from there it is written again.
      return .move(.to(.capabilities))
    }
    if let reaction = pane.handle(input, in: split(area, session)) { return reaction }
    switch input {
    case .key(.escape): return .move(.back, cancel() ?? [])
    case .key(.character("x")): return .effects(cancel() ?? [])
    case .key(.enter) where run?.isRunning == false: return .move(.next)
    case .key(.character("r")) where run?.isRunning == false:
      return .effects(start(content.scopes, &session))
    case .key(.character("F")):
      guard let run, !run.leftOver.isEmpty else { return .ignored }
      return .effects(begin(CheckRun.again(onlyFailedOf: run, &session)))
    case .key(.character("h")) where hasHostKeyTrouble: return .move(.to(.reach))
    case .key(.character("p")) where content.offersPackage && run?.isRunning == false:
      prompt = TextField(session.suggestedPackage)
      return .none
    default: return .ignored
    }
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
          "○ \(session.name) says: \(session.takeOverSummary). a takes it over.", Theme.warning,
          hang: 2)
      ] : []
    return (run.explanation ?? [StyledLine("✓ \(verdict(of: run))", Theme.success)]) + said
  }

  private func verdict(of run: CheckRun) -> String {
    guard content.offersPackage else { return "\(run.builder.alias) answers, and trusts you." }
    if run.names == [.package] { return "The package was built by \(run.builder.alias)." }
    return "\(run.builder.alias) builds. p builds a real package too."
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
