import Base
import Builders
import Nix
import Processes
import SSH

extension CheckName {
  /// A probe for this system is built by the builder.
  public static func build(system: String) -> CheckName {
    CheckName(kind: "build", subject: system)
  }

  /// A probe that requires this feature is built by the builder.
  public static func feature(_ name: String) -> CheckName {
    CheckName(kind: "feature", subject: name)
  }

  /// The feature that a probe is for; `nil` for every other check.
  public var feature: String? { kind == "feature" ? subject : nil }
}

/// `build SYSTEM` and `feature NAME`: a probe is built by the builder.
///
/// It counts as built there when Nix's log says that this machine built it, and the builder's
/// store has the output.
enum BuildProbe {
  static let ofSystems = Check(
    eachOf: "build", in: .builds, for: \.systems,
    run: .there { check, way, _ in
      let system = check.name.subject ?? ""
      let probe = Probe(system: system, features: check.builder.mandatoryFeatures)
      return await run(check, way.connection, probe, in: way.directory)
    })

  static let ofFeatures = Check(
    eachOf: "feature", in: .builds,
    for: { builder in
      builder.supportedFeatures
        + builder.mandatoryFeatures.filter { !builder.supportedFeatures.contains($0) }
    },
    run: .there { check, way, _ in
      // A builder takes only builds that require all of its mandatory features.
      let (builder, feature) = (check.builder, check.name.subject ?? "")
      let others = builder.mandatoryFeatures.contains(feature) ? [] : [feature]
      let probe = Probe(
        system: builder.systems.first ?? "", features: builder.mandatoryFeatures + others)
      return await run(check, way.connection, probe, in: way.directory)
    })

  static func run(
    _ check: RunningCheck, _ connection: Connection, _ probe: Probe, in directory: PrivateDirectory
  ) async -> CheckResult {
    guard let file = directory.write(probe.expression, to: "probe-\(probe.nonce).nix") else {
      await check.note("\(directory.path): \(lastError())")
      return await check.failed("the probe could not be written", nil)
    }
    // Without substituters: nobody has it, and one that does not answer takes its time.
    return await build(
      check, connection, ["--file", file, "--option", "substituters", ""],
      timeLimit: TimeLimits.probe)
  }

  /// Builds something on the builder alone, and proves that it was built there.
  static func build(
    _ check: RunningCheck, _ connection: Connection, _ what: [String], timeLimit: Duration?
  ) async -> CheckResult {
    let builder = check.builder
    let machine = connection.machine
    let command = connection.build(what, timeLimit: timeLimit)
    let (result, builds) = await check.runNix(command)
    guard result.succeeded else {
      return await check.failed("not built", by: command, result)
    }
    guard let built = BuiltDerivation(json: result.output) else {
      await check.note(result.output)
      return await check.failed("Nix did not say what it built", nil)
    }
    let places = builds.filter { $0.derivation == built.derivation }.map(\.machine)
    guard let place = places.last else {
      return await check.failed("not built now", .notBuilt(builder))
    }
    guard BuiltDerivation.isSameStore(place, machine.url.text) else {
      return await check.failed("built by \(place)", .builtElsewhere(builder, place))
    }
    let info = connection.nix(
      ["path-info", "--store", machine.fullURL, built.output], timeLimit: TimeLimits.store)
    let found = await check.run(info)
    guard found.succeeded else {
      return await check.failed("its output is not in the builder's store", by: info, found)
    }
    return await check.passed("built by \(builder.alias)")
  }
}
