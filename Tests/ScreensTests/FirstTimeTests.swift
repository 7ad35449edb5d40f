import Builders
import Checks
import Fragments
import SSH
import Terminal
import Testing

@testable import Screens

/// The first-time flow, with the world's answers given as messages.
@Suite struct FirstTimeTests {
  /// From the welcome to the screen that asks whether the builder can be reached.
  private func reached() -> Driver {
    var driver = Driver()
    driver.tell(.machine(.ready))
    driver.press(.enter)
    driver.type("192.0.2.7")
    driver.press(.tab)
    driver.type("forge")
    driver.press(.enter)
    return driver
  }

  /// Further on, to the account and the key; somebody else looks after the builder.
  private func accessing() -> Driver {
    var driver = reached()
    driver.finish([
      .passed(.resolve, "192.0.2.7"), .passed(.connect, "OpenSSH 10.6"),
      SampleKey.offered(.unknown),
    ])
    driver.press(.enter, .end, .enter)
    return driver
  }

  @Test("an alias and an address are all one has to type")
  func addressAlone() {
    let driver = reached()
    #expect(driver.wizard.step == .reach)
    let builder = driver.wizard.session.draft.builder
    #expect(builder.alias == "forge")
    #expect(builder.address == "192.0.2.7")
    #expect(builder.port == 22)
    #expect(builder.keyPath == "/root/.ssh/forge")
    #expect(builder.user == "nixremote")
  }

  @Test("Enter on an incomplete form goes to what is missing and says what is expected")
  func incomplete() {
    var driver = Driver()
    driver.press(.enter, .tab)
    driver.type("forge 1")
    driver.press(.enter)
    #expect(driver.wizard.step == .address)
    #expect(driver.screen.contains("An address is needed"))
    driver.type("192.0.2.7")
    driver.press(.enter)
    #expect(driver.wizard.step == .address)
    #expect(driver.screen.contains("\"forge 1\" has a blank"))
    driver.press(.control("u"))
    driver.type("forge")
    driver.press(.enter)
    #expect(driver.wizard.step == .reach)
  }

  @Test("what the answers turn into is shown as they are typed")
  func preview() {
    var driver = Driver()
    driver.press(.enter)
    driver.type("pi.lan")
    #expect(driver.screen.contains("Host pi"))
    driver.press(.tab)
    driver.type("forge")
    #expect(driver.screen.contains("Host forge"))
    #expect(driver.screen.contains("HostName pi.lan"))
  }

  @Test("an unknown host key is shown with its fingerprint and pinned after consent")
  func hostKey() {
    var driver = reached()
    driver.finish([
      .passed(.resolve, "192.0.2.7"), .passed(.connect, "OpenSSH 10.6"),
      SampleKey.offered(.unknown),
    ])
    #expect(driver.screen.contains(SampleKey.fingerprint))
    #expect(driver.screen.contains("Nobody here has seen this key before."))
    #expect(driver.screen.contains("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"))
    #expect(driver.wizard.session.draft.builder.hostKey == nil)
    driver.press(.enter)
    #expect(driver.wizard.session.draft.builder.hostKey == SampleKey.line)
    #expect(driver.wizard.step == .administrator)
  }

  @Test("a changed host key stops: Enter does not trust it")
  func changedHostKey() {
    var driver = reached()
    var changed = SampleKey.offered(.changed("/root/.ssh/known_hosts"))
    changed.outcome = .failed
    driver.finish([.passed(.resolve), .passed(.connect), changed])
    #expect(driver.screen.contains("/root/.ssh/known_hosts has another key for this machine."))
    driver.press(.enter)
    #expect(driver.wizard.session.draft.builder.hostKey == nil)
    #expect(driver.wizard.step == .address)
  }

