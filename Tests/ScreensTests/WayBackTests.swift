import Builders
import Checks
import Terminal
import Testing

@testable import Screens

@Suite("Going back") struct WayBackTests {
  private func failed(_ name: CheckName, _ identity: Diagnosis.Identity) -> CheckResult {
    CheckResult(
      name: name, outcome: .failed, seconds: 0.1, detail: "failed",
      diagnosis: Diagnosis(identity, cause: "A cause.", remedy: "A remedy."))
  }

  @Test(
    "Esc returns to the list from what was opened there",
    arguments: [
      Key.function(2), .character("h"), .character("w"), .character("H"), .character(">"),
    ])
  func fromTheList(key: Key) {
    var driver = Driver(inventory: .three)
    driver.press(key)
    #expect(driver.wizard.step != .builders)
    driver.press(.escape)
    #expect(driver.wizard.step == .builders)
  }

  @Test("Esc goes through the screens that one came through, and no others")
  func path() {
    var driver = Driver(inventory: .three)
    driver.press(.enter, .enter)
    #expect(driver.wizard.step == .address)
    driver.type(":2222")
    driver.press(.enter)
    #expect(driver.wizard.step == .reach)
    driver.finish([.passed(.resolve), .passed(.connect), .passed(.hostKey)])
    driver.press(.escape)
    #expect(driver.wizard.step == .address)
    driver.press(.escape)
    #expect(driver.wizard.step == .edit)
    driver.press(.escape)
    #expect(driver.wizard.step == .builders)
  }

  @Test("a rename that is tried comes back to the list")
  func rename() {
    var driver = Driver(inventory: .three)
    driver.press(.function(2))
    driver.type("2")
    driver.press(.enter)
    #expect(driver.wizard.step == .reach)
    driver.finish([.passed(.resolve), .passed(.connect), .passed(.hostKey)])
    driver.press(.enter)
    #expect(driver.wizard.step == .builders)
    #expect(driver.wizard.session.inventory.builders[0].alias == "forge2")
  }

  @Test("after a failed check the focus is in the field at fault")
  func atFault() {
    func focus(
      _ results: [CheckResult], _ change: (inout Driver) -> Void = { _ in }
    ) -> String? {
      var driver = Driver()
      driver.press(.enter)
      driver.type("192.0.2.7")
      change(&driver)
      driver.press(.enter)
      driver.finish(results)
      driver.press(.enter)
      return driver.screen.split(separator: "\n").first { $0.contains("▸") }.map {
        String($0.drop { $0 == " " || $0 == "▸" }.prefix { $0 != " " })
      }
    }
    func connect(_ id: Diagnosis.Identity) -> [CheckResult] {
      [.passed(.resolve), failed(.connect, id)]
    }
    #expect(focus([failed(.resolve, .unresolvable)]) == "Address")
    #expect(focus(connect(.refused)) == "Port")
    #expect(focus(connect(.notSSH)) == "Port")
    #expect(focus(connect(.noAnswer)) == "Address")
    func throughBastion(_ driver: inout Driver) {
      driver.press(.tab, .tab, .tab)
      driver.type("jump.lan")
    }
    let skipped = [
      CheckResult(name: .resolve, outcome: .skipped),
      CheckResult(name: .connect, outcome: .skipped),
    ]
    #expect(focus(skipped + [failed(.hostKey, .refused)], throughBastion) == "Bastion")
    #expect(focus(skipped + [failed(.hostKey, .bastionRefuses)], throughBastion) == "Bastion")
    #expect(
      focus(skipped + [failed(.hostKey, .bastionCannotReach)], throughBastion) == "Address")
  }

  @Test(
    "a login that failed leads to the user or to the key",
    arguments: [
      (.notAllowed, "User"), (.keyPassphrase, "Key path"), (.noLogin, "User"),
    ] as [(Diagnosis.Identity, String)])
  func login(id: Diagnosis.Identity, field: String) {
    var driver = Driver(inventory: .three)
    driver.press(.enter, .down, .down, .enter)
    #expect(driver.wizard.step == .access)
    driver.type("x")
    driver.answer(key: .usable(publicKey: SampleKey.publicLine))
    driver.press(.enter)
    #expect(driver.wizard.step == .login)
    driver.finish([.passed(.key), failed(.login, id)])
    driver.press(.enter)
    #expect(driver.wizard.step == .access)
    #expect(driver.screen.contains("▸ \(field)"))
  }

  @Test(
    "q on the first screen asks where a builder is begun, as Ctrl-C does",
    arguments: [
      [Key.character("q")], [.end, .enter], [.control("c")],
    ])
  func quitOnTheFirstScreen(keys: [Key]) {
    var driver = Driver()
    driver.press(.enter)
    driver.type("192.0.2.7")
    driver.press(.escape)
    #expect(driver.wizard.step == .welcome)
    driver.effects = []
    for key in keys { driver.press(key) }
    #expect(driver.screen.contains("Your answers are not written yet"))
    #expect(driver.effects.isEmpty)
    driver.press(.enter)
    #expect(driver.screen.contains("Go on with builder"))
    #expect(driver.effects.isEmpty)
  }

  @Test("q on the first screen leaves at once where there is nothing to lose")
  func quit() {
    var driver = Driver()
    driver.effects = []
    driver.press(.character("q"))
    #expect(driver.effects.contains { if case .quit = $0 { true } else { false } })
  }
}

