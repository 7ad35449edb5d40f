import Builders
import Checks
import StateFiles
import Terminal
import Testing

@testable import Screens

@Suite("The builder list") struct BuilderListTests {
  private func driver(_ inventory: Inventory = .three, columns: Int = 100) -> Driver {
    var driver = Driver(inventory: inventory, size: Size(columns: columns, rows: 24))
    driver.tell(.machine(.ready), .recalled(TestHistory(), Moment(seconds: 1_000_000)))
    driver.effects = []
    return driver
  }

  private func aliases(_ driver: Driver) -> [String] {
    driver.wizard.session.inventory.builders.map(\.alias)
  }

  /// The aliases in the order in which the screen shows them.
  private func shown(_ driver: Driver) -> [String] {
    driver.screen.split(separator: "\n").dropFirst(2).compactMap { line in
      let words = line.split(separator: " ").filter { $0 != "▸" }
      guard let place = words.firstIndex(where: { $0.contains("@") }), place > 0 else { return nil }
      return String(words[place - 1])
    }
  }

  @Test("is the program's home once there are builders")
  func home() {
    #expect(
      driver().screen.split(separator: "\n", omittingEmptySubsequences: false).prefix(5)
        .joined(separator: "\n")
          == """
           nix-builders                                                                     3 builders, 1 off
               outcome         when    built   alias     where                systems             jobs
           ▸   · not tested                    forge     nixremote@192.0.2.7  x86_64 i686 -linux     3
               · not tested                    pi        nix@pi.lan:2200      aarch64-linux          2
               – off                           mac       builder@mac.lan      aarch64-darwin         1
          """.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n"))
  }

  // MARK: - Changing

  @Test("each change can be undone and made again")
  func undo() {
    var driver = driver()
    let changes: [(Key, [String])] = [
      (.character("c"), ["forge", "forge-2", "pi", "mac"]), (.delete, ["forge", "pi", "mac"]),
      (.character("J"), ["forge", "mac", "pi"]), (.character("o"), ["forge", "mac", "pi"]),
    ]
    for (key, expected) in changes {
      driver.press(key)
      #expect(aliases(driver) == expected)
    }
    let last = driver.wizard.session.inventory
    #expect(driver.screen.contains("changes not written"))
    driver.press(.character("u"), .character("u"), .character("u"), .character("u"))
    #expect(driver.wizard.session.inventory == .three)
    #expect(!driver.screen.contains("changes not written"))
    driver.press(.control("r"), .control("r"), .control("r"), .control("r"))
    #expect(driver.wizard.session.inventory == last)
  }

  @Test("a copy is switched off, and its name is free")
  func duplicate() {
    var driver = driver()
    driver.press(.character("c"), .up, .character("c"))
    #expect(aliases(driver) == ["forge", "forge-3", "forge-2", "pi", "mac"])
    #expect(!driver.wizard.session.inventory.builders[1].enabled)
  }

  @Test("the last builder that is deleted can be brought back")
  func deleteAll() {
    var driver = driver()
    driver.press(.delete, .delete, .delete)
    #expect(driver.wizard.step == .builders)
    #expect(driver.screen.contains("No builders. a adds one."))
    #expect(driver.screen.contains("mac is deleted. u brings it back."))
    driver.press(.character("u"), .character("u"), .character("u"))
    #expect(driver.wizard.session.inventory == .three)
  }

  @Test("what was edited is one change in the list")
  func edited() {
    var driver = driver()
    driver.press(.enter)
    #expect(driver.wizard.step == .edit)
    driver.press(.enter, .tab, .tab, .end, .control("u"))
    driver.type("2222")
    driver.press(.escape, .escape)
    #expect(driver.wizard.step == .builders)
    #expect(driver.wizard.session.inventory.builders[0].port == 2222)
    driver.press(.character("u"))
    #expect(driver.screen.contains("Undone: forge edited."))
    #expect(driver.wizard.session.inventory == .three)
  }

  @Test("a rename begins at the alias, and is called so")
  func rename() {
    var driver = driver()
    driver.press(.function(2))
    #expect(driver.wizard.step == .address)
    driver.press(.control("u"))
    driver.type("anvil")
    driver.press(.escape)
    #expect(driver.wizard.step == .builders)
    #expect(aliases(driver) == ["anvil", "pi", "mac"])
    driver.press(.character("u"))
    #expect(driver.screen.contains("Undone: forge renamed to anvil."))
  }

  @Test("a builder that was only begun is put aside, and gone on with")
  func shelved() {
    var driver = driver()
    driver.press(.character("a"), .tab)
    driver.type("anvil")
    driver.press(.backTab)
    driver.type("not an address")
    driver.press(.escape)
    #expect(driver.wizard.step == .builders)
    #expect(aliases(driver) == ["forge", "pi", "mac"])
    #expect(driver.screen.contains("anvil is begun and not complete. a goes on with it"))
    driver.press(.character("a"))
    #expect(driver.screen.contains("not an address"))
    driver.press(.escape, .enter, .escape)
    driver.press(.character("a"))
    #expect(driver.wizard.session.draft.builder.alias == "anvil")
    #expect(driver.wizard.step == .address)
    driver.press(.escape, .character("U"))
    #expect(!driver.wizard.session.hasUnsavedAnswers)
  }

