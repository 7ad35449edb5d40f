import Builders
import Checks
import Interface
import Terminal

/// The tests that were started from the list, side by side, each with its log.
struct ListRuns {
  /// By alias: the last run of each builder, be it over or not.
  private var panes: [String: TestPane] = [:]
  /// The aliases of those that run or wait, by the number of the run.
  private var running: [Int: String] = [:]
  /// The numbers of those that wait for their turn.
  private var waiting: Set<Int> = []
  /// How many ended in which way.
  private var ended: [CheckRun.Standing: Int] = [:]
  /// Tests of very many builders must not take all descriptors.
  private let files = LogFiles(limit: 128)

  /// Whether any test runs.
  var isBusy: Bool { !running.isEmpty }
  /// How many tests run or wait.
  var count: Int { running.count }
  /// Whether any test did not go well.
  var hasFailures: Bool {
    [.failed, .gaveUp, .incomplete].contains { ended[$0, default: 0] > 0 }
  }
  /// Whether any test was begun.
  var isEmpty: Bool { panes.isEmpty }

  /// The test of a builder that runs now.
  func running(_ alias: String) -> CheckRun? {
    panes[alias]?.run.flatMap { $0.isRunning ? $0 : nil }
  }

  /// The last test of a builder, the one that runs included.
  func last(_ alias: String) -> CheckRun? { panes[alias]?.run }

  /// The last test of a builder with its log.
  func pane(_ alias: String) -> TestPane? { panes[alias] }

  /// How many tests stand how, such as "2 running · 1 failed".
  var tally: String {
    var parts: [String] = []
    func add(_ count: Int, _ word: String) { if count > 0 { parts.append("\(count) \(word)") } }
    add(running.count - waiting.count, "running")
    add(waiting.count, "waiting")
    add(ended[.passed] ?? 0, "passed")
    add(ended[.failed] ?? 0, "failed")
    add(ended[.gaveUp] ?? 0, "gave up")
    add(ended[.incomplete] ?? 0, "stopped")
    return parts.joined(separator: ", ")
  }

  // MARK: - Running

  /// Starts a test of builders, that of the connection unless another is wanted.
  mutating func begin(
    _ builders: [Builder], testing scopes: [BuilderTest.Scope] = [.connection],
    _ session: inout Session
  ) -> [Effect] {
    builders.flatMap { begin(CheckRun.begin(scopes, of: $0, by: nil, &session)) }
  }

  /// Starts the test of a builder once more, or its connection test if there was none.
  mutating func repeatTest(of builder: Builder, _ session: inout Session) -> [Effect] {
    begin([builder], testing: panes[builder.alias]?.run?.scopes ?? [.connection], &session)
  }

  /// Tests again what did not pass, of those builders of which something did not.
  mutating func repeatFailed(of builders: [Builder], _ session: inout Session) -> [Effect] {
    builders.flatMap { builder -> [Effect] in
      guard let run = panes[builder.alias]?.run, !run.isRunning, !run.allPassed else { return [] }
      // With other answers than then, nothing of it counts any more.
      if run.leftOver.isEmpty || run.builder != builder { return repeatTest(of: builder, &session) }
      return begin(CheckRun.again(onlyFailedOf: run, &session))
    }
  }

  private mutating func begin(_ begun: (run: CheckRun, effect: Effect)) -> [Effect] {
    let (run, effect) = begun
    var effects: [Effect] = []
    if let old = panes[run.builder.alias]?.run {
      if old.isRunning {
        effects.append(.cancelRun(old.id))
        running[old.id] = nil
        waiting.remove(old.id)
      } else {
        ended[old.standing, default: 0] -= 1
      }
    }
    panes[run.builder.alias, default: TestPane()].begin(run)
    running[run.id] = run.builder.alias
    waiting.insert(run.id)
    return effects + [effect]
  }

  /// Ends all of them; `nil` when none runs.
  func cancel() -> [Effect]? {
    running.isEmpty ? nil : running.keys.sorted().map { .cancelRun($0) }
  }

  /// Takes a message that may belong to one of them.
  mutating func receive(_ message: Message, _ session: inout Session) {
    guard let number = message.run, let alias = running[number] else { return }
    waiting.remove(number)
    _ = panes[alias]?.receive(message, &session, store: LogStore(oneOf: files))
    guard let run = panes[alias]?.run, !run.isRunning else { return }
    running[number] = nil
    ended[run.standing, default: 0] += 1
  }

  // MARK: - Logs

  /// Makes the log of a builder's tests, to be looked at.
  mutating func openLog(_ alias: String) {
    panes[alias, default: TestPane()].openLog(LogStore(oneOf: files))
  }

  /// Lets the log of a builder's tests take an input.
  ///
  /// - Returns: what is to happen next; `nil` when the log has no use for the input.
  mutating func handle(_ input: Input, _ alias: String, in parts: LogSplit) -> Reaction? {
    panes[alias]?.handle(input, in: parts)
  }

  /// Lets the log of a builder's tests perform an action.
  mutating func perform(
    _ action: LogPane.Action, _ alias: String, in parts: LogSplit
  ) -> Reaction {
    panes[alias]?.perform(action, in: parts) ?? .none
  }
}

extension Message {
  /// The run of checks that it belongs to.
  fileprivate var run: Int? {
    switch self {
    case .source(let run, _), .check(let run, _), .ended(let run): run
    default: nil
    }
  }
}
