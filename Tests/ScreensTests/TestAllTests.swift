import Builders
import Checks
import StateFiles
import Terminal
import Testing

@testable import Screens

@Suite("Tests side by side") struct TestAllTests {
  /// Four builders, and so many more, watched by somebody.
  private func watching(
    _ count: Int = 4, columns: Int = 80, rows: Int = 24
  ) -> Driver {
    let builders = (0..<count).map { number in
      var builder = Builder(
        alias: number < 4 ? ["forge", "anvil", "pi", "mac"][number] : "b\(number)",
        address: "192.0.2.\(number % 250)", systems: ["x86_64-linux", "i686-linux"])
      builder.supportedFeatures = ["kvm"]
      return builder
    }
    var driver = Driver(
      inventory: Inventory(builders: builders), size: Size(columns: columns, rows: rows))
    driver.tell(.machine(.ready))
    driver.press(.character("W"))
    driver.effects = []
    return driver
  }

  private static let refused = CheckResult(
    name: .login, outcome: .failed, seconds: 0.2, detail: "refused",
    diagnosis: Diagnosis(
      .keyRefused, cause: "It does not know the key.", remedy: "Apply its fragment.",
      command: "nixos-rebuild switch", manual: "https://example.org/keys"))

  private func line(_ driver: Driver, with text: String) -> String {
    driver.screen.split(separator: "\n").first { $0.contains(text) }.map(String.init) ?? ""
  }

  // MARK: - Layout

