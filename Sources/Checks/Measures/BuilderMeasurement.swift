import Builders

extension BuilderTest {
  /// Measures a builder that passes the connection test, one thing after the other so that none
  /// disturbs another. It takes three logins, and leaves a path of 64 MB and a tiny one in the
  /// builder's store until its garbage is collected.
  ///
  /// - Parameter report: takes what is measured next.
  public func measure(
    report: @escaping @Sendable (Measure) async -> Void = { _ in }
  ) async -> Measures {
    var measures = Measures()
    guard let directory = PrivateDirectory() else { return .missingAll("/tmp: \(lastError())") }
    defer { directory.remove() }
    let connection: Connection
    switch await way(in: directory) {
    case .open(let open): connection = open
    case .closed(let reason, _): return .missingAll(reason)
    }
    await report(.roundTrip)
    measures.take(.roundTrip, \.roundTrip, await RoundTrip.measure(builder))
    await report(.processors)
    await measureMachine(connection, &measures, report)
    await report(.emptyBuild)
    measures.take(.emptyBuild, \.emptyBuild, await emptyBuild(connection, in: directory))
    await report(.copy)
    if let free = measures.disk?.free, free < 1 << 30 {
      measures.missing[.copy] = "the builder's disk is nearly full"
    } else {
      measures.take(.copy, \.copy, await CopyMeasure.run(connection, in: directory))
    }
    return measures
  }

  /// What one login tells, and how fast this machine does the same work.
  private func measureMachine(
    _ connection: Connection, _ measures: inout Measures,
    _ report: @Sendable (Measure) async -> Void
  ) async {
    let script = MachineFigures.script
    let login = connection.ssh("exec sh -c '\(script)'", timeLimit: TimeLimits.measuring)
    let result = await login.run()
    guard let there = MachineFigures(output: result.output) else {
      let reason =
        builder.account.restricted
        ? "the key serves Nix and nothing else" : NotMeasured(result).reason
      for measure in [Measure.processors, .disk, .speed] { measures.missing[measure] = reason }
      return
    }
    measures.processors = there.processors
    if there.processors == nil { measures.missing[.processors] = "it does not say" }
    measures.disk = there.disk
    if there.disk == nil { measures.missing[.disk] = "df says nothing of /nix/store" }
    await report(.speed)
    let own = await Command(["sh", "-c", script], timeLimit: TimeLimits.measuring).run()
    if let work = there.work, let ownWork = MachineFigures(output: own.output)?.work {
      measures.speed = ownWork / work
    } else {
      measures.missing[.speed] = "it takes seq, gzip and GNU date on both machines"
    }
  }

  private func emptyBuild(
    _ connection: Connection, in directory: PrivateDirectory
  ) async -> Result<Double, NotMeasured> {
    let probe = Probe(system: builder.systems.first ?? "", features: builder.mandatoryFeatures)
    guard let file = directory.write(probe.expression, to: "empty-\(probe.nonce).nix") else {
      return .failure(NotMeasured("\(directory.path): \(lastError())"))
    }
    let command = BuildProbe.command(
      connection, ["--file", file, "--option", "substituters", ""], timeLimit: TimeLimits.probe)
    let begin = ContinuousClock.now
    let result = await command.run()
    let time = (ContinuousClock.now - begin).seconds
    return result.succeeded ? .success(time) : .failure(NotMeasured(result))
  }
}

extension Measures {
  fileprivate static func missingAll(_ reason: String) -> Measures {
    var measures = Measures()
    for measure in Measure.allCases { measures.missing[measure] = reason }
    return measures
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
