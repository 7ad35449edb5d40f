import ArgumentParser
import Builders
import Fragments

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print a fragment as it would be written.",
    usage: "nix-builders show local\n       nix-builders show remote ALIAS")

  enum Side: String, ExpressibleByArgument, CaseIterable {
    case local, remote
  }

  @OptionGroup var directory: DirectoryOption
  @Argument(help: "Whose fragment: local or remote.")
  var side: Side
  @Argument(help: "The builder, for a remote fragment.")
  var alias: String?

  func validate() throws {
    switch (side, alias) {
    case (.remote, nil): throw ValidationError("Which builder? nix-builders show remote ALIAS")
    case (.local, .some): throw ValidationError("The local fragment is one for all builders.")
    default: break
    }
  }

  func run() async throws {
    let inventory = try directory.inventory()
    switch side {
    case .local: Output.exactly(inventory.localFragment().text)
    case .remote:
      for builder in try inventory.builders(named: alias.map { [$0] } ?? []) {
        guard builder.hasRemoteFragment else {
          complain("\(builder.alias) builds only for macOS, and no NixOS module is written for it.")
          throw ExitCode.failure
        }
        Output.exactly(builder.remoteFragment().text)
      }
    }
  }
}
