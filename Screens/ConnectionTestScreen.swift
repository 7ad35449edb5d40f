extension TestScreen {
  /// Screen 12: everything up to Nix on the builder.
  static var connection: TestScreen {
    TestScreen(
      Content(
        name: "connection test",
        help: """
          The whole way to Nix on the builder: name, port, host key, key, login, Nix, its daemon, \
          trust. When this machine has the builder installed as it was written, the test goes by \
          what is installed; otherwise by what would be written. The title says which.
          """,
        scopes: [.connection], offersPackage: false))
  }
}
