import Builders
import Fragments
import Interface

extension FormScreen {
  /// Screen 6: systems, features, jobs, speed, protocol.
  static var capabilities: FormScreen {
    FormScreen(
      Content(
        heading: { "What may \($0.name) build?" },
        purpose: "Nix sends a build only to a builder that claims its system and its features.",
        questions: { session in
          [
            .multiChoice(
              CapabilityField.systems, hint: "",
              help: """
                What the builder builds for. A system that it can only emulate (binfmt) counts when \
                its Nix lists it in extra-platforms.
                """,
              at: \.builder.systems, options: { _ in session.knownSystems }, needsOne: true,
              rule: Rules.system),
            .multiChoice(
              CapabilityField.features, hint: "",
              help: """
                supportedFeatures: what derivations may ask for with requiredSystemFeatures. kvm \
                needs hardware virtualisation, nixos-test needs kvm for most tests.
                """,
              at: \.builder.supportedFeatures, options: { _ in session.knownFeatures },
              rule: Rules.feature),
            .multiChoice(
              CapabilityField.mandatory, hint: "",
              help: """
                mandatoryFeatures: only builds that ask for all of these go to this builder. \
                Mostly empty.
                """,
              at: \.builder.mandatoryFeatures,
              options: { $0.builder.supportedFeatures }, rule: Rules.feature),
            .number(
              "Max jobs", hint: session.jobsHint,
              help: "How many builds run there at once.", at: \.builder.maxJobs,
              rule: Rules.maxJobs),
            .decimal(
              "Speed", hint: "compared with other builders",
              help: """
                speedFactor: of builders that are equally busy Nix takes the faster. A whole number \
                suits every Nix; a fraction such as 1.5 takes Nix \(NixNeed.fractionalSpeed.since.text) \
                or later here.
                """,
              at: \.builder.speedFactor, rule: session.speedFactorRule),
            .choice(
              "Protocol", hint: "",
              help: """
                ssh-ng speaks to the builder's daemon and is the better one. ssh is the older \
                nix-store --serve, for a builder with an old Nix.
                """,
              at: \.builder.storeProtocol,
              options: StoreProtocol.allCases.map { (value: $0, title: $0.rawValue) }),
          ]
        },
        preview: { $0.builder.buildMachineText() }, said: [.systems, .features, .maxJobs]))
  }
}

/// The fields of the capabilities screen, for those who send people back to them.
enum CapabilityField {
  static let systems = "Systems"
  static let features = "Features"
  static let mandatory = "Mandatory"
}

extension Session {
  /// What a speed factor may be for the Nix that will read it.
  var speedFactorRule: @Sendable (String) -> String? {
    let nix = machine?.nixVersion.map { NixVersion($0) }
    return { text in
      if let problem = Rules.speedFactor(text) { return problem }
      guard let nix, let number = Double(text), number != number.rounded() else { return nil }
      let need = NixNeed.fractionalSpeed
      return need.isMet(by: nix) ? nil : need.problem(with: nix)
    }
  }

  /// The systems that are offered: what the builder says first, then the common ones.
  var knownSystems: [String] {
    merged([
      capabilities?.systems ?? [], suggestion?.systems ?? [], [machine?.system].compactMap(\.self),
      ["x86_64-linux", "i686-linux", "aarch64-linux", "aarch64-darwin", "x86_64-darwin"],
    ])
  }

  /// The features that are offered: what the builder says first, then Nix's own.
  var knownFeatures: [String] {
    merged([
      capabilities?.features ?? [], suggestion?.supportedFeatures ?? [],
      ["nixos-test", "benchmark", "big-parallel", "kvm"],
    ])
  }

  fileprivate var jobsHint: String {
    capabilities?.processors.map { "it has \($0) processors" } ?? ""
  }

  private func merged(_ lists: [[String]]) -> [String] {
    var seen: Set<String> = []
    return lists.joined().filter { seen.insert($0).inserted }
  }
}
