import Builders
import Checks
import Interface
import StateFiles
import Terminal
import Testing

@testable import Screens

@Suite("The table of keys") struct KeyTableTests {
  @Test("no key is in two shortcuts, and none is a letter that moves")
  func once() {
    let keys = Shortcut.table.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
    #expect(Motion.letters.isDisjoint(with: keys))
  }

  /// Each screen that has a table of keys, as it is told.
  private func screens() -> [(String, [KeyBinding])] {
    var found: [(String, [KeyBinding])] = []
    var driver = Driver(inventory: .three)
    driver.tell(.machine(.ready), .recalled(TestHistory(), Moment(seconds: 1_000_000)))
    func note(_ name: String, _ driver: Driver) { found.append((name, driver.wizard.keysNow)) }
    note("list", driver)
    for (name, key): (String, Key) in [
      ("panes", .character("W")), ("route", .character(">")), ("drift", .character("d")),
      ("measures", .character("m")), ("edit", .character("e")), ("host keys", .character("H")),
    ] {
      var there = driver
      there.press(key)
      note(name, there)
    }
    var welcome = Driver()
    note("welcome", welcome)
    welcome.press(.enter)
    note("address", welcome)
    var test = driver
    test.press(.enter, .end, .up, .enter)
    note("test", test)
    return found
  }

  @Test("a letter means the same on every screen, as the table has it")
  func sameEverywhere() throws {
    let screens = screens()
    #expect(screens.count == 10)
    for (name, bindings) in screens {
      for binding in bindings {
        for key in binding.keys {
          let shortcut = Shortcut.table.first { $0.keys.contains(key) }
          #expect(shortcut != nil, "\(name) has \(key.label), which the table does not have")
        }
      }
      let told = bindings.flatMap(\.keys)
      #expect(Set(told).count == told.count, "\(name) tells of a key twice")
    }
  }

  @Test("X ends all tests, and in the list below them deletes nothing")
  func cancelAll() {
    var driver = Driver(inventory: .three)
    driver.tell(.machine(.ready))
    driver.press(.character("W"), .character("T"), .character("X"), .escape, .character("X"))
    #expect(driver.wizard.session.inventory == .three)
    driver.press(.character("D"))
    #expect(driver.wizard.session.inventory.builders.map(\.alias) == ["pi", "mac"])
    #expect(driver.screen.contains("forge is deleted. u brings it back."))
    driver.press(.character("?"))
    #expect(driver.screen.contains("D Del                delete"))
  }

  @Test("what cannot be done says why, and is told of faintly")
  func off() {
    var driver = Driver(inventory: .three)
    driver.press(.character("x"))
    #expect(driver.screen.contains("stop the tests: not now, none runs"))
    driver.press(.down)
    #expect(!driver.screen.contains("not now"))
    driver.press(.character("?"))
    for _ in 0..<3 where !driver.screen.contains("stop the tests – not now: none runs") {
      driver.press(.pageDown)
    }
    #expect(driver.screen.contains("stop the tests – not now: none runs"))
  }

  @Test("the palette finds an action as one types, and does it")
  func palette() {
    var driver = Driver(inventory: .three)
    driver.press(.character(":"))
    driver.type("where a b")
    #expect(
      driver.picture == """
         What can be done here

           where a b

         ▸ >   where a build goes
        ⋮ 18
         Enter do it   ↑↓ choose   Esc close
        """)
    driver.press(.enter)
    #expect(driver.wizard.step == .route)
    // On a screen where one types, a colon is text.
    driver.press(.character(":"))
    #expect(driver.wizard.step == .route)
    driver.press(.control("p"), .escape, .escape)
    #expect(driver.wizard.step == .builders)
  }

  @Test("y says what goes to the clipboard, and once more shows it")
  func copying() {
    var driver = Driver()
    driver.press(.enter)
    driver.tell(.machine(.ready))
    var clipboard = Clipboard()
    clipboard.noteKey()
    guard case .notice(let notice) = clipboard.take("nixos-rebuild switch") else {
      Issue.record("nothing is said")
      return
    }
    #expect(notice == "To the clipboard: nixos-rebuild switch  (the same key again shows it)")
    clipboard.noteKey()
    guard case .page(let page) = clipboard.take("nixos-rebuild switch") else {
      Issue.record("nothing is shown")
      return
    }
    #expect(page.document.lines.map { $0.spans.map(\.text) } == [["nixos-rebuild switch"]])
    clipboard.noteKey()
    clipboard.noteKey()
    guard case .notice = clipboard.take("nixos-rebuild switch") else {
      Issue.record("it is shown unasked")
      return
    }
    clipboard.isThere = false
    guard case .page(let page) = clipboard.take("a\nb") else {
      Issue.record("nothing is shown where there is no clipboard")
      return
    }
    #expect(page.title == "This terminal has no clipboard")
    #expect(page.document.lines.count == 2)
  }

  @Test("q with a builder that was only begun asks first")
  func quitting() {
    var driver = Driver()
    driver.press(.enter)
    driver.type("anvil")
    driver.press(.escape)
    #expect(driver.wizard.step == .welcome)
    driver.effects = []
    driver.press(.character("q"))
    #expect(driver.effects.isEmpty)
    #expect(driver.screen.contains("Quit without them"))
  }
}
