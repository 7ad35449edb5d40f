import Builders
import Checks
import Features
import Interface

/// The question of the route screen, as it is typed.
struct RouteForm: Equatable, Sendable {
  var installable: String?
  var system: String?
  var features: [String]?
  var preferLocalBuild = false
  /// Whether it goes by what this machine has installed, and not by what would be written.
  var isInstalled = false

  var question: RouteQuestion {
    RouteQuestion(
      installable: installable, system: system, features: features ?? [],
      preferLocalBuild: preferLocalBuild)
  }

  /// Its fields.
  ///
  /// - Parameter ownSystem: this machine's, where that is known.
  static func questions(ownSystem: String?) -> [Question<RouteForm>] {
    [
      .optionalText(
        "Build", hint: "or a .drv, a .nix file, nothing",
        help: """
          A flake's attribute such as nixpkgs#hello, a path in the store, a .drv or a .nix file. Nix \
          evaluates it and tells what its derivation asks for; system and features that are given \
          here come on top. Nothing is built.
          """,
        at: \.installable, placeholder: "any (nixpkgs#hello)"
      ) { text in
        text.hasPrefix("-") ? "A - at the beginning would be an option of Nix's." : nil
      },
      .optionalText(
        "System", help: "The system that the build is for, such as aarch64-linux.",
        at: \.system,
        placeholder: { answers in
          answers.installable == nil ? ownSystem ?? "this machine's" : "what the build is for"
        },
        rule: { $0.isEmpty ? nil : RouteQuestion.problem(ofSystem: $0) }),
      .list(
        "Features", hint: "that it requires",
        help: "What the derivation has in requiredSystemFeatures, such as kvm or big-parallel.",
        at: \.features, rule: Rules.feature),
      .toggle(
        "Prefers this machine", hint: "preferLocalBuild",
        help: "The derivation says preferLocalBuild = true.", at: \.preferLocalBuild),
      .toggle(
        "By what is installed", hint: "else as it would be written",
        help: """
          By the builders setting of this machine's Nix, and not by the builder list with what was \
          changed in it.
          """,
        at: \.isInstalled),
    ]
  }
}
