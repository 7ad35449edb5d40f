import Builders
import Checks
import Interface
import StateFiles
import Terminal
import Testing

@testable import Screens

@Suite("The columns of the builder list") struct ListColumnTests {
  private static let now = Moment(seconds: 1_000_000)
  private static let hour = 3600.0

  private static func record(
    _ kind: TestRecord.Kind, _ outcome: CheckResult.Outcome = .passed,
    _ name: CheckName = .connect, of builder: Builder, _ age: Double
  ) throws -> TestRecord {
    let result = CheckResult(name: name, outcome: outcome, seconds: 0.2, detail: "no")
    return try #require(
      TestRecord(
        FinishedTest(
          kind: kind, builder: builder, source: .installed, results: [result], seconds: 1.2,
          localNix: "2.34.8"), at: Moment(seconds: now.seconds - age)))
  }

  /// One of each outcome: built, connected, failed, changed, not tested, off.
  private static func inventory() -> Inventory {
    var inventory = Inventory.three
    for alias in ["hall", "box", "old"] {
      var builder = Builder(alias: alias, address: "\(alias).lan", systems: ["x86_64-linux"])
      builder.hostKey = SampleKey.line
      inventory.builders.append(builder)
    }
    inventory.builders[1].hostKey = SampleKey.line
    return inventory
  }

  static func driver(_ columns: Int, _ rows: Int) throws -> Driver {
    let inventory = inventory()
    let builders = inventory.builders
    var history = TestHistory()
    history.note(try record(.build, of: builders[0], 2 * hour), of: "forge")
    history.note(try record(.build, of: builders[1], 72 * hour), of: "pi")
    history.note(try record(.connection, of: builders[1], 5 * 60), of: "pi")
    history.note(try record(.connection, .failed, .login, of: builders[3], 50 * hour), of: "hall")
    var other = builders[5]
    other.port = 2222
    history.note(try record(.connection, of: other, hour), of: "old")
    var driver = Driver(inventory: inventory, size: Size(columns: columns, rows: rows))
    driver.tell(.machine(.ready), .recalled(history, now))
    driver.effects = []
    return driver
  }

  @Test("at 80 columns")
  func usual() throws {
    let driver = try Self.driver(80, 24)
    #expect(
      driver.picture == """
         nix-builders                                                 6 builders, 1 off
             outcome         when    built   alias     systems             jobs
         ▸   ✓ built         2 h     2 h     forge     x86_64 i686 -linux     3
             ✓ connected     5 min   3 d     pi        aarch64-linux          2
             – off                           mac       aarch64-darwin         1
             ✗ log in        2 d             hall      x86_64-linux           1
             · not tested                    box       x86_64-linux           1
             ○ out of date                   old       x86_64-linux           1
        ⋮ 10
           forge is nixremote@192.0.2.7
           ✓ forge: test build passed 2 h ago · as installed · Nix 2.34.8 here · 1.20
             s


         a add   e edit   t test   T test all   Space mark   f filter   / find   ? help
        """)
    #expect(driver.canvas.cursor == Position(column: 1, row: 2))
  }

  @Test("in the smallest window the outcome is there, and when that was")
  func small() throws {
    let driver = try Self.driver(40, 12)
    #expect(
      driver.picture == """
         nix-builders         6 builders, 1 off
             outcome         when    alias
         ▸   ✓ built         2 h     forge
             ✓ connected     5 min   pi
             – off                   mac
             ✗ log in        2 d     hall
             · not tested            box
             ○ out of date           old

           forge is nixremote@192.0.2.7
           ✓ forge: test build passed 2 h ago
         a add   e edit   t test   ? help
        """)
  }

  @Test("a wide window has the rest as well")
  func wide() throws {
    let driver = try Self.driver(200, 60)
    #expect(
      driver.picture == """
         nix-builders                                                                                                                                                                         6 builders, 1 off
             outcome         when    built   alias     where                systems             jobs  speed  features        how it was tested                                 key
         ▸   ✓ built         2 h     2 h     forge     nixremote@192.0.2.7  x86_64 i686 -linux     3      2  nixos-test kvm  as installed · Nix 2.34.8 here · 1.20 s           /root/.ssh/forge
             ✓ connected     5 min   3 d     pi        nix@pi.lan:2200      aarch64-linux          2      1                  as installed · Nix 2.34.8 here · 1.20 s           /root/.ssh/pi
             – off                           mac       builder@mac.lan      aarch64-darwin         1      1                                                                    /root/.ssh/mac
             ✗ log in        2 d             hall      nixremote@hall.lan   x86_64-linux           1      1                  as installed · Nix 2.34.8 here · 1.20 s           /root/.ssh/hall
             · not tested                    box       nixremote@box.lan    x86_64-linux           1      1                                                                    /root/.ssh/box
             ○ out of date                   old       nixremote@old.lan    x86_64-linux           1      1                                                                    /root/.ssh/old
        ⋮ 46
           ✓ forge: test build passed 2 h ago · as installed · Nix 2.34.8 here · 1.20 s
        ⋮ 4
         a add   e edit   t test   T test all   Space mark   f filter   b build   o on/off   / find   S sort   c duplicate   m measure   w write   > where a build goes   Esc back   ? help
        """)
  }

  @Test("outcomes are told apart without colour, and where there is nothing but ASCII")
  func signs() throws {
    let driver = try Self.driver(80, 24)
    let cells = driver.screen.split(separator: "\n").dropFirst(2).prefix(6).map {
      String($0.dropFirst(5).prefix(16)).split(separator: " ").joined(separator: " ")
    }
    #expect(
      cells == [
        "✓ built", "✓ connected", "– off", "✗ log in", "· not tested", "○ out of date",
      ])
    // The words alone tell them apart, whatever becomes of the signs.
    #expect(Set(cells.map { $0.drop { $0 != " " } }).count == 6)
  }

  @Test(
    "columns stand still while one tests, filters, sorts, marks and scrolls",
    arguments: [(40, 12), (60, 16), (80, 24), (120, 30), (200, 60)])
  func still(columns: Int, rows: Int) throws {
    var driver = try Self.driver(columns, rows)
    func header() -> String {
      String(driver.screen.split(separator: "\n").first { $0.contains("outcome") } ?? "")
    }
    let before = header()
    #expect(before.hasPrefix("     outcome"))
    driver.press(.character("T"))
    #expect(header() == before)
    let run = try #require(driver.lastRun)
    driver.tell(
      .source(run: run, .installed), .check(run: run, .started(.build(system: "aarch64-darwin"))))
    #expect(header() == before)
    driver.finish([.passed(.connect), .passed(.login)])
    #expect(header() == before)
    driver.press(.character("f"))
    driver.type("hall")
    #expect(header() == before)
    driver.type(" nobody has that")
    #expect(header() == before)
    driver.press(.escape, .character("S"), .end, .enter)
    #expect(header() == before)
    driver.press(.end, .character(" "), .home, .character(" "))
    #expect(header() == before)
    driver.press(.character("o"))
    #expect(header() == before)
  }

  // MARK: - What tests come to

  private func standing(_ records: (Builder) throws -> [TestRecord]) rethrows -> TestStanding {
    let forge = Inventory.three.builders[0]
    return TestStanding(of: forge, try records(forge).sorted { $0.at > $1.at })
  }

  @Test("a connection that works is not a build, and takes back no failed one")
  func decisive() throws {
    let connected = try standing { [try Self.record(.connection, of: $0, 60)] }
    #expect(connected.outcome == .connected)
    #expect(connected.proof == nil)
    let both = try standing {
      [try Self.record(.connection, of: $0, 60), try Self.record(.build, of: $0, 120)]
    }
    #expect(both.outcome == .connected)
    #expect(both.proof?.at == Moment(seconds: 999_880))
    let failed = try standing {
      [
        try Self.record(.connection, of: $0, 60),
        try Self.record(.build, .failed, .build(system: "i686-linux"), of: $0, 120),
      ]
    }
    #expect(failed.outcome == .failed)
    #expect(failed.decisive?.check == "build i686-linux")
    let mended = try standing {
      [try Self.record(.connection, .failed, of: $0, 120), try Self.record(.build, of: $0, 60)]
    }
    #expect(mended.outcome == .built)
    let package = try standing {
      [try Self.record(.package, of: $0, 60), try Self.record(.connection, of: $0, 120)]
    }
    #expect(package.outcome == .built)
  }

  @Test("what is known of other answers counts for nothing")
  func changed() throws {
    var other = Inventory.three.builders[0]
    other.user = "somebody"
    let standing = try standing { _ in [try Self.record(.build, of: other, 60)] }
    #expect(standing.outcome == .changed)
    #expect(standing.proof == nil)
    #expect(standing.decisive == nil)
  }

  @Test("what went well after a failed build is told below it")
  func since() throws {
    var driver = Driver(inventory: .three, size: Size(columns: 100, rows: 24))
    let forge = Inventory.three.builders[0]
    var history = TestHistory()
    history.note(
      try Self.record(.build, .failed, .build(system: "i686-linux"), of: forge, 7200), of: "forge")
    history.note(try Self.record(.connection, of: forge, 60), of: "forge")
    driver.tell(.recalled(history, Self.now))
    #expect(driver.screen.contains("✗ i686-linux    2 h "))
    #expect(driver.screen.contains("Since then: connection passed 1 min ago"))
  }
}
