import Builders
import Checks
import Features
import Interface
import Nix
import Terminal

/// Which machine would get a build, and why the others would not; and a probe that proves it.
struct RouteScreen: ActingScreen {
  private var form: Form<RouteForm>?
  /// Whether keys go to the answer, and not to the form.
  private var isReading = false
  /// What runs.
  private var run: Run?
  /// What the answer is about, once one was asked for.
  private var asked: (form: RouteForm, source: RouteSource)?
  private var answer: RouteAnswer?
  private var proof: RouteProof?
  private var text = ScrolledText()
  /// What became of the last question or probe, when that was nothing.
  private var problem: String?

  /// What can be done here.
  enum Action {
    case leave
    case ask
    case changeQuestion
    case cancel
    case prove
    case showWords
  }

  /// What is being found out.
  private struct Run {
    enum Purpose {
      case answer
      case proof
    }

    var id: Int
    var purpose: Purpose
    var began: Double
  }

  func title(_ session: Session) -> String { "nix-builders · where a build goes" }
  func trailing(_ session: Session) -> String? { "" }

  func keys(_ session: Session) -> [Binding<Action>] {
    let leave = Binding(.back, "back", Action.leave)
    if !isReading { return [leave] }
    return [
      Binding(
        .cancel, "cancel", .cancel, isShown: run != nil, off: run == nil ? "nothing runs" : nil),
      Binding(.build, "build a probe", .prove, off: obstacleToProof),
      Binding(
        .printed, "what Nix printed", .showWords,
        off: proof == nil ? "no probe was built for this answer" : nil),
      leave, Binding(.nextPart, "ask otherwise", .changeQuestion),
      Binding(.previousPart, "ask otherwise", .changeQuestion, isShown: false),
      Binding(.accept, "ask again", .ask, isShown: false),
      Binding(.again, "ask again", .ask, isShown: false),
    ]
  }

  private var obstacleToProof: String? {
    run != nil ? "something runs" : answer == nil ? "there is no answer to prove" : nil
  }

  func mainHints(_ session: Session) -> [KeyBinding] {
    isReading ? [] : [KeyBinding(.accept, "ask")]
  }

  func hints(_ session: Session) -> [KeyBinding] {
    if isReading { return Motion.hints("scroll") }
    return [
      KeyBinding("Tab", "field"), KeyBinding("Space", "change a switch", isShown: false),
    ]
  }

  func help(_ session: Session) -> String {
    let field = isReading ? "" : form.map { "\n\n\($0.focusedTitle): \($0.focusedHelp)" } ?? ""
    return """
      The rules of the installed Nix for one build, as if nothing else were being built here and \
      every builder could be reached. What it depends on is placed by itself, and what a cache has \
      goes nowhere. A probe is a tiny build that asks for the same: it is built for real, and Nix \
      tells where. `nix-builders route` does the same without this screen.\(field)
      """
  }

  var isTyping: Bool { !isReading && form?.isTyping == true }
  var isBusy: Bool { run != nil }

  // MARK: - Asking

  mutating func open(_ session: inout Session) -> [Effect] {
    if form == nil {
      let questions = RouteForm.questions(ownSystem: session.machine?.system)
      form = Form(questions, answers: RouteForm())
    }
    isReading = false
    // The builders may be others meanwhile.
    return ask(&session)
  }

  private mutating func ask(_ session: inout Session) -> [Effect] {
    guard let answers = form?.answers else { return [] }
    let old = cancel() ?? []
    let source = answers.isInstalled ? RouteSource.installed : .written(session.inventory)
    let run = Run(id: session.newRun(), purpose: .answer, began: session.now)
    self.run = run
    if asked?.form != answers { answer = nil }
    asked = (answers, source)
    proof = nil
    problem = nil
    showAnswer()
    return old + [.route(run: run.id, answers.question, source)]
  }

  private mutating func prove(_ session: inout Session) -> [Effect] {
    guard let answer, let source = asked?.source else { return [] }
    let run = Run(id: session.newRun(), purpose: .proof, began: session.now)
    self.run = run
    proof = nil
    problem = nil
    return [.proveRoute(run: run.id, answer, source)]
  }

  func cancel() -> [Effect]? { run.map { [.cancelRun($0.id)] } }

  private mutating func stop() -> [Effect] {
    defer {
      if run != nil { problem = "cancelled" }
      run = nil
    }
    return cancel() ?? []
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    switch message {
    case .routed(run?.id, let result):
      run = nil
      switch result {
      case .success(let found): answer = found
      case .failure(let error):
        answer = nil
        problem = "\(error)"
      }
      showAnswer()
    case .routeProven(run?.id, let result):
      run = nil
      switch result {
      case .success(let found): show(found)
      case .failure(let error): problem = "\(error)"
      }
    default: break
    }
    return .none
  }

  private mutating func showAnswer() {
    text.replace(with: answer?.lines.map(StyledLine.init) ?? [])
  }

  private mutating func show(_ found: RouteProof) {
    proof = found
    showAnswer()
    if found.words.isEmpty { return }
    let verdicts = text.lines.count
    text.lines += [StyledLine(""), StyledLine("What Nix printed", Theme.strong)]
    text.lines += found.words.map { StyledLine("  \($0)", hang: 2) }
    text.wanted = verdicts + 1
  }

