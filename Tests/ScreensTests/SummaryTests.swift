import Builders
import Checks
import Fragments
import Terminal
import Testing

@testable import Screens

/// What the summary says, and that it says the opposite when the opposite is so.
@Suite struct SummaryTests {
  private static let forge: Builder = {
    var forge = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    forge.supportedFeatures = ["kvm"]
    forge.hostKey = SampleKey.line
    forge.publicKey = SampleKey.publicLine
    return forge
  }()

  private static let connection: [CheckResult] = [
    .passed(.resolve), .passed(.connect), .passed(.hostKey), .passed(.key), .passed(.login),
    .passed(
      .remoteNix, "Nix 2.26.3",
      finding: .capabilities(RemoteCapabilities(nixVersion: "2.26.3"))),
    .passed(.store), .passed(.trusted),
  ]

  private static let builds: [CheckResult] = [
    .passed(.build(system: "x86_64-linux")), .passed(.feature("kvm")),
  ]

  /// At the summary, after both tests.
  private func tested(
    _ connection: [CheckResult] = Self.connection, _ builds: [CheckResult] = Self.builds,
    by source: BuilderTest.Source = .installed, others: [Builder] = [],
    size: Size = Size(columns: 80, rows: 30), ownCommand: OwnCommand = OwnCommand(),
    isPractice: Bool = false, keepsPracticeFiles: Bool = false
  ) -> Driver {
    var driver = Driver(
      inventory: Inventory(builders: [Self.forge] + others), size: size, isPractice: isPractice,
      keepsPracticeFiles: keepsPracticeFiles, ownCommand: ownCommand)
    driver.tell(.machine(.ready))
    driver.press(.character("e"))
    driver.press(.end, .up, .enter)
    driver.finish(connection, by: source)
    driver.press(.enter)
    driver.finish(builds, by: source)
    driver.press(.enter)
    return driver
  }

  private func failed(_ name: CheckName, _ cause: String) -> CheckResult {
    CheckResult(
      name: name, outcome: .failed, seconds: 0.1, detail: "not built",
      diagnosis: Diagnosis(.buildFailed, cause: cause, remedy: "Mend it."))
  }

