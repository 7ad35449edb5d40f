import ArgumentParser
import Builders

struct RemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove builders from the inventory.",
    discussion: "Nothing changes on the builders themselves, nor is a key deleted.")

  @Argument(help: "The builders.")
  var aliases: [String]
  @OptionGroup(title: "Writing") var change: ChangeOptions

  func run() async throws {
    try await change.change { inventory, _ in
      let gone = Set(try inventory.builders(named: aliases).map(\.alias))
      inventory.builders.removeAll { gone.contains($0.alias) }
    }
  }
}
