import Builders
import Checks
import Features
import Fragments
import Terminal
import Testing

@testable import Screens

/// Answers that come after a newer question was asked, or after the screen was left.
@Suite("Late and crossed answers") struct LateAnswerTests {
  /// A plan that would write an inventory's local.nix.
  private func plan(_ inventory: Inventory) -> Result<[PlannedFile], OutputError> {
    let plan = OutputDirectory.Plan(
      fragment: inventory.localFragment(), standing: .missing, present: nil)
    return .success([PlannedFile(plan: plan, problem: nil)])
  }

  private func written(_ driver: Driver) -> Inventory? {
    driver.effects.lazy.compactMap { effect in
      if case .write(_, let inventory, _, _) = effect { inventory } else { nil }
    }.first
  }

  // MARK: - Writing

  @Test("what is shown is what is written: the plan of an inventory that has changed is dropped")
  func latePlan() {
    var driver = Driver(inventory: .three)
    let first = driver.wizard.session.inventory
    driver.press(.character("w"), .escape, .character("o"), .character("w"))
    let second = driver.wizard.session.inventory
    #expect(second.builders[0].enabled == false)
    #expect(driver.plans.count == 2)
    driver.tell(.planned(driver.plans[0], plan(first)))
    #expect(driver.screen.contains("Looking at what is there…"))
    #expect(!driver.screen.contains("local.nix"))
    driver.press(.enter)
    #expect(written(driver) == nil)
    driver.tell(.planned(driver.plans[1], plan(second)))
    #expect(driver.screen.contains("[local.nix new]"))
    driver.press(.enter)
    #expect(written(driver) == second)
  }

  @Test("the plan asked for last counts, whichever comes first; it is taken once")
  func crossedPlans() {
    var driver = Driver(inventory: .three)
    let first = driver.wizard.session.inventory
    driver.press(.character("w"), .escape, .character("o"), .character("w"))
    let second = driver.wizard.session.inventory
    driver.tell(.planned(driver.plans[1], plan(second)))
    let picture = driver.screen
    driver.tell(.planned(driver.plans[0], plan(first)))
    driver.tell(.planned(driver.plans[1], plan(first)))
    #expect(driver.screen == picture)
    driver.press(.enter)
    #expect(written(driver) == second)
  }

  @Test("whoever writes stays until it is told whether that worked")
  func waitingForWriting() {
    var driver = Driver(inventory: .three)
    driver.press(.character("o"), .character("w"))
    driver.answer(planned: plan(driver.wizard.session.inventory))
    driver.press(.enter, .escape)
    #expect(driver.wizard.step == .review)
    driver.answer(written: .failure(.unwritable(path: "/x/local.nix", reason: "No space left.")))
    #expect(driver.screen.contains("/x/local.nix cannot be written: No space left."))
    #expect(driver.wizard.session.isChanged)
    driver.press(.escape)
    #expect(driver.wizard.step == .builders)
  }

  @Test("that all was written is noted even where it may not survive a power cut, and told")
  func writtenUnsafely() {
    var driver = Driver(inventory: .three)
    driver.press(.character("o"), .character("w"))
    let inventory = driver.wizard.session.inventory
    driver.answer(planned: plan(inventory))
    driver.press(.enter)
    driver.answer(
      written: .failure(
        .writtenUnsafely(
          names: ["local.nix"], .unwritable(path: "/x", reason: "Input/output error."))))
    #expect(driver.wizard.step == .review)
    #expect(driver.screen.contains("All files were written, but they may be the old ones again"))
    #expect(driver.wizard.session.saved == inventory)
    #expect(!driver.wizard.session.isChanged)
  }

  // MARK: - Keys

  /// At the access screen of forge.
  private func accessing() -> Driver {
    var driver = Driver(inventory: .three, size: Size(columns: 100, rows: 30))
    driver.tell(.machine(.ready))
    driver.press(.enter)
    while driver.wizard.step == .edit, !driver.screen.contains("▸ Access") {
      let before = driver.screen
      driver.press(.down)
      if driver.screen == before { break }
    }
    driver.press(.enter)
    return driver
  }

