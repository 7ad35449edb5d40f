import Builders
import Checks
import Terminal
import Testing

@testable import Screens

@Suite("The host key of a builder") struct HostKeyTests {
  private static let other =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOtherOtherOtherOtherOtherOtherOtherOther"

  private func shown(
    _ standing: OfferedHostKey.Standing, _ line: String = other, old: String? = nil,
    vouchedBy: String? = nil
  ) -> CheckResult {
    var outcome = CheckResult.Outcome.undecided
    if case .changed = standing { outcome = .failed }
    if standing == .pinned { outcome = .passed }
    return CheckResult(
      name: .hostKey, outcome: outcome, seconds: 0.1, detail: "ED25519 SHA256:new",
      finding: .hostKey(
        OfferedHostKey(
          line: line, fingerprint: "SHA256:new", standing: standing, otherFingerprint: old,
          vouchedBy: vouchedBy)))
  }

  @Test("stays whatever happens to the address, and is compared at the new one")
  func kept() {
    var driver = Driver(inventory: .three)
    driver.press(.enter, .enter, .control("u"))
    driver.type("192.0.2.99")
    #expect(driver.wizard.session.draft.builder.hostKey == SampleKey.line)
    driver.press(.tab, .tab)
    driver.type("2222")
    #expect(driver.wizard.session.draft.builder.hostKey == SampleKey.line)
    driver.press(.enter)
    #expect(driver.wizard.step == .reach)
    driver.finish([
      .passed(.resolve), .passed(.connect),
      shown(.changed("The inventory"), old: SampleKey.fingerprint),
    ])
    #expect(driver.screen.contains("The inventory has another key for this machine."))
    #expect(
      driver.screen.contains(
        "The key on record was accepted for 192.0.2.7 port 22; the address is"))
    driver.press(.enter)
    #expect(driver.wizard.step == .address)
    #expect(driver.wizard.session.draft.builder.hostKey == SampleKey.line)
  }

  @Test("another one is shown beside the one on record, with how to compare, and stop is chosen")
  func changed() {
    var driver = Driver(inventory: .three)
    driver.press(.character("h"))
    #expect(driver.wizard.step == .reach)
    driver.finish([
      .passed(.resolve), .passed(.connect),
      shown(
        .changed("The inventory"), old: SampleKey.fingerprint, vouchedBy: "/root/.ssh/known_hosts"),
    ])
    for text in [
      "  on record  \(SampleKey.fingerprint)", "  shown now  SHA256:new",
      "/root/.ssh/known_hosts has the key shown now.",
      "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub", "▸ Stop and look at the address",
    ] {
      #expect(driver.screen.contains(text), "\(text)\n\(driver.screen)")
    }
    driver.press(.down, .down, .enter)
    #expect(driver.wizard.step == .builders)
    #expect(driver.wizard.session.inventory.builders[0].hostKey == Self.other)
    driver.press(.character("u"))
    #expect(driver.wizard.session.inventory.builders[0].hostKey == SampleKey.line)
  }

  @Test("a test that ends at it leads to the comparison, and back")
  func fromATest() {
    var driver = Driver(inventory: .three)
    driver.press(.enter, .end, .up, .enter)
    #expect(driver.wizard.step == .connection)
    driver.press(.character("h"))
    #expect(driver.wizard.step == .connection)
    driver.finish([
      .passed(.resolve), .passed(.connect),
      shown(.changed("The inventory"), old: SampleKey.fingerprint),
    ])
    #expect(driver.screen.contains("compare the host key"))
    driver.press(.character("h"))
    #expect(driver.wizard.step == .reach)
    driver.finish([
      .passed(.resolve), .passed(.connect),
      shown(.changed("The inventory"), old: SampleKey.fingerprint),
    ])
    driver.press(.down, .down, .enter)
    #expect(driver.wizard.step == .connection)
    #expect(driver.wizard.session.draft.builder.hostKey == Self.other)
  }

  @Test("the edit screen leads to it, and back")
  func fromTheEditScreen() {
    var driver = Driver(inventory: .three)
    driver.press(.enter, .down)
    #expect(driver.screen.contains("▸ Host key"))
    driver.press(.enter)
    #expect(driver.wizard.step == .reach)
    driver.finish([.passed(.resolve), .passed(.connect), .passed(.hostKey)])
    driver.press(.enter)
    #expect(driver.wizard.step == .edit)
  }

  /// The screen for several, and each builder's run.
  private func several() -> (driver: Driver, runs: [String: Int]) {
    var inventory = Inventory.three
    inventory.builders[2].enabled = true
    inventory.builders[2].alias = "box"
    var driver = Driver(inventory: inventory, size: Size(columns: 110, rows: 24))
    #expect(driver.screen.contains("2 builders have no host key yet. H compares and accepts them."))
    driver.effects = []
    driver.press(.character("H"))
    var runs: [String: Int] = [:]
    for effect in driver.effects {
      if case .runChecks(let run, let builder, _, let scopes) = effect {
        #expect(scopes == [.reach])
        runs[builder.alias] = run
      }
    }
    return (driver, runs)
  }

  private func end(_ run: Int?, _ result: CheckResult, _ driver: inout Driver) {
    guard let run else { return }
    driver.tell(
      .check(run: run, .finished(.passed(.resolve))),
      .check(run: run, .finished(.passed(.connect))), .check(run: run, .finished(result)),
      .ended(run: run))
  }

  @Test("several are compared and accepted on one screen, those that are known at once")
  func many() {
    var (driver, runs) = several()
    #expect(runs.count == 3)
    end(
      runs["forge"], shown(.changed("The inventory"), old: SampleKey.fingerprint), &driver)
    end(runs["pi"], shown(.known, vouchedBy: "/root/.ssh/known_hosts"), &driver)
    end(runs["box"], shown(.unknown), &driver)
    #expect(
      driver.picture == """
         nix-builders · host keys                                                                        3 to compare

          Whose host keys are to be accepted?
          Compare each with what the builder itself says.

          ▸ ✗ forge   ANOTHER KEY  SHA256:new
            ? pi      in /root/.ssh/known_hosts  SHA256:new
            ? box     new  SHA256:new
        ⋮ 15
         Enter compare   + take over the known one   r fetch again   Esc back   ? help
        """)
    driver.press(.character("+"))
    let builders = driver.wizard.session.inventory.builders
    #expect(builders.map(\.hostKey) == [SampleKey.line, Self.other, nil])
    // A changed one needs more than a key.
    driver.press(.enter)
    #expect(driver.screen.contains("Is that the host key of forge?"))
    #expect(driver.screen.contains("on record  \(SampleKey.fingerprint)"))
    driver.press(.enter)
    #expect(driver.wizard.session.inventory.builders[0].hostKey == SampleKey.line)
    driver.press(.down, .down, .enter, .down, .enter)
    #expect(driver.wizard.session.inventory.builders[2].hostKey == Self.other)
    #expect(driver.screen.contains("accepted  SHA256:new"))
    driver.press(.escape)
    #expect(driver.wizard.step == .builders)
    #expect(driver.screen.contains("changes not written"))
  }
}
