import Builders
import Testing

/// Each rule by itself, with what it says to people.
@Suite("Which machine gets a build")
struct RouteTests {
  let linux = RouteRequest(system: "x86_64-linux")

  /// The local machine of most tests builds for another system, so that it does not come into it.
  func decide(
    _ request: RouteRequest, _ builders: [RouteBuilder],
    local: RouteLocal = RouteLocal(system: "riscv64-linux"), rules: RouteRules = RouteRules(),
    busy: BusySlots? = [:]
  ) -> [String] {
    let situation = RouteSituation(
      builders: builders, local: local, rules: rules, busySlots: busy)
    return Route.decide(request, in: situation).map(\.sentence)
  }

  func builder(
    _ name: String, _ systems: [String] = ["x86_64-linux"], jobs: Int = 1, speed: Double = 1,
    features: [String] = [], mandatory: [String] = []
  ) -> RouteBuilder {
    RouteBuilder(
      name: name, url: "ssh-ng://\(name)", systems: systems, maxJobs: jobs, speedFactor: speed,
      supportedFeatures: features, mandatoryFeatures: mandatory)
  }

  let notHere =
    "This machine does not get it: it does not build for x86_64-linux, only for riscv64-linux."

  // MARK: - Who fits

  @Test("a builder that lists the system and has the features gets it")
  func fits() {
    let request = RouteRequest(system: "x86_64-linux", features: ["kvm", "big-parallel", "kvm"])
    #expect(
      decide(
        request,
        [
          builder("pi", ["aarch64-linux", "armv7l-linux"], features: ["kvm"]),
          builder("small", features: ["big-parallel"]),
          builder("forge", ["i686-linux", "x86_64-linux"], features: ["kvm", "big-parallel"]),
        ], local: RouteLocal(system: "x86_64-linux", features: ["big-parallel"], maxJobs: 0))
        == [
          "forge takes it: no other builder fits and has a free slot.",
          "pi does not get it: it does not build for x86_64-linux, only for aarch64-linux and "
            + "armv7l-linux; it does not have big-parallel.",
          "small does not get it: it does not have kvm.",
          "This machine does not get it: max-jobs is 0; it does not have kvm.",
        ])
  }

  @Test("mandatory features have to be asked for, and count as supported")
  func mandatory() {
    let gpu = builder("gpu", mandatory: ["cuda"])
    #expect(
      decide(linux, [gpu]) == [
        "gpu does not get it: it takes only builds that require cuda.", notHere,
      ])
    #expect(
      decide(RouteRequest(system: "x86_64-linux", features: ["cuda"]), [gpu])[0]
        == "gpu takes it: no other builder fits and has a free slot.")
  }

  @Test("a builder that is off is ruled out by that alone")
  func disabled() {
    var off = builder("forge", ["aarch64-linux"])
    off.enabled = false
    #expect(decide(linux, [off]) == ["forge does not get it: it is off.", notHere])
  }

  @Test("without distributed builds this machine is alone")
  func distributedBuildsOff() {
    let local = RouteLocal(system: "x86_64-linux", distributedBuilds: false)
    let told = "Nix is told of no builders (nix.distributedBuilds is off)"
    #expect(
      decide(linux, [builder("forge")], local: local) == [
        "This machine takes it: Nix is told of no builders.", "forge does not get it: \(told).",
      ])
    #expect(
      decide(RouteRequest(system: "aarch64-linux"), [builder("forge")], local: local) == [
        "forge does not get it: \(told).",
        "This machine does not get it: it does not build for aarch64-linux, only for x86_64-linux.",
      ])
  }

  @Test("what Nix does by itself suits every builder, and this machine whatever its system")
  func builtin() {
    let request = RouteRequest(system: "builtin", isBuiltin: true)
    #expect(
      decide(request, [builder("pi", ["aarch64-linux"])]) == [
        "pi takes it: no other builder fits and has a free slot.",
        "This machine is next, if no builder can be reached.",
      ])
    // By its name alone it is no system that anything here could run.
    #expect(
      decide(RouteRequest(system: "builtin"), []) == [
        "This machine does not get it: it does not build for builtin, only for riscv64-linux."
      ])
  }

  // MARK: - Who of them

  @Test("of two alike the first in the list gets it, and the other is next")
  func first() {
    #expect(
      decide(linux, [builder("a"), builder("b"), builder("c")]) == [
        "a takes it: it is as good as b and stands before it in the list.",
        "b is next, if a cannot be reached.",
        "c is next, if b cannot be reached.",
        notHere,
      ])
  }

  @Test("the faster one gets it when both are idle")
  func faster() {
    #expect(
      decide(linux, [builder("a"), builder("b", speed: 2.5)])[0]
        == "b takes it: no builder has less to do, and its speed factor 2.5 is higher than a's 1.")
    #expect(
      decide(linux, [builder("a", speed: 0), builder("b", speed: 0.5)])[0]
        == "a takes it: no builder has less to do, and its speed factor 1 is higher than b's 0.5.")
  }

  @Test("a slower one gets it when its load by speed is lower")
  func lowerLoad() {
    let builders = [builder("a", jobs: 4, speed: 2), builder("b", jobs: 4)]
    #expect(
      decide(linux, builders, busy: ["ssh-ng://a": [0]])[0]
        == "b takes it: 0 jobs in use at speed factor 1 is less load than a's 1 at 2.")
    #expect(
      decide(linux, builders, busy: ["ssh-ng://a": [0], "ssh-ng://b": [3]])[0]
        == "a takes it: 1 job in use at speed factor 2 is less load than b's 1 at 1.")
    #expect(
      decide(linux, builders, busy: ["ssh-ng://a": [0, 1], "ssh-ng://b": [0]])[0]
        == "a takes it: no builder has less to do, and its speed factor 2 is higher than b's 1.")
  }

  @Test("up to 2.19 the load is divided without remainder, so that fewer jobs decide too")
  func wholeSpeedFactors() {
    let old = RouteRules(wholeSpeedFactors: true, rebuildsStayHere: false)
    let busy: BusySlots = ["ssh-ng://a": [0]]
    #expect(
      decide(
        linux, [builder("a", jobs: 4, speed: 2), builder("b", jobs: 4, speed: 2)], rules: old,
        busy: busy)[0] == "b takes it: it is as fast as a and has less to do, 0 jobs against 1.")
    // 1/2 is 0 to it, as low as nothing at all.
    #expect(
      decide(
        linux, [builder("a", jobs: 4, speed: 2), builder("b", jobs: 4)], rules: old, busy: busy)[
          0]
        == "a takes it: no builder has less to do, and its speed factor 2 is higher than b's 1.")
  }

  @Test("up to 2.19 a fraction in one line makes Nix refuse all of them")
  func refusedList() {
    let reason =
      "Nix refuses the list of builders because of b: "
      + "Nix up to 2.19 reads no speed factor with a fraction"
    #expect(
      decide(
        linux, [builder("a"), builder("b", speed: 1.5)], local: RouteLocal(system: "x86_64-linux"),
        rules: RouteRules(wholeSpeedFactors: true)) == [
          "a does not get it: \(reason).", "b does not get it: \(reason).",
          "This machine does not get it: \(reason).",
        ])
    var unread = builder("b")
    unread.fault = "its jobs are \"many\", not a whole number"
    #expect(
      decide(linux, [unread])[0] == "b does not get it: Nix refuses the list of builders because "
        + "of b: its jobs are \"many\", not a whole number.")
  }

  @Test("slots beyond the jobs of a line do not count")
  func slotsBeyond() {
    #expect(
      decide(linux, [builder("a", jobs: 2)], busy: ["ssh-ng://a": [2, 3]])[0]
        == "a takes it: no other builder fits and has a free slot.")
  }

  @Test("two lines of one store share its slots: the first holds one while the second is looked at")
  func sharedSlots() {
    var second = builder("b", speed: 9)
    second.url = "ssh-ng://a"
    #expect(
      decide(linux, [builder("a"), second]) == [
        "a takes it: no other builder fits and has a free slot.",
        "b is next, if a cannot be reached.", notHere,
      ])
    second.maxJobs = 2
    #expect(
      decide(linux, [builder("a"), second])[0]
        == "a takes it: 0 jobs in use at speed factor 1 is less load than b's 1 at 9.")
  }

  // MARK: - Nobody has a free slot

  @Test("when all that fit are full and this machine could not build it, Nix waits")
  func waits() {
    let builders = [builder("a", jobs: 2), builder("b"), builder("pi", ["aarch64-linux"])]
    let busy: BusySlots = ["ssh-ng://a": [0, 1], "ssh-ng://b": [0]]
    #expect(
      decide(linux, builders, busy: busy) == [
        "a takes it later: all its jobs (2) are in use, and Nix waits for the first that ends.",
        "b takes it later: all its jobs (1) are in use, and Nix waits for the first that ends.",
        "pi does not get it: it does not build for x86_64-linux, only for aarch64-linux.", notHere,
      ])
  }

  @Test("when all that fit are full and this machine can build it, it does")
  func localInstead() {
    let local = RouteLocal(system: "riscv64-linux", extraPlatforms: ["x86_64-linux"])
    #expect(
      decide(linux, [builder("a", jobs: 2)], local: local, busy: ["ssh-ng://a": [0, 1]]) == [
        "This machine takes it: no builder that fits has a free slot.",
        "a does not get it: all its 2 jobs are in use.",
      ])
  }

  @Test("a full one is waited for when those with a free slot cannot be reached")
  func fullAndFree() {
    let local = RouteLocal(system: "x86_64-linux", features: ["kvm"], maxJobs: 0)
    #expect(
      decide(linux, [builder("a"), builder("b")], local: local, busy: ["ssh-ng://a": [0]]) == [
        "b takes it: no other builder fits and has a free slot.",
        "a does not get it: its only job is in use.",
        "This machine does not get it: max-jobs is 0.",
      ])
  }

  @Test("Nix waits for a builder even with what it could do by itself")
  func builtinWaits() {
    // The hook does not know that this needs no system.
    let request = RouteRequest(system: "builtin", isBuiltin: true)
    #expect(
      decide(request, [builder("a")], busy: ["ssh-ng://a": [0]]) == [
        "a takes it later: all its jobs (1) are in use, and Nix waits for the first that ends.",
        "This machine does not get it: Nix waits for a builder that fits.",
      ])
  }

  @Test("a builder without jobs never gets any, and Nix waits for it for ever")
  func noJobs() {
    #expect(
      decide(linux, [builder("a", jobs: 0)]) == [
        "a does not get it: its jobs are set to 0.", notHere,
      ])
    #expect(
      decide(linux, [builder("a", jobs: 0)], local: RouteLocal(system: "x86_64-linux"))[0]
        == "This machine takes it: no builder that fits has a free slot.")
  }

  // MARK: - This machine

  @Test("this machine is left when no builder fits, and next when one does")
  func localFallback() {
    let local = RouteLocal(system: "x86_64-linux", features: ["kvm"])
    #expect(
      decide(linux, [builder("pi", ["aarch64-linux"])], local: local)[0]
        == "This machine takes it: no builder fits.")
    #expect(
      decide(linux, [builder("forge")], local: local) == [
        "forge takes it: no other builder fits and has a free slot.",
        "This machine is next, if no builder can be reached.",
      ])
    #expect(
      decide(linux, [], local: local) == ["This machine takes it: Nix is told of no builders."])
  }

  @Test("preferLocalBuild goes to this machine where it can, and to the builders where not")
  func preferLocalBuild() {
    let request = RouteRequest(system: "x86_64-linux", features: ["kvm"], preferLocalBuild: true)
    let forge = builder("forge", features: ["kvm"])
    #expect(
      decide(request, [forge], local: RouteLocal(system: "x86_64-linux", features: ["kvm"])) == [
        "This machine takes it: the derivation asks to be built here (preferLocalBuild).",
        "forge does not get it: the derivation asks to be built here, and it can be.",
      ])
    for local in [
      RouteLocal(system: "x86_64-linux"), RouteLocal(system: "aarch64-linux", features: ["kvm"]),
      RouteLocal(system: "x86_64-linux", features: ["kvm"], maxJobs: 0),
    ] {
      #expect(
        decide(request, [forge], local: local)[0]
          == "forge takes it: no other builder fits and has a free slot.")
    }
  }

  @Test("a rebuild stays here; with max-jobs 0 it went to builders before 2.34")
  func rebuild() {
    let request = RouteRequest(system: "x86_64-linux", isRebuild: true)
    let old = RouteRules(rebuildsStayHere: false)
    let none = RouteLocal(system: "x86_64-linux", maxJobs: 0)
    let stays = "forge does not get it: what is built again is built on this machine only."
    #expect(
      decide(request, [builder("forge")], local: RouteLocal(system: "x86_64-linux"), rules: old)
        == ["This machine takes it: what is built again is built here.", stays])
    #expect(
      decide(request, [builder("forge")], local: none) == [
        stays, "This machine does not get it: max-jobs is 0.",
      ])
    #expect(
      decide(request, [builder("forge")], local: none, rules: old) == [
        "forge takes it: no other builder fits and has a free slot.",
        "This machine does not get it: max-jobs is 0.",
      ])
    // Here it is tried, and fails.
    #expect(decide(request, [builder("forge")], rules: old) == [stays, notHere])
  }

  @Test("an external builder of this machine builds whatever max-jobs is")
  func externalBuilder() {
    let local = RouteLocal(
      system: "aarch64-darwin", maxJobs: 0, externalSystems: ["x86_64-linux"])
    #expect(
      decide(linux, [], local: local) == ["This machine takes it: Nix is told of no builders."])
  }

  // MARK: - As values

  @Test("a verdict tells its machine, its jobs and the rules by name")
  func values() {
    let verdicts = Route.decide(
      RouteRequest(system: "x86_64-linux", features: ["kvm"]),
      in: RouteSituation(
        builders: [builder("pi", ["aarch64-linux"]), builder("forge", jobs: 3, features: ["kvm"])],
        local: RouteLocal(system: "x86_64-linux", maxJobs: 8),
        busySlots: ["ssh-ng://forge": [1]]))
    #expect(verdicts.map(\.machine) == [.builder(1), .builder(0), .local])
    #expect(
      verdicts.map(\.outcome) == [
        .takes(.onlyOne),
        .ruledOut([.system("x86_64-linux", offered: ["aarch64-linux"]), .features(["kvm"])]),
        .ruledOut([.features(["kvm"])]),
      ])
    #expect(verdicts.map(\.jobsInUse) == [1, 0, nil])
    #expect(verdicts.map(\.maxJobs) == [3, 1, 8])
    #expect(verdicts.map(\.getsBuild) == [true, false, false])
    #expect(RouteRule.mandatory(["x"]).id == "mandatory-features")
  }

  @Test("a request is told in words")
  func summary() {
    #expect(linux.summary == "x86_64-linux")
    #expect(
      RouteRequest(
        system: "x86_64-linux", features: ["kvm", "gpu"], preferLocalBuild: true, isRebuild: true
      ).summary == "x86_64-linux with kvm and gpu, here if possible, built again")
  }

  @Test("ten thousand builders are decided among at once")
  func many() {
    let builders = (0..<10_000).map {
      builder("b\($0)", jobs: 4, speed: Double($0 % 7 + 1), features: ["kvm"])
    }
    let situation = RouteSituation(builders: builders, local: RouteLocal(system: "x86_64-linux"))
    var verdicts: [RouteVerdict] = []
    let time = ContinuousClock().measure { verdicts = Route.decide(linux, in: situation) }
    #expect(verdicts[0].name == "b6")
    #expect(verdicts[1].name == "b13")
    // Far from it even without optimisation, and for quadratic work far too little.
    #expect(time < .seconds(2))
  }
}
