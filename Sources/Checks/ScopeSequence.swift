import Builders

extension BuilderTest {
  /// The checks of several scopes, in the order in which they are shown.
  public func names(of scopes: [Scope]) -> [CheckName] { scopes.flatMap(names) }

  /// Runs scope after scope; when one has failed, the checks of those after it are skipped.
  ///
  /// - Parameters:
  ///   - limit: how many seconds all of them together may take; `nil` for as long as each may.
  ///   - report: takes what happens; it may suspend, which holds the commands back.
  /// - Returns: one result for each check of the scopes, in their order.
  public func run(
    _ scopes: [Scope], within limit: Int? = nil,
    report: @escaping @Sendable (CheckEvent) async -> Void
  ) async -> [CheckResult] {
    guard let limit else { return await runInOrder(scopes, report) }
    let deadline = Deadline(seconds: limit)
    var test = self
    test.deadline = deadline
    let work = Task { [test] in await test.runInOrder(scopes, report) }
    let timer = Task {
      guard (try? await Task.sleep(for: .seconds(limit))) != nil else { return }
      deadline.pass()
      work.cancel()
    }
    let results = await withTaskCancellationHandler {
      await work.value
    } onCancel: {
      work.cancel()
    }
    timer.cancel()
    return results
  }

  private func runInOrder(_ scopes: [Scope], _ report: @escaping Report) async -> [CheckResult] {
    var results: [CheckResult] = []
    for scope in scopes {
      var test = self
      if case .package(let installable) = scope { test.installable = installable }
      for names in stages(scope) {
        if let cause = results.first(where: { $0.outcome == .failed || $0.outcome == .notYet }) {
          for name in names {
            results.append(await RunningCheck.skip(name, "needs \(cause.name)", report))
          }
        } else {
          var schedule = CheckSchedule(names, of: test, report: report)
          results += await schedule.run()
        }
      }
    }
    return results
  }
}