  @Test("in 80×24 there are four panes, each with how its test stands and its last lines")
  func usualWindow() throws {
    var driver = watching()
    driver.press(.character("T"))
    #expect(driver.runs.map(\.alias) == ["forge", "anvil", "pi", "mac"])
    let runs = driver.runs.map(\.run)
    driver.tell(
      .source(run: runs[0], .installed), .check(run: runs[0], .started(.resolve)),
      .check(run: runs[0], .command(.resolve, "getent ahosts 192.0.2.0")),
      .check(run: runs[0], .output(.resolve, Array("192.0.2.0 RAW\nhalf a".utf8))),
      .check(run: runs[0], .finished(.passed(.resolve, "192.0.2.0"))),
      .check(run: runs[0], .started(.connect)))
    driver.end(runs[1], BuilderTest.connectionNames.map { .passed($0, "fine") })
    driver.end(runs[2], [Self.refused, .skipped(.store, "needs login")])
    driver.press(.down)
    #expect(
      driver.screen == """
         nix-builders · tests                  1 running, 1 waiting, 1 passed, 1 failed
           ⠋ forge                     2.70 s │    ✓ anvil                       1.42 s
             port 22 · 1 of 8 passed          │      8 of 8 passed
           $ getent ahosts 192.0.2.0          │    ✓ login: fine in 0.02 s
           192.0.2.0 RAW                      │    ✓ remote-nix: fine in 0.02 s
           half a                             │    ✓ store: fine in 0.02 s
           ✓ resolve: 192.0.2.0 in 0.02 s     │    ✓ trusted: fine in 0.02 s

         ▸ ✗ pi                        0.20 s │    · mac
             log in: refused                  │      waits for its turn
           ✗ login: refused in 0.20 s         │
           – store: needs login               │
                                              │
                                              │

         ──────────────────────────────────────────────────────────────────────────────
          ✗ pi, log in: refused
          Likely  It does not know the key.
          Do      Apply its fragment.
                  nixos-rebuild switch
          Manual  example.org/keys


         Enter log   Esc list   X cancel all   y copy   F failed again   ? help
        """)
  }

  @Test("a wide window has more of them, and each as wide as there is room")
  func wideWindow() {
    func names(_ driver: Driver, row: Int) -> [String] {
      driver.screen.split(separator: "\n", omittingEmptySubsequences: false)[row]
        .split(separator: "·").dropFirst().map {
          String($0.split(separator: " ").first ?? "")
        }
    }
    let many = watching(100, columns: 200, rows: 60)
    #expect(names(many, row: 1) == ["forge", "anvil", "pi", "mac", "b4"])
    #expect(names(many, row: 8) == ["b5", "b6", "b7", "b8", "b9"])
    #expect(names(many, row: 43) == ["b30", "b31", "b32", "b33", "b34"])
    #expect(many.screen.contains("1–35 of 100"))
    let six = watching(6, columns: 200, rows: 60)
    #expect(names(six, row: 1) == ["forge", "anvil", "pi"])
    #expect(names(six, row: 26) == ["mac", "b4", "b5"])
    let two = watching(2, columns: 200, rows: 60)
    #expect(names(two, row: 1) == ["forge", "anvil"])
    let column = names(two, row: 1).isEmpty ? nil : two.screen.firstColumn(of: "│")
    #expect(column == 98)
  }

  @Test("a small window has one pane, and what to do about its failure")
  func smallWindow() {
    var driver = watching(columns: 40, rows: 12)
    driver.press(.character("T"), .right, .right)
    driver.end(driver.runs[2].run, [Self.refused])
    #expect(
      driver.screen == """
         nix-builders · tests
         ▸ ✗ pi                          0.20 s
             log in: refused
           ✗ login: refused in 0.20 s



         ─────────────────────────── 3 of 4 ───
          ✗ pi, log in: refused
          Do      Apply its fragment.
                  nixos-rebuild switch
         Enter log   Esc list   y copy   ? help
        """)
  }

  @Test("every size from the smallest on can be drawn, with any number of panes")
  func anySize() {
    for count in [1, 2, 3, 5, 8] {
      var driver = watching(count)
      driver.press(.character("T"))
      for columns in stride(from: 40, through: 240, by: 13) {
        for rows in stride(from: 12, through: 70, by: 7) {
          driver.resize(columns, rows)
          #expect(driver.screen.contains("▸ · forge"), "\(count) in \(columns)×\(rows)")
        }
      }
    }
  }

  // MARK: - Keys

  @Test("keys go from pane to pane, page by page")
  func moving() {
    var driver = watching(10)
    func focused() -> String {
      driver.screen.split(separator: "▸").last.map {
        $0.split(whereSeparator: \.isWhitespace).dropFirst().first.map(String.init) ?? ""
      } ?? ""
    }
    var seen: [String] = []
    for key: Key in [
      .right, .down, .left, .up, .tab, .backTab, .backTab, .tab, .pageDown, .up, .end, .right,
      .home,
      .left,
    ] {
      driver.press(key)
      seen.append(focused())
    }
    #expect(
      seen == [
        "anvil", "mac", "pi", "forge", "anvil", "forge", "b9", "forge", "b4", "pi", "b9", "b9",
        "forge", "forge",
      ])
    driver.press(.pageDown)
    #expect(driver.screen.contains("5–8 of 10"))
    driver.press(.escape)
    #expect(driver.screen.contains("▸   · not tested                    b4 "))
    #expect(driver.wizard.step == .builders)
  }

  @Test("cancelling one leaves the others running")
  func cancelOne() {
    var driver = watching()
    driver.press(.character("B"), .right)
    #expect(driver.scopes == Array(repeating: [.builds], count: 4))
    let runs = driver.runs.map(\.run)
    driver.effects = []
    driver.press(.character("x"))
    #expect(driver.cancelled == [runs[1]])
    driver.end(runs[1], [.skipped(.build(system: "x86_64-linux"), "cancelled")])
    #expect(line(driver, with: "cancelled ·").contains("cancelled · 0 of 3 passed"))
    #expect(driver.screen.contains("3 waiting, 1 stopped"))
    driver.effects = []
    driver.press(.character("X"))
    #expect(driver.cancelled == [runs[0], runs[2], runs[3]])
    driver.effects = []
    driver.press(.control("c"))
    #expect(driver.cancelled == [runs[0], runs[2], runs[3]])
  }

  @Test("a check that takes too long is an outcome of its own")
  func timeOut() {
    var driver = watching()
    driver.press(.character("T"))
    var late = CheckResult(
      name: .login, outcome: .failed, seconds: 15, detail: "gave up after 15 s")
    late.gaveUpAfter = 15
    driver.end(driver.runs[0].run, [late])
    #expect(driver.screen.contains("3 waiting, 1 gave up"))
    #expect(driver.screen.contains("log in: gave up after 15 s"))
  }

  @Test("what failed is run again alone, and counts together with what had passed")
  func onlyFailed() throws {
    var driver = watching(2)
    driver.press(.character("B"))
    let runs = driver.runs.map(\.run)
    let names: [CheckName] = [
      .build(system: "x86_64-linux"), .build(system: "i686-linux"), .feature("kvm"),
    ]
    driver.end(
      runs[0],
      [
        .passed(names[0]), .passed(names[1]),
        CheckResult(name: names[2], outcome: .failed, seconds: 1, detail: "not built"),
      ], by: .installed)
    driver.end(runs[1], names.map { .passed($0) })
    driver.effects = []
    driver.press(.character("F"))
    #expect(driver.runs.map(\.alias) == ["forge"])
    #expect(driver.scopes == [[.only([.feature("kvm")])]])
    #expect(driver.sources == [.installed])
    #expect(driver.screen.contains("1 waiting, 1 passed"))
    driver.end(driver.runs[0].run, [.passed(names[2])], by: .installed)
    #expect(driver.screen.contains("2 passed"))
    #expect(driver.screen.contains("3 of 3 passed"))
    let remembered = driver.remembered.last
    #expect(remembered?.kind == .build)
    #expect(remembered?.results.map(\.name) == names)
    driver.effects = []
    driver.press(.character("F"))
    #expect(driver.runs.isEmpty)
  }

  @Test("with other answers than then, everything is run again")
  func changedBuilder() {
    var driver = watching(1)
    driver.press(.character("T"))
    driver.end(driver.runs[0].run, [.passed(.resolve), Self.refused])
    driver.press(.escape, .enter, .enter, .tab, .tab, .end)
    driver.type("2")
    driver.press(.escape, .escape, .character("W"))
    driver.effects = []
    driver.press(.character("F"))
    #expect(driver.scopes == [[.connection]])
  }

  @Test("] and [ go to those that failed")
  func nextFailure() {
    var driver = watching(10)
    driver.press(.character("T"))
    for number in [3, 8] { driver.end(driver.runs[number].run, [Self.refused]) }
    driver.press(.character("]"))
    #expect(driver.screen.contains("✗ mac, log in: refused"))
    driver.press(.character("]"))
    #expect(driver.screen.contains("✗ b8, log in: refused"))
    driver.press(.character("]"))
    #expect(driver.screen.contains("No other test failed on that side."))
    driver.press(.character("["))
    #expect(driver.screen.contains("✗ mac, log in: refused"))
  }

  @Test("y copies the command that mends it")
  func copying() {
    var driver = watching()
    driver.press(.character("T"))
    driver.end(driver.runs[0].run, [Self.refused])
    driver.effects = []
    driver.press(.character("y"))
    #expect(driver.copied == ["nixos-rebuild switch"])
    driver.press(.enter, .character("y"))
    #expect(driver.copied == ["nixos-rebuild switch", "nixos-rebuild switch"])
  }

  @Test("Enter shows the whole log, in which one searches, and Esc goes back")
  func wholeLog() {
    var driver = watching()
    driver.press(.character("T"))
    let run = driver.runs[0].run
    driver.tell(.check(run: run, .started(.resolve)))
    let lines = (1...50).map { "line \($0)\n" }.joined()
    driver.tell(.check(run: run, .output(.resolve, Array(lines.utf8))))
    driver.press(.enter)
    #expect(driver.screen.contains("│ line 50"))
    #expect(driver.screen.contains("following · line 50"))
    #expect(driver.screen.hasPrefix(" forge · test "))
    #expect(driver.screen.contains("x cancel   Esc all panes   "))
    driver.press(.character("/"))
    driver.type("line 7")
    // What is typed is no command.
    driver.type("x")
    driver.press(.backspace, .enter)
    driver.tick()
    #expect(driver.screen.contains("1 of 1 found"))
    #expect(driver.screen.contains("│ line 7\n"))
    driver.press(.escape)
    #expect(!driver.screen.contains("1 of 1 found"))
    driver.press(.escape)
    #expect(line(driver, with: "▸").contains(" forge "))
    // In the pane the end is in view, wherever one was in the whole log.
    #expect(driver.screen.contains("   line 50 "))
  }

  @Test("the mouse chooses a pane, and opens the one that is chosen")
  func mouse() throws {
    var driver = watching()
    driver.press(.character("T"))
    let target = try #require(driver.canvas.target(at: Position(column: 60, row: 10)))
    driver.effects += driver.wizard.receive(.press(target), now: 0)
    #expect(driver.screen.contains("▸ · mac"))
    driver.effects += driver.wizard.receive(.press(target), now: 0)
    #expect(driver.screen.contains("no lines yet"))
  }

  // MARK: - The list

  @Test("tests begun in the list are watched with what they have printed so far")
  func begunInList() {
    var driver = watching()
    driver.press(.escape, .down, .character("t"))
    let run = driver.runs[0].run
    driver.tell(
      .check(run: run, .started(.resolve)),
      .check(run: run, .command(.resolve, "getent ahosts 192.0.2.1")))
    #expect(line(driver, with: "? help").contains("W watch them"))
    driver.press(.character("W"))
    #expect(driver.screen.contains("$ getent ahosts 192.0.2.1"))
    #expect(line(driver, with: "▸").split(separator: "▸").last?.contains(" anvil ") == true)
  }

  @Test("tests go on in the list, and are shown there")
  func backInList() {
    var driver = watching()
    driver.press(.character("T"), .escape)
    #expect(driver.cancelled.isEmpty)
    driver.tell(.check(run: driver.runs[0].run, .started(.resolve)))
    #expect(driver.screen.contains("name"))
    #expect(driver.screen.contains("· waiting"))
    #expect(driver.screen.contains("x cancel the tests"))
  }

  @Test("what is off has no pane, and where all are off there is nothing to watch")
  func off() {
    var driver = watching(2)
    driver.press(.escape, .character("o"), .character("W"))
    #expect(!driver.screen.contains("forge"))
    driver.press(.escape, .down, .character("o"), .character("W"))
    #expect(driver.screen.contains("There is no builder to test: those here are off."))
  }

  @Test("a letter that means nothing here does nothing, and q does not end the program")
  func strayKeys() {
    var driver = watching()
    driver.type("qoidDewK")
    #expect(driver.effects.isEmpty)
    #expect(driver.screen.contains("nix-builders · tests"))
  }

  @Test("ten thousand builders are tested and watched without a wait")
  func many() {
    var driver = watching(10_000)
    let clock = ContinuousClock()
    driver.press(.character("T"))
    let runs = driver.runs.map(\.run)
    #expect(runs.count == 10_000)
    #expect(driver.screen.contains("10000 waiting"))
    let time = clock.measure {
      for run in runs.prefix(1000) {
        driver.tell(
          .source(run: run, .written), .check(run: run, .started(.login)),
          .check(run: run, .finished(Self.refused)), .ended(run: run))
        driver.effects = []
      }
    }
    #expect(driver.screen.contains("9000 waiting, 1000 failed"))
    // A copy of all tests for each message would take a minute.
    #expect(time < .seconds(10))
    driver.press(.end)
    #expect(driver.screen.contains("9997–10000 of 10000"))
  }
}

