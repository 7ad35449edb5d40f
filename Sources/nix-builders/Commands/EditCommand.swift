import ArgumentParser
import Builders

struct EditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Change answers about a builder.",
    discussion: """
      Each option is an answer of the wizard, named like its key in builders.json, and is held to \
      the same rules. What is left out stays. A list is replaced by the elements given; an empty \
      one ("") empties it.
      """)

  @Argument(help: "The builder.")
  var builder: String
  @Option(help: "Another name for it. Its fragment gets another name too.")
  var alias: String?
  @OptionGroup(title: "Answers") var answers: BuilderOptions
  @OptionGroup(title: "The account on the builder") var account: AnswerOptions<Account>
  @Option(help: "Another place in the order, from 1.")
  var position: String?
  @OptionGroup(title: "Writing") var change: ChangeOptions

  func run() async throws {
    try await change.change { inventory, reader in
      guard var changed = try inventory.builders(named: [builder]).first else { return }
      if let alias = reader.text(alias, "alias", Rules.alias) { changed.alias = alias }
      let keyPath = changed.keyPath
      await answers.applyAddress(to: &changed, &reader)
      answers.apply(to: &changed, &reader)
      account.apply(to: &changed.account, &reader)
      // The public half belongs to the key; another key has another one.
      if changed.keyPath != keyPath, !answers.others.has("publicKey") {
        await changed.takePublicKey()
      }
      try inventory.change([builder]) { $0 = changed }
      inventory.move(changed.alias, to: position, &reader)
      if !reader.hasAnswers {
        throw ValidationError(
          "nothing was to be changed: give the answers that are to be others, such as --port 2222. "
            + "In the wizard: nix-builders, then \(builder).")
      }
    }
  }
}
