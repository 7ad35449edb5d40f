import ArgumentParser
import Builders
import Checks

struct AddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add a builder.",
    discussion: """
      Each option is an answer of the wizard, named like its key in builders.json, and is held to \
      the same rules. What is left out takes its default.
      """)

  @Argument(help: "The name it gets here, which is its Host name in ssh's configuration too.")
  var alias: String
  @OptionGroup(title: "Answers") var answers: BuilderOptions
  @OptionGroup(title: "The account on the builder") var account: AnswerOptions<Account>
  @Option(help: "Its place in the order, from 1; the last when it is left out.")
  var position: String?
  @OptionGroup(title: "Writing") var change: ChangeOptions

  func run() async throws {
    try await change.change(makesInventory: true) { inventory, reader in
      var builder = Builder(alias: alias, address: "", systems: [])
      await answers.applyAddress(to: &builder, &reader)
      answers.apply(to: &builder, &reader)
      account.apply(to: &builder.account, &reader)
      if !answers.others.has("publicKey") { await builder.takePublicKey() }
      inventory.builders.append(builder)
      inventory.move(alias, to: position, &reader)
    }
  }
}

extension Builder {
  /// Takes the public half of the key that lies at the key path, where there is one of use; says why
  /// the one that is there is of none.
  mutating func takePublicKey() async {
    switch await KeyPair.inspect(path: keyPath) {
    case .usable(let publicKey): self.publicKey = publicKey
    case .absent: publicKey = nil
    case .unusable(let diagnosis, _):
      publicKey = nil
      complain("\(diagnosis.cause) \(diagnosis.remedy)")
    }
  }
}
