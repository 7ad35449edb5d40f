import Builders

extension BuilderTest {
  /// The checks of several scopes, in the order in which they are shown.
  public func names(of scopes: [Scope]) -> [CheckName] { scopes.flatMap(names) }

  /// Runs scope after scope; when one has failed, the checks of those after it are skipped.
  ///
  /// - Parameter report: takes what happens; it may suspend, which holds the commands back.
  /// - Returns: one result for each check of the scopes, in their order.
  public func run(
    _ scopes: [Scope], report: @escaping @Sendable (CheckEvent) async -> Void
  ) async -> [CheckResult] {
    var results: [CheckResult] = []
    for scope in scopes {
      if let cause = results.first(where: { $0.outcome == .failed || $0.outcome == .notYet }) {
        for name in names(scope) {
          results.append(await RunningCheck.skip(name, "needs \(cause.name)", report))
        }
      } else {
        results += await run(scope, report: report)
      }
    }
    return results
  }
}