  @Test("w shows what is written, and Esc comes back from it")
  func write() {
    var driver = driver()
    driver.press(.character("o"))
    driver.effects = []
    driver.press(.character("w"))
    #expect(driver.wizard.step == .review)
    guard case .plan(_, let inventory)? = driver.effects.first else {
      Issue.record("nothing was planned")
      return
    }
    #expect(inventory.builders.map(\.enabled) == [false, true, false])
    driver.press(.escape)
    #expect(driver.wizard.step == .builders)
    driver.press(.character("w"))
    driver.write()
    #expect(driver.wizard.step == .apply)
    #expect(!driver.wizard.session.hasUnsavedAnswers)
  }

  @Test("undoing after writing is a change that is not written")
  func undoAfterWriting() {
    var driver = driver()
    driver.press(.character("o"), .character("w"))
    driver.write()
    #expect(driver.screen.contains("▸ Apply it here"))
    driver.press(.down, .enter)
    #expect(driver.wizard.step == .builders)
    driver.press(.character("u"))
    #expect(driver.wizard.session.inventory == .three)
    #expect(driver.screen.contains("changes not written"))
  }

  // MARK: - Finding

  @Test("filters as one types, and finds its way back")
  func filter() {
    var driver = driver()
    driver.press(.down, .character("f"))
    driver.type("lan")
    #expect(shown(driver) == ["pi", "mac"])
    #expect(driver.screen.contains("2 of 3 builders"))
    driver.type(" off")
    #expect(shown(driver) == ["mac"])
    driver.press(.backspace, .backspace, .backspace, .backspace)
    #expect(shown(driver) == ["pi", "mac"])
    driver.press(.control("u"))
    driver.type("KVM")
    #expect(shown(driver) == ["forge"])
    driver.press(.enter, .character("o"))
    #expect(!driver.wizard.session.inventory.builders[0].enabled)
    driver.press(.escape)
    #expect(shown(driver) == ["forge", "pi", "mac"])
    driver.press(.character("f"))
    driver.type("nothing has that")
    #expect(driver.screen.contains("None of them has that."))
    driver.press(.enter, .enter, .character("c"), .delete)
    #expect(aliases(driver) == ["forge", "pi", "mac"])
  }

  @Test("letters are text while one types a filter")
  func typing() {
    var driver = driver()
    driver.press(.character("f"))
    driver.type("qco?")
    #expect(aliases(driver) == ["forge", "pi", "mac"])
    #expect(driver.screen.contains("qco?"))
    #expect(driver.effects.isEmpty)
  }

  @Test(
    "sorts by what one chooses",
    arguments: [
      (0, ["forge", "pi", "mac"]), (1, ["forge", "mac", "pi"]), (2, ["forge", "mac", "pi"]),
      (3, ["mac", "pi", "forge"]), (4, ["forge", "pi", "mac"]), (5, ["forge", "pi", "mac"]),
    ])
  func sort(choice: Int, expected: [String]) {
    var driver = driver()
    driver.press(.character("S"))
    for _ in 0..<choice { driver.press(.character("S")) }
    driver.press(.enter)
    #expect(shown(driver) == expected)
  }

  @Test("acts on the builder that is selected, however the list is sorted")
  func sortedSelection() {
    var driver = driver()
    driver.press(.character("S"), .down, .enter, .end, .character("o"))
    let off = driver.wizard.session.inventory.builders.filter { !$0.enabled }.map(\.alias)
    #expect(off == ["pi", "mac"])
    driver.press(.character("K"))
    #expect(aliases(driver) == ["forge", "pi", "mac"])
    #expect(driver.screen.contains("in their own order: leave sorting"))
  }

  @Test("the mouse selects, and opens what is selected")
  func mouse() {
    var driver = driver()
    guard let target = driver.canvas.target(at: Position(column: 5, row: 3)) else {
      Issue.record("the second row does not react")
      return
    }
    driver.effects += driver.wizard.receive(.press(target), now: 0)
    #expect(driver.wizard.step == .builders)
    driver.effects += driver.wizard.receive(.press(target), now: 0)
    #expect(driver.wizard.step == .edit)
    #expect(driver.wizard.session.name == "pi")
  }

  // MARK: - Testing

  private static let failure = CheckResult(
    name: .login, outcome: .failed, seconds: 0.2, detail: "refused",
    diagnosis: Diagnosis(.keyRefused, cause: "It does not know the key.", remedy: "Apply it.")
  )

