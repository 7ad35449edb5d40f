import Builders
import Interface

extension FormScreen {
  /// Screen 9: the account on the builder.
  static var account: FormScreen {
    FormScreen(
      Content(
        heading: { "What does \($0.name) know of you?" },
        purpose: "This becomes the builder's own fragment.",
        questions: { session in
          let inventing: (Draft) -> Bool = { $0.builder.account.create }
          return [
            .choice(
              "Account", hint: "",
              help: """
                A new account that does nothing else is the safest. With an existing one (your own \
                login, or root) the fragment only adds the key and the trust.
                """,
              at: \.builder.account.create,
              options: [(value: true, title: "make it"), (value: false, title: "exists already")]),
            .choice(
              "Kind", hint: "",
              help: "A system user does not show up at login screens, and has no password.",
              at: \.builder.account.systemUser,
              options: [(value: true, title: "system user"), (value: false, title: "normal user")]
            ).shown(when: inventing),
            .toggle(
              "Trusted", hint: "in nix.settings.trusted-users",
              help: """
                Nix on the builder has to trust the account, since builds are sent to it as they \
                are. A trusted user has the power of root over that Nix.
                """,
              at: \.builder.account.trusted),
            .toggle(
              "Only Nix", hint: "the key may do nothing but serve Nix",
              help: """
                restrict,command="…" in front of the key: no shell, no forwarding. Login checks are \
                then made through Nix alone.
                """,
              at: \.builder.account.restricted),
            .choice(
              "Key", hint: "",
              help: "The public key stands in the fragment itself, or in a file on the builder.",
              at: \.builder.account.authorizedKeys,
              options: [
                (value: .keys, title: "in the fragment"), (value: .keyFiles, title: "in a file"),
              ]),
            .optionalText(
              "Key file", hint: "on the builder",
              help: "The path of the public key on the builder.", at: \.builder.account.keyFile,
              rule: Rules.path
            ).shown { $0.builder.account.authorizedKeys == .keyFiles },
            .text(
              "Description", help: "The account's name for people (GECOS).",
              at: \.builder.account.description, rule: Rules.description
            ).shown(when: inventing),
            .optionalText(
              "Group", help: "Empty makes a group named like the account.",
              at: \.builder.account.group, placeholder: { $0.builder.user },
              rule: { $0.isEmpty ? nil : Rules.user($0) }
            ).shown(when: inventing),
            .optionalNumber(
              "User id", hint: "empty lets NixOS choose",
              help: "The uid. A fixed one below 1000 is fine for a system user.",
              at: \.builder.account.uid, rule: Rules.id
            ).shown(when: inventing),
            .optionalNumber(
              "Group id", hint: "empty lets NixOS choose", help: "The gid.",
              at: \.builder.account.gid, rule: Rules.id
            ).shown(when: inventing),
            .toggle(
              "Shell", hint: "needed to start Nix",
              help: "useDefaultShell: without a shell sshd cannot start Nix, and no build runs.",
              at: \.builder.account.useDefaultShell
            ).shown(when: inventing),
            .toggle(
              "Home", hint: "createHome", help: "Builds need no home directory.",
              at: \.builder.account.createHome
            ).shown(when: inventing),
            .list(
              "sshd ports", hint: "empty leaves them alone",
              help: """
                services.openssh.ports replaces port 22: a wrong one can lock you out. The port of \
                screen 2 may be a forwarded one and need not be said here.
                """,
              at: \.builder.account.sshdPorts, rule: Rules.port),
            .list(
              "Emulated", hint: "boot.binfmt.emulatedSystems",
              help: "Systems that the builder's hardware cannot run, and NixOS is to emulate.",
              at: \.emulatedSystems, rule: Rules.system),
            .list(
              "Announced", hint: "system-features, empty leaves them alone",
              help: """
                nix.settings.system-features of the builder, for features that it has but does not \
                announce. It replaces Nix's own list.
                """,
              at: \.builder.account.systemFeatures, rule: Rules.feature),
          ]
        },
        preview: { $0.builder.accountText() }, said: [.account]))
  }
}

extension Draft {
  fileprivate var emulatedSystems: [String]? {
    get { builder.account.emulatedSystems.isEmpty ? nil : builder.account.emulatedSystems }
    set { builder.account.emulatedSystems = newValue ?? [] }
  }
}
