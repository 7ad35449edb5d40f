import ArgumentParser
import Builders

struct SettingsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "Show or change the settings of this machine that go with its builders.")

  @OptionGroup var answers: AnswerOptions<LocalSettings>
  @OptionGroup(title: "Writing") var change: ChangeOptions

  func run() async throws {
    if answers.isEmpty {
      let local = try change.directory.inventory().local
      for answer in LocalSettings.answers {
        guard let option = answer.option else { continue }
        let padding = String(repeating: " ", count: max(1, 26 - option.name.utf8.count))
        Output.line("\(line: option.name + padding + (answer.typed(local) ?? "-"))")
      }
      return
    }
    try await change.change(makesInventory: true) { inventory, reader in
      answers.apply(to: &inventory.local, &reader)
    }
  }
}
