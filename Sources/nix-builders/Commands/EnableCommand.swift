import ArgumentParser
import Builders

struct EnableCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable",
    abstract: "Make builders part of the configuration again.")

  @Argument(help: "The builders.")
  var aliases: [String]
  @OptionGroup(title: "Writing") var change: ChangeOptions

  func run() async throws {
    try await change.change { inventory, _ in
      try inventory.change(aliases) { $0.enabled = true }
    }
  }
}
