import Builders
import Interface

extension FormScreen {
  /// Screen 2: the way to the builder, in whatever words people have, and its alias.
  static var address: FormScreen {
    FormScreen(
      Content(
        heading: { _ in "Where is the builder?" },
        purpose: "So that Nix and ssh here find it.",
        questions: { session in
          let others = session.otherAliases
          return [
            .suggestedText(
              AddressField.address, hint: "as you give it to ssh",
              help: """
                A name or an address, user@host:port, ssh://…, the name of a Host block, or the \
                whole ssh command with which you log in there. What it says beside the address \
                goes into the other answers. ↓ goes into the list of hosts that this machine knows.
                """,
              at: \.destination, rule: { SSHDestination.problem(in: $0) }),
            .text(
              AddressField.alias, hint: "what ssh and Nix will call it",
              help: """
                The Host name in the ssh configuration and in nix.buildMachines. It need not be a \
                name that the network knows.
                """,
              at: \.builder.alias, placeholder: "forge"
            ) { alias, _ in
              Rules.alias(alias)
                ?? (others.contains(alias.lowercased())
                  ? "There is a builder \"\(alias)\" already." : nil)
            }.noted { $0.origin(of: .alias) }.replaced { $0.isFilled(.alias) },
            .number(
              AddressField.port, help: "The port that sshd answers on, as seen from here.",
              at: \.builder.port, rule: Rules.port
            ).noted { $0.origin(of: .port) },
            .optionalText(
              AddressField.bastion, hint: "only if you reach it through another host",
              help: """
                ssh's ProxyJump, such as me@bastion.example:22. It is root that will log in there \
                too, so root's key has to be known on it.
                """,
              at: \.builder.proxyJump, rule: Rules.proxyJump
            ).noted { $0.origin(of: .proxyJump) },
          ]
        },
        preview: { draft in
          draft.builder.usesHostBlock
            ? draft.builder.hostBlockText() : draft.builder.buildMachineText()
        },
        notice: { $0.wayNotice },
        settle: { draft, before, session in
          if draft.destination != before.destination {
            draft.takeWay(
              draft.destination, knowing: session.hosts ?? [], taken: session.otherAliases,
              home: session.person.home)
          }
          draft.followAlias(from: before.builder.alias)
        },
        effects: { $0.hosts == nil ? [.findHosts] : [] },
        suggestions: [
          AddressField.address: { session in
            (session.hosts ?? []).map { Suggestion($0.text, detail: $0.detail) }
          }
        ]))
  }
}

/// The fields of the address screen, for those who send people back to them.
enum AddressField {
  static let address = "Address"
  static let alias = "Alias"
  static let port = "Port"
  static let bastion = "Bastion"
}

extension Draft {
  /// Where an answer comes from, where it was not typed into its own field.
  func origin(of answer: FilledAnswer) -> String? {
    isFilled(answer) ? "from what you typed" : nil
  }

  /// What the line about the way says besides the answers of this screen.
  fileprivate var wayNotice: String? {
    guard let answers = way?.answers else { return nil }
    var sentences: [String] = []
    // The key is shown as it will be used, which the login that was typed knows.
    let identityFile = givenLogin?.identityFile ?? answers.login.identityFile
    if let user = answers.login.user {
      let key = identityFile.map { " with the key \($0)" } ?? ""
      sentences.append("You log in there as \(user)\(key) today; Nix gets its own account.")
    } else if let key = identityFile {
      sentences.append("You log in there with the key \(key) today; Nix gets its own.")
    }
    if answers.address != destination, !destination.contains(answers.address) {
      sentences.append("\(answers.address) is the address that ssh's configuration gives.")
    }
    if !answers.sshOptions.isEmpty {
      let options = answers.sshOptions.sorted { $0.key < $1.key }
      let texts = options.map { "\($0) \($1)" }.joined(separator: ", ")
      sentences.append("Kept as ssh options: \(texts).")
      sentences += options.compactMap { name, _ in
        SSHKeyword(name)?.runs.map { "\(name) \($0), as root." }
      }
    }
    if !answers.lost.isEmpty {
      sentences.append("Left out: \(answers.lost.joined(separator: ", ")).")
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }
}

extension Session {
  /// The aliases of all other builders, in lower case: to ssh, case makes no difference.
  var otherAliases: Set<String> {
    Set(
      inventory.builders.enumerated().filter { $0.offset != editedIndex }.map {
        $0.element.alias.lowercased()
      })
  }
}
