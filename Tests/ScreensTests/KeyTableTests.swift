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

  /// Each screen there is, also as it is when its tests are over, and what lies on top of the list.
  private func screens() -> [(name: String, driver: Driver)] {
    var found: [(String, Driver)] = []
    var driver = Driver(inventory: .three)
    driver.tell(.machine(.ready), .recalled(TestHistory(), Moment(seconds: 1_000_000)))
    found.append(("list", driver))
    for step in Step.allCases where step != .opening {
      var there = driver
      // With a builder that it is about, and a fragment to apply.
      there.press(.enter)
      there.wizard.session.applying = .there("forge")
      there.wizard.show(step)
      // What the screen asked for first is of no interest.
      there.tell(.time(Moment(seconds: 1_000_000)))
      found.append(("\(step)", there))
      there.finish([.passed(.connect), .passed(.login)])
      found.append(("\(step), over", there))
    }
    for (name, keys): (String, [Key]) in [
      ("panes", [.character("W")]), ("log of a pane", [.character("W"), .enter]),
      ("finding", [.character("/")]), ("filtering", [.character("f")]),
      ("marked", [.character(" ")]), ("asked to delete", [.character(" "), .delete]),
      ("tested", [.character("T")]), ("changed", [.character("o")]),
    ] {
      var there = driver
      for key in keys { there.press(key) }
      found.append((name, there))
    }
    found.append(("welcome", Driver()))
    return found
  }

  @Test("a letter means the same on every screen, and is called so")
  func sameEverywhere() throws {
    var told: [(name: String, bindings: [KeyBinding])] = screens().map {
      ($0.name, $0.driver.wizard.keysNow)
    }
    var log = LogDriver()
    log.feed("building\n")
    told.append(("log", log.viewer.bindings))
    log.press(.tab)
    told.append(("builds of a log", log.viewer.bindings))
    var seen: Set<Shortcut> = []
    for (name, bindings) in told {
      for binding in bindings {
        for key in binding.keys {
          guard let shortcut = Shortcut.table.first(where: { $0.keys.contains(key) }) else {
            Issue.record("\(name) has \(key.label), which the table does not have")
            continue
          }
          seen.insert(shortcut)
          let words = binding.words.lowercased()
          #expect(
            shortcut.meaning.isEmpty || shortcut.meaning.contains { words.contains($0) },
            "\(name) calls \(key.label) “\(binding.words)”, and not \(shortcut.meaning)")
        }
      }
      let keys = bindings.flatMap(\.keys)
      #expect(Set(keys).count == keys.count, "\(name) tells of a key twice")
    }
    // The test would mean nothing if the screens told of few.
    let unseen = Shortcut.table.filter { !seen.contains($0) }.flatMap(\.keys).map(\.label)
    #expect(unseen == ["Shift-Tab", "i"])
  }

  @Test("two shortcuts of one meaning are told apart by what they are done with")
  func meanings() {
    let meant = Shortcut.table.filter { !$0.meaning.isEmpty }
    let shared = Dictionary(grouping: meant, by: \.meaning).filter { $0.value.count > 1 }
    #expect(
      Set(shared.values.map { $0.map { $0.keys.first?.label ?? "" } })
        == [
          ["x", "X"], ["n", "]"], ["N", "["], ["t", "T"], ["b", "B"], ["h", "H"], ["y", "Ctrl-Y"],
        ])
  }

  @Test("a key that a screen does not tell of does nothing on it")
  func untold() {
    for (name, driver) in screens() {
      let told = driver.wizard.keysNow.flatMap(\.keys)
      // Where letters are text.
      guard told.contains(.character("?")) else { continue }
      for key in Shortcut.table.flatMap(\.keys) where key.isText && !told.contains(key) {
        if key == .character(" ") { continue }
        var there = driver
        there.effects = []
        let before = (there.screen, there.wizard.session.inventory, there.wizard.session.draft)
        there.press(key)
        let isSame =
          there.screen == before.0 && there.wizard.session.inventory == before.1
          && there.wizard.session.draft == before.2 && there.effects.isEmpty
        #expect(isSame, "\(key.label) does something on \(name)")
      }
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
    driver.press(.pageDown)
    #expect(driver.screen.contains("D Del                delete"))
  }

  @Test("what cannot be done says why, and is told of faintly")
  func off() {
    var driver = Driver(inventory: .three)
    driver.press(.character("x"))
    #expect(driver.screen.contains("cancel the tests: not now, none runs"))
    driver.press(.down)
    #expect(!driver.screen.contains("not now"))
    driver.press(.character("?"))
    for _ in 0..<3 where !driver.screen.contains("cancel the tests – not now: none runs") {
      driver.press(.pageDown)
    }
    #expect(driver.screen.contains("cancel the tests – not now: none runs"))
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