@Suite("One test at a time") struct TestScreenTests {
  @Test("F runs only what failed, and what had passed still counts")
  func onlyFailed() {
    var driver = Driver(inventory: .three, size: Size(columns: 100, rows: 24))
    driver.tell(.machine(.ready))
    driver.press(.enter, .end, .up, .enter)
    let names = BuilderTest.connectionNames
    let refused = CheckResult(
      name: .trusted, outcome: .failed, seconds: 0.1, detail: "not trusted",
      diagnosis: Diagnosis(
        .untrusted, cause: "It does not trust nixremote.", remedy: "Let it.",
        manual: "https://example.org/trusted-users"))
    driver.finish(names.dropLast().map { .passed($0) } + [refused], by: .installed)
    #expect(driver.screen.contains("Manual  example.org/trusted-users"))
    #expect(driver.screen.contains("F only what failed"))
    driver.effects = []
    driver.press(.character("F"))
    #expect(driver.scopes == [[.only([.trusted])]])
    #expect(driver.sources == [.installed])
    // The login and the store are asked again, since they hand it what it needs.
    #expect(driver.screen.contains("5 of 8 passed"))
    driver.finish([.passed(.login), .passed(.store), .passed(.trusted)], by: .installed)
    #expect(driver.screen.contains("8 of 8 passed"))
    #expect(driver.screen.contains("✓ forge answers, and trusts you."))
    #expect(!driver.screen.contains("F only what failed"))
    driver.effects = []
    driver.press(.character("F"))
    #expect(driver.runs.isEmpty)
  }