  @Test("of two looks at one path the later counts")
  func lateKey() {
    var driver = accessing()
    #expect(driver.wizard.step == .access)
    driver.press(.tab)
    driver.type("x")
    driver.press(.backspace)
    #expect(driver.inspections.count == 3)
    driver.tell(.key(driver.inspections[2], .usable(publicKey: SampleKey.publicLine)))
    driver.tell(.key(driver.inspections[0], .absent), .key(driver.inspections[1], .absent))
    #expect(driver.screen.contains("✓ The key can be used"))
    #expect(driver.wizard.session.draft.builder.publicKey == SampleKey.publicLine)
  }

  @Test("a path that is typed and taken back has its key again, though no file is there")
  func pathTakenBack() {
    var driver = accessing()
    driver.wizard.session.draft.builder.publicKey = SampleKey.publicLine
    let before = driver.wizard.session.draft
    driver.press(.tab)
    driver.type("x")
    #expect(driver.wizard.session.draft.builder.keyPath != before.builder.keyPath)
    #expect(driver.wizard.session.draft.builder.publicKey == nil)
    driver.press(.backspace)
    driver.answer(key: .absent)
    #expect(driver.wizard.session.draft == before)
  }

  @Test("what was there before a key was made says nothing after that")
  func lookBeforeMaking() {
    var driver = accessing()
    driver.answer(key: .absent)
    driver.press(.enter)
    driver.press(.enter)
    driver.answer(keyCreated: .success(SampleKey.publicLine))
    for ticket in driver.inspections { driver.tell(.key(ticket, .absent)) }
    #expect(driver.screen.contains("✓ The key can be used"))
  }

  @Test("a key that is made when its builder was left goes to no other one")
  func keyOfAnother() {
    var driver = accessing()
    driver.answer(key: .absent)
    driver.press(.enter)
    driver.press(.enter)
    driver.press(.escape, .escape, .escape)
    while driver.wizard.step != .builders { driver.press(.escape) }
    driver.answer(keyCreated: .success("ssh-ed25519 AAAA another"))
    #expect(driver.wizard.session.draft.builder.publicKey == nil)
    #expect(!driver.wizard.session.hasUnsavedAnswers)
  }

  // MARK: - Import, drift

  @Test("an import into an inventory that has changed meanwhile is dropped")
  func lateImport() {
    func found(_ alias: String) -> ImportResult {
      var builder = Builder.sample
      builder.alias = alias
      var result = ImportResult(into: Inventory())
      result.builders = [builder]
      return result
    }
    var driver = Driver(inventory: .three)
    driver.press(.character("I"), .enter, .escape)
    while driver.wizard.step != .builders { driver.press(.escape) }
    driver.press(.character("o"), .character("I"), .enter)
    #expect(driver.imports.count == 2)
    driver.tell(.imported(driver.imports[0], found("early")))
    #expect(!driver.screen.contains("early"))
    driver.tell(.imported(driver.imports[1], found("later")))
    #expect(driver.screen.contains("[x] later"))
    driver.tell(.imported(driver.imports[0], found("early")))
    #expect(driver.screen.contains("[x] later"))
  }

  @Test("of two looks at the files the one asked for last counts")
  func lateSurvey() {
    func drift(_ name: String) -> Drift {
      let plan = OutputDirectory.Plan(
        fragment: Fragment(fileName: name, text: "a\n"), standing: .missing, present: nil)
      return Drift(
        files: [FileDrift(plan: plan, kind: .missing)],
        installed: InstalledDrift(differences: [], isInstalled: true))
    }
    var driver = Driver(inventory: .three, size: Size(columns: 100, rows: 24))
    driver.press(.character("d"))
    #expect(driver.surveys.count == 2)
    #expect(driver.screen.contains("Looking…"))
    driver.tell(.surveyed(driver.surveys[0], .success(drift("early.nix"))))
    #expect(driver.screen.contains("Looking…"))
    #expect(!driver.screen.contains("early.nix"))
    driver.tell(.surveyed(driver.surveys[1], .success(drift("later.nix"))))
    #expect(driver.screen.contains("later.nix"))
    driver.tell(.surveyed(driver.surveys[0], .failure(.unreadable(path: "/x", reason: "No."))))
    #expect(driver.screen.contains("later.nix"))
    #expect(!driver.screen.contains("cannot be read"))
    driver.press(.character("r"))
    driver.answer(surveyed: .failure(.unreadable(path: "/x", reason: "No.")))
    #expect(driver.screen.contains("✗ /x cannot be read: No."))
  }
}
