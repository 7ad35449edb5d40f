import Builders
import Checks
import Features
import Nix
import Terminal
import Testing

@testable import Screens

@Suite("Where a build goes") struct RouteScreenTests {
  private func driver(_ columns: Int = 80, _ rows: Int = 24) -> Driver {
    var driver = Driver(inventory: .three, size: Size(columns: columns, rows: rows))
    driver.tell(.machine(.ready))
    driver.effects = []
    driver.press(.character(">"))
    return driver
  }

  /// What was asked for last.
  private func asked(_ driver: Driver) -> (run: Int, question: RouteQuestion, isInstalled: Bool)? {
    for effect in driver.effects.reversed() {
      guard case .route(let run, let question, let source) = effect else { continue }
      if case .installed = source { return (run, question, true) }
      return (run, question, false)
    }
    return nil
  }

  private func answer(_ request: RouteRequest, _ builders: [Builder] = Inventory.three.builders)
    -> RouteAnswer
  {
    RouteAnswer(
      request,
      in: RouteSituation(
        builders: builders.map { builder in
          RouteBuilder(
            name: builder.alias, url: "ssh-ng://\(builder.alias)", enabled: builder.enabled,
            systems: builder.systems, maxJobs: builder.maxJobs, speedFactor: builder.speedFactor,
            supportedFeatures: builder.supportedFeatures)
        }, local: RouteLocal(system: "x86_64-linux", maxJobs: 0), busySlots: [:]))
  }

  /// Answers what was asked for last.
  private func reply(_ driver: inout Driver, _ request: RouteRequest) {
    guard let run = asked(driver)?.run else {
      Issue.record("nothing was asked")
      return
    }
    driver.tell(.routed(run: run, .success(answer(request))))
  }

  private let linux = RouteRequest(system: "x86_64-linux")

