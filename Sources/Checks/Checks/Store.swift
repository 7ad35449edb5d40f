import Base
import Builders
import Nix
import Processes
import SSH

extension CheckName {
  /// Nix's daemon on the builder answers through ssh.
  public static let store = CheckName(kind: "store")
}

/// What Nix says of a builder's store.
struct StoreAnswer: Equatable, Sendable {
  /// The version of Nix there; told from 2.7 on.
  var version: String?
  /// Whether the user is trusted; told when both sides are 2.15 or later.
  var trusted: Bool?

  /// Reads `{"trusted":true,"url":…,"version":…}`, or lines such as `Version: 2.8.0`.
  init?(output: String, error: String) {
    if case .object(let answer)? = JSONValue(text: output) {
      if case .string(let text)? = answer["version"] { version = text }
      switch answer["trusted"] {
      case .bool(let answer): trusted = answer
      case .integer(let answer): trusted = answer != 0
      default: break
      }
      return
    }
    // Older ones print to standard error.
    let lines = (output + "\n" + withoutColour(error)).unicodeScalars.lines
    guard lines.contains(where: { $0.hasPrefix("Store URL: ") }) else { return nil }
    for line in lines {
      if line.hasPrefix("Version: ") { version = String(line.dropFirst(9)) }
      if line.hasPrefix("Trusted: ") { trusted = line.last == "1" }
    }
  }
}

/// `store`: Nix's daemon on the builder answers through ssh.
enum Store {
  static let check = Check(
    .store, { _ in "store" }, in: .login,
    needs: [
      .result(of: .login),
      .success(of: .remoteNix) { await !Login.foundRestricted($0) },
    ],
    run: .there { check, way, handedOn in
      if await handedOn.value(StoreAnswer.self) != nil {
        return await check.passed("Nix answers at \(way.connection.machine.url.text)")
      }
      var facts: RemoteFacts?
      if case .facts(let found)? = await handedOn.value(Login.Outcome.self) { facts = found }
      let (result, answer) = await run(check, way.connection, facts: facts)
      if let answer { await handedOn.put(answer) }
      return result
    })

  /// - Parameter facts: what a login has found out; `nil` when there was none.
  static func run(
    _ check: RunningCheck, _ connection: Connection, facts: RemoteFacts?
  ) async -> (CheckResult, StoreAnswer?) {
    let builder = check.builder
    // Up to 2.18 it is called ping, and only says it in words.
    let version = await NixVersion.installed() ?? NixVersion("2.19")
    let words = version < NixVersion("2.19") ? ["ping"] : ["info", "--json"]
    let command = connection.nix(
      ["store"] + words + ["--store", connection.machine.fullURL], timeLimit: TimeLimits.store)
    let result = await check.run(command)
    if result.succeeded, let answer = StoreAnswer(output: result.output, error: result.error) {
      let version = answer.version.map { "Nix \($0)" } ?? "Nix"
      return (await check.passed("\(version) answers at \(connection.machine.url.text)"), answer)
    }
    var failed = await check.failed("no answer from Nix there", by: command, result)
    // Where Nix does not say why the daemon is silent, the login has seen its socket.
    if failed.diagnosis?.identity == .daemonSilent {
      switch facts?.socket {
      case .closed: failed.diagnosis = .socketForbidden(builder)
      case .absent, .dead: failed.diagnosis = .daemonGone(builder)
      case .open: failed.diagnosis = .daemonFails(builder)
      case nil: break
      }
    }
    return (failed, nil)
  }
}
