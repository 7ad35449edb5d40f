import Builders
import Checks
import Interface
import StateFiles

/// A run of checks as the screens show it: every check with its mark, from waiting to its end.
struct CheckRun: Sendable {
  /// Its number among the runs of the session.
  let id: Int
  /// The builder as it is tested.
  let builder: Builder
  /// The checks in the order in which they are shown.
  private(set) var names: [CheckName]
  private(set) var results: [CheckName: CheckResult] = [:]
  private var started: [CheckName: Double] = [:]
  /// How many results are those of an earlier run.
  private var carriedOver = 0
  /// The configuration it goes by; `nil` until that is known.
  private(set) var source: BuilderTest.Source?
  private(set) var isRunning = true
  /// What kind of test it is to be remembered as; `nil` when it is only a part of one.
  private let kind: TestRecord.Kind?
  /// The checks as the whole test has them.
  let scopes: [BuilderTest.Scope]
  /// Whether it is about the answers that the forms are about.
  private let isOfDraft: Bool

  /// Begins a run with a builder, the draft's unless another is given.
  ///
  /// - Returns: the run, and the effect that starts it.
  static func begin(
    _ scopes: [BuilderTest.Scope], of builder: Builder? = nil, by source: BuilderTest.Source?,
    _ session: inout Session
  ) -> (CheckRun, Effect) {
    let isOfDraft = builder == nil
    let builder = builder ?? session.draft.builder
    let names = BuilderTest(builder: builder, source: .written).names(of: scopes)
    let run = CheckRun(
      id: session.newRun(), builder: builder, names: names, source: source,
      kind: TestRecord.Kind(scopes), scopes: scopes, isOfDraft: isOfDraft)
    return (run, .runChecks(run: run.id, builder, source, scopes))
  }

  /// Begins to run again what has not passed; what has passed stays as it was seen.
  ///
  /// - Returns: the run, and the effect that starts it.
  static func again(
    onlyFailedOf old: CheckRun, _ session: inout Session
  ) -> (CheckRun, Effect) {
    let scope = BuilderTest.Scope.only(old.leftOver)
    let names = BuilderTest(builder: old.builder, source: .written).names(scope)
    var run = CheckRun(
      id: session.newRun(), builder: old.builder, names: old.names, source: old.source,
      kind: old.kind, scopes: old.scopes, isOfDraft: old.isOfDraft)
    run.results = old.results.filter { !names.contains($0.key) }
    run.carriedOver = run.results.count
    return (run, .runChecks(run: run.id, old.builder, old.source, [scope]))
  }

  private init(
    id: Int, builder: Builder, names: [CheckName], source: BuilderTest.Source?,
    kind: TestRecord.Kind?, scopes: [BuilderTest.Scope], isOfDraft: Bool
  ) {
    self.id = id
    self.builder = builder
    self.names = names
    self.source = source
    self.kind = kind
    self.scopes = scopes
    self.isOfDraft = isOfDraft
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
      guard isOfDraft else { break }
      session.results.note(result, of: builder, by: source ?? .written)
      switch result.finding {
      case .capabilities(let capabilities): session.capabilities = capabilities
      case .facts(let facts): session.take(facts)
      case .hostKey, nil: break
      }
    case .check(id, _): break
    case .ended(id):
      isRunning = false
      remember(&session)
    default: return false
    }
    return true
  }

  private func remember(_ session: inout Session) {
    guard let kind else { return }
    session.perform(
      .remember(
        FinishedTest(
          kind: kind, builder: builder, source: source ?? .written,
          results: names.compactMap { results[$0] }, seconds: elapsed(now: session.now),
          localNix: session.machine?.nixVersion)))
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

  /// What can be run again without the rest: what has not passed, where something has.
  var leftOver: [CheckName] {
    if isRunning || allPassed || names == [.package] || passedCount == 0 { return [] }
    return names.filter { results[$0]?.outcome != .passed }
  }

  /// The check that runs now; of several, the one that is shown first.
  var runningCheck: CheckName? { names.first { started[$0] != nil && results[$0] == nil } }

  /// Whether it is over and everything went well.
  var allPassed: Bool { !isRunning && names.compactMap { results[$0] }.allPassed }
  /// Whether any check has begun or been left out.
  var hasBegun: Bool { !started.isEmpty || results.count > carriedOver }
  /// How many checks passed.
  var passedCount: Int { results.values.count { $0.outcome == .passed } }
  /// The seconds that all checks took together, those that run now included.
  func elapsed(now: Double) -> Double {
    guard let first = started.values.min() else { return 0 }
    let ends = results.values.compactMap { result in
      started[result.name].map { $0 + result.seconds }
    }
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

extension Mark {
  /// The sign of an outcome.
  public init(_ outcome: CheckResult.Outcome) {
    switch outcome {
    case .passed: self = .passed
    case .failed: self = .failed
    case .notYet: self = .notYet
    case .undecided: self = .undecided
    case .skipped: self = .skipped
    }
  }
}

extension TestRecord.Kind {
  /// What a run of these checks is to be remembered as.
  fileprivate init?(_ scopes: [BuilderTest.Scope]) {
    switch scopes {
    case [.connection]: self = .connection
    case [.builds]: self = .build
    case let scopes where scopes.count == 1 && scopes[0].isPackage: self = .package
    default: return nil
    }
  }
}

extension BuilderTest.Scope {
  fileprivate var isPackage: Bool { if case .package = self { true } else { false } }
}
