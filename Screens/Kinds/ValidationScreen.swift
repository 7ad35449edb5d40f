import Builders
import Checks
import Interface
import Terminal

/// A screen that puts answers to the test: the checks run at once and live, and what they find
/// decides on what is offered.
struct ValidationScreen: ActingScreen {
  /// What makes one validation screen differ from another.
  struct Content {
    /// The heading, a question.
    var heading: (Session) -> String
    /// What the help page says.
    var help: String
    /// The checks.
    var scopes: [BuilderTest.Scope]
    /// Why the checks cannot be tried yet; `nil` when they can.
    var obstacle: (Session) -> String? = { _ in nil }
    /// The answer at fault.
    var correction: (CheckResult, Builder) -> Correction
    /// What "go on" says when it goes on in spite of a failure.
    var postponing: String
  }

  /// An answer that is to be corrected.
  struct Correction: Equatable {
    /// What the choice is called.
    var title: String
    /// The screen that holds the answer.
    var step: Step
    /// Its question there.
    var field: String

    static let address = Correction(
      title: "Change the address", step: .address, field: AddressField.address)
  }

  /// What can be done here beside what is chosen from.
  enum Action {
    case cancel
    case back
    case retry
    case showPrinted
    case copy
  }

  private let content: Content
  private var run: CheckRun?
  private var obstacle: String?
  private var choices: [Choice] = []
  private var menu = Menu([])

  /// What can be chosen when the checks have ended.
  private enum Choice: Equatable {
    case goOn
    case trust(OfferedHostKey)
    case correct(Correction)
    case retry
    case evidence
  }

  init(_ content: Content) { self.content = content }

  func keys(_ session: Session) -> [Binding<Action>] {
    let busy = isBusy ? "the checks run" : nil
    return [
      Binding(.cancel, "cancel", .cancel, off: isBusy ? nil : "nothing runs"),
      Binding(.again, "again", .retry, off: busy ?? obstacle),
      Binding(
        .printed, "what was printed", .showPrinted,
        off: busy ?? (run == nil ? "nothing was tried" : nil)),
      Binding(.copy, "copy", .copy, off: copyable == nil ? "there is nothing to copy" : nil),
      Binding(.back, "back", .back),
    ]
  }

  func mainHints(_ session: Session) -> [KeyBinding] {
    isBusy ? [] : [KeyBinding(.accept, "choose")]
  }

  func hints(_ session: Session) -> [KeyBinding] {
    isBusy ? [] : Motion.hints("move", isShown: false)
  }

  func help(_ session: Session) -> String { content.help }
  var isBusy: Bool { run?.isRunning ?? false }

  // MARK: - Running

  mutating func open(_ session: inout Session) -> [Effect] {
    obstacle = content.obstacle(session)
    if obstacle != nil {
      run = nil
      offer(session)
      return []
    }
    // What was seen working with these very answers is not asked again: every login counts.
    if let run, !run.isRunning, run.builder == session.draft.builder {
      offer(session)
      return []
    }
    return start(&session)
  }

  private mutating func start(_ session: inout Session) -> [Effect] {
    let old = cancel() ?? []
    let (run, effect) = CheckRun.begin(content.scopes, by: .written, &session)
    self.run = run
    choices = []
    return old + [effect]
  }

  func cancel() -> [Effect]? {
    guard let run, run.isRunning else { return nil }
    return [.cancelRun(run.id)]
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    guard run?.receive(message, &session) == true else { return .none }
    if run?.isRunning == false { offer(session) }
    return .none
  }

  // MARK: - Choosing

  private mutating func offer(_ session: Session) {
    var offered: [(Choice, Menu.Item)] = []
    func add(_ choice: Choice, _ title: String, _ detail: String = "") {
      offered.append((choice, Menu.Item(title: title, detail: detail)))
    }
    let trouble = run?.trouble
    switch trouble?.outcome {
    case .undecided?:
      if case .hostKey(let key)? = trouble?.finding {
        add(.trust(key), key.standing == .known ? "Use it" : "It is the same, trust it")
      }
      addCorrection(of: trouble, &offered)
    case .notYet?:
      add(.goOn, content.postponing)
      addCorrection(of: trouble, &offered)
      add(.evidence, "Show what ssh said", lineCount(trouble))
    case .failed?:
      if case .hostKey(let key)? = trouble?.finding {
        add(.correct(.address), "Stop and look at the address")
        add(.evidence, "Show what ssh said", lineCount(trouble))
        add(.trust(key), "I know why the key has changed: trust the new one")
      } else {
        addCorrection(of: trouble, &offered)
        add(.retry, "Try again")
        add(.evidence, "Show what was printed", lineCount(trouble))
        add(.goOn, content.postponing)
      }
    default:
      if let run, !run.allPassed {
        // Nothing failed, but something was left out, or the person stopped it.
        add(.retry, "Try again")
        add(.goOn, content.postponing)
      } else {
        add(.goOn, "Go on")
      }
    }
    choices = offered.map(\.0)
    menu = Menu(offered.map(\.1))
  }