  @Test("a failure shows cause and remedy, and the evidence on a key")
  func failure() {
    var driver = reached()
    let diagnosis = Diagnosis(
      .refused, cause: "Nothing listens there.", remedy: "Start sshd.", command: "ss -ltn")
    driver.finish([
      .passed(.resolve, "192.0.2.7"),
      CheckResult(
        name: .connect, outcome: .failed, seconds: 0.1, detail: "192.0.2.7 port 22 is closed",
        diagnosis: diagnosis, evidence: "Connection refused\n"),
      CheckResult(name: .hostKey, outcome: .skipped, detail: "needs connect"),
    ])
    #expect(driver.screen.contains("Likely  Nothing listens there."))
    #expect(driver.screen.contains("Do      Start sshd."))
    driver.press(.character("v"))
    #expect(driver.screen.contains("Connection refused"))
    driver.press(.escape)
    driver.effects = []
    driver.press(.character("y"))
    guard case .copy(let copied)? = driver.effects.first else {
      Issue.record("y copied nothing")
      return
    }
    #expect(copied == "ss -ltn")
    driver.press(.enter)
    #expect(driver.wizard.step == .address)
  }

  @Test("checks run again only when asked, or when an answer has changed")
  func noRepeats() {
    var driver = accessing()
    driver.effects = []
    driver.press(.escape)
    #expect(driver.wizard.step == .administrator)
    #expect(driver.screen.contains("▸ Somebody else looks after forge"))
    driver.press(.escape)
    #expect(driver.wizard.step == .reach)
    // The host key was accepted since, so it is compared once more.
    #expect(driver.lastRun != nil)
    driver.finish([.passed(.resolve), .passed(.connect), .passed(.hostKey)])
    driver.press(.enter)
    driver.effects = []
    driver.press(.escape)
    #expect(driver.wizard.step == .reach)
    #expect(driver.lastRun == nil)
    driver.press(.character("r"))
    #expect(driver.lastRun != nil)
  }

  @Test("Esc goes back without losing an answer, a half-typed one included")
  func back() {
    var driver = Driver()
    driver.press(.enter)
    driver.press(.tab)
    driver.type("forge")
    driver.press(.backTab)
    driver.type("not an address")
    driver.press(.escape)
    #expect(driver.wizard.step == .welcome)
    #expect(driver.screen.contains("Go on with forge"))
    driver.press(.enter)
    #expect(driver.screen.contains("not an address"))
  }

  @Test("a key that is absent is offered to be made, and its public half is kept")
  func makeKey() {
    var driver = accessing()
    driver.answer(key: .absent)
    #expect(driver.screen.contains("There is no key yet"))
    driver.effects = []
    driver.press(.enter)
    #expect(driver.screen.contains("Make a key there"))
    driver.press(.enter)
    guard case .createKey(_, let path, let comment)? = driver.effects.first else {
      Issue.record("no key was asked for")
      return
    }
    #expect(path == "/root/.ssh/forge")
    #expect(comment == "root@laptop")
    driver.answer(keyCreated: .success(SampleKey.publicLine))
    #expect(driver.wizard.session.draft.builder.publicKey == SampleKey.publicLine)
    driver.press(.enter)
    #expect(driver.wizard.step == .login)
  }

  @Test("a key that cannot be used says why, and Enter does not go on")
  func unusableKey() {
    var driver = accessing()
    driver.answer(
      key: .unusable(
        Diagnosis(.keyPassphrase, cause: "It has a passphrase.", remedy: "Remove it."),
        evidence: ""))
    #expect(driver.screen.contains("It has a passphrase."))
    driver.press(.enter, .enter)
    #expect(driver.wizard.step == .access)
  }

  @Test("not yet is no error: the wizard goes on and leaves the probes for later")
  func notYet() {
    var driver = accessing()
    driver.answer(key: .usable(publicKey: SampleKey.publicLine))
    driver.press(.enter)
    driver.finish([
      .passed(.key),
      CheckResult(
        name: .login, outcome: .notYet, seconds: 0.2, detail: "nixremote was refused",
        diagnosis: Diagnosis(.keyRefused, cause: "Not applied.", remedy: "Apply.")),
      CheckResult(name: .remoteNix, outcome: .skipped),
      CheckResult(name: .store, outcome: .skipped),
      CheckResult(name: .trusted, outcome: .skipped),
    ])
    #expect(driver.screen.contains("○ log in"))
    #expect(driver.screen.contains("▸ Go on, and try again after the fragments are applied"))
    driver.press(.enter)
    #expect(driver.wizard.step == .capabilities)
    driver.press(.enter)
    #expect(driver.wizard.step == .local)
    driver.press(.enter)
    #expect(driver.wizard.step == .account)
    driver.press(.enter)
    #expect(driver.wizard.step == .review)
  }
}