  @Test("all of it seen as installed: it builds, and the line to try it is a fresh build")
  func builds() {
    let driver = tested()
    #expect(
      driver.picture == """
         nix-builders · forge

          forge builds for this machine.

          proven as installed  ✓ x86_64-linux, kvm
          seen with            Nix 2.34.8 here · 2.26.3 there · ssh-ng · trusted

          Try it               nix build -v --no-link --impure --max-jobs 0
                               --extra-experimental-features nix-command --expr
                               'derivation { name = "try-${toString
                               builtins.currentTime}"; system = "x86_64-linux";
                               builder = "/bin/sh"; args = [ "-c" "echo built > $out"
                               ]; allowSubstitutes = false; }'
          Open again           nix-builders
          Files                /etc/nixos/nix-builders

          ▸ To the builder list
        ⋮ 12
         Enter choose   y copy the command   q quit   Esc back   ? help
        """)
  }

  @Test("all of it seen as written: it would build, and the next step is to apply it here")
  func wouldBuild() {
    var driver = tested(by: .written)
    #expect(
      driver.picture == """
         nix-builders · forge

          forge would build once it is installed here.

          proven as written    ✓ x86_64-linux, kvm
          seen with            Nix 2.34.8 here · 2.26.3 there · ssh-ng · trusted

          Next                 apply local.nix here, then test it as installed
          Try it               nix-builders test forge --build --written
          Open again           nix-builders
          Files                /etc/nixos/nix-builders

          ▸ Apply it here
            To the builder list
        ⋮ 15
         Enter choose   y copy the command   q quit   Esc back   ? help
        """)
    driver.press(.enter)
    #expect(driver.screen.contains("What will be done here"))
  }

  @Test("a claim that failed: not proven, with the cause, and what was seen stays seen")
  func claimFailed() {
    let driver = tested(
      Self.connection,
      [.passed(.build(system: "x86_64-linux")), failed(.feature("kvm"), "There is no /dev/kvm.")])
    #expect(
      driver.picture == """
         nix-builders · forge

          forge is not proven.

          proven as installed  ✓ x86_64-linux
          failed               ✗ kvm: There is no /dev/kvm.
          seen with            Nix 2.34.8 here · 2.26.3 there · ssh-ng · trusted

          Next                 mend what failed, then test it again
          Test it              nix-builders test forge --build
          Open again           nix-builders
          Files                /etc/nixos/nix-builders

          ▸ Test it
            To the builder list
        ⋮ 14
         Enter choose   y copy the command   q quit   Esc back   ? help
        """)
  }

  @Test("what was not asked is not called failed")
  func notAsked() {
    let skipped = [CheckName.build(system: "x86_64-linux"), .feature("kvm")].map {
      CheckResult(name: $0, outcome: .skipped, detail: "cancelled")
    }
    let connection =
      Self.connection.filter { $0.name != .trusted } + [
        CheckResult(name: .trusted, outcome: .skipped, detail: "needs store")
      ]
    let screen = tested(connection, skipped).screen
    #expect(screen.contains("forge is not proven."))
    #expect(screen.contains("not tried            ○ x86_64-linux, kvm: cancelled"))
    #expect(!screen.contains("failed"))
    #expect(!screen.contains("trusted"))
    #expect(!screen.contains("proven as"))
  }

  @Test("a failed check of the connection is told although all was built")
  func connectionFailed() {
    let connection =
      Self.connection.filter { $0.name != .trusted } + [
        failed(.trusted, "Nix on forge does not trust nixremote.")
      ]
    let screen = tested(connection).screen
    #expect(screen.contains("forge builds for this machine."))
    #expect(
      screen.contains("failed               ✗ trusted: Nix on forge does not trust nixremote."))
    #expect(!screen.contains("ssh-ng · trusted"))
  }

  @Test("a builder that does not know the key yet: the next step is its fragment")
  func notYet() {
    let connection: [CheckResult] =
      Self.connection.prefix(4) + [
        CheckResult(
          name: .login, outcome: .notYet, detail: "nixremote was refused",
          diagnosis: Diagnosis(
            .keyRefused, cause: "forge does not know this key yet.", remedy: "Apply it."
          )),
        CheckResult(name: .remoteNix, outcome: .skipped),
        CheckResult(name: .store, outcome: .skipped),
        CheckResult(name: .trusted, outcome: .skipped),
      ]
    var driver = tested(
      connection,
      [
        failed(.build(system: "x86_64-linux"), "forge refused the key."),
        CheckResult(name: .feature("kvm"), outcome: .skipped, detail: "needs build x86_64-linux"),
      ], by: .written)
    #expect(driver.screen.contains("forge is not proven."))
    #expect(
      driver.screen.contains("failed               ○ log in: forge does not know this key yet."))
    #expect(
      driver.screen.contains("Next                 apply remote-forge.nix on forge, then test it"))
    #expect(driver.screen.contains("▸ Apply it on forge"))
    driver.press(.enter)
    #expect(driver.wizard.step == .applying)
  }

  @Test("a test of other answers proves nothing of these")
  func otherAnswers() {
    var session = tested().wizard.session
    session.draft.builder.maxJobs = 7
    let summary = Summary(session)
    #expect(summary.verdict == .notProven)
    #expect(summary.nextStep == .write)
    #expect(summary.command == nil)
    #expect(summary.lines.map(\.text).contains("not tried            ○ x86_64-linux, kvm"))
  }

  @Test("once it is applied here, what was seen as written before is not enough")
  func appliedSince() {
    var session = tested(by: .written).wizard.session
    session.noteApplied(.here)
    let summary = Summary(session)
    #expect(summary.verdict == .notProven)
    #expect(summary.nextStep == .test)
    #expect(
      summary.lines.map(\.text).contains(
        "missing              ○ a test as installed; what was seen is older than that"))
  }

  @Test("part as written and part as installed is told apart, and is not yet as installed")
  func mixed() {
    var session = tested(by: .written).wizard.session
    session.results.note(Self.builds[0], of: Self.forge, by: .installed)
    let summary = Summary(session)
    #expect(summary.verdict == .wouldBuild)
    #expect(
      summary.lines.map(\.text).prefix(2) == [
        "proven as installed  ✓ x86_64-linux", "proven as written    ✓ kvm",
      ])
  }

  @Test("a package: built, failed, or not available on this machine")
  func package() {
    var session = tested().wizard.session
    func lines(_ result: CheckResult) -> [String] {
      session.results.note(result, of: Self.forge, by: .installed)
      return Summary(session).lines.map(\.text)
    }
    #expect(
      lines(.passed(.package)).contains("a real package       ✓ built by forge, as installed"))
    #expect(
      lines(failed(.package, "The script failed.")).contains(
        "failed               ✗ package: The script failed."))
    var skipped = failed(.package, "Its source could not be fetched.")
    skipped.outcome = .skipped
    let told = lines(skipped)
    #expect(told.contains("a real package       ○ not tried: Its source could not be fetched."))
    #expect(!told.contains { $0.hasPrefix("failed") })
  }

  @Test("a package says by which configuration it was built, and nothing where none was asked for")
  func packageAsWritten() {
    var session = tested(by: .written).wizard.session
    #expect(!Summary(session).lines.contains { $0.text.hasPrefix("a real package") })
    session.results.note(.passed(.package), of: Self.forge, by: .written)
    #expect(
      Summary(session).lines.map(\.text).contains(
        "a real package       ✓ built by forge, as it would be written"))
  }

  @Test("what it was seen with: only what was told, and nothing where nothing was seen")
  func circumstances() {
    func seen(_ session: Session) -> [String] {
      Summary(session).lines.map(\.text).filter { $0.hasPrefix("seen with") }
    }
    var session = tested().wizard.session
    #expect(
      seen(session) == ["seen with            Nix 2.34.8 here · 2.26.3 there · ssh-ng · trusted"])
    session.machine = nil
    #expect(seen(session) == ["seen with            2.26.3 there · ssh-ng · trusted"])
    // Of other answers nothing of that is known, and nothing is said.
    session.draft.builder.storeProtocol = .ssh
    #expect(seen(session) == [])
    let failed = Self.builds.map { self.failed($0.name, "It is down.") }
    #expect(seen(tested(Self.connection, failed).wizard.session) == [])
  }

  @Test("who applies the fragment there: the person, or the machine's owner")
  func owner() {
    let login = CheckResult(
      name: .login, outcome: .notYet, detail: "nixremote was refused",
      diagnosis: Diagnosis(.keyRefused, cause: "forge does not know this key yet.", remedy: "Wait.")
    )
    let skipped = Self.builds.map { CheckResult(name: $0.name, outcome: .skipped, detail: "no") }
    var session = tested(Self.connection.prefix(4) + [login], skipped, by: .written).wizard.session
    func next() -> [String] {
      Summary(session).lines.map(\.text).filter { $0.hasPrefix("Next") }
    }
    #expect(next() == ["Next                 apply remote-forge.nix on forge, then test it"])
    session.noteCaredForByOthers("forge")
    #expect(
      next() == ["Next                 have the owner of forge apply its fragment, then test it"])
    // Once it was applied, a refused key is no longer what was to be expected.
    session.noteApplied(.there("forge"))
    #expect(next() == ["Next                 mend what failed, then test it again"])
  }

  @Test("what nobody has tested is to be tested, not mended")
  func untested() {
    var session = tested().wizard.session
    session.results = Results()
    let lines = Summary(session).lines.map(\.text)
    #expect(Summary(session).verdict == .notProven)
    #expect(lines.contains("Next                 test it"))
    #expect(lines.contains("not tried            ○ x86_64-linux, kvm"))
    #expect(!lines.contains { $0.hasPrefix("failed") || $0.hasPrefix("proven") })
  }

  @Test("where another builder could take the trial, it names the one that is meant")
  func otherBuilders() {
    var other = Builder(alias: "pi", address: "192.0.2.9", systems: ["x86_64-linux"])
    let named = "--builders 'ssh-ng://forge x86_64-linux - 1 1 kvm - -'"
    #expect(Summary(tested(others: [other]).wizard.session).command?.contains(named) == true)
    other.mandatoryFeatures = ["kvm"]
    #expect(
      Summary(tested(others: [other]).wizard.session).command?.contains("--builders") == false)
    other.mandatoryFeatures = []
    other.enabled = false
    #expect(
      Summary(tested(others: [other]).wizard.session).command?.contains("--builders") == false)
  }

  @Test("what is typed again says the program and the directory that were used")
  func again() {
    let command = OwnCommand(
      words: ["sudo", "/opt/nb/nix-builders"], directory: "/home/ada/our machines")
    let screen = tested(by: .written, size: Size(columns: 100, rows: 30), ownCommand: command)
      .screen
    #expect(
      screen.contains(
        "Open again           sudo /opt/nb/nix-builders --directory '/home/ada/our machines'"))
    #expect(
      Summary(tested(by: .written, ownCommand: command).wizard.session).command
        == "sudo /opt/nb/nix-builders test forge --build --written "
        + "--directory '/home/ada/our machines'")
  }

  @Test("practice says what becomes of its files, unless they stay")
  func practice() {
    let note = "They go with the practice machines."
    #expect(tested(isPractice: true).screen.contains(note))
    #expect(!tested(isPractice: true, keepsPracticeFiles: true).screen.contains(note))
    #expect(!tested().screen.contains(note))
  }

  // MARK: - Farewell

  /// After the files were written, what is left on the ordinary screen.
  private func farewell(_ driver: Driver, _ change: (inout Session) -> Void = { _ in }) -> String {
    var session = driver.wizard.session
    session.noteWritten(session.inventory, ["builders.json", "local.nix", "remote-forge.nix"])
    change(&session)
    return Farewell(session).text
  }

  @Test("the farewell tells what is left to do, and nothing that is done")
  func left() {
    let before = farewell(tested(by: .written)) { $0.proven = [:] }
    #expect(
      before == """
        Written to /etc/nixos/nix-builders: builders.json, local.nix, remote-forge.nix

        # on forge
        # its fragment
        /etc/nixos/nix-builders/remote-forge.nix
        # once, beside its configuration.nix
        imports = [ ./remote-forge.nix ];
        # then
        nixos-rebuild switch
        # on this machine
        # once, in a module of /etc/nixos
        imports = [ ./nix-builders/local.nix ];
        # then
        nixos-rebuild switch

        Open again: nix-builders
        """)
    let half = farewell(tested(by: .written)) { $0.noteApplied(.there("forge")) }
    #expect(half.contains("Applied on forge."))
    #expect(!half.contains("# on forge"))
    #expect(half.contains("# on this machine"))
    #expect(half.contains("Seen building, as it would be written: forge"))
    #expect(half.contains("Try it: nix-builders test forge --build --written\n"))
    let all = farewell(tested()) {
      $0.noteApplied(.there("forge"))
      $0.noteApplied(.here)
    }
    #expect(!all.contains("#"))
    #expect(all.contains("Seen building, as installed: forge"))
    #expect(all.contains("Try it: nix build -v --no-link"))
  }

  @Test("a builder whose last test build failed is not called seen building")
  func notSeen() {
    var driver = tested()
    driver.press(.escape)
    #expect(driver.wizard.step == .build)
    #expect(farewell(driver).contains("Seen building"))
    driver.press(.character("r"))
    driver.finish([failed(.build(system: "x86_64-linux"), "It is down."), Self.builds[1]])
    #expect(!farewell(driver).contains("Seen building"))
  }

  @Test("the farewell of practice says that its files are gone, and how they stay")
  func practiceFarewell() {
    let gone = farewell(
      tested(ownCommand: OwnCommand(words: ["nix-builders", "practice"]), isPractice: true))
    #expect(gone.contains("nix-builders practice --directory DIR keeps them in DIR."))
    #expect(gone.hasSuffix("Open again: nix-builders practice"))
    #expect(!gone.contains("Try it"))
    #expect(!farewell(tested(isPractice: true, keepsPracticeFiles: true)).contains("keeps them"))
  }
}
