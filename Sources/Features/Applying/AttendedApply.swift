import Processes
import SSH

/// Runs the commands of an ``ApplyPlan`` on the terminal of this program, where ssh and sudo ask by
/// themselves. Those for a builder share one connection.
public struct AttendedApply: Sendable {
  private let login: AdministratorLogin?
  private let connection: AdministratorConnection?

  /// Prepares to run the commands of a plan; `nil` when there is no place for the connection.
  public init?(_ plan: ApplyPlan) {
    login = plan.login
    guard let login else {
      connection = nil
      return
    }
    guard let connection = AdministratorConnection(for: login.person) else { return nil }
    self.connection = connection
  }

  /// Runs the command of a step; the result has what the command printed for the program.
  public func run(_ step: ApplyPlan.Step, of plan: ApplyPlan) async -> Command.Result {
    if step == .connect { return await ssh(Self.staying, "true") }
    let command = plan.command(step)
    guard login != nil else {
      return await AttendedCommand(
        words: ["sh", "-c", command.script ?? ""], inputFile: command.inputFile,
        capturesOutput: command.capturesOutput
      ).run()
    }
    return await ssh(
      command.wantsTerminal ? ["-t"] : [], command.script ?? "", inputFile: command.inputFile,
      capturesOutput: command.capturesOutput)
  }

  /// Ends the connection.
  public func end() async {
    guard let login, let connection else { return }
    let words = login.words(options: ["-O", "exit"] + connection.options(for: login))
    var command = Command(words, timeLimit: TimeLimits.local)
    command.person = login.person
    _ = await command.run()
    connection.remove()
  }

  /// Makes ssh leave the connection open. Should nobody end it, it ends by itself a minute after its
  /// last use.
  private static let staying = ["-o", "ControlMaster=auto", "-o", "ControlPersist=60"]

  private func ssh(
    _ options: [String], _ script: String, inputFile: String? = nil, capturesOutput: Bool = false
  ) async -> Command.Result {
    guard let login, let connection else {
      return Command.Result(ending: .notStarted("there is no login"), output: "", error: "")
    }
    // Of an option that is given twice, ssh takes the first.
    let words = login.words(options: options + connection.options(for: login)) + [script]
    return await AttendedCommand(
      words: words, person: login.person, inputFile: inputFile, capturesOutput: capturesOutput
    ).run()
  }
}