  @Test("asks at once about a build without requirements")
  func opening() {
    var driver = driver()
    #expect(asked(driver)?.question == RouteQuestion())
    #expect(asked(driver)?.isInstalled == false)
    #expect(driver.screen.contains("Asking Nix…"))
    reply(&driver, linux)
    #expect(
      driver.picture
        == """
         nix-builders · where a build goes

          Which machine would take this build, and why not the others?

          ▸ Build                 any (nixpkgs#hello)  or a .drv, a .nix file, nothing
            System                x86_64-linux
            Features                                   that it requires
            Prefers this machine  [ ] no               preferLocalBuild
            By what is installed  [ ] no               else as it would be written

          x86_64-linux · as it would be written
          ✓ forge takes it: no other builder fits and has a free slot.
          – pi does not get it: it does not build for x86_64-linux, only for
            aarch64-linux.
          – mac does not get it: it is off.
          – This machine does not get it: max-jobs is 0.
        ⋮ 7
         Enter ask   Esc back   Tab field   F1 help
        """)
  }

  @Test("Enter asks with what was typed, and the answer has the keys then")
  func typed() {
    var driver = driver(40, 12)
    #expect(
      driver.picture
        == """
         nix-builders · where a build goes
          ▸ Build        any (nixpkgs#he…
            System       x86_64-linux
            Features                         ↓
          ⠙ Asking Nix…  0.00 s
        ⋮ 6
         Enter ask   Esc back   F1 help
        """)
    reply(&driver, linux)
    driver.type("/root/a.nix")
    driver.press(.tab, .tab)
    driver.type("kvm gpu")
    driver.press(.tab, .character(" "), .tab, .character(" "))
    #expect(driver.screen.contains("Enter asks"))
    driver.press(.enter)
    let question = asked(driver)
    #expect(
      question?.question
        == RouteQuestion(
          installable: "/root/a.nix", features: ["kvm", "gpu"], preferLocalBuild: true))
    #expect(question?.isInstalled == true)
    reply(
      &driver,
      RouteRequest(system: "x86_64-linux", features: ["kvm", "gpu"], preferLocalBuild: true))
    #expect(
      driver.picture
        == """
         nix-builders · where a build goes
          x86_64-linux with kvm and gpu,
            here if possible · as installed
          ✗ No machine takes it.
          – forge does not get it: it does
            not have gpu.
          – pi does not get it: it does not
            build for x86_64-linux, only for
            aarch64-linux; it does not have
            kvm and gpu.
          – mac does not get it: it is off.  ↓
         b build a probe   Esc back   ? help
        """)
  }

  @Test("what cannot be is said at its field, and nothing is asked")
  func faulty() {
    var driver = driver()
    reply(&driver, linux)
    driver.effects = []
    driver.press(.tab)
    driver.type("x86")
    driver.press(.enter)
    #expect(asked(driver) == nil)
    #expect(
      driver.picture
        == """
         nix-builders · where a build goes

          Which machine would take this build, and why not the others?

            Build                 any (nixpkgs#hello)  or a .drv, a .nix file, nothing
          ▸ System                x86
            Features                                   that it requires
            Prefers this machine  [ ] no               preferLocalBuild
            By what is installed  [ ] no               else as it would be written
          ✗ System: "x86" is not a system. They look like x86_64-linux.

          x86_64-linux · as it would be written
          ✓ forge takes it: no other builder fits and has a free slot.
          – pi does not get it: it does not build for x86_64-linux, only for
            aarch64-linux.
          – mac does not get it: it is off.
          – This machine does not get it: max-jobs is 0.
        ⋮ 6
         Enter ask   Esc back   Tab field   F1 help
        """)
    driver.press(.control("u"), .tab)
    driver.type("a/b")
    driver.press(.enter)
    #expect(asked(driver) == nil)
    #expect(driver.screen.contains("✗ Features: "))
    driver.press(.control("u"), .up, .up)
    driver.type("--impure")
    driver.press(.enter)
    #expect(asked(driver) == nil)
    #expect(driver.screen.contains("✗ Build: A - at the beginning"))
  }

  @Test("a probe that goes where it should is one sentence")
  func proven() {
    var driver = driver(200, 60)
    reply(&driver, linux)
    driver.press(.enter)
    reply(&driver, linux)
    driver.effects = []
    driver.press(.character("b"))
    guard case .proveRoute(let run, let answer, .written(.three))? = driver.effects.last else {
      Issue.record("no probe is built: \(driver.effects)")
      return
    }
    #expect(answer == self.answer(linux))
    #expect(driver.screen.contains("The probe is being built…"))
    driver.tell(.routeProven(run: run, .success(proof(.builder("ssh-ng://forge"), agrees: true))))
    #expect(
      driver.picture
        == """
         nix-builders · where a build goes

          Which machine would take this build, and why not the others?

            Build                 any (nixpkgs#hello)                       or a .drv, a .nix file, nothing
            System                x86_64-linux
            Features                                                        that it requires
            Prefers this machine  [ ] no                                    preferLocalBuild
            By what is installed  [ ] no                                    else as it would be written

          x86_64-linux · as it would be written
          ✓ Probe: It was built on forge, as Nix's rules say.
          ✓ forge takes it: no other builder fits and has a free slot.
          – pi does not get it: it does not build for x86_64-linux, only for aarch64-linux.
          – mac does not get it: it is off.
          – This machine does not get it: max-jobs is 0.
        ⋮ 43
         b build a probe   v what Nix printed   Esc back   Tab ask otherwise   ↑↓ scroll   ? help
        """)
    driver.press(.character("v"))
    #expect(driver.screen.contains("$ nix build"))
    #expect(driver.screen.contains("line 40"))
  }

  private func proof(_ place: RouteProof.Place, agrees: Bool) -> RouteProof {
    var proof = RouteProof(
      command: "nix build", place: place, built: true, unreachable: [],
      log: (1...40).map { "line \($0)" }.joined(separator: "\n"), agrees: agrees,
      sentence: "It was built on forge, as Nix's rules say.")
    if !agrees { proof.sentence = "It was built on pi. By Nix's rules forge gets it." }
    return proof
  }

  @Test("one that goes elsewhere comes with Nix's own words, which scroll")
  func elsewhere() {
    var driver = driver()
    driver.press(.enter)
    reply(&driver, linux)
    driver.press(.character("b"))
    guard case .proveRoute(let run, _, _)? = driver.effects.last else { return }
    driver.tell(.routeProven(run: run, .success(proof(.builder("ssh-ng://pi"), agrees: false))))
    #expect(
      driver.picture
        == """
         nix-builders · where a build goes

          Which machine would take this build, and why not the others?

            Build                 any (nixpkgs#hello)  or a .drv, a .nix file, nothing
            System                x86_64-linux
            Features                                   that it requires
            Prefers this machine  [ ] no               preferLocalBuild
            By what is installed  [ ] no               else as it would be written

          x86_64-linux · as it would be written
          ✗ Probe: It was built on pi. By Nix's rules forge gets it.
          What Nix printed                                                           ↑
            line 1
            line 2
            line 3
            line 4
            line 5
            line 6
            line 7
            line 8
            line 9                                                                   ↓

         b build a probe   v what Nix printed   Esc back   Tab ask otherwise   ? help
        """)
    driver.press(.end)
    #expect(driver.screen.contains("line 40"))
    driver.press(.home)
    #expect(driver.screen.contains("✓ forge takes it"))
  }

  @Test("what Nix cannot evaluate is told in its words")
  func failed() {
    var driver = driver()
    driver.press(.enter)
    guard let run = asked(driver)?.run else { return }
    driver.tell(
      .routed(
        run: run,
        .failure(.notRead(installable: "/root/a.nix", said: "error: no such file\nat line 3"))))
    #expect(driver.screen.contains("✗ /root/a.nix: Nix shows no derivation of it."))
    #expect(driver.screen.contains("at line 3"))
    #expect(!driver.screen.contains("takes it"))
    #expect(!driver.screen.contains("prove it"))
  }

  @Test("x, Ctrl-C and Esc end what runs, and a late answer is none")
  func cancelled() {
    for key in [Key.character("x"), .control("c"), .escape] {
      var driver = driver()
      driver.press(.enter)
      let run = asked(driver)?.run
      driver.effects = []
      driver.press(key)
      let cancelled = driver.effects.compactMap { effect in
        if case .cancelRun(let run) = effect { run } else { nil }
      }
      #expect(cancelled == [run].compactMap(\.self))
      if key == .control("c") {
        driver.tell(.routed(run: run ?? 0, .failure(.cancelled)))
        #expect(driver.screen.contains("✗ cancelled"))
      }
      if key == .character("x") {
        driver.tell(.routed(run: run ?? 0, .success(answer(linux))))
        #expect(driver.screen.contains("✗ cancelled"))
        #expect(!driver.screen.contains("takes it"))
      }
    }
  }

  @Test("of very many builders the one that gets it is on top, and the rest scrolls")
  func many() {
    var driver = driver()
    driver.press(.enter)
    guard let run = asked(driver)?.run else { return }
    var builders = Inventory.many(10_000).builders
    builders[7_777].speedFactor = 9
    driver.tell(.routed(run: run, .success(answer(linux, builders))))
    #expect(driver.screen.contains("✓ b7777 takes it"))
    driver.press(.end)
    #expect(driver.screen.contains("This machine"))
    let time = ContinuousClock().measure {
      for _ in 0..<20 {
        driver.press(.pageUp)
        _ = driver.canvas
      }
    }
    #expect(time < .seconds(1))
  }

  @Test("asks anew when it is opened again, with what was typed")
  func again() {
    var driver = driver()
    driver.press(.tab)
    driver.type("aarch64-linux")
    driver.press(.enter, .escape)
    #expect(driver.wizard.step == .builders)
    driver.effects = []
    driver.press(.character("o"), .character(">"))
    #expect(asked(driver)?.question.system == "aarch64-linux")
  }
}
