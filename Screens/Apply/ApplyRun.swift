import Checks
import Features
import Interface
import Processes

/// The steps that apply a fragment, on their way: each is a command on a terminal of its own, whose
/// output goes into one log.
struct ApplyRun {
  /// What is done.
  var plan: ApplyPlan
  /// Where everything that is printed goes.
  let store = LogStore()
  /// How each step that was begun stands.
  private(set) var states: [ApplyPlan.Step: State] = [:]
  /// What a command waits for.
  private(set) var question: TerminalCommand.Question?
  /// The step that runs, and its number among the runs of the session.
  private var current: (step: ApplyPlan.Step, run: Int)?
  /// The run that holds the connection; it stays open for whatever comes after.
  private(set) var connection: Int?
  /// The step that a new connection is made for.
  private var resumed: ApplyPlan.Step?
  private var endsLine = true

  /// How a step stands.
  struct State: Equatable {
    var began: Double
    /// How long it took; `nil` while it runs.
    var seconds: Double?
    /// Why it failed; `nil` when it did not.
    var failure: String?
  }

  /// What happened, as far as somebody has to do something about it.
  enum News: Equatable {
    /// A step went well; the next one can begin.
    case done(ApplyPlan.Step)
    /// A step failed, or was ended.
    case failed(ApplyPlan.Step)
    /// A command asks, or does so no longer.
    case question
    /// Nothing of interest.
    case none
  }

  /// - Parameter connection: the run that holds one which is open already.
  init(_ plan: ApplyPlan, over connection: Int? = nil) {
    self.plan = plan
    self.connection = connection
    self.plan.isConnected = connection != nil
  }

  /// Whether a step runs.
  var isRunning: Bool { current != nil }
  /// Whether all steps went well.
  var isDone: Bool {
    plan.steps.allSatisfy { states[$0].map { $0.seconds != nil && $0.failure == nil } ?? false }
  }
  /// The step that failed.
  var failedStep: ApplyPlan.Step? { plan.steps.first { states[$0]?.failure != nil } }

  // MARK: - Steps

  /// Begins a step; where there is no connection any more, with that.
  mutating func begin(_ step: ApplyPlan.Step, _ session: inout Session) -> [Effect] {
    if plan.login != nil, connection == nil, step != .connect {
      resumed = resumed ?? step
      return begin(.connect, session: &session)
    }
    return begin(step, session: &session)
  }

  private mutating func begin(_ step: ApplyPlan.Step, session: inout Session) -> [Effect] {
    let run = session.newRun()
    current = (step, run)
    states[step] = State(began: session.now)
    question = nil
    if step == .connect { connection = run }
    let command = plan.command(step)
    print("\u{1B}[1m$ \(command.text)\u{1B}[0m\n")
    return [.runInTerminal(run: run, command, connection: connection)]
  }

  /// The step that comes after one that went well.
  mutating func next(after step: ApplyPlan.Step) -> ApplyPlan.Step? {
    switch (step, resumed) {
    case (.connect, .look?), (.connect, .copy?), (.look, .activate?):
      defer { resumed = nil }
      return resumed
    case (.connect, .activate?): return .look
    default: break
    }
    return plan.steps.drop { $0 != step }.dropFirst().first
  }

  /// Begins again with the step that failed. What changes the configuration may have done a part of
  /// it, so what is there is looked at again before.
  mutating func retry(_ session: inout Session) -> [Effect] {
    guard let step = failedStep else { return [] }
    states[step] = nil
    if step != .activate { return begin(step, &session) }
    resumed = .activate
    return begin(.look, &session)
  }

  /// Types an answer.
  mutating func answer(_ line: String) -> [Effect] {
    guard let current else { return [] }
    question = nil
    return [.type(run: current.run, TypedLine(line))]
  }

  /// What ends the command that runs.
  var ending: [Effect] { current.map { [.cancelRun($0.run)] } ?? [] }

  // MARK: - What happens

  mutating func receive(_ message: Message, _ session: Session) -> News {
    switch message {
    case .terminal(let run, let event) where run == current?.run || run == connection:
      return take(event, of: run, session)
    case .terminalEnded(let run, let result) where run == current?.run || run == connection:
      return end(run, result, session)
    default: return .none
    }
  }

  private mutating func take(
    _ event: TerminalCommand.Event, of run: Int, _ session: Session
  ) -> News {
    switch event {
    case .printed(let bytes): print(bytes)
    case .asks(let question):
      guard run == current?.run else { break }
      self.question = question
      return .question
    case .ready:
      guard current?.step == .connect else { break }
      return finish(.connect, nil, session)
    }
    return .none
  }

  private mutating func end(
    _ run: Int, _ result: TerminalCommand.Result, _ session: Session
  ) -> News {
    if run == connection {
      connection = nil
      plan.isConnected = false
    }
    // The connection may be lost while another step runs; that one notices it too.
    guard let current, current.run == run else { return .none }
    var failure = current.step.failure(result.ending)
    if current.step == .look, failure == nil { failure = take(found: result.output) }
    return finish(current.step, failure, session)
  }

  private mutating func take(found output: String) -> String? {
    guard let found = ConfigurationLook(output: output) else {
      return ConfigurationLook.unreadable
    }
    plan.take(found)
    return found.obstacle
  }

  private mutating func finish(
    _ step: ApplyPlan.Step, _ failure: String?, _ session: Session
  ) -> News {
    current = nil
    question = nil
    let began = states[step]?.began ?? session.now
    states[step] = State(began: began, seconds: session.now - began, failure: failure)
    if !endsLine { print("\n") }
    let name = step.title
    guard let failure else {
      print("\u{1B}[32m✓ \(name)\u{1B}[0m\n")
      return .done(step)
    }
    print("\u{1B}[31m✗ \(name): \(failure)\u{1B}[0m\n")
    return .failed(step)
  }

  private mutating func print(_ text: String) { print(Array(text.utf8)) }

  private mutating func print(_ bytes: [UInt8]) {
    store.append(bytes)
    endsLine = bytes.last.map { $0 == 0x0A } ?? endsLine
  }

  // MARK: - Rows

  /// The steps as they are shown.
  func rows(now: Double) -> [CheckRow] {
    plan.steps.map { step in
      let title = step.title
      guard let state = states[step] else { return CheckRow(title: title, mark: .waiting) }
      guard let seconds = state.seconds else {
        let mark: Mark = question == nil ? .running : .undecided
        return CheckRow(title: title, mark: mark, seconds: now - state.began)
      }
      return CheckRow(
        title: title, mark: state.failure == nil ? .passed : .failed, seconds: seconds)
    }
  }
}
