import Checks

extension ValidationScreen {
  /// Screen 7: a probe for each system and feature.
  static var probe: ValidationScreen {
    ValidationScreen(
      Content(
        heading: { "Does \($0.name) keep what you claim?" },
        help: """
          For each system and each feature a tiny derivation is built on the builder. It has a \
          fresh name, so that it is really built each time, and downloads nothing.
          """,
        scopes: [.builds],
        obstacle: { session in
          session.results[.login]?.outcome == .passed
            ? nil : "Nobody can log in yet. This is tried after the fragments are applied."
        },
        correction: { result, builder in
          let field =
            if let feature = result.name.feature {
              builder.supportedFeatures.contains(feature)
                ? CapabilityField.features : CapabilityField.mandatory
            } else {
              CapabilityField.systems
            }
          return Correction(
            title: "Change systems or features", step: .capabilities, field: field)
        },
        postponing: "Go on all the same"))
  }
}
