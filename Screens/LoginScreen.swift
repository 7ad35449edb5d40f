extension ValidationScreen {
  /// Screen 5: login, Nix, its daemon, trust.
  static var login: ValidationScreen {
    ValidationScreen(
      Content(
        heading: { "Can Nix log in on \($0.name)?" },
        help: """
          One login asks for everything: whether the key is accepted, which Nix is there, whether \
          its daemon answers and trusts the account. Before the builder's fragment is applied \
          the account is unknown there; that is no error, and is tried again at the end.
          """,
        scopes: [.login],
        obstacle: { session in
          session.draft.builder.hostKey == nil
            ? "The host key was not accepted, so nothing can log in yet." : nil
        },
        correction: { name in
          name == .key ? ("Change the key", .access) : ("Change the user or the key", .access)
        },
        postponing: "Go on, and try again after the fragments are applied"))
  }
}
