import ArgumentParser
import Builders
import Checks
import Fragments
import Glibc
import Processes
import Screens
import Terminal

struct WizardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wizard",
    abstract: "Open the builder list, or the wizard when there is none yet (the default).")

  @OptionGroup var directory: DirectoryOption

  @MainActor func run() async throws {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      complain(
        """
        the wizard needs a terminal. Without one there are
          nix-builders list          the builders
          nix-builders write         write the fragments
          nix-builders test --json   test them
        """)
      throw ExitCode.missing
    }
    ChildProcesses.endOnCrash()
    Task.detached { PrivateDirectory.removeLeftOvers() }
    let output = directory.outputDirectory
    let opening = Opening(output: output)
    let first =
      opening.isLong
      ? Wizard(opening: output.path.string)
      : Wizard(try reportingErrors { () throws(OutputError) in try opening.session() })
    let performer = EffectPerformer(opening)
    let (wizard, ending) = try show(first, performer)
    ChildProcesses.killAll()
    if let failure = wizard.failure {
      complain("\(failure)")
      throw failure.exitCode
    }
    if wizard.step == .opening { return try part(wizard.session, ending) }
    performer.finish(wizard.session.leftover(isWanted: ending == .quit))
    try part(wizard.session, ending)
  }

  /// The terminal is given back before this returns.
  @MainActor private func show(
    _ wizard: Wizard, _ performer: EffectPerformer
  ) throws -> (Wizard, EventLoop.Ending) {
    do {
      var wizard = wizard
      var terminal = try Terminal()
      wizard.hasClipboard = terminal.hasClipboard
      let ending = EventLoop.run(&wizard, on: &terminal, mailbox: performer.mailbox) {
        performer.perform($0)
      }
      return (wizard, ending)
    } catch let error {
      complain("\(error)")
      throw ExitCode.missing
    }
  }

  /// Leaves on the ordinary screen what was written and what to type next.
  private func part(_ session: Session, _ ending: EventLoop.Ending) throws {
    let text = Farewell(session).text
    if !text.isEmpty { Output.line("\(text)") }
    switch ending {
    case .quit: break
    case .signal(let number): throw ExitCode(128 + number)
    case .terminalLost: throw ExitCode(128 + SIGHUP)
    }
    if session.parting == .restartAsRoot { try restartAsRoot() }
  }

  private func restartAsRoot() throws {
    let words = ["sudo", "--", OwnProgram.path] + CommandLine.arguments.dropFirst()
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    execvp("sudo", arguments)
    complain("sudo could not be started: \(String(cString: strerror(errno)))")
    throw ExitCode.missing
  }
}
