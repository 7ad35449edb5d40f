import Builders
import Checks

/// The tests that were started from the list, side by side.
struct ListRuns {
  private var running: [Int: CheckRun] = [:]
  private var numbers: [String: Int] = [:]
  /// The last run of each builder that has ended, for what was printed in it.
  private var ended: [String: CheckRun] = [:]

  /// Whether any test runs.
  var isBusy: Bool { !running.isEmpty }
  /// How many tests run or wait.
  var count: Int { running.count }

  /// The test of a builder that runs now.
  func running(_ alias: String) -> CheckRun? { numbers[alias].flatMap { running[$0] } }

  /// The last test of a builder, the one that runs included.
  func last(_ alias: String) -> CheckRun? { running(alias) ?? ended[alias] }

  /// Starts the connection test of builders.
  mutating func begin(_ builders: [Builder], _ session: inout Session) -> [Effect] {
    var effects: [Effect] = []
    for builder in builders {
      if let number = numbers[builder.alias], running[number] != nil {
        effects.append(.cancelRun(number))
        running[number] = nil
      }
      let (run, effect) = CheckRun.begin([.connection], of: builder, by: nil, &session)
      running[run.id] = run
      numbers[builder.alias] = run.id
      effects.append(effect)
    }
    return effects
  }

  /// Ends all of them; `nil` when none runs.
  func cancel() -> [Effect]? {
    running.isEmpty ? nil : running.keys.sorted().map { .cancelRun($0) }
  }

  /// Takes a message that may belong to one of them.
  mutating func receive(_ message: Message, _ session: inout Session) {
    guard let number = message.run, var run = running.removeValue(forKey: number) else { return }
    _ = run.receive(message, &session)
    if run.isRunning {
      running[number] = run
    } else {
      numbers[run.builder.alias] = nil
      ended[run.builder.alias] = run
    }
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
