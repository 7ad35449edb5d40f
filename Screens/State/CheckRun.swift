import Builders
import Checks
import Interface

/// A run of checks as the screens show it: every check with its mark, from waiting to its end.
struct CheckRun {
  /// Its number among the runs of the session.
  let id: Int
  /// The builder as it is tested.
  let builder: Builder
  /// The checks in the order in which they are shown.
  private(set) var names: [CheckName]
  private(set) var results: [CheckName: CheckResult] = [:]
  private var started: [CheckName: Double] = [:]
  /// The configuration it goes by; `nil` until that is known.
  private(set) var source: BuilderTest.Source?
  private(set) var isRunning = true

  /// Begins a run with a builder, the draft's unless another is given.
  ///
  /// - Returns: the run, and the effect that starts it.
  static func begin(
    _ scopes: [BuilderTest.Scope], of builder: Builder? = nil, by source: BuilderTest.Source?,
    _ session: inout Session
  ) -> (CheckRun, Effect) {
    let builder = builder ?? session.draft.builder
    let names = BuilderTest(builder: builder, source: .written).names(of: scopes)
    let run = CheckRun(id: session.newRun(), builder: builder, names: names, source: source)
    return (run, .runChecks(run: run.id, builder, source, scopes))
  }

  private init(id: Int, builder: Builder, names: [CheckName], source: BuilderTest.Source?) {
    self.id = id
    self.builder = builder
    self.names = names
    self.source = source
  }

  /// Takes a message.
  ///
  /// - Returns: whether it belongs to this run.
  mutating func receive(_ message: Message, _ session: inout Session) -> Bool {
    switch message {
    case .source(id, let source):
      self.source = source
    case .check(id, .started(let name)):
      started[name] = session.now
    case .check(id, .finished(let result)):
      results[result.name] = result
      session.results.note(result, of: builder, by: source ?? .written)
      if case .capabilities(let capabilities) = result.finding {
        session.capabilities = capabilities
      }
    case .check(id, _): break
    case .ended(id): isRunning = false
    default: return false
    }
    return true
  }

  /// The first check that did not go well; a host key that has to be decided on counts too.
  var trouble: CheckResult? {
    names.lazy.compactMap { results[$0] }.first {
      switch $0.outcome {
      case .failed, .notYet, .undecided: true
      case .passed, .skipped: false
      }
    }
  }

  /// Whether it is over and everything went well.
  var allPassed: Bool { !isRunning && names.compactMap { results[$0] }.allPassed }
  /// How many checks passed.
  var passedCount: Int { results.values.count { $0.outcome == .passed } }
  /// The seconds that all checks took together, those that run now included.
  func elapsed(now: Double) -> Double {
    guard let first = started.values.min() else { return 0 }
    let ends = results.values.map { (started[$0.name] ?? first) + $0.seconds }
    return (isRunning ? now : ends.max() ?? now) - first
  }

  /// The rows as they are shown.
  func rows(now: Double) -> [CheckRow] {
    names.map { name in
      if let result = results[name] {
        return CheckRow(
          title: name.title(for: builder), mark: Mark(result.outcome), detail: result.detail,
          seconds: result.outcome == .skipped ? nil : result.seconds)
      }
      let begin = started[name]
      return CheckRow(
        title: name.title(for: builder), mark: begin == nil || !isRunning ? .waiting : .running,
        detail: "", seconds: begin.map { now - $0 })
    }
  }
}

extension CheckName {
  /// What a screen calls the check.
  func title(for builder: Builder) -> String {
    switch self {
    case .resolve: "name"
    case .connect: "port \(builder.port)"
    case .hostKey: "host key"
    case .key: "key"
    case .login: "log in"
    case .remoteNix: "Nix"
    case .store: "store"
    case .trusted: "trusted"
    case .build(let system): system
    case .feature(let name): name
    case .package: "package"
    }
  }
}

extension Mark {
  init(_ outcome: CheckResult.Outcome) {
    switch outcome {
    case .passed: self = .passed
    case .failed: self = .failed
    case .notYet: self = .notYet
    case .undecided: self = .undecided
    case .skipped: self = .skipped
    }
  }
}
