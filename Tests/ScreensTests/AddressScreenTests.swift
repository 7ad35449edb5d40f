import Builders
import Checks
import Terminal
import Testing

@testable import Screens

@Suite("The address screen") struct AddressScreenTests {
  private static let hosts = [
    HostCandidate(
      "work", from: .hostBlock,
      to: {
        var block = SSHDestination(host: "192.0.2.9")
        block.user = "lars"
        block.port = 2222
        block.proxyJump = "bastion"
        return block
      }()),
    HostCandidate(
      "ssh-ng://nix@pi.lan", from: .machines, account: "nix", keyPath: "/root/.ssh/pi"),
    HostCandidate("box.lan:2200", from: .knownHosts),
    HostCandidate("mac.tail1234.ts.net", from: .tailscale),
  ].compactMap(\.self)

  private func begun(_ columns: Int = 80, _ rows: Int = 24, knowing: Bool = false) -> Driver {
    var driver = Driver(size: Size(columns: columns, rows: rows))
    driver.tell(.machine(.ready))
    driver.press(.enter)
    if knowing { driver.tell(.hosts(Self.hosts)) }
    return driver
  }

  private func builder(_ driver: Driver) -> Builder { driver.wizard.session.draft.builder }

  @Test("an ssh command fills in the other answers, and says so")
  func command() {
    var driver = begun()
    driver.type("ssh -p 2222 -J me@bastion lars@forge.lan")
    #expect(builder(driver).address == "forge.lan")
    #expect(builder(driver).alias == "forge")
    #expect(builder(driver).keyPath == "/root/.ssh/forge")
    #expect(builder(driver).user == "nixremote")
    #expect(
      driver.picture == """
         nix-builders · forge                                                    1 of 9
         Address  reach  access  log in  capabilities  probe  settings  write  prove

          Where is the builder?
          So that Nix and ssh here find it.

          ▸ Address  ssh -p 2222 -J me@bastion lars@forge.lan
            Alias    forge                   from what you typed
            Port     2222                    from what you typed
            Bastion  me@bastion              from what you typed

          ○ You log in there as lars today; Nix gets its own account.
        ⋮ 3
          ─ will be written ──────────────────────────────────────────────────────────
            Host forge
              HostName forge.lan
              HostKeyAlias forge
              Port 2222
              User nixremote
            ⋮

         Enter next   Esc back   Tab field   F1 help
        """)
  }

  @Test("what else a Host block says is kept under the rules, in sight, and goes with the typing")
  func blockOptions() throws {
    var block = SSHDestination(host: "192.0.2.9")
    block.options = [SSHDestination.Option("ProxyCommand", "nc -X 5 %h %p")]
    block.leftOut = ["requesttty yes"]
    let host = try #require(HostCandidate("work", from: .hostBlock, to: block))
    var driver = begun()
    driver.tell(.hosts([host]))
    driver.type("work")
    #expect(builder(driver).sshOptions == ["ProxyCommand": "nc -X 5 %h %p"])
    let text = driver.screen.split(separator: "\n").map {
      $0.drop { $0 == " " }
    }.joined(separator: " ")
    #expect(text.contains("Kept as ssh options: ProxyCommand nc -X 5 %h %p."))
    #expect(text.contains("ProxyCommand runs a command on this machine, as root."))
    #expect(text.contains("Left out: requesttty yes."))
    driver.press(.backspace)
    #expect(builder(driver).sshOptions == [:])
    // A bastion that is typed beside the name wins, since ssh takes only one of the two.
    driver.press(.control("u"))
    driver.type("ssh -J hop work")
    #expect(builder(driver).proxyJump == "hop")
    #expect(builder(driver).sshOptions == [:])
  }

  @Test("the key of an ssh command is kept for today's login, with the home of who typed it")
  func typedKey() {
    var driver = Driver(person: .lars)
    driver.tell(.machine(.ready))
    driver.press(.enter)
    driver.type("ssh -i ~/.ssh/work 192.0.2.9")
    #expect(
      driver.screen.contains("You log in there with the key /home/lars/.ssh/work today"))
    driver.press(.enter)
    driver.finish([.passed(.resolve), .passed(.connect), SampleKey.offered(.unknown)])
    driver.press(.enter)
    #expect(driver.screen.contains("▸ 192.0.2.9"))
    #expect(driver.screen.contains("with the key /home/lars/.ssh/work"))
    driver.press(.enter)
    let commands = driver.asked.compactMap { effect -> String? in
      if case .runInTerminal(_, let command, _) = effect { command.text } else { nil }
    }
    #expect(commands == ["ssh -M -N -i /home/lars/.ssh/work 192.0.2.9"])
  }

  @Test("undoing the typing undoes what it filled in")
  func undoing() {
    var driver = Driver(inventory: .three)
    let before = driver.wizard.session.draft
    driver.press(.enter)
    let begun = driver.wizard.session.draft
    #expect(begun != before)
    driver.press(.enter)
    driver.type(":2222")
    #expect(builder(driver).port == 2222)
    driver.press(.backspace, .backspace, .backspace, .backspace, .backspace)
    #expect(driver.wizard.session.draft == begun)
    #expect(!driver.wizard.session.hasUnsavedAnswers)
    #expect(builder(driver).hostKey == SampleKey.line)
  }

  @Test("an answer that was typed into its own field is left alone")
  func ownField() {
    var driver = begun()
    driver.type("forge.lan:2222")
    driver.press(.tab)
    driver.type("anvil")
    driver.press(.tab)
    driver.type("80")
    driver.press(.backTab, .backTab, .control("u"))
    driver.type("pi.lan")
    #expect(builder(driver).alias == "anvil")
    #expect(builder(driver).port == 80)
    #expect(builder(driver).address == "pi.lan")
    #expect(builder(driver).keyPath == "/root/.ssh/anvil")
  }

  @Test("a proposed alias is another one where somebody has it")
  func aliases() {
    var driver = Driver(inventory: .three)
    driver.press(.character("a"))
    driver.type("Forge.example")
    #expect(builder(driver).alias == "Forge-2")
  }

  @Test("what is wrong with the line is named, and loses nothing")
  func wrong() {
    var driver = begun()
    driver.type("ssh -p 22x lars@forge")
    #expect(
      driver.screen.contains("✗ Address: The port: \"22x\" is not a number from 1 to 65535."))
    driver.press(.enter)
    #expect(driver.wizard.step == .address)
    #expect(driver.screen.contains("ssh -p 22x lars@forge"))
  }

  @Test("what the inventory cannot hold is named")
  func leftOut() {
    var driver = begun(100, 30)
    driver.type("ssh -o ProxyCommand='nc %h %p' -L 80:localhost:80 forge")
    let rows = driver.screen.split(separator: "\n").map { $0.drop { $0 == " " } }
    let text = rows.joined(separator: " ")
    #expect(text.contains("Kept as ssh options: ProxyCommand nc %h %p."))
    #expect(text.contains("as root. Left out: -L 80:localhost:80."))
  }

  @Test("the hosts that this machine knows are below, and go as one types")
  func choosing() {
    var driver = begun()
    #expect(driver.effects.contains { if case .findHosts = $0 { true } else { false } })
    #expect(!driver.screen.contains("to choose from"))
    driver.tell(.hosts(Self.hosts))
    #expect(
      driver.picture == """
         nix-builders · new builder                                              1 of 9
         Address  reach  access  log in  capabilities  probe  settings  write  prove

          Where is the builder?
          So that Nix and ssh here find it.

          ▸ Address                          as you give it to ssh
            Alias    forge                   what ssh and Nix will call it
            Port     22
            Bastion                          only if you reach it through another host
        ⋮ 7
          ─ to choose from: ↓ ────────────────────────────────────────────────────────
            work                 192.0.2.9, port 2222, through bastion, ssh configura…
            ssh-ng://nix@pi.lan  Nix's machines
            box.lan:2200         known_hosts
            mac.tail1234.ts.net  tailscale

         Enter next   Esc back   Tab field   ↓ choose   F1 help
        """)
    driver.type("lan")
    #expect(!driver.screen.contains("tailscale"))
    driver.press(.down, .down)
    #expect(driver.screen.contains("▸ box.lan:2200"))
    #expect(driver.screen.contains("Enter take it"))
    driver.press(.enter)
    #expect(driver.wizard.step == .address)
    #expect(builder(driver).address == "box.lan")
    #expect(builder(driver).port == 2200)
    driver.press(.enter)
    #expect(driver.wizard.step == .reach)
  }

  @Test("the name of a Host block stands for what ssh says of it, also where that comes later")
  func hostBlock() {
    var driver = begun()
    driver.type("work")
    #expect(builder(driver).address == "work")
    driver.tell(.hosts(Self.hosts))
    #expect(builder(driver).address == "192.0.2.9")
    #expect(builder(driver).port == 2222)
    #expect(builder(driver).proxyJump == "bastion")
    #expect(builder(driver).alias == "work")
    #expect(driver.screen.contains("the address that ssh's configuration gives."))
    #expect(driver.screen.contains("Port     2222"))
    driver.type("shop")
    #expect(builder(driver).address == "workshop")
    #expect(builder(driver).port == 22)
    #expect(builder(driver).proxyJump == nil)
  }

  @Test("one of Nix's machines brings Nix's account and key")
  func machine() {
    var driver = begun(knowing: true)
    driver.type("pi")
    driver.press(.down, .enter)
    #expect(builder(driver).user == "nix")
    #expect(builder(driver).keyPath == "/root/.ssh/pi")
    #expect(builder(driver).alias == "pi")
  }

  @Test("in the smallest window the form keeps its rows and the list has what is left")
  func small() {
    var driver = begun(40, 12, knowing: true)
    #expect(
      driver.screen == """
         nix-builders · new builder      1 of 9
         Address  reach  access  log in  …
          Where is the builder?

          ▸ Address
            Alias    forge
            Port     22
            Bastion

          ─ to choose from: ↓ ────────────────
            work                 192.0.2.9,… ↓
         Enter next   Esc back   F1 help
        """)
    driver.press(.down)
    #expect(driver.screen.contains("▸ work"))
  }
}
