import Base
import Builders
import Glibc
import Processes
import SSH

extension CheckName {
  /// The builder lets the user in with that key.
  public static let login = CheckName(kind: "login")
}

/// `login`: the builder lets the user in with that key. The one login also asks for all that the
/// checks after it want to know.
enum Login {
  static let check = Check(
    .login, { _ in "log in" }, in: .login,
    needs: [
      .success(of: .key), .success(of: .resolve), .success(of: .connect), .success(of: .hostKey),
    ],
    run: .there { check, way, handedOn in
      guard check.builder.account.restricted else {
        let (result, outcome) = await run(check, way.connection)
        if let outcome { await handedOn.put(outcome) }
        return result
      }
      return await runRestricted(check, way.connection, handedOn)
    })

  /// Whether the login has shown a key that is bound to one command, which nobody had said.
  static let foundRestricted: @Sendable (HandedOn) async -> Bool = { handedOn in
    if case .restricted? = await handedOn.value(Outcome.self) { true } else { false }
  }

  /// A restricted key serves Nix and nothing else: that the store answers shows the login too.
  private static func runRestricted(
    _ check: RunningCheck, _ connection: Connection, _ handedOn: HandedOn
  ) async -> CheckResult {
    let (store, answer) = await Store.run(check, connection, facts: nil)
    guard let answer else {
      return store.diagnosis?.identity == .keyRefused ? await refused(check) : store
    }
    await handedOn.put(answer)
    return await check.passed("\(check.builder.user)@\(check.builder.alias), for Nix only")
  }

  /// What the login found out, beyond whether it works.
  enum Outcome: Sendable {
    /// The account runs commands, and this is what they say.
    case facts(RemoteFacts)
    /// The login works, or may do, but the key is bound to one command.
    case restricted
    /// The login works, but its shell finds no programs, or not those of Nix.
    case withoutPrograms
  }

  static func run(
    _ check: RunningCheck, _ connection: Connection
  ) async -> (CheckResult, Outcome?) {
    let builder = check.builder
    let command = connection.ssh(RemoteFacts.script(), timeLimit: TimeLimits.login)
    let begin = time(nil)
    let result = await check.run(command)
    let end = time(nil)
    let who = "\(builder.user)@\(builder.alias)"
    if let facts = RemoteFacts(output: result.output) {
      if !facts.noise.isEmpty {
        return (
          await check.failed(
            "a start-up file prints", .noisyShell(builder, noise: Printed(facts.noise))), nil
        )
      }
      let machine = facts.machine.map { ", \($0)" } ?? ""
      let warning = facts.clockDifference(begin, end).map {
        Diagnosis.clockDiffers(builder, seconds: $0)
      }
      return (
        await check.passed(who + machine, finding: .facts(facts), warning: warning), .facts(facts)
      )
    }
    guard case .exited(let status) = result.ending, status != 255 else {
      return (await refusal(check, command, result), nil)
    }
    // ssh came in; another program than a shell answered.
    let symptoms = Symptoms(result.output + result.error, of: builder)
    if let diagnosis = Entry.noLogin.diagnosis(symptoms) {
      return (await check.failed("\(who) has no shell", diagnosis), nil)
    }
    if Entry.noShell.diagnosis(symptoms) != nil || Entry.noNix.diagnosis(symptoms) != nil {
      return (await check.passed("\(who), without Nix on the PATH"), .withoutPrograms)
    }
    let answer = result.output.trimmingSuffix(while: \.isBlankOrLineEnd)
    if !answer.isEmpty {
      return (
        await check.failed(
          "the key is bound to another command", .forcedCommand(builder, answer: Printed(answer))),
        nil
      )
    }
    if result.error.isEmpty, status != 0 {
      return (await check.failed("\(who) has no shell", .noLogin(builder)), nil)
    }
    return (await check.passed("\(who), the key is bound to one command"), .restricted)
  }

  private static func refusal(
    _ check: RunningCheck, _ command: Command, _ result: Command.Result
  ) async -> CheckResult {
    let builder = check.builder
    let failed = await check.failed(
      "no login as \(builder.user)@\(builder.alias)", by: command, result)
    guard failed.diagnosis?.identity == .keyRefused else { return failed }
    return await refused(check)
  }

  /// What is to be expected once the key exists, and before the builder's fragment is applied.
  static func refused(_ check: RunningCheck) async -> CheckResult {
    let builder = check.builder
    let detail = "\(builder.user) was refused with the key \(builder.keyPath)"
    if builder.publicKey != nil { return await check.notYet(detail, .keyNotKnownYet(builder)) }
    return await check.failed(detail, .keyRefused(builder))
  }
}
