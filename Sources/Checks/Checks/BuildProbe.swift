import Base
import Builders

/// `build SYSTEM` and `feature NAME`: a probe is built by the builder.
///
/// It counts as built there when Nix's log says that this machine built it, and the builder's
/// store has the output.
enum BuildProbe {
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
    let command = command(connection, what, timeLimit: timeLimit)
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
    guard isSameStore(place, machine.url.text) else {
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

  /// Builds something on the builder alone.
  static func command(
    _ connection: Connection, _ what: [String], timeLimit: Duration?
  ) -> Command {
    connection.nix(
      ["build", "-L", "-v", "--no-link", "--json", "--impure"] + what
        + ["--max-jobs", "0", "--builders", connection.machine.text]
        + ["--log-format", "internal-json"], timeLimit: timeLimit)
  }

  /// Nix may show a store URL without the parameters that it was given with.
  static func isSameStore(_ one: String, _ other: String) -> Bool {
    one.unicodeScalars.prefix { $0 != "?" }.elementsEqual(
      other.unicodeScalars.prefix { $0 != "?" })
  }
}

/// What `nix build --json` prints: `[{"drvPath":"…","outputs":{"out":"…"}}]`.
struct BuiltDerivation: Equatable {
  var derivation: String
  var output: String

  init?(json: String) {
    guard case .array(let list)? = JSONValue(text: json), case .object(let first)? = list.first,
      case .string(let derivation)? = first["drvPath"],
      case .object(let outputs)? = first["outputs"],
      case .string(let output)? = outputs["out"] ?? outputs.values.first
    else { return nil }
    self.derivation = derivation
    self.output = output
  }
}
