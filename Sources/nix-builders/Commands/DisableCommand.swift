import ArgumentParser
import Builders

struct DisableCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable",
    abstract: "Leave builders out of the configuration, and keep their answers.")

  @Argument(help: "The builders.")
  var aliases: [String]
  @OptionGroup(title: "Writing") var change: ChangeOptions

  func run() async throws {
    try await change.change { inventory, _ in
      try inventory.change(aliases) { $0.enabled = false }
    }
  }
}