  private func record(
    _ results: [CheckResult], of builder: Builder, at seconds: Double
  ) throws -> TestRecord {
    try #require(
      TestRecord(
        FinishedTest(
          kind: .connection, builder: builder, source: .installed, results: results, seconds: 1.2,
          localNix: "2.34.8"), at: Moment(seconds: seconds)))
  }

  @Test("tests are shown live, and what comes of them is remembered")
  func testing() throws {
    var driver = driver()
    driver.press(.character("t"))
    #expect(driver.screen.contains("· waiting"))
    let run = try #require(driver.lastRun)
    driver.tell(.source(run: run, .installed), .check(run: run, .started(.connect)))
    #expect(driver.screen.contains("port 22"))
    driver.finish([.passed(.connect), Self.failure])
    let test = try #require(
      driver.effects.lazy.compactMap { effect -> FinishedTest? in
        if case .remember(let test) = effect { test } else { nil }
      }.first)
    #expect(test.builder.alias == "forge")
    #expect(test.kind == .connection)
    #expect(test.results.map(\.name) == [.connect, .login])
    let record = try #require(TestRecord(test, at: Moment(seconds: 1_000_000)))
    driver.tell(.remembered(alias: "forge", record))
    #expect(driver.screen.contains("✗ log in        now "))
    #expect(driver.screen.contains("✗ forge: log in. It does not know the key."))
    #expect(driver.screen.contains("Do  Apply it."))
    driver.press(.character("v"))
    #expect(driver.screen.contains("What was printed"))
  }

  @Test("tests of all leave out what is off, and what is filtered away")
  func testAll() {
    func tested(_ driver: Driver) -> [String] {
      driver.effects.compactMap { effect in
        if case .runChecks(_, let builder, _, _) = effect { builder.alias } else { nil }
      }
    }
    var driver = driver()
    driver.press(.character("T"))
    #expect(tested(driver) == ["forge", "pi"])
    driver.effects = []
    driver.press(.character("x"))
    #expect(driver.effects.count { if case .cancelRun = $0 { true } else { false } } == 2)
    driver.press(.character("f"))
    driver.type("pi")
    driver.effects = []
    driver.press(.enter, .character("T"))
    #expect(tested(driver) == ["pi"])
  }

  @Test("results of earlier sessions are shown with their age")
  func ages() throws {
    var driver = Driver(inventory: .three, size: Size(columns: 100, rows: 24))
    let builders = Inventory.three.builders
    var history = TestHistory()
    history.note(
      try record([.passed(.connect)], of: builders[0], at: 1_000_000 - 2 * 3600), of: "forge")
    history.note(try record([Self.failure], of: builders[1], at: 1_000_000 - 5 * 86400), of: "pi")
    history.note(try record([Self.failure], of: builders[1], at: 1_000_000 - 3 * 86400), of: "pi")
    driver.tell(.recalled(history, Moment(seconds: 1_000_000)))
    #expect(driver.screen.contains("✓ connected     2 h "))
    #expect(driver.screen.contains("✗ log in        3 d "))
    #expect(
      driver.screen.contains("✓ forge: connection passed 2 h ago · as installed · Nix 2.34.8"))
    driver.press(.down)
    #expect(driver.screen.contains("✗ pi: log in, so for 5 d. It does not know the key."))
  }

  @Test("a result is out of date once the builder has changed, and again valid when undone")
  func outOfDate() throws {
    var driver = driver()
    let pi = Inventory.three.builders[1]
    driver.tell(.remembered(alias: "pi", try record([.passed(.connect)], of: pi, at: 1_000_000)))
    #expect(driver.screen.contains("✓ connected     now "))
    driver.press(.down, .enter, .enter, .tab, .tab, .end, .backspace, .escape, .escape)
    #expect(driver.wizard.session.inventory.builders[1].port == 220)
    #expect(driver.screen.contains("○ out of date"))
    #expect(driver.screen.contains("t tests it again"))
    driver.press(.character("u"))
    #expect(driver.screen.contains("✓ connected     now "))
  }

  @Test("results of the list are not taken for those of the builder that is edited")
  func apart() throws {
    var driver = driver()
    driver.press(.character("t"))
    let run = try #require(driver.lastRun)
    driver.press(.down, .enter)
    driver.tell(
      .check(run: run, .started(.login)), .check(run: run, .finished(.passed(.login))),
      .ended(run: run))
    #expect(driver.wizard.session.results[.login] == nil)
  }

  // MARK: - Others

  @Test("a second window says who has the first")
  func otherWindow() {
    var driver = Driver(
      inventory: .three,
      otherWindow: WindowOwner(
        process: 4711, user: "root", terminal: "/dev/pts/2", since: Moment(seconds: 996_400)))
    driver.tell(.time(Moment(seconds: 1_000_000)))
    #expect(driver.screen.contains("Also open in process 4711 of root on /dev/pts/2, for 1 h."))
    driver.press(.character("o"), .character("q"))
    #expect(driver.screen.contains("Quit without them"))
    #expect(!driver.screen.contains("the next time"))
  }

  @Test("ten thousand builders are all there")
  func many() {
    var driver = driver(.many(10_000))
    #expect(driver.screen.contains("10000 builders"))
    driver.press(.end)
    #expect(driver.screen.contains("b9999"))
    driver.press(.character("f"))
    driver.type("b123")
    #expect(driver.screen.contains("11 of 10000 builders"))
  }
}
