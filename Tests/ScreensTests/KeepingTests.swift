import Builders
import Fragments
import StateFiles
import Terminal
import Testing

@testable import Screens

@Suite("Unsaved answers") struct KeepingTests {
  private func kept(_ driver: Driver) -> [UnsavedChanges?] {
    driver.effects.compactMap { effect -> UnsavedChanges?? in
      switch effect {
      case .keepUnsaved(let changes): .some(changes)
      case .dropUnsaved: .some(nil)
      default: nil
      }
    }
  }

  @Test("are kept whenever they have changed, and only then")
  func changes() {
    var driver = Driver(inventory: .three)
    #expect(kept(driver).isEmpty)
    driver.press(.down, .up, .character("o"))
    #expect(kept(driver).count == 1)
    #expect(kept(driver)[0]?.inventory?.before == .three)
    #expect(kept(driver)[0]?.inventory?.after.builders[0].enabled == false)
    #expect(kept(driver)[0]?.draft == nil)
    driver.effects = []
    driver.press(.down, .up)
    #expect(kept(driver).isEmpty)
    driver.press(.character("u"))
    #expect(kept(driver) == [nil])
  }

  @Test("of a form are kept with every key")
  func drafts() {
    var driver = Driver()
    driver.press(.enter, .tab)
    driver.type("fo")
    #expect(kept(driver).map { $0?.draft?.builder.alias } == ["f", "fo"])
    #expect(kept(driver).last??.draft?.edited == nil)
    #expect(kept(driver).last??.inventory == nil)
  }

  @Test("of an edited builder say which one it is")
  func edited() {
    var driver = Driver(inventory: .three)
    driver.press(.down, .function(2))
    driver.type("2")
    #expect(kept(driver).last??.draft?.builder.alias == "pi2")
    #expect(kept(driver).last??.draft?.edited == "pi")
  }

  @Test("are not kept any longer once they are written")
  func written() {
    var driver = Driver(inventory: .three)
    driver.press(.character("o"), .character("w"))
    driver.effects = []
    driver.write()
    #expect(kept(driver) == [nil])
  }

  // MARK: - The next start

  private static let turnedOff: UnsavedChanges = {
    var after = Inventory.three
    after.builders[0].enabled = false
    return UnsavedChanges(inventory: UnsavedChanges.Edit(before: .three, after: after))
  }()

  private func restarted(
    _ changes: UnsavedChanges, on inventory: Inventory? = .three, isOutdated: Bool = false
  ) -> Driver {
    var driver = Driver(
      inventory: inventory,
      kept: KeptChanges(
        changes: changes, at: Moment(seconds: 1_000_000 - 600), isOutdated: isOutdated))
    driver.tell(.time(Moment(seconds: 1_000_000)))
    return driver
  }

  @Test("are offered with their age, and taken up")
  func takeUp() {
    var driver = restarted(Self.turnedOff)
    #expect(driver.screen.contains("Take up the changes of 10 min ago?"))
    #expect(driver.screen.contains("forge: turned off"))
    #expect(kept(driver).isEmpty)
    driver.press(.enter)
    #expect(driver.wizard.session.inventory == Self.turnedOff.inventory?.after)
    #expect(driver.wizard.session.saved == .three)
    #expect(driver.screen.contains("changes not written"))
    #expect(kept(driver).last == Self.turnedOff)
    driver.press(.character("u"))
    #expect(driver.wizard.session.inventory == .three)
  }

  @Test("are dropped when that is chosen, and Esc does not choose it")
  func drop() {
    var driver = restarted(Self.turnedOff)
    driver.press(.escape)
    #expect(driver.wizard.session.isChanged)
    driver = restarted(Self.turnedOff)
    driver.press(.down, .enter)
    #expect(!driver.wizard.session.isChanged)
    #expect(kept(driver) == [nil])
  }

  @Test("stay for later when the person leaves without an answer")
  func undecided() {
    var driver = restarted(Self.turnedOff)
    driver.press(.control("c"))
    #expect(driver.effects.contains { if case .quit = $0 { true } else { false } })
    guard case .untouched = driver.wizard.session.leftover(isWanted: true) else {
      Issue.record("they are gone")
      return
    }
  }

  @Test("go on top of a builders.json that has changed meanwhile")
  func outdated() {
    var now = Inventory.three
    now.builders[1].maxJobs = 7
    var driver = restarted(Self.turnedOff, on: now, isOutdated: true)
    #expect(driver.screen.contains("builders.json has changed since."))
    driver.press(.enter)
    now.builders[0].enabled = false
    #expect(driver.wizard.session.inventory == now)
  }

  @Test("of a builder that was being edited open it again")
  func draft() {
    var builder = Inventory.three.builders[1]
    builder.alias = "pine"
    var driver = restarted(
      UnsavedChanges(
        draft: UnsavedChanges.Draft(builder: builder, local: LocalSettings(), edited: "pi")))
    #expect(driver.screen.contains("pi: was being edited"))
    driver.press(.enter)
    #expect(driver.wizard.step == .edit)
    driver.press(.escape)
    #expect(driver.wizard.session.inventory.builders.map(\.alias) == ["forge", "pine", "mac"])
  }

