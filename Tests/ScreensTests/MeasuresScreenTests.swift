import Builders
import Checks
import Features
import Terminal
import Testing

@testable import Screens

@Suite("What is measured of a builder") struct MeasuresScreenTests {
  private func driver(_ columns: Int = 80, _ rows: Int = 24) -> Driver {
    var driver = Driver(inventory: .three, size: Size(columns: columns, rows: rows))
    driver.tell(.machine(.ready))
    driver.effects = []
    driver.press(.character("m"))
    return driver
  }

  /// The number of what is measured, and of which builder.
  private func measuring(_ driver: Driver) -> (run: Int, builder: Builder)? {
    for effect in driver.effects.reversed() {
      if case .measure(let run, let builder) = effect { return (run, builder) }
    }
    return nil
  }

  private let figures: Measures = {
    var measures = Measures()
    measures.roundTrip = 0.0253
    measures.copy = Measures.Copy(bytes: 64 << 20, seconds: 0.614)
    measures.emptyBuild = 0.843
    measures.processors = 32
    measures.speed = 1.42
    measures.disk = Measures.Disk(free: 38_000_000_000, total: 98_000_000_000)
    return measures
  }()

  /// The same of a builder beside this machine.
  private var near: Measures {
    var measures = figures
    measures.roundTrip = 0.0003
    return measures
  }

  private func finish(_ driver: inout Driver, _ measures: Measures) {
    guard let run = measuring(driver)?.run else {
      Issue.record("nothing is measured")
      return
    }
    driver.tell(.source(run: run, .installed), .measured(run: run, measures))
  }

