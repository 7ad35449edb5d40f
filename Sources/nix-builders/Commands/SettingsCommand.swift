import ArgumentParser
import Builders

struct SettingsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "Show or change the settings of this machine that go with its builders.")

  @Flag(inversion: .prefixedNo, help: "Whether Nix uses its builders.")
  var distributedBuilds: Bool?
  @Flag(inversion: .prefixedNo, help: "Whether builders fetch from binary caches themselves.")
  var buildersUseSubstitutes: Bool?
  @Option(
    help: "How many builds this machine runs itself; 0 means only remotely, empty leaves it alone.")
  var maxJobs: String?
  @OptionGroup(title: "Writing") var change: ChangeOptions

  func run() async throws {
    if distributedBuilds == nil, buildersUseSubstitutes == nil, maxJobs == nil {
      let local = try change.directory.inventory().local
      Output.line("distributed-builds        \(local.distributedBuilds)")
      Output.line("builders-use-substitutes  \(local.buildersUseSubstitutes)")
      Output.line("max-jobs                  \(local.maxJobs.map { "\($0)" } ?? "-")")
      return
    }
    try await change.change(makesInventory: true) { inventory, reader in
      if let distributedBuilds { inventory.local.distributedBuilds = distributedBuilds }
      if let buildersUseSubstitutes {
        inventory.local.buildersUseSubstitutes = buildersUseSubstitutes
      }
      let jobs = reader.optional(maxJobs, "max-jobs") { Rules.localMaxJobs($0) }
      if let jobs { inventory.local.maxJobs = jobs.flatMap { Int($0) } }
    }
  }
}