  @Test("of the first builder ever open its first screen")
  func first() {
    let builder = Builder(alias: "anvil", address: "", systems: ["x86_64-linux"])
    var driver = restarted(
      UnsavedChanges(
        draft: UnsavedChanges.Draft(builder: builder, local: LocalSettings(), edited: nil)),
      on: nil)
    #expect(driver.screen.contains("anvil: begun"))
    driver.press(.enter)
    #expect(driver.wizard.step == .address)
    #expect(driver.screen.contains("anvil"))
    driver.press(.escape)
    #expect(driver.screen.contains("Go on with anvil"))
  }

  // MARK: - Leaving

  @Test("survive a signal, and are dropped or kept as the person wants it")
  func leftover() {
    func leftover(_ driver: Driver, isWanted: Bool) -> String {
      switch driver.wizard.session.leftover(isWanted: isWanted) {
      case .untouched: "untouched"
      case .keep: "keep"
      case .drop: "drop"
      }
    }
    var driver = Driver(inventory: .three)
    #expect(leftover(driver, isWanted: true) == "untouched")
    driver.press(.character("o"))
    #expect(leftover(driver, isWanted: false) == "keep")
    #expect(leftover(driver, isWanted: true) == "drop")
    driver.press(.character("q"), .end, .enter)
    #expect(driver.effects.contains { if case .quit = $0 { true } else { false } })
    #expect(leftover(driver, isWanted: true) == "keep")
  }

  @Test("a large inventory is read after the first picture")
  func opening() {
    var wizard = Wizard(opening: "/etc/nixos/nix-builders")
    let effects = wizard.receive(.resize(Size(columns: 80, rows: 24)), now: 0)
    #expect(effects.contains { if case .open = $0 { true } else { false } })
    var canvas = Canvas(size: Size(columns: 80, rows: 24))
    wizard.draw(on: &canvas)
    #expect(canvas.text.contains("Reading /etc/nixos/nix-builders/builders.json…"))
    var failed = wizard
    let error = OutputError.unreadable(path: "x", reason: "It is gone.")
    let quit = failed.receive(.opened(.failure(error)), now: 0)
    #expect(quit.contains { if case .quit = $0 { true } else { false } })
    #expect(failed.failure == error)
    let session = Session(
      directory: "/etc/nixos/nix-builders", inventory: .three,
      kept: KeptChanges(changes: Self.turnedOff, at: Moment(seconds: 0), isOutdated: false))
    let begun = wizard.receive(.opened(.success(session)), now: 0.3)
    #expect(begun.contains { if case .watchInventory = $0 { true } else { false } })
    wizard.draw(on: &canvas)
    #expect(canvas.text.contains("3 builders"))
    #expect(canvas.text.contains("Take up the changes"))
  }

  @Test("Esc at the question whether to quit stays")
  func escape() {
    var driver = Driver(inventory: .three)
    driver.press(.character("o"), .character("q"), .escape)
    #expect(!driver.effects.contains { if case .quit = $0 { true } else { false } })
  }

  // MARK: - Changes from outside

  private func changedOutside() -> (Driver, Inventory) {
    var theirs = Inventory.three
    theirs.builders[1].maxJobs = 7
    let stored = OutputDirectory.StoredInventory(inventory: theirs, bytes: [1, 2, 3])
    var driver = Driver(inventory: .three)
    driver.tell(.outside(OutsideChange(content: .success(stored))))
    driver.effects = []
    return (driver, theirs)
  }

  private func adopted(_ driver: Driver) -> [UInt8]? {
    driver.effects.lazy.compactMap { if case .adopt(let bytes) = $0 { bytes } else { nil } }.first
  }

  @Test("a change of builders.json from outside is told, and taken over on a key")
  func reload() {
    var (driver, theirs) = changedOutside()
    #expect(
      driver.screen.contains("builders.json was changed by somebody else. R takes that over."))
    #expect(driver.wizard.session.inventory == .three)
    driver.press(.character("R"))
    #expect(driver.wizard.session.inventory == theirs)
    #expect(driver.wizard.session.saved == theirs)
    #expect(adopted(driver) == [1, 2, 3])
    #expect(!driver.screen.contains("changed by somebody else"))
  }

  @Test("with unsaved changes one is asked what becomes of them")
  func merge() {
    var (driver, theirs) = changedOutside()
    driver.press(.character("o"), .character("R"))
    #expect(driver.screen.contains("pi: changed"))
    driver.press(.escape)
    #expect(adopted(driver) == nil)
    driver.press(.character("R"), .enter)
    #expect(driver.wizard.session.saved == theirs)
    theirs.builders[0].enabled = false
    #expect(driver.wizard.session.inventory == theirs)
    #expect(driver.screen.contains("changes not written"))
  }

  @Test("they can also give way")
  func give() {
    var (driver, theirs) = changedOutside()
    driver.press(.character("o"), .character("R"), .down, .enter)
    #expect(driver.wizard.session.inventory == theirs)
    #expect(!driver.wizard.session.isChanged)
  }

  @Test("when it is again as it was read, nothing is said any more")
  func back() {
    var (driver, _) = changedOutside()
    driver.tell(.outside(nil))
    #expect(!driver.screen.contains("changed by somebody else"))
  }
}