  @Test("figures come in one after the other, and the one that is measured now is marked")
  func running() {
    var driver = driver()
    #expect(measuring(driver)?.builder.alias == "forge")
    var known = Measures()
    known.roundTrip = 0.0253
    driver.tell(
      .source(run: measuring(driver)?.run ?? 0, .installed),
      .measuring(run: measuring(driver)?.run ?? 0, .processors, known))
    #expect(
      driver.picture
        == """
         forge · measures · as installed

            round trip    ███████▏····················  25.3 ms
          · copying
          · empty build
          ⠸ processors    being measured
            max jobs                                    3  builds at once
          · speed
            speed factor                                2
          · disk used
          A full bar: 100 ms, 125 MB/s (a line of 1 Gbit/s), 10 s; the greater one
          of a pair.
        ⋮ 11
         x cancel   Esc builder list   ? help
        """)
  }

  @Test("are a picture with number and unit, above what they suggest")
  func picture() {
    var driver = driver()
    finish(&driver, figures)
    #expect(
      driver.picture
        == """
         forge · measures · as installed

            round trip    ███████▏····················  25.3 ms
            copying       ████████████████████████▌···  109 MB/s  67.1 MB in 0.61 s
            empty build   ██▍·························  0.84 s  that does nothing
            processors    ████████████████████████████  32
            max jobs      ██▋·························  3  builds at once
            speed         ███████████████████▉········  1.4 ×  this machine's
            speed factor  ████████████████████████████  2
            disk used     █████████████████▏··········  38.0 GB free  of 98.0 GB
          A full bar: 100 ms, 125 MB/s (a line of 1 Gbit/s), 10 s; the greater one
          of a pair.

          ○ processors: forge has 32 processors and takes 3 builds at once; a build
            seldom keeps more than a few of them busy.
            Set  max jobs of forge: 8
          ○ round trip and empty build: A round trip takes 25 ms, and a build that
            does nothing 0.8 s: logging in is a good part of that.
            Set  in the Host block of forge, by programs.ssh.extraConfig:
                 ControlMaster auto, ControlPath /run/ssh-%C, ControlPersist 60
        ⋮ 3
         r again   Enter take advice   Esc builder list   ? help
        """)
  }

  @Test("have short bars and no details in a low window")
  func low() {
    var driver = driver(40, 12)
    finish(&driver, figures)
    #expect(
      driver.picture
        == """
         forge · measures · as installed
            round trip    █···  25.3 ms
            copying       ███▌  109 MB/s
            empty build   ▍···  0.84 s
            processors    ████  32
            max jobs      ▍···  3
            speed         ██▉·  1.4 ×
            speed factor  ████  2
            disk used     ██▌·  38.0 GB free
          ○ processors: forge has 32
            processors and takes 3 builds at ↓
         r again   Enter take advice   ? help
        """)
  }

  @Test("have long bars in a large window")
  func large() {
    var driver = driver(200, 60)
    finish(&driver, figures)
    #expect(
      driver.picture
        == """
         forge · measures · as installed

            round trip    ███████████████▏············································  25.3 ms
            copying       ████████████████████████████████████████████████████▌·······  109 MB/s  67.1 MB in 0.61 s
            empty build   █████·······················································  0.84 s  that does nothing
            processors    ████████████████████████████████████████████████████████████  32
            max jobs      █████▋······················································  3  builds at once
            speed         ██████████████████████████████████████████▋·················  1.4 ×  this machine's
            speed factor  ████████████████████████████████████████████████████████████  2
            disk used     ████████████████████████████████████▊·······················  38.0 GB free  of 98.0 GB
          A full bar: 100 ms, 125 MB/s (a line of 1 Gbit/s), 10 s; the greater one of a pair.

          ○ processors: forge has 32 processors and takes 3 builds at once; a build seldom keeps more than a few of them busy.
            Set  max jobs of forge: 8
          ○ round trip and empty build: A round trip takes 25 ms, and a build that does nothing 0.8 s: logging in is a good part of that.
            Set  in the Host block of forge, by programs.ssh.extraConfig: ControlMaster auto, ControlPath /run/ssh-%C, ControlPersist 60
        ⋮ 43
         r again   Enter take advice   Esc builder list   ? help
        """)
  }

  @Test("in a low window the picture scrolls to the advice")
  func scrolling() {
    var driver = driver(40, 12)
    finish(&driver, near)
    #expect(!driver.screen.contains("Set "))
    driver.press(.end)
    #expect(driver.screen.contains("max jobs of forge: 8"))
  }

  @Test("what could not be measured has its reason, and what the builder keeps is told")
  func missing() {
    var driver = driver()
    var measures = figures
    for measure in [Measure.processors, .speed, .disk] {
      measures.missing[measure] = "the key serves Nix and nothing else"
    }
    (measures.processors, measures.speed, measures.disk) = (nil, nil, nil)
    measures.leftover = "/nix/store/0-data: over the protocol ssh it cannot delete"
    finish(&driver, measures)
    #expect(
      driver.picture
        == """
         forge · measures · as installed

            round trip    ███████▏····················  25.3 ms
            copying       ████████████████████████▌···  109 MB/s  67.1 MB in 0.61 s
            empty build   ██▍·························  0.84 s  that does nothing
          – processors    the key serves Nix and nothing else
            max jobs                                    3  builds at once
          – speed         the key serves Nix and nothing else
            speed factor                                2
          – disk used     the key serves Nix and nothing else
          A full bar: 100 ms, 125 MB/s (a line of 1 Gbit/s), 10 s; the greater one
          of a pair.

          ○ round trip and empty build: A round trip takes 25 ms, and a build that
            does nothing 0.8 s: logging in is a good part of that.
            Set  in the Host block of forge, by programs.ssh.extraConfig:
                 ControlMaster auto, ControlPath /run/ssh-%C, ControlPersist 60
          ○ Until its garbage is collected forge keeps /nix/store/0-data: over the
            protocol ssh it cannot delete
        ⋮ 4
         r again   Esc builder list   ? help
        """)
  }

  @Test("advice is taken as a change that can be undone")
  func advice() {
    var driver = driver()
    finish(&driver, figures)
    #expect(driver.screen.contains("Enter take advice"))
    driver.press(.enter)
    #expect(driver.wizard.session.inventory.builders[0].maxJobs == 8)
    #expect(driver.wizard.session.isChanged)
    #expect(driver.screen.contains("Taken: max jobs of forge: 8. w writes it"))
    #expect(!driver.screen.contains("take the advice"))
    driver.press(.escape, .character("u"))
    #expect(driver.screen.contains("Undone: the advice taken, max jobs of forge: 8."))
    #expect(driver.wizard.session.inventory == .three)
  }

  @Test("speed factors follow from the builders that were measured in this session")
  func speed() {
    var driver = driver()
    var measures = near
    measures.processors = 4
    finish(&driver, measures)
    #expect(driver.screen.contains("✓ Nothing that was measured speaks against what is set."))
    driver.press(.escape, .down, .character("m"))
    #expect(measuring(driver)?.builder.alias == "pi")
    measures.speed = 0.2
    finish(&driver, measures)
    #expect(driver.screen.contains("speed: A processor of forge is 7.1 times as fast"))
    driver.press(.enter)
    #expect(driver.wizard.session.inventory.builders.map(\.speedFactor) == [7, 1, 1])
    #expect(driver.wizard.session.inventory.builders.map(\.maxJobs) == [3, 2, 1])
  }

  @Test("x, Ctrl-C and Esc end it, and r begins anew")
  func cancelled() {
    for key in [Key.character("x"), .control("c"), .escape] {
      var driver = driver()
      let run = measuring(driver)?.run
      driver.press(key)
      let cancelled = driver.effects.compactMap { effect in
        if case .cancelRun(let run) = effect { run } else { nil }
      }
      #expect(cancelled == [run].compactMap(\.self))
      if key == .control("c") { driver.tell(.measured(run: run ?? 0, nil)) }
      if key != .escape { #expect(driver.screen.contains("✗ cancelled")) }
    }
    var driver = driver()
    let run = measuring(driver)?.run ?? 0
    driver.press(.character("x"))
    driver.tell(.measured(run: run, figures))
    #expect(driver.screen.contains("✗ cancelled"))
    #expect(!driver.screen.contains("25.3 ms"))
    #expect(driver.wizard.session.measures == [:])
    driver.press(.character("r"))
    #expect(measuring(driver)?.run != run)
    finish(&driver, figures)
    #expect(driver.screen.contains("25.3 ms"))
  }

  @Test("what was measured is shown again without measuring, until the builder is another")
  func again() {
    var driver = driver()
    finish(&driver, figures)
    driver.press(.enter, .escape)
    driver.effects = []
    driver.press(.character("m"))
    #expect(measuring(driver) == nil)
    #expect(driver.screen.contains("25.3 ms"))
    driver.press(.escape, .down, .character("m"))
    #expect(measuring(driver)?.builder.alias == "pi")
    #expect(!driver.screen.contains("25.3 ms"))
  }

  @Test("nothing but reasons sends one to the test")
  func unreachable() {
    var driver = driver()
    var measures = Measures()
    for measure in Measure.allCases { measures.missing[measure] = "no connection to port 22" }
    finish(&driver, measures)
    #expect(driver.screen.contains("✗ Nothing could be measured. t in the builder list"))
  }
}
