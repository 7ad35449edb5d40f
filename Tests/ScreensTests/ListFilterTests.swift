import Builders
import Checks
import StateFiles
import Terminal
import Testing

@testable import Screens

@Suite("Finding builders in the list") struct ListFilterTests {
  private func driver(_ columns: Int = 80, _ rows: Int = 24) throws -> Driver {
    try ListColumnTests.driver(columns, rows)
  }

  /// The aliases that are shown, in order.
  private func shown(_ driver: Driver) -> [String] {
    let known = driver.wizard.session.inventory.builders.map(\.alias)
    return driver.screen.split(separator: "\n").dropFirst(2).filter {
      $0.hasPrefix("     ") || $0.hasPrefix(" ▸ ") || $0.hasPrefix("   ●")
    }
    .compactMap { line in
      line.split(separator: " ").map(String.init).first { known.contains($0) }
    }
  }

  @Test(
    "by outcome, by system, by whatever it says, and by what it has not",
    arguments: [
      ("built", ["forge"]), ("connected", ["pi"]), ("failed", ["hall"]), ("off", ["mac"]),
      ("untested", ["box"]), ("changed", ["old"]), ("fai", ["hall"]),
      ("!off !failed", ["forge", "pi", "box", "old"]),
      ("aarch64", ["pi", "mac"]), ("x86_64 !built", ["hall", "box", "old"]), ("on kvm", ["forge"]),
      ("undecided", []), ("unapplied", []), ("KVM", ["forge"]),
      ("!", ["forge", "pi", "mac", "hall", "box", "old"]),
      ("2200", ["pi"]),
    ])
  func words(text: String, expected: [String]) throws {
    var driver = try driver()
    driver.press(.character("f"))
    driver.type(text)
    driver.press(.enter)
    #expect(shown(driver) == expected)
    driver.press(.escape)
    #expect(shown(driver) == ["forge", "pi", "mac", "hall", "box", "old"])
  }

  @Test("says what is hidden and by what, at every size")
  func hidden() throws {
    for (columns, rows) in [(40, 12), (80, 24), (200, 60)] {
      var driver = try driver(columns, rows)
      driver.press(.character("f"))
      driver.type("failed  x86_64")
      #expect(driver.screen.contains("5 hidden by failed x86_64"))
      driver.press(.enter)
      #expect(driver.screen.contains("5 hidden by failed x86_64"))
      #expect(driver.screen.contains("Esc show all"))
      driver.press(.escape)
      #expect(!driver.screen.contains("hidden"))
    }
  }

  @Test("a filter that one types tells which words it knows")
  func typed() throws {
    var driver = try driver()
    driver.press(.character("f"))
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
        ⋮ 6
           filter failed, built, aarch64, kvm, !off …
           It knows built connected failed unapplied undecided changed untested off
           on, systems, features, names; ! before a word leaves out.

           forge is nixremote@192.0.2.7
           ✓ forge: test build passed 2 h ago · as installed · Nix 2.34.8 here · 1.20
             s


         Enter keep the filter   Esc show all   ↑↓ move   F1 help
        """)
  }

  @Test("follows what tests come to, and stays with the builder that one looks at")
  func follows() throws {
    var driver = try driver()
    driver.press(.down, .down, .down, .character("f"))
    driver.type("!built")
    driver.press(.enter)
    #expect(driver.screen.contains("▸   ✗ log in        2 d             hall "))
    let pi = driver.wizard.session.inventory.builders[1]
    let test = FinishedTest(
      kind: .build, builder: pi, source: .installed,
      results: [CheckResult(name: .connect, outcome: .passed, seconds: 1, detail: "")], seconds: 1,
      localNix: nil)
    let record = try #require(TestRecord(test, at: Moment(seconds: 1_000_000)))
    driver.tell(.remembered(alias: "pi", record))
    #expect(shown(driver) == ["mac", "hall", "box", "old"])
    #expect(driver.screen.contains("▸   ✗ log in        2 d             hall "))
  }

  @Test("/ goes to what one types, n and N to further ones, and Esc back to where one was")
  func find() throws {
    var driver = try driver()
    func selected() -> String {
      shown(driver)[
        driver.screen.split(separator: "\n").dropFirst(2).firstIndex { $0.hasPrefix(" ▸") }.map {
          $0 - 2
        } ?? 0]
    }
    driver.press(.down, .character("/"))
    driver.type("x86")
    #expect(selected() == "hall")
    #expect(shown(driver).count == 6)
    driver.press(.enter, .character("n"))
    #expect(selected() == "box")
    driver.press(.character("n"), .character("n"))
    #expect(selected() == "forge")
    driver.press(.character("N"))
    #expect(selected() == "old")
    driver.press(.character("/"))
    driver.type("mac")
    #expect(selected() == "mac")
    driver.press(.escape)
    #expect(selected() == "old")
    driver.press(.character("/"))
    driver.type("zebra")
    #expect(driver.screen.contains("None of those shown has “zebra”."))
  }

  @Test("Esc comes back to the list as it was left, from wherever it leads")
  func wayBack() throws {
    for key in "edmhH>IWwA" {
      var driver = try driver()
      driver.press(.character("f"))
      driver.type("x86_64")
      driver.press(.enter, .down, .character(" "))
      let before = driver.screen
      driver.press(.character(key))
      #expect(driver.screen != before, "\(key) leads nowhere")
      for _ in 0..<2 where driver.screen != before { driver.press(.escape) }
      #expect(driver.screen == before, "\(key) does not lead back")
    }
  }
}
