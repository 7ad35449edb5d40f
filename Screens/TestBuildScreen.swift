extension TestScreen {
  /// Screen 13: a probe for each system and feature, and a real package.
  static var build: TestScreen {
    TestScreen(
      Content(
        name: "test build",
        help: """
          A probe is built for each system and feature, with local builds switched off. It counts \
          when Nix's log says that this builder built it, and the builder's store has the output. \
          b builds a real package, in a variant that nobody has built before: nixpkgs#hello, or \
          what you name.
          """,
        scopes: [.builds], offersPackage: true))
  }
}
