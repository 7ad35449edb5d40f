import Base
import Builders
import Checks
import Nix
import Processes
import SSH

extension BuilderTest {
  /// Measures a builder that passes the connection test, one thing after the other so that none
  /// disturbs another. It takes four logins, and copies 64 MB, which the builder deletes again where
  /// it can.
  ///
  /// - Parameter report: takes what is measured next, and what is known so far.
  public func measure(
    report: @escaping @Sendable (Measure, Measures) async -> Void = { _, _ in }
  ) async -> Measures {
    var measures = Measures()
    guard let directory = PrivateDirectory() else { return .missingAll("/tmp: \(lastError())") }
    defer { directory.remove() }
    let connection: Connection
    switch await way(in: directory) {
    case .open(let open): connection = open
    case .closed(let reason, _): return .missingAll(reason)
    }
    await report(.roundTrip, measures)
    measures.take(.roundTrip, \.roundTrip, await RoundTrip.measure(builder))
    if builder.detour == nil, let reason = measures.missing[.roundTrip] {
      return .missingAll(reason)
    }
    await report(.processors, measures)
    if let reason = await measureMachine(connection, &measures, report) {
      measures.missAll(reason)
      return measures
    }
    var left: [String] = []
    await report(.emptyBuild, measures)
    let build = await emptyBuild(connection, in: directory) { left.append($0) }
    measures.take(.emptyBuild, \.emptyBuild, build)
    await report(.copy, measures)
    if let free = measures.disk?.free, free < 1 << 30 {
      measures.missing[.copy] = "the builder's disk is nearly full"
    } else {
      let copy = await CopyMeasure.run(connection, in: directory) { left.append($0) }
      measures.take(.copy, \.copy, copy)
    }
    if let reason = await StoreCleaning.delete(left, from: builder, connection) {
      measures.leftover = "\(left.joined(separator: " and ")): \(reason)"
    }
    return measures
  }

  /// What one login tells, and how fast this machine does the same work.
  ///
  /// - Returns: why ssh let nobody in; `nil` when it did.
  private func measureMachine(
    _ connection: Connection, _ measures: inout Measures,
    _ report: @Sendable (Measure, Measures) async -> Void
  ) async -> String? {
    let script = MachineFigures.script
    let login = connection.ssh("exec sh -c '\(script)'", timeLimit: TimeLimits.measuring)
    let result = await login.run()
    guard let there = MachineFigures(output: result.output) else {
      // ssh's own status.
      if result.ending == .exited(255) { return NotMeasured(result).reason }
      let reason =
        builder.account.restricted
        ? "the key serves Nix and nothing else" : NotMeasured(result).reason
      for measure in [Measure.processors, .disk, .speed] { measures.missing[measure] = reason }
      return nil
    }
    measures.processors = there.processors
    if there.processors == nil { measures.missing[.processors] = "it does not say" }
    measures.disk = there.disk
    if there.disk == nil { measures.missing[.disk] = "df says nothing of /nix/store" }
    await report(.speed, measures)
    let own = await Command(["sh", "-c", script], timeLimit: TimeLimits.measuring).run()
    if let work = there.work, let ownWork = MachineFigures(output: own.output)?.work {
      measures.speed = ownWork / work
    } else {
      measures.missing[.speed] = "it takes seq, gzip and GNU date on both machines"
    }
    return nil
  }

  private func emptyBuild(
    _ connection: Connection, in directory: PrivateDirectory, built: (String) -> Void
  ) async -> Result<Double, NotMeasured> {
    let probe = Probe(system: builder.systems.first ?? "", features: builder.mandatoryFeatures)
    guard let file = directory.write(probe.expression, to: "empty-\(probe.nonce).nix") else {
      return .failure(NotMeasured("\(directory.path): \(lastError())"))
    }
    let command = connection.build(
      ["--file", file, "--option", "substituters", ""], timeLimit: TimeLimits.probe)
    let begin = ContinuousClock.now
    let result = await command.run()
    let time = (ContinuousClock.now - begin).seconds
    if let output = BuiltDerivation(json: result.output)?.output { built(output) }
    return result.succeeded ? .success(time) : .failure(NotMeasured(result))
  }
}

extension Measures {
  fileprivate static func missingAll(_ reason: String) -> Measures {
    var measures = Measures()
    measures.missAll(reason)
    return measures
  }

  /// Nothing more can be measured.
  fileprivate mutating func missAll(_ reason: String) {
    for measure in Measure.allCases where !has(measure) { missing[measure] = reason }
  }

  fileprivate mutating func take<Value>(
    _ measure: Measure, _ property: WritableKeyPath<Measures, Value?>,
    _ result: Result<Value, NotMeasured>
  ) {
    switch result {
    case .success(let value): self[keyPath: property] = value
    case .failure(let failure): missing[measure] = failure.reason
    }
  }
}
