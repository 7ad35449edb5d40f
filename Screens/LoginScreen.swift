import Checks

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
        correction: { result, _ in .loggingIn(result) },
        postponing: "Go on, and try again after the fragments are applied"))
  }
}

extension ValidationScreen.Correction {
  /// The answer at fault where nobody could log in.
  fileprivate static func loggingIn(_ result: CheckResult) -> Self {
    switch result.diagnosis?.id {
    case "nologin", "not-in-group", "no-account", "account-locked", "not-allowed":
      Self(title: "Change the user", step: .access, field: AccessField.user)
    case let id? where id.hasPrefix("key-") && id != "key-refused" && id != "key-not-known-yet":
      Self(title: "Change the key", step: .access, field: AccessField.keyPath)
    default:
      result.name == .key
        ? Self(title: "Change the key", step: .access, field: AccessField.keyPath)
        : Self(title: "Change the user or the key", step: .access, field: AccessField.user)
    }
  }
}