@Suite("The access screen") struct AccessScreenTests {
  private func access(_ columns: Int = 80, _ rows: Int = 24) -> Driver {
    var driver = Driver(inventory: .three, size: Size(columns: columns, rows: rows))
    driver.press(.enter, .down, .down, .enter)
    return driver
  }

  private let bad = KeyPair.State.unusable(
    Diagnosis(
      .keyPassphrase, cause: "/root/.ssh/forge has a passphrase, and nobody can type it.",
      remedy: "Take a key without one, or make a new key at another path.",
      command: "ssh-keygen -p -f /root/.ssh/forge", manual: "https://man.openbsd.org/ssh-keygen"),
    evidence: "Load key: incorrect passphrase supplied\n")

  @Test("a bad key has its sign at 80×24, and the form keeps its rows")
  func badKey() {
    var driver = access()
    driver.answer(key: bad)
    #expect(
      driver.picture == """
         nix-builders · forge

          Who logs in on forge, and with which key?
          It is Nix's daemon, that is root, that will log in.

          ▸ User        nixremote             the account on the builder
            Key path    /root/.ssh/forge      the private key on this machine
            Host block  [x] yes               an ssh Host block carries the connection

          ✗ This key cannot be used.
          Likely  /root/.ssh/forge has a passphrase, and nobody can type it.
          Do      Take a key without one, or make a new key at another path.
                  ssh-keygen -p -f /root/.ssh/forge
          Manual  man.openbsd.org/ssh-keygen
            Load key: incorrect passphrase supplied
        ⋮ 3
          ─ will be written ──────────────────────────────────────────────────────────
            Host forge
              HostName 192.0.2.7
            ⋮

         Enter next   Esc back   Tab field   Ctrl-Y copy the public key   F1 help
        """)
  }

  @Test("what was said of an earlier path does not stand under another")
  func otherPath() {
    var driver = access()
    driver.answer(key: bad)
    driver.press(.tab, .control("u"))
    #expect(!driver.screen.contains("passphrase"))
    let late = driver.inspections.last
    driver.type("/root/.ssh/other")
    #expect(!driver.screen.contains("passphrase"))
    if let late { driver.tell(.key(late, bad)) }
    #expect(!driver.screen.contains("passphrase"))
    driver.answer(key: .absent)
    #expect(driver.screen.contains("There is no key yet"))
    driver.press(.control("u"))
    #expect(!driver.screen.contains("There is no key yet"))
  }

  @Test("nor does a key that could not be made")
  func notMade() {
    var driver = access()
    driver.answer(key: .absent)
    driver.press(.enter, .enter)
    driver.answer(
      keyCreated: .failure(
        KeyPairError(
          diagnosis: Diagnosis(
            .keyNotMade, cause: "It could not be written.", remedy: "Look."),
          evidence: "")))
    #expect(driver.screen.contains("It could not be written."))
    driver.press(.tab)
    driver.type("2")
    #expect(!driver.screen.contains("It could not be written."))
  }

  @Test("whether a Host block is written is asked here")
  func hostBlock() {
    var driver = access()
    driver.press(.tab, .tab, .character(" "))
    #expect(!driver.wizard.session.draft.builder.hostBlock)
    #expect(driver.screen.contains("hostName = \"192.0.2.7\""))
  }

  @Test("the key of the ssh command that was typed can be chosen")
  func givenKey() {
    var driver = Driver()
    driver.press(.enter)
    driver.type("ssh -i /home/lars/.ssh/id_ed25519 lars@192.0.2.7")
    driver.press(.enter)
    driver.finish([.passed(.resolve), .passed(.connect), SampleKey.offered(.known)])
    driver.press(.enter)
    #expect(driver.screen.contains("▸ lars@192.0.2.7"))
    driver.press(.end, .enter)
    #expect(driver.wizard.step == .access)
    driver.press(.tab, .control("u"), .down)
    #expect(driver.screen.contains("▸ /home/lars/.ssh/id_ed25519"))
    driver.press(.enter)
    #expect(driver.wizard.session.draft.builder.keyPath == "/home/lars/.ssh/id_ed25519")
  }
}
