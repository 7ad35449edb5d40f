import Base
import ArgumentParser
import Checks
import Glibc

@main
struct NixBuilders: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nix-builders",
    abstract: "Set up Nix remote builders, and see that they build.",
    discussion: """
      Without a subcommand it opens the builder list, or the wizard when there is none yet.
      Results go to standard output, everything else to standard error. Exit codes: 0 done, \
      1 a check or comparison failed, 64 wrong usage, 65 bad data, 69 something needed is missing, \
      73 could not write, 130 interrupted.
      """,
    version: "0.1.0",
    subcommands: [
      WizardCommand.self, ListCommand.self, ShowCommand.self, WriteCommand.self, TestCommand.self,
      ApplyFragmentCommand.self, FactsCommand.self, ExplainCommand.self, MachinesCommand.self,
      RouteCommand.self,
      LogCommand.self,
      ImportCommand.self,
      AddCommand.self, EditCommand.self, RemoveCommand.self, EnableCommand.self,
      DisableCommand.self, SettingsCommand.self, PracticeCommand.self,
    ],
    defaultSubcommand: WizardCommand.self)

  /// Runs the command that was asked for. The parser's own messages quote what was typed, or what a
  /// script put there, so they go out like all others.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let (code, message) = (exitCode(for: error), fullMessage(for: error))
      if !message.isEmpty {
        code.isSuccess ? Output.line("\(message)") : Output.errorLine("\(message)")
      }
      Glibc.exit(code.rawValue)
    }
  }
}
