import Builders
import Testing

@testable import Checks
@testable import Features
@testable import Nix

/// Where Nix really sends builds, compared with what is decided beforehand.
@Suite(.serialized, .timeLimit(.minutes(5))) struct GridTests {
  /// One build, and all that decides on its place.
  struct Case {
    var name: String
    /// Lines of machines, without `ssh-ng://`.
    var lines: [String]
    var system = "x86_64-linux"
    var features: [String] = []
    var preferLocalBuild = false
    /// The settings of the local machine; its system is x86_64-linux.
    var maxJobs = 0
    var localFeatures: [String] = []
    var extraPlatforms: [String] = []
    var busy: [String: Set<Int>] = [:]
    /// The name of a builder, or one of the words below.
    var goes: String

    init(_ name: String, _ lines: [String], goes: String, _ change: (inout Case) -> Void = { _ in })
    {
      self.name = name
      self.lines = lines
      self.goes = goes
      change(&self)
    }

    static let here = "here"
    static let nobody = "nobody"
    static let waits = "waits"
  }

  static func cases(_ version: NixVersion) -> [Case] {
    let whole = version < NixVersion("2.20")
    return [
      // Ties and speed.
      Case("one builder", ["forge1 x86_64-linux"], goes: "forge1"),
      Case(
        "alike: the first", ["forge2 x86_64-linux", "forge1 x86_64-linux", "forge3 x86_64-linux"],
        goes: "forge2"),
      Case(
        "idle: the faster", ["forge1 x86_64-linux - 1 1", "forge2 x86_64-linux - 1 3"],
        goes: "forge2"),
      Case(
        "idle: jobs do not matter", ["forge1 x86_64-linux - 1 2", "forge2 x86_64-linux - 8 1"],
        goes: "forge1"),
      Case(
        "speed 0 counts as 1", ["forge1 x86_64-linux - 1 0", "forge2 x86_64-linux - 1 1"],
        goes: "forge1"),
      Case(
        "fractions of speed: read from 2.20 on, and fatal before",
        ["forge1 x86_64-linux - 1 1", "forge2 x86_64-linux - 1 1.5"],
        goes: whole ? Case.nobody : "forge2"),

      // Load.
      Case(
        "the less loaded of two alike",
        ["forge1 x86_64-linux - 4 1", "forge2 x86_64-linux - 4 1"], goes: "forge2"
      ) { $0.busy = ["forge1": [0, 1], "forge2": [3]] },
      Case(
        "load by speed: 1 at 2 against 1 at 1",
        ["forge1 x86_64-linux - 4 1", "forge2 x86_64-linux - 4 2"], goes: "forge2"
      ) { $0.busy = ["forge1": [0], "forge2": [0]] },
      Case(
        "load by speed: 1 at 2 against nothing at 1",
        ["forge1 x86_64-linux - 4 2", "forge2 x86_64-linux - 4 1"],
        // Without remainder 1/2 is nothing too, and the faster gets it.
        goes: whole ? "forge1" : "forge2"
      ) { $0.busy = ["forge1": [0]] },
      Case(
        "load by speed: 2 at 2 is 1 at 1, the faster",
        ["forge1 x86_64-linux - 4 1", "forge2 x86_64-linux - 4 2"], goes: "forge2"
      ) { $0.busy = ["forge1": [0], "forge2": [0, 1]] },
      Case(
        "load by speed: 3 at 2 against 1 at 1",
        ["forge1 x86_64-linux - 4 2", "forge2 x86_64-linux - 4 1"],
        goes: whole ? "forge1" : "forge2"
      ) { $0.busy = ["forge1": [0, 1, 2], "forge2": [0]] },
      Case(
        "without remainder: as fast, fewer jobs",
        ["forge1 x86_64-linux - 4 3", "forge2 x86_64-linux - 4 3"], goes: "forge2"
      ) { $0.busy = ["forge1": [0, 1], "forge2": [0]] },
      Case(
        "full: the other", ["forge1 x86_64-linux - 1 9", "forge2 x86_64-linux - 1 1"],
        goes: "forge2"
      ) { $0.busy = ["forge1": [0]] },
      Case(
        "a slot beyond the jobs is none", ["forge1 x86_64-linux - 1 9", "forge2 x86_64-linux"],
        goes: "forge1"
      ) { $0.busy = ["forge1": [1]] },
      Case(
        "two lines of one store share slots",
        ["forge1 x86_64-linux - 1 1", "forge1 x86_64-linux,i686-linux - 1 9"], goes: "forge1"),
      Case(
        "two lines of one store: the other line's slot is the third's loss",
        ["forge1 x86_64-linux - 2 1", "forge1 x86_64-linux - 2 4", "forge2 x86_64-linux - 1 2"],
        goes: whole ? "forge1" : "forge2"),

      // Systems.
      Case(
        "the one with the system",
        ["forge1 x86_64-linux", "forge2 i686-linux,aarch64-linux", "forge3 x86_64-linux"],
        goes: "forge2"
      ) { $0.system = "aarch64-linux" },
      Case(
        "no system column: this machine's", ["forge1 -", "forge2 x86_64-linux"], goes: "forge1"),
      Case("nobody has the system", ["forge1 x86_64-linux"], goes: Case.nobody) {
        $0.system = "riscv64-linux"
        $0.maxJobs = 1
      },

      // Features.
      Case(
        "the one with all features",
        [
          "forge1 x86_64-linux - 1 9 kvm", "forge2 x86_64-linux - 1 1 kvm,gpu",
          "forge3 x86_64-linux - 1 9 gpu",
        ], goes: "forge2"
      ) { $0.features = ["kvm", "gpu"] },
      Case("features do not hurt", ["forge1 x86_64-linux - 1 1 kvm,gpu"], goes: "forge1"),
      Case("nobody has the feature", ["forge1 x86_64-linux - 1 1 kvm"], goes: Case.nobody) {
        $0.features = ["gpu"]
      },
      Case(
        "mandatory and not asked for",
        ["forge1 x86_64-linux - 1 9 gpu gpu", "forge2 x86_64-linux"],
        goes: "forge2"),
      Case(
        "mandatory and asked for",
        ["forge1 x86_64-linux - 1 1 - gpu", "forge2 x86_64-linux - 1 9 kvm"], goes: "forge1"
      ) { $0.features = ["gpu"] },
      Case(
        "one of two mandatory ones asked for",
        ["forge1 x86_64-linux - 1 1 - gpu,kvm", "forge2 x86_64-linux - 1 1 gpu"], goes: "forge2"
      ) { $0.features = ["gpu"] },
      Case("only a mandatory one left", ["forge1 x86_64-linux - 1 1 - gpu"], goes: Case.nobody),

      // This machine.
      Case("no builders, and jobs here", [], goes: Case.here) { $0.maxJobs = 1 },
      Case("no builders, and no jobs here", [], goes: Case.nobody),
      Case("a builder before this machine", ["forge1 x86_64-linux"], goes: "forge1") {
        $0.maxJobs = 4
      },
      Case(
        "none fits: here", ["forge1 aarch64-linux", "forge2 x86_64-linux - 1 1 - gpu"],
        goes: Case.here
      ) { $0.maxJobs = 1 },
      Case("all full: here", ["forge1 x86_64-linux - 2"], goes: Case.here) {
        $0.maxJobs = 1
        $0.busy = ["forge1": [0, 1]]
      },
      Case("all full, no jobs here: waits", ["forge1 x86_64-linux"], goes: Case.waits) {
        $0.busy = ["forge1": [0]]
      },
      Case("all full, feature not here: waits", ["forge1 x86_64-linux - 1 1 kvm"], goes: Case.waits)
      {
        $0.features = ["kvm"]
        $0.maxJobs = 1
        $0.busy = ["forge1": [0]]
      },
      Case(
        "0 jobs, others free", ["forge1 x86_64-linux - 0 9", "forge2 x86_64-linux"], goes: "forge2"),
      Case("0 jobs, and jobs here", ["forge1 x86_64-linux - 0"], goes: Case.here) {
        $0.maxJobs = 1
      },
      Case("a feature of this machine", ["forge1 x86_64-linux"], goes: Case.here) {
        $0.features = ["kvm"]
        $0.maxJobs = 1
        $0.localFeatures = ["kvm"]
      },
      Case("an extra platform of this machine", ["forge1 x86_64-linux"], goes: Case.here) {
        $0.system = "i686-linux"
        $0.maxJobs = 1
        $0.extraPlatforms = ["i686-linux"]
      },

      // preferLocalBuild.
      Case("prefers to be here", ["forge1 x86_64-linux"], goes: Case.here) {
        $0.preferLocalBuild = true
        $0.maxJobs = 1
      },
      Case("prefers to be here, no jobs here", ["forge1 x86_64-linux"], goes: "forge1") {
        $0.preferLocalBuild = true
      },
      Case(
        "prefers to be here, feature not here", ["forge1 x86_64-linux - 1 1 kvm"], goes: "forge1"
      ) {
        $0.preferLocalBuild = true
        $0.features = ["kvm"]
        $0.maxJobs = 1
      },
      Case("prefers to be here, system not here", ["forge1 aarch64-linux"], goes: "forge1") {
        $0.preferLocalBuild = true
        $0.system = "aarch64-linux"
        $0.maxJobs = 1
      },
    ]
  }

  @Test("Nix sends each build to where it is said that it will go")
  func grid() async throws {
    try await Lab.with { lab in
      let cases = Self.cases(lab.version)
      #expect(cases.count >= 20)
      for example in cases { try await check(example, lab) }
    }
  }

  private func check(_ example: Case, _ lab: Lab) async throws {
    let slots = try await lab.take(example.busy)
    defer { withExtendedLifetime(slots) {} }
    let request = RouteRequest(
      system: example.system, features: example.features,
      preferLocalBuild: example.preferLocalBuild)
    let situation = lab.situation(
      example.lines,
      RouteLocal(
        system: "x86_64-linux", extraPlatforms: example.extraPlatforms,
        features: example.localFeatures, maxJobs: example.maxJobs))
    let verdicts = Route.decide(request, in: situation)
    let said = verdicts.map(\.sentence).joined(separator: "\n")
    #expect(decision(verdicts, situation) == example.goes, "\(example.name):\n\(said)")

    let proof = try await lab.compare(
      example.lines, request, maxJobs: example.maxJobs, features: example.localFeatures,
      extraPlatforms: example.extraPlatforms,
      timeLimit: .seconds(example.goes == Case.waits ? 3 : 60))
    #expect(went(proof.place) == example.goes, "\(example.name):\n\(said)\n\(proof.log)")
    #expect(proof.agrees, "\(example.name): \(proof.sentence)\n\(proof.log)")
    let isBuilt = ![Case.nobody, Case.waits].contains(example.goes)
    #expect(proof.built == isBuilt, "\(example.name):\n\(proof.log)")
  }

  private func decision(_ verdicts: [RouteVerdict], _ situation: RouteSituation) -> String {
    guard let first = verdicts.first(where: \.getsBuild) else { return Case.nobody }
    if first.outcome == .waits { return Case.waits }
    guard case .builder(let index) = first.machine else { return Case.here }
    return situation.builders[index].url.replacing("ssh-ng://", with: "")
  }

  private func went(_ place: RouteProof.Place) -> String {
    switch place {
    case .local: Case.here
    case .builder(let url): url.replacing("ssh-ng://", with: "")
    case .nowhere: Case.nobody
    case .waiting: Case.waits
    case .unknown: "unknown"
    }
  }
}
