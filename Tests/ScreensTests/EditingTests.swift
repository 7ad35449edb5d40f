import Builders
import Checks
import Features
import Fragments
import Terminal
import Testing

@testable import Screens

@Suite("Editing a builder") struct EditingTests {
  private func planned(
    _ standing: OutputDirectory.Standing, _ name: String, from old: String?, to new: String
  ) -> PlannedFile {
    PlannedFile(
      plan: OutputDirectory.Plan(
        fragment: Fragment(fileName: name, text: new), standing: standing, present: old),
      problem: nil)
  }

  @Test("says what follows, there and in the review")
  func consequences() {
    var driver = Driver(inventory: .three, size: Size(columns: 110, rows: 30))
    driver.press(.character("e"), .enter, .tab, .control("u"))
    driver.type("anvil")
    driver.press(.escape)
    #expect(driver.wizard.step == .edit)
    #expect(
      driver.screen.contains("anvil: Import remote-anvil.nix there in place of remote-forge.nix."))
    driver.press(.end, .enter)
    #expect(driver.wizard.step == .review)
    driver.answer(
      planned: .success([
        planned(.outdated, "local.nix", from: "a\n", to: "b\n"),
        planned(.missing, "remote-anvil.nix", from: nil, to: "c\n"),
        planned(.obsolete, "remote-forge.nix", from: "c\n", to: ""),
      ]))
    #expect(
      driver.screen.contains("known_hosts: The host key stands under anvil then, and no longer"))
  }

  @Test("a file that Nix here cannot read is shown with the reason, and is not written")
  func unreadable() {
    var driver = Driver(inventory: .three, size: Size(columns: 100, rows: 30))
    driver.press(.delete, .character("w"))
    var file = planned(.outdated, "local.nix", from: "a\n", to: "b\n")
    file.problem = "has a builder that Nix here cannot read: forge: Take a whole number."
    driver.answer(
      planned: .success([planned(.missing, "remote-x.nix", from: nil, to: "c\n"), file]))
    let before = driver.effects.count
    driver.press(.enter)
    #expect(driver.effects.count == before)
    #expect(driver.screen.contains("[local.nix +1 −1]"))
    #expect(
      driver.screen.contains(
        "✗ has a builder that Nix here cannot read: forge: Take a whole number."))
  }

  @Test("keeps the key that there is when the alias changes")
  func keyPath() {
    var driver = Driver(inventory: .three)
    driver.press(.function(2), .control("u"))
    driver.type("anvil")
    #expect(driver.wizard.session.draft.builder.keyPath == "/root/.ssh/forge")
    #expect(driver.wizard.session.draft.builder.publicKey == SampleKey.publicLine)
  }

  @Test("an old fragment goes, or a hand-edited file is replaced, only when one says so")
  func consent() {
    func written(_ keys: [Key]) -> (replaced: Set<String>, kept: Set<String>)? {
      var driver = Driver(inventory: .three)
      driver.press(.delete, .character("w"))
      driver.answer(
        planned: .success([
          planned(.edited, "local.nix", from: "a\n", to: "b\n"),
          planned(.obsolete, "remote-forge.nix", from: "c\n", to: ""),
        ]))
      driver.press(.enter)
      #expect(driver.screen.contains("remote-forge.nix belongs to a builder that is gone."))
      for key in keys { driver.press(key) }
      return driver.effects.lazy.compactMap { effect in
        if case .write(_, _, let replaced, let kept) = effect { (replaced, kept) } else { nil }
      }.first
    }
    let both: Set = ["local.nix", "remote-forge.nix"]
    #expect(written([.escape]) == nil)
    #expect(written([.down, .down, .enter]) == nil)
    #expect(written([.enter])?.replaced == both)
    #expect(written([.enter])?.kept == [])
    #expect(written([.down, .enter])?.replaced == [])
    #expect(written([.down, .enter])?.kept == both)
  }

  @Test("of many files the review shows those with news")
  func manyFiles() {
    var driver = Driver(inventory: .many(40))
    driver.press(.character("o"), .character("w"))
    var files = (0..<40).map { planned(.current, "remote-b\($0).nix", from: "a\n", to: "a\n") }
    files[7] = planned(.outdated, "remote-b7.nix", from: "a\n", to: "b\n")
    files[30] = planned(.missing, "remote-b30.nix", from: nil, to: "b\n")
    driver.answer(planned: .success(files))
    #expect(driver.screen.contains("[remote-b7.nix +1 −1]"))
    #expect(driver.screen.contains("38 more as they are"))
    driver.press(.tab)
    #expect(driver.screen.contains("[remote-b30.nix new]"))
    driver.press(.tab)
    #expect(driver.screen.contains("[remote-b7.nix +1 −1]"))
  }
}