  @Test("where nothing has passed there is no part to run again")
  func allFailed() {
    var driver = Driver(inventory: .three)
    driver.press(.enter, .end, .up, .enter)
    driver.finish([CheckResult(name: .resolve, outcome: .failed, detail: "unknown")])
    #expect(!driver.screen.contains("only what failed"))
    #expect(driver.screen.contains("r again"))
  }
}

extension BuilderTest {
  fileprivate static let connectionNames = BuilderTest(
    builder: Builder(alias: "a", address: "a", systems: []), source: .written
  ).names(.connection)
}

extension CheckResult {
  fileprivate static func skipped(_ name: CheckName, _ reason: String) -> CheckResult {
    CheckResult(name: name, outcome: .skipped, detail: reason)
  }
}

extension String {
  /// The column of a character in the first line that has it.
  fileprivate func firstColumn(of character: Character) -> Int? {
    split(separator: "\n").first { $0.contains(character) }.flatMap { line in
      line.firstIndex(of: character).map { line.distance(from: line.startIndex, to: $0) }
    }
  }
}

extension Driver {
  /// The runs that were asked for, with the builders' aliases.
  fileprivate var runs: [(run: Int, alias: String)] {
    effects.compactMap { effect in
      if case .runChecks(let run, let builder, _, _) = effect { (run, builder.alias) } else { nil }
    }
  }

  fileprivate var scopes: [[BuilderTest.Scope]] {
    effects.compactMap { if case .runChecks(_, _, _, let scopes) = $0 { scopes } else { nil } }
  }

  fileprivate var sources: [BuilderTest.Source?] {
    effects.compactMap {
      if case .runChecks(_, _, let source, _) = $0 { .some(source) } else { nil }
    }
  }

  fileprivate var cancelled: [Int] {
    effects.compactMap { if case .cancelRun(let run) = $0 { run } else { nil } }
  }

  fileprivate var copied: [String] {
    effects.compactMap { if case .copy(let text) = $0 { text } else { nil } }
  }

  fileprivate var remembered: [FinishedTest] {
    effects.compactMap { if case .remember(let test) = $0 { test } else { nil } }
  }

  fileprivate mutating func end(
    _ run: Int, _ results: [CheckResult], by source: BuilderTest.Source = .written
  ) {
    tell(.source(run: run, source))
    for result in results {
      if result.outcome != .skipped { tell(.check(run: run, .started(result.name))) }
      tell(.check(run: run, .finished(result)))
    }
    tell(.ended(run: run))
  }

  fileprivate mutating func tick() { effects += wizard.receive(.tick, now: 0) }
}
