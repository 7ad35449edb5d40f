import Builders
import Checks
import Fragments
import StateFiles
import Terminal
import Testing

@testable import Screens

@Suite("Several builders at once") struct ListMarkTests {
  private func driver(_ columns: Int = 80, _ rows: Int = 24) throws -> Driver {
    try ListColumnTests.driver(columns, rows)
  }

  private func aliases(_ driver: Driver) -> [String] {
    driver.wizard.session.inventory.builders.map(\.alias)
  }

  private func tested(_ driver: Driver) -> [String] {
    driver.effects.compactMap { effect in
      if case .runChecks(_, let builder, _, _) = effect { builder.alias } else { nil }
    }
  }

  @Test("Space marks and moves on, and how many there are is told")
  func marking() throws {
    var driver = try driver()
    driver.press(.character(" "), .down, .character(" "))
    #expect(
      driver.picture == """
         nix-builders                                                 6 builders, 1 off
             outcome         when    built   alias     systems             jobs
           ● ✓ built         2 h     2 h     forge     x86_64 i686 -linux     3
             ✓ connected     5 min   3 d     pi        aarch64-linux          2
           ● – off                           mac       aarch64-darwin         1
         ▸   ✗ log in        2 d             hall      x86_64-linux           1
             · not tested                    box       x86_64-linux           1
             ○ out of date                   old       x86_64-linux           1
        ⋮ 9
           2 marked
           hall is nixremote@hall.lan
           ✗ hall: log in, so for 2 d. no
        ⋮ 3
         Esc unmark all   t test 2 marked   Space mark   b build on 2 marked   ? help
        """)
    driver.press(.up, .character(" "))
    #expect(driver.screen.contains("1 marked"))
    driver.press(.escape)
    #expect(!driver.screen.contains("marked"))
    #expect(driver.wizard.step == .builders)
  }

  @Test("Space changes no answer and starts nothing")
  func harmless() throws {
    var driver = try driver()
    driver.effects = []
    driver.press(.character(" "), .character(" "), .character(" "))
    #expect(driver.effects.isEmpty)
    #expect(!driver.wizard.session.hasUnsavedAnswers)
    driver.press(.escape, .character("f"))
    driver.type("nobody has that")
    driver.press(.enter, .character(" "))
    #expect(!driver.screen.contains("1 marked"))
  }

  @Test("* marks all that are shown, and none of them when they are")
  func all() throws {
    var driver = try driver()
    driver.press(.character("f"))
    driver.type("x86_64")
    driver.press(.enter, .character("*"))
    #expect(driver.screen.contains("2 hidden by x86_64 · 4 marked"))
    driver.press(.character("*"))
    #expect(!driver.screen.contains("marked"))
  }

  @Test("what a filter hides is told of and left alone")
  func hidden() throws {
    var driver = try driver()
    driver.press(.character(" "), .character(" "), .character("f"))
    driver.type("pi")
    driver.press(.enter)
    #expect(driver.screen.contains("5 hidden by pi · 1 marked · 1 marked out of sight, left alone"))
    driver.press(.character("t"))
    #expect(tested(driver) == ["pi"])
    driver.press(.delete, .down, .enter)
    #expect(aliases(driver) == ["forge", "mac", "hall", "box", "old"])
  }

  @Test("tests and test builds are of those that are marked, also of what is off")
  func testing() throws {
    var driver = try driver()
    driver.press(.character(" "), .down, .character(" "), .character("t"))
    #expect(tested(driver) == ["forge", "mac"])
    driver.effects = []
    driver.press(.character("b"))
    #expect(tested(driver) == ["forge", "mac"])
    let scopes = driver.effects.compactMap { effect in
      if case .runChecks(_, _, _, let scopes) = effect { scopes } else { nil }
    }
    #expect(scopes == [[.builds], [.builds]])
  }

  @Test("on/off makes them alike, and is one change")
  func turning() throws {
    var driver = try driver()
    let before = driver.wizard.session.inventory
    func on() -> [String] { driver.wizard.session.inventory.enabledBuilders.map(\.alias) }
    driver.press(.character(" "), .down, .character(" "), .character("o"))
    #expect(on() == ["forge", "pi", "mac", "hall", "box", "old"])
    driver.press(.character("o"))
    #expect(on() == ["pi", "hall", "box", "old"])
    driver.press(.character("u"))
    #expect(driver.screen.contains("Undone: forge, mac turned off."))
    driver.press(.character("u"))
    #expect(driver.wizard.session.inventory == before)
  }

  @Test("deleting asks with the names, and is taken back as a whole, marks included")
  func deleting() throws {
    var driver = try driver()
    let before = driver.wizard.session.inventory
    driver.press(.character(" "), .down, .character(" "), .character(" "), .delete)
    #expect(
      driver.picture == """
         nix-builders                                                 6 builders, 1 off
             outcome         when    built   alias     systems             jobs
           ● ✓ built         2 h     2 h     forge     x86_64 i686 -linux     3
             ✓ connected     5 min   3 d     pi        aarch64-linux          2
           ● – off                           mac       aarch64-darwin         1
           ● ✗ log in        2 d             hall      x86_64-linux           1
         ▸   · not tested        ┌────────────────────────────┐inux           1
             ○ out of date       │                            │inux           1
                                 │  Delete these 3 builders?  │
                                 │                            │
                                 │  forge, mac, hall          │
                                 │  u brings them back.       │
                                 │                            │
                                 │  ▸ Keep them               │
                                 │    Delete them             │
                                 │                            │
                                 └────────────────────────────┘
           3 marked
           box is nixremote@box.lan
        ⋮ 4
         Esc back   ? help
        """)
    driver.press(.enter)
    #expect(driver.wizard.session.inventory == before)
    driver.press(.character("D"), .down, .enter)
    #expect(aliases(driver) == ["pi", "box", "old"])
    #expect(driver.screen.contains("forge, mac, hall are deleted. u brings them back."))
    driver.press(.character("u"))
    #expect(driver.wizard.session.inventory == before)
    #expect(driver.screen.contains("3 marked"))
    driver.press(.control("r"))
    #expect(aliases(driver) == ["pi", "box", "old"])
  }

  @Test("Esc and Enter at the question delete nothing, and many names are cut")
  func asking() throws {
    var driver = Driver(inventory: .many(30), size: Size(columns: 80, rows: 24))
    driver.press(.character("*"), .delete)
    #expect(driver.screen.contains("Delete these 30 builders?"))
    #expect(driver.screen.contains("b19 and 10 more"))
    driver.press(.escape)
    #expect(aliases(driver).count == 30)
  }

  // MARK: - Copying

  private func copied(_ driver: Driver) -> String? {
    driver.effects.lazy.compactMap { effect in
      if case .copy(let text) = effect { text } else { nil }
    }.first
  }

  @Test("y copies the line of the chosen one, or those of all that are marked, and shows it")
  func lines() throws {
    var driver = try driver(120)
    driver.press(.down, .character("y"))
    #expect(copied(driver) == driver.wizard.session.inventory.builders[1].machineLine)
    #expect(driver.screen.contains("To the clipboard: ssh-ng://pi aarch64-linux - 2 1 - - "))
    driver.effects = []
    driver.press(.character(" "), .character(" "), .character("y"))
    #expect(
      copied(driver)?.split(separator: "\n").map { $0.prefix(13) } == [
        "ssh-ng://pi a", "ssh-ng://mac ",
      ])
    #expect(driver.screen.contains("To the clipboard: 2 lines, “ssh-ng://pi"))
  }

  @Test("where a command would mend what failed, y copies that")
  func command() throws {
    var driver = try driver()
    driver.press(.character("t"))
    let diagnosis = Diagnosis(
      .keyRefused, cause: "It does not know the key.", remedy: "Apply it.",
      command: "nixos-rebuild switch")
    driver.finish([
      CheckResult(
        name: .login, outcome: .failed, seconds: 0.2, detail: "refused", diagnosis: diagnosis)
    ])
    driver.effects = []
    driver.press(.character("y"))
    #expect(copied(driver) == "nixos-rebuild switch")
  }

  // MARK: - Applying

  @Test("A applies those that are marked one after the other, and comes back to the list")
  func applying() throws {
    var driver = try driver()
    driver.press(.down, .character(" "), .down, .character(" "), .character("A"))
    #expect(driver.wizard.step == .applying)
    #expect(driver.screen.contains("applying on pi"))
    #expect(driver.wizard.session.targetsToApply == [.there("pi"), .there("hall")])
    driver.wizard.session.noteApplied(.there("pi"))
    #expect(driver.wizard.session.goOnApplying(after: .there("pi")) == .to(.applying))
    #expect(driver.wizard.session.applying == .there("hall"))
    driver.wizard.session.noteApplied(.there("hall"))
    #expect(driver.wizard.session.goOnApplying(after: .there("hall")) == .home)
    driver.press(.escape)
    #expect(driver.wizard.step == .builders)
    #expect(driver.wizard.session.chosenToApply == nil)
  }

  @Test("what is not written or is off is not applied, and the reason is told")
  func notApplied() throws {
    var driver = try driver()
    driver.press(.down, .down, .character("A"))
    #expect(driver.screen.contains("apply: not now, what is off is not applied"))
    driver.press(.character("o"), .character("A"))
    #expect(driver.screen.contains("apply: not now, w writes what was changed first"))
    #expect(driver.wizard.step == .builders)
  }
}
