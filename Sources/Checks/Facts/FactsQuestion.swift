import Base
import Builders
import Glibc
import Processes
import SSH

/// Asks a builder what it says of itself, in one login.
public struct FactsQuestion: Sendable {
  /// The builder.
  public var builder: Builder
  /// The administrator's login; `nil` for the account that Nix uses.
  public var login: AdministratorLogin?
  /// Whether somebody is there to be asked, on the terminal of this program.
  public var isAttended: Bool

  /// Creates a question.
  public init(builder: Builder, login: AdministratorLogin?, isAttended: Bool) {
    self.builder = builder
    self.login = login
    self.isAttended = isAttended
  }

  /// What was said.
  public struct Answer: Equatable, Sendable {
    /// The facts.
    public var facts: RemoteFacts
    /// By how many seconds the builder's clock is ahead; `nil` when that is little, or unknown.
    public var clockDifference: Int?
  }

  /// Why nothing was said.
  public struct Failure: Error, Equatable, Sendable {
    /// What happened, in a line.
    public var reason: String
    /// Why, and what to do; `nil` when that is not known.
    public var diagnosis: Diagnosis?
    /// What was printed, as it was.
    public var evidence: String
  }

  /// Asks.
  public func ask() async throws(Failure) -> Answer {
    if let login { return try await ask(over: login) }
    let test = await BuilderTest.test(of: builder, by: nil)
    let results = await test.run(.only([.login])) { _ in }
    for result in results {
      if case .facts(let facts)? = result.finding {
        return Answer(facts: facts, clockDifference: nil)
      }
    }
    let failed = results.first { $0.outcome != .passed }
    throw Failure(
      reason: failed.map { "\($0.name): \($0.detail)" }
        ?? "the key of \(builder.user) serves Nix alone, which says nothing of the machine",
      diagnosis: failed?.diagnosis, evidence: failed?.evidence ?? "")
  }

  private func ask(over login: AdministratorLogin) async throws(Failure) -> Answer {
    guard let connection = AdministratorConnection(for: login.person) else {
      throw Failure(reason: "/tmp: \(lastError())", evidence: "")
    }
    defer { connection.remove() }
    var options = connection.options(for: login)
    if !isAttended { options += ["-o", "BatchMode=yes", "-o", "ConnectTimeout=5"] }
    let words = login.words(options: options) + [RemoteFacts.script(account: builder.user)]
    let begin = time(nil)
    let (result, printed) = await run(words, as: login.person)
    if let facts = RemoteFacts(output: result.output), facts.isWhole {
      return Answer(facts: facts, clockDifference: facts.clockDifference(begin, time(nil)))
    }
    let evidence = printed + result.output
    let diagnosis = login.diagnosis(of: evidence, to: builder)
    throw Failure(
      reason: Self.reason(result.ending, login), diagnosis: diagnosis, evidence: evidence)
  }

  private static func reason(_ ending: Command.Ending, _ login: AdministratorLogin) -> String {
    switch ending {
    case .exited(255): "ssh could not log in as \(login.target)"
    case .missing: "ssh is not installed here"
    case .timedOut: "\(login.target) did not answer in time"
    case .notStarted(let reason): reason
    default: "what the shell of \(login.target) printed is not what it was asked"
    }
  }

  /// Runs ssh: without a terminal as any other command, and else on that of this program, where it
  /// asks by itself.
  private func run(
    _ words: [String], as person: InvokingPerson?
  ) async -> (Command.Result, printed: String) {
    if !isAttended {
      var command = Command(words, timeLimit: TimeLimits.facts)
      command.person = person
      let result = await command.run()
      return (result, result.error)
    }
    let command = AttendedCommand(words: words, person: person)
    return (await command.run(), "")
  }
}
