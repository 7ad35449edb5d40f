import ArgumentParser
import Base
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
      if let meant = meantCommand { complain("did you mean \"nix-builders \(meant)\"?") }
      Glibc.exit(code.rawValue)
    }
  }

  /// The command that was meant by a first word which is none, as with `lst`; `nil` where that is not
  /// plain. Two letters more, less or others are a slip.
  private static var meantCommand: String? {
    guard let typed = CommandLine.arguments.dropFirst().first else { return nil }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    if names.contains(typed) { return nil }
    let letters = Array(typed.utf8)
    let slips = names.map { (name: $0, count: letters.difference(from: Array($0.utf8)).count) }
    return slips.filter { $0.count <= 2 }.min { $0.count < $1.count }?.name
  }
}
