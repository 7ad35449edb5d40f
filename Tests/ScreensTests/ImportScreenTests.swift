import Builders
import Checks
import Fragments
import Terminal
import Testing

@testable import Screens

@Suite struct ImportScreenTests {
  /// At the import, from the welcome.
  private func importing() -> Driver {
    var driver = Driver()
    driver.press(.down, .enter)
    driver.effects = []
    return driver
  }

  private func found(_ builders: Builder...) -> ImportResult {
    var result = ImportResult(into: Inventory())
    result.builders = builders
    result.note(.leftOut, at: "/etc/nix/machines:3, column 4 (jobs)", "\"x\" is not a number.")
    return result
  }

  @Test("what is found is shown before it is kept, with what cannot be taken over")
  func review() {
    var driver = importing()
    #expect(driver.wizard.step == .importing)
    #expect(driver.screen.contains("/etc/nix/machines"))
    driver.press(.enter)
    guard case .readImport(_, let path, _)? = driver.effects.first else {
      Issue.record("nothing was read")
      return
    }
    #expect(path == "/etc/nix/machines")
    driver.answer(imported: found(.sample))
    #expect(driver.screen.contains("One builder can be taken over."))
    #expect(driver.screen.contains("▸ [x] forge  nixremote@192.0.2.7"))
    #expect(driver.screen.contains("/etc/nix/machines:3, column 4 (jobs)"))
    #expect(driver.wizard.session.inventory.builders.isEmpty)
    driver.press(.enter)
    #expect(driver.wizard.session.inventory.builders.map(\.alias) == ["forge"])
    #expect(driver.wizard.step == .builders)
    driver.press(.character("u"))
    #expect(driver.wizard.session.inventory.builders.isEmpty)
  }

  @Test("builders are left out by choice")
  func choice() {
    var driver = importing()
    driver.press(.enter)
    var other = Builder.sample
    other.alias = "anvil"
    driver.answer(imported: found(.sample, other))
    #expect(driver.screen.contains("2 builders can be taken over."))
    driver.press(.down, .character(" "))
    #expect(driver.screen.contains("1 of 2 builders are taken over."))
    #expect(driver.screen.contains("  [x] forge"))
    #expect(driver.screen.contains("▸ [ ] anvil"))
    driver.press(.up, .character(" "))
    #expect(driver.screen.contains("0 of 2 builders are taken over."))
    driver.press(.enter)
    #expect(driver.wizard.step == .importing)
    driver.press(.down, .character(" "), .enter)
    #expect(driver.wizard.session.inventory.builders.map(\.alias) == ["anvil"])
  }

  @Test("when nothing can be taken over Enter keeps nothing, and Esc asks for another file")
  func nothing() {
    var driver = importing()
    driver.press(.enter)
    driver.answer(imported: found())
    #expect(driver.screen.contains("There is nothing to take over."))
    driver.press(.enter)
    #expect(driver.wizard.step == .importing)
    driver.press(.escape)
    driver.type("2")
    #expect(driver.screen.contains("/etc/nix/machines2"))
  }
}
