import Builders
import Interface

extension FormScreen {
  /// Screen 2: alias, address, port.
  static var address: FormScreen {
    FormScreen(
      Content(
        heading: { _ in "Where is the builder?" },
        purpose: "So that Nix and ssh here find it.",
        questions: { session in
          let others = session.otherAliases
          return [
            .text(
              "Alias", hint: "what ssh and Nix will call it",
              help: """
                The Host name in the ssh configuration and in nix.buildMachines. It need not be a \
                name that the network knows.
                """,
              at: \.builder.alias, placeholder: "forge"
            ) { alias, _ in
              Rules.alias(alias)
                ?? (others.contains(alias.lowercased())
                  ? "There is a builder \"\(alias)\" already." : nil)
            },
            .text(
              "Address", hint: "a name, an IPv4 or an IPv6 address",
              help: "Where this machine reaches the builder, as you would give it to ssh.",
              at: \.builder.address, rule: Rules.address),
            .number(
              "Port", help: "The port that sshd answers on, as seen from here.",
              at: \.builder.port, rule: Rules.port),
            .optionalText(
              "Bastion", hint: "only if you reach it through another host",
              help: """
                ssh's ProxyJump, such as me@bastion.example:22. It is root that will log in there \
                too, so root's key has to be known on it.
                """,
              at: \.builder.proxyJump, rule: Rules.proxyJump),
            .toggle(
              "Host block", hint: "an ssh Host block carries the connection",
              help: """
                With it, port, key and host key stand in the ssh configuration, and Nix only names \
                the alias. Without it nix.buildMachines says user, address and key itself, which \
                cannot name a port or a bastion.
                """,
              at: \.builder.hostBlock),
          ]
        },
        preview: { draft in
          draft.builder.usesHostBlock
            ? draft.builder.hostBlockText() : draft.builder.buildMachineText()
        },
        notice: { $0.builder.hostBlock ? nil : $0.builder.needsHostBlock },
        settle: { draft, before in
          // A key path that follows the alias goes on following it, until there is a key.
          if draft.builder.alias != before.builder.alias, before.builder.publicKey == nil,
            before.builder.keyPath.isEmpty
              || before.builder.keyPath
                == Builder.defaultKeyPath(alias: before.builder.alias)
          {
            draft.builder.keyPath = Builder.defaultKeyPath(alias: draft.builder.alias)
          }
          // Another machine has another host key.
          if draft.builder.address != before.builder.address
            || draft.builder.port != before.builder.port
          {
            draft.builder.hostKey = nil
          }
        }))
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
