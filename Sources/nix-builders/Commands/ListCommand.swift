import ArgumentParser
import Builders

struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the builders.")

  @OptionGroup var directory: DirectoryOption
  @Flag(help: "Print the whole inventory, as it stands in builders.json.")
  var json = false

  func run() async throws {
    let inventory = try directory.inventory()
    if json {
      print(String(decoding: InventoryFile.encode(inventory), as: UTF8.self), terminator: "")
      return
    }
    for line in inventory.builders.table { print(line) }
  }
}
