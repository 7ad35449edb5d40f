import ArgumentParser
import Builders
import Checks
import Features
import StateFiles

struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the builders.")

  @OptionGroup var directory: DirectoryOption
  @Flag(help: "Print the whole inventory, as it stands in builders.json.")
  var json = false

  func run() async throws {
    let inventory = try directory.inventory()
    if json {
      Output.json(String(decoding: InventoryFile.encode(inventory), as: UTF8.self))
      return
    }
    let state = StateDirectory(output: directory.outputDirectory.path.string)
    let tests = state.map { TestHistory(in: $0) } ?? TestHistory()
    for line in inventory.builders.table(tests, at: .now()) { Output.line("\(line)") }
    let drift = try await Drift.surveyOrExit(inventory, in: directory.outputDirectory, limit: 100)
    if let summary = drift.summary { complain("\(summary). write --check shows it.") }
  }
}