  private func addCorrection(
    of result: CheckResult?, _ offered: inout [(Choice, Menu.Item)]
  ) {
    guard let result, let run else { return }
    let correction = content.correction(result, run.builder)
    offered.append((.correct(correction), Menu.Item(title: correction.title)))
  }

  private func lineCount(_ result: CheckResult?) -> String {
    let count = result?.evidence.split(whereSeparator: \.isNewline).count ?? 0
    return count == 1 ? "1 line" : "\(count) lines"
  }

  mutating func perform(
    _ action: Action, in area: Area, _ session: inout Session
  ) -> Reaction {
    switch action {
    case .cancel: .effects(cancel() ?? [])
    case .back: .move(.back, cancel() ?? [])
    case .retry: .effects(start(&session))
    case .showPrinted: showEvidence()
    case .copy: copyable.map { .effects([.copy($0)]) } ?? .none
    }
  }

  mutating func take(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    guard !isBusy, let index = menu.handle(input), choices.indices.contains(index) else {
      return .ignored
    }
    switch choices[index] {
    case .goOn: return .move(.next)
    case .correct(let correction):
      return .move(.correct(correction.step, field: correction.field))
    case .retry: return .effects(start(&session))
    case .evidence: return showEvidence()
    case .trust(let key):
      session.accept(key)
      return .move(.next)
    }
  }

  /// The result that the lower half is about.
  private var shownResult: CheckResult? {
    run.flatMap { run in run.trouble ?? run.names.compactMap { run.results[$0] }.last }
  }

  /// What `y` copies: the fingerprint, or the command that mends it.
  private var copyable: String? {
    if case .hostKey(let key)? = shownResult?.finding { return key.fingerprint }
    return shownResult?.diagnosis?.command
  }

  private func showEvidence() -> Reaction {
    guard let run else { return .none }
    return .page("What was printed", Document(evidenceOf: run))
  }

  // MARK: - Drawing

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    var rest = drawHeading(content.heading(session), on: &canvas, in: area.inset(columns: 2))
    if let obstacle {
      let lines = [StyledLine("○ \(obstacle)", Theme.plain, hang: 2)].wrapped(to: rest.columns)
      lines.draw(on: &canvas, in: rest.takeTop(lines.count))
      _ = rest.takeTop(1)
      menu.draw(on: &canvas, in: rest)
      return
    }
    guard let run else { return }
    let lower = lowerHalf(session).wrapped(to: rest.columns - 4)
    let menuRows = isBusy ? 0 : menu.rows
    let needed = lower.count + menuRows + (lower.isEmpty ? 1 : 2)
    let rows = run.rows(now: session.now)
    var list = CheckList(rows: rows)
    // What went wrong has to be in sight, and so what it offers.
    if let trouble = run.trouble, let index = run.names.firstIndex(of: trouble.name) {
      list.selected = index
    } else if let index = rows.lastIndex(where: { $0.mark != .waiting }) {
      list.selected = index
    }
    let wanted = list.rows(for: rest.columns)
    let room = max(min(wanted, 3), rest.rows - needed)
    list.draw(on: &canvas, in: rest.takeTop(min(room, wanted)), frame: session.frame)
    _ = rest.takeTop(1)
    let text = rest.takeTop(min(lower.count, max(0, rest.rows - menuRows - 1)))
    lower.draw(on: &canvas, in: text.inset(columns: 2))
    if !lower.isEmpty, rest.rows > menuRows { _ = rest.takeTop(1) }
    if !isBusy { menu.draw(on: &canvas, in: rest.inset(columns: 2)) }
  }

  private func lowerHalf(_ session: Session) -> [StyledLine] {
    guard let run, !run.isRunning else { return [] }
    guard let trouble = run.trouble else {
      return (run.allPassed ? [] : [StyledLine("Not everything was tried.", Theme.muted)])
        + run.warnings
    }
    if case .hostKey(let key)? = trouble.finding {
      return HostKeyComparison(key, of: session.name, formerPlace: session.formerPlaceOfKey).lines
    }
    return trouble.diagnosis?.lines
      ?? [StyledLine("The cause is not known. v shows all that was printed.", Theme.muted)]
  }
}

extension Document {
  /// All that the commands of a run printed, check by check.
  init(evidenceOf run: CheckRun) {
    var lines: [Line] = []
    for name in run.names {
      guard let result = run.results[name] else { continue }
      let sign = Mark(result.outcome).sign(frame: 0)
      lines.append(
        Line(spans: [Span("\(sign) \(name)  \(result.detail)", Theme.strong)]))
      for text in result.evidence.split(whereSeparator: \.isNewline) {
        lines.append(Line(spans: [Span("  \(text)")]))
      }
      lines.append(Line(spans: []))
    }
    self.init(lines: lines)
  }
}
