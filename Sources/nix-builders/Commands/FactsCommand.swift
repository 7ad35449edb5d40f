import ArgumentParser
import Base
import Builders
import Checks
import Glibc
import Processes
import SSH

struct FactsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "facts",
    abstract: "Tell what a builder says of itself, and what follows from it.",
    discussion: """
      One login asks for the operating system, Nix, processors, memory, space, systems, features \
      and the clock; over an administrator's login also for sudo, the account that Nix is to use, \
      and what sshd allows to it. Nothing is changed there. ssh runs as the person who started \
      sudo, with their configuration, keys and agent, and asks on this terminal; where there is \
      none it asks nothing.
      """)

  @Argument(help: "The builder.")
  var alias: String
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "An administrator's login: USER@HOST, or a Host of the ssh configuration. Without it the "
        + "builder's own account is asked.", valueName: "login"))
  var login: String?
  @Flag(help: "Take the answers over that follow from it.")
  var takeOver = false
  @Flag(help: "Print one JSON object.")
  var json = false
  @OptionGroup(title: "Writing") var change: ChangeOptions

  func validate() throws {
    if let login, let problem = AdministratorLogin.problem(in: login) {
      throw ValidationError("--as: \(problem)")
    }
    if change.write, !takeOver { throw ValidationError("--write goes with --take-over.") }
  }

  func run() async throws {
    ChildProcesses.endOnCrash()
    Task.detached { PrivateDirectory.removeLeftOvers() }
    ChildProcesses.endOnTermination()
    guard let builder = try change.directory.inventory().builders(named: [alias]).first else {
      return
    }
    let answer = try await ask(builder)
    let answers = FactAnswers(answer.facts, for: builder)
    if json {
      Output.json(FactsReport.json(answer, builder) + "\n")
    } else {
      Output.line(SafeText(FactsReport.text(answer, builder)))
    }
    if takeOver { try await take(answers) }
  }

  private func ask(_ builder: Builder) async throws -> FactsQuestion.Answer {
    let login = login.map { text in
      var login = AdministratorLogin(text, of: builder)
      let person = InvokingPerson.find()
      login.person = person.isRoot ? nil : person
      return login
    }
    let question = FactsQuestion(
      builder: builder, login: login, isAttended: isatty(STDIN_FILENO) == 1)
    do {
      return try await question.ask()
    } catch {
      complain("\(builder.alias): \(error.reason).")
      let lines = error.evidence.unicodeScalars.filledLines.suffix(20)
      for line in lines { complain("  \(line: String(line))") }
      if !question.isAttended, login != nil {
        complain("without a terminal nothing can be asked: no password, no passphrase.")
      }
      for line in error.diagnosis?.report ?? [] { complain("\(line: line)") }
      throw ExitCode.checkFailed
    }
  }

  private func take(_ answers: FactAnswers) async throws {
    try await change.change { inventory, _ in
      try inventory.change([alias]) { builder in
        for question in answers.differences(from: builder) {
          answers.apply(question, to: &builder)
        }
      }
    }
  }
}
