import ArgumentParser

@main
struct NixBuilders: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nix-builders",
    abstract: "Set up Nix remote builders, and see that they build.",
    subcommands: [PracticeCommand.self])
}
