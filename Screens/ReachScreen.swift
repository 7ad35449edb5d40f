extension ValidationScreen {
  /// Screen 3: name, port, host key.
  static var reach: ValidationScreen {
    ValidationScreen(
      Content(
        heading: { "Can \($0.name) be reached?" },
        help: """
          The name is looked up, the port is tried, and the host key is fetched. The host key is \
          how ssh knows the builder: Nix's daemon cannot ask you later, so it is compared now, \
          and pinned.
          """,
        scopes: [.reach],
        correction: { _ in ("Change the address", .address) },
        postponing: "Go on all the same"))
  }
}
