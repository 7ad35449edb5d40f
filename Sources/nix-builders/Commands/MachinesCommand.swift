import ArgumentParser
import Builders
import Checks
import Fragments

struct MachinesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machines",
    abstract: "Print the builders as lines of /etc/nix/machines.",
    discussion: "For nix build --builders \"$(nix-builders machines)\".")

  @OptionGroup var directory: DirectoryOption
  @Flag(help: "Only builders that answer now.")
  var reachable = false

  func run() async throws {
    var builders = try directory.inventory().enabledBuilders
    if reachable {
      let answering = await BuilderTest.reachable(builders)
      builders = builders.filter { answering.contains($0.alias) }
    }
    for builder in builders { Output.exactly("\(builder.machineLine)\n") }
  }
}
