import Base
import Processes

/// A run of some checks on one builder, as their needs in the table allow: side by side, one after
/// the other, or not at all.
struct CheckSchedule {
  /// How it stands with a check that has ended.
  private enum Ending {
    /// Those that need it may begin.
    case open
    /// Those that need it are skipped for this reason.
    case blocks(String)
  }

  private let test: BuilderTest
  private let names: [CheckName]
  private let report: BuilderTest.Report
  private let handedOn = HandedOn()
  private var waiting: [CheckName]
  private var running: [Check.Part: Int] = [:]
  private var endings: [CheckName: Ending] = [:]
  private var results: [CheckName: CheckResult] = [:]
  /// The way to the builder, once one has needed it.
  private var way: BuilderTest.Way?
  private var directory: PrivateDirectory?

  /// - Parameter names: the checks, in the order in which they are shown; needs of others count as
  ///   fulfilled.
  init(_ names: [CheckName], of test: BuilderTest, report: @escaping BuilderTest.Report) {
    self.test = test
    self.names = names
    self.report = report
    waiting = names
  }

  /// Runs the checks.
  ///
  /// - Returns: one result for each, in their order.
  mutating func run() async -> [CheckResult] {
    await withTaskGroup(of: CheckResult.self) { group in
      while !waiting.isEmpty || !group.isEmpty {
        await begin(in: &group)
        guard let result = await group.next() else { break }
        end(result)
      }
    }
    directory?.remove()
    return names.compactMap { results[$0] }
  }

  /// Begins or skips everything that can be decided now.
  private mutating func begin(in group: inout TaskGroup<CheckResult>) async {
    var isDone = false
    while !isDone {
      isDone = true
      for name in waiting where waiting.contains(name) {
        guard let check = CheckTable.check(ofKind: name.kind), await isDecided(name, check) else {
          continue
        }
        if let reason = check.exemption?.reason(test.builder) {
          leave(name, await RunningCheck.skip(name, reason, report), .open)
        } else if let reason = await obstacle(to: name, check) {
          leave(name, await RunningCheck.skip(name, reason, report), .blocks(reason))
        } else if case .closed(let reason, let diagnosis) = await wayIfNeeded(by: check) {
          let skipped = await RunningCheck.skip(name, reason, diagnosis: diagnosis, report)
          leave(name, skipped, .blocks(reason))
          // It concerns all of them and stands with the first.
          way = .closed(reason, nil)
        } else {
          start(name, check, in: &group)
        }
        isDone = false
      }
    }
  }

  private mutating func leave(_ name: CheckName, _ result: CheckResult, _ ending: Ending) {
    waiting.removeAll { $0 == name }
    results[name] = result
    endings[name] = ending
  }

  private mutating func start(
    _ name: CheckName, _ check: Check, in group: inout TaskGroup<CheckResult>
  ) {
    waiting.removeAll { $0 == name }
    running[check.part, default: 0] += 1
    let (test, report, handedOn) = (test, report, handedOn)
    var open: Check.OpenWay?
    if case .open(let connection)? = way, let directory {
      open = Check.OpenWay(connection: connection, directory: directory)
    }
    group.addTask { [open] in
      await RunningCheck.run(name, of: test, report) { running in
        switch (check.run, open) {
        case (.here(let run), _): await run(running, handedOn)
        case (.there(let run), let open?): await run(running, open, handedOn)
        case (.there, nil): await running.failed("no way to \(test.builder.alias)", nil)
        }
      }
    }
  }

  private mutating func end(_ result: CheckResult) {
    results[result.name] = result
    let part = CheckTable.check(ofKind: result.name.kind)?.part
    if let part { running[part, default: 1] -= 1 }
    let isGood =
      part?.hasPioneer == true
      ? result.diagnosis?.identity.isOfEveryBuild != true || result.outcome == .passed
      : result.outcome == .passed || result.outcome == .undecided
    endings[result.name] =
      isGood
      ? .open : .blocks(result.detail == "cancelled" ? "cancelled" : "needs \(result.name)")
  }

  // MARK: - Needs

  /// The checks that this one needs and that are run too, the likeliest cause first.
  private func needs(of name: CheckName, _ check: Check) async -> [CheckName] {
    var needs: [CheckName] = []
    for need in check.needs where names.contains(need.name) {
      if await need.condition(handedOn) { needs.append(need.name) }
    }
    if check.part.hasPioneer, let pioneer = names.first(where: { part(of: $0) == check.part }),
      pioneer != name
    {
      needs.append(pioneer)
    }
    return needs
  }

  private func part(of name: CheckName) -> Check.Part? {
    CheckTable.check(ofKind: name.kind)?.part
  }

  /// Whether it is known what becomes of a check, and there is room for it.
  private func isDecided(_ name: CheckName, _ check: Check) async -> Bool {
    guard running[check.part, default: 0] < check.part.atOnce(on: test.builder) else {
      return false
    }
    return await needs(of: name, check).allSatisfy { endings[$0] != nil }
  }

  /// Why a check cannot be tried; `nil` when it can.
  private func obstacle(to name: CheckName, _ check: Check) async -> String? {
    for need in await needs(of: name, check) {
      if case .blocks(let reason)? = endings[need] { return reason }
    }
    return nil
  }

  /// The way to the builder, where a check goes it.
  private mutating func wayIfNeeded(by check: Check) async -> BuilderTest.Way? {
    guard case .there = check.run else { return nil }
    if let way { return way }
    directory = PrivateDirectory()
    let found: BuilderTest.Way =
      if let directory { await test.way(in: directory) } else {
        .closed("/tmp: \(lastError())", nil)
      }
    way = found
    return found
  }
}