  // MARK: - Input

  mutating func perform(
    _ action: Action, in area: Area, _ session: inout Session
  ) -> Reaction {
    switch action {
    case .leave: return .move(.home, stop())
    case .ask: return .effects(ask(&session))
    case .changeQuestion: isReading = false
    case .cancel: return .effects(stop())
    case .prove: return .effects(prove(&session))
    case .showWords: return proof.map { .page("What Nix printed", Document($0)) } ?? .none
    }
    return .none
  }

  mutating func take(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if input == .tick { return .none }
    if isReading {
      guard case .press = input else {
        return text.handle(input, in: parts(area, session).answer) ? .none : .ignored
      }
      // Only the form's fields react to it.
      isReading = false
    }
    return receiveInForm(input, in: area, &session)
  }

  private mutating func receiveInForm(
    _ input: Input, in area: Area, _ session: inout Session
  ) -> Reaction {
    switch form?.handle(input) {
    case .submitted:
      isReading = true
      return .effects(ask(&session))
    case .changed: return .none
    case nil: return text.handle(input, in: parts(area, session).answer) ? .none : .ignored
    }
  }

  // MARK: - Drawing

  private struct Parts {
    var heading: Area?
    var form: Area
    var problem: Area
    var status: Area
    var answer: Area
  }

  /// In a low window the form goes as soon as the answer is what one looks at.
  private func parts(_ area: Area, _ session: Session) -> Parts {
    var rest = area.inset(columns: 2)
    let isLow = rest.rows < 16
    var heading: Area?
    if !isLow {
      _ = rest.takeTop(1)
      heading = rest.takeTop(1)
      _ = rest.takeTop(1)
    }
    let formRows = form?.rows(for: rest.columns) ?? 0
    let form = rest.takeTop(isLow ? (isReading ? 0 : min(formRows, 3)) : formRows)
    let wrong = formProblem?.wrapped(to: rest.columns).count ?? 0
    let problem = rest.takeTop(wrong)
    if !isLow { _ = rest.takeTop(1) }
    let rows = status(session, isShort: isLow && !isReading).wrapped(to: rest.columns - 2).count
    let status = rest.takeTop(min(rows, max(1, rest.rows / 2)))
    return Parts(heading: heading, form: form, problem: problem, status: status, answer: rest)
  }

  private var formProblem: [StyledLine]? {
    form?.problem.map { [StyledLine("✗ \($0.title): \($0.message)", Theme.failure, hang: 2)] }
  }

  /// What the answer is about, and what a probe has shown of it.
  ///
  /// - Parameter isShort: whether there is no room for the probe.
  private func status(_ session: Session, isShort: Bool = false) -> [StyledLine] {
    var lines: [StyledLine] = []
    if let answer, let asked {
      let isOld = form?.answers != asked.form
      let words = (asked.form.isInstalled ? BuilderTest.Source.installed : .written).words
      lines.append(
        StyledLine(
          "\(answer.request.summary) · \(words)" + (isOld ? " · Enter asks anew" : ""),
          isOld ? Theme.muted : Theme.strong, hang: 2))
    }
    if let run {
      let sign = Mark.running.sign(frame: session.frame)
      let seconds = max(0, session.now - run.began).seconds
      let what = run.purpose == .answer ? "Asking Nix…" : "The probe is being built…"
      lines.append(StyledLine("\(sign) \(what)  \(seconds)", Theme.accent))
    } else if let proof, !isShort {
      lines.append(StyledLine(proof.line, title: "Probe: "))
    } else if let problem {
      lines += problem.split(separator: "\n").enumerated().map { index, line in
        StyledLine(index == 0 ? "✗ \(line)" : "  \(line)", Theme.failure, hang: 2)
      }
    }
    return lines
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let parts = parts(area, session)
    if let heading = parts.heading {
      canvas.write(
        "Which machine would take this build, and why not the others?", at: heading.origin,
        Theme.strong, limit: heading.columns)
    }
    form?.draw(on: &canvas, in: parts.form, isFocused: !isReading)
    formProblem?.wrapped(to: parts.problem.columns).draw(on: &canvas, in: parts.problem)
    status(session).wrapped(to: parts.status.columns - 2).draw(on: &canvas, in: parts.status)
    text.draw(on: &canvas, in: parts.answer)
  }
}

extension StyledLine {
  fileprivate init(_ line: RouteLine) { self.init(line, title: "") }

  fileprivate init(_ line: RouteLine, title: String) {
    let style =
      switch line.mark {
      case .passed: Theme.success
      case .failed: Theme.failure
      case .notYet: Theme.warning
      default: line.mark == nil ? Theme.muted : Theme.plain
      }
    let sign = line.mark.map { "\($0.sign(frame: 0)) " } ?? ""
    self.init(sign + title + line.sentence, style, hang: 2)
  }
}

extension Document {
  /// A probe's command, and what Nix printed.
  fileprivate init(_ proof: RouteProof) {
    let log = proof.log.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    self.init(
      lines: [Line(spans: [Span("$ \(proof.command)", Theme.strong)])]
        + log.map { Line(spans: [Span(String($0))]) })
  }
}
