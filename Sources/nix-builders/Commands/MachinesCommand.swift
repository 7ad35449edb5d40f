import ArgumentParser
import Builders
import Checks
import Features
import Fragments

struct MachinesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machines",
    abstract: "Print the builders as lines of /etc/nix/machines.",
    discussion: """
      For nix build --builders "$(nix-builders machines --reachable)".

      With --reachable each line works as it stands: where ssh here does not know the alias, since \
      local.nix is not installed, the line has all that the way needs in its store URL. What that \
      cannot say is named on standard error.
      """)

  @OptionGroup var directory: DirectoryOption
  @Flag(help: "Only builders that answer now, by lines that work now.")
  var reachable = false

  func run() async throws {
    let builders = try directory.inventory().enabledBuilders
    guard reachable else {
      for builder in builders { Output.exactly("\(builder.machineLine)\n") }
      return
    }
    let answering = await BuilderTest.reachable(builders)
    for line in await WorkingLines.lines(of: builders.filter { answering.contains($0.alias) }) {
      if let text = line.text { Output.exactly("\(text)\n") }
      if let remark = line.remark { complain("\(line.alias): \(remark)") }
    }
  }
}
