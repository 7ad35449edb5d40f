import Builders
import Checks
import Features
import Processes
import SSH
import Terminal
import Testing

@testable import Screens

/// How one logs in today, and what the builder says then; what ssh does is given as messages.
@Suite struct AdministratorTests {
  /// What a builder with much of everything says.
  static func facts(
    processors: Int = 16, features: String = "big-parallel kvm nixos-test", account: String = "no",
    further: String = ""
  ) -> String {
    """
    nix-builders: begin
    nix-builders: machine Linux x86_64
    nix-builders: processors \(processors)
    nix-builders: nix-daemon /run/current-system/sw/bin/nix-daemon
    nix-builders: nix-store /run/current-system/sw/bin/nix-store
    nix-builders: version nix-daemon (Nix) 2.34.8
    extra-platforms = aarch64-linux
    system = x86_64-linux
    system-features = \(features)
    nix-builders: emulators aarch64-linux
    nix-builders: os-name "NixOS 25.11 (Xantusia)"
    nix-builders: kind nixos
    nix-builders: memory-kb 65831424 kB
    nix-builders: space /dev/vda1 976283648 512000000 210763776 71% /nix
    nix-builders: kvm crw-rw-rw- 302
    nix-builders: kvm-opens yes
    nix-builders: user 0 root
    nix-builders: sudo root
    nix-builders: account nixremote \(account)
    nix-builders: sshd pubkeyauthentication yes
    nix-builders: sshd maxsessions 10
    \(further)
    nix-builders: end
    """
  }

  /// At the question how one logs in.
  private func asking(
    person: InvokingPerson = .root, size: Size = Size(columns: 80, rows: 24),
    given: AdministratorLogin? = nil
  ) -> Driver {
    var driver = Driver(size: size, person: person)
    driver.tell(.machine(.ready))
    driver.press(.enter)
    driver.type("192.0.2.7")
    driver.press(.tab)
    driver.type("forge")
    driver.press(.enter)
    if let given { driver.wizard.give(given) }
    driver.finish([.passed(.resolve), .passed(.connect), SampleKey.offered(.unknown)])
    driver.press(.enter)
    return driver
  }

  /// Logged in as root, and asking for the facts.
  private func loggedIn(_ person: InvokingPerson = .root) -> Driver {
    var driver = asking(person: person)
    driver.press(.enter)
    driver.tell(.terminal(run: driver.lastTerminal, .ready))
    return driver
  }

  private func answer(_ output: String) -> TerminalCommand.Result {
    TerminalCommand.Result(ending: .exited(0), output: output)
  }

  /// With the facts on the screen.
  private func told(_ output: String = facts()) -> Driver {
    var driver = loggedIn()
    driver.tell(.terminalEnded(run: driver.lastTerminal, answer(output)))
    return driver
  }

  @Test("root is asked for root's login first")
  func root() {
    #expect(
      asking().picture == """
         nix-builders · forge                                                    2 of 9
         address  Reach  access  log in  capabilities  probe  settings  write  prove

          How do you log in on forge today?
          So that the program can look what is there and fill the answers in. Asked
          once.

          ▸ root@192.0.2.7
            Another login
            Somebody else looks after forge   you get a text for them later
        ⋮ 13
         Enter choose   ↑↓ move   Esc back   ? help
        """)
  }

  @Test("somebody who used sudo logs in with their own ssh, as root or as themselves")
  func person() {
    var driver = asking(person: .lars)
    #expect(driver.screen.contains("▸ root@192.0.2.7                    with lars's ssh"))
    #expect(driver.screen.contains("  lars@192.0.2.7                    your own account"))
    driver.press(.down, .enter)
    #expect(driver.lastCommand?.login?.person == .lars)
    #expect(driver.lastCommand?.text == "ssh -M -N lars@192.0.2.7")
  }

  @Test("a login that came with the address is the first, and the accepted host key holds for it")
  func given() {
    var driver = asking(given: AdministratorLogin(user: "ada", host: "smithy"))
    #expect(driver.screen.contains("▸ ada@smithy                        as you gave the address"))
    driver.press(.enter)
    #expect(driver.lastCommand?.login?.hostKey == SampleKey.line)
    #expect(driver.lastCommand?.login?.host == "smithy")
  }

  @Test("another login is typed, and whose ssh it is can be chosen")
  func another() {
    var driver = asking(person: .lars)
    driver.press(.down, .down, .enter)
    driver.press(.control("u"))
    driver.type("ada@bad host")
    driver.press(.enter)
    #expect(driver.screen.contains("✗ Login: \"bad host\" has a blank."))
    driver.press(.control("u"))
    driver.type("ada@192.0.2.7")
    driver.press(.tab, .right, .enter)
    #expect(driver.lastCommand?.login?.user == "ada")
    #expect(driver.lastCommand?.login?.person == nil)
    #expect(driver.lastCommand?.login?.hostKey == SampleKey.line)
  }

  @Test("what ssh asks is answered below its log, on a low window too", arguments: [80, 40])
  func password(columns: Int) {
    var driver = asking(size: Size(columns: columns, rows: columns == 80 ? 24 : 12))
    driver.press(.enter)
    let run = driver.lastTerminal
    driver.tell(
      .terminal(run: run, .printed(Array("root@192.0.2.7's password: ".utf8))),
      .terminal(run: run, .asks(.init(isHidden: true))))
    driver.type("sesame")
    #expect(driver.screen.contains("Answer (not shown)  ••••••"))
    driver.effects = []
    driver.press(.enter)
    guard case .type(run, let line)? = driver.effects.first else {
      Issue.record("nothing was typed")
      return
    }
    #expect(line.text == "sesame")
    #expect(!driver.screen.contains("•"))
  }

  @Test("after the login the builder is asked over that connection, and nothing logs in again")
  func connection() {
    var driver = asking()
    driver.press(.enter)
    let connection = driver.lastTerminal
    driver.tell(.terminal(run: connection, .ready))
    #expect(driver.wizard.step == .facts)
    #expect(driver.wizard.session.todaysLogin.open?.connection == connection)
    #expect(driver.terminals.count == 2)
    #expect(driver.terminals.last?.connection == connection)
    #expect(driver.lastCommand?.script == RemoteFacts.script(account: "nixremote"))
    #expect(driver.screen.contains("⠋ asking") || driver.screen.contains("asking"))
  }

  @Test("what the builder says is shown, row by row")
  func shown() {
    #expect(
      told().picture == """
         nix-builders · forge                                                    2 of 9
         address  Reach  access  log in  capabilities  probe  settings  write  prove

          What forge says of itself

          ✓ log in    root@192.0.2.7
          ✓ system    NixOS 25.11 (Xantusia), Linux x86_64
          ✓ Nix       2.34.8
          ✓ hardware  16 processors, 62 GiB of memory, 201 GiB free for the store
          ✓ systems   x86_64-linux aarch64-linux (emulated)
          ✓ features  big-parallel kvm nixos-test
          ✓ sudo      not needed, it is root
          ✓ account   nixremote is not there yet
          ✓ sshd      lets nixremote in; 10 sessions a connection

          ▸ Go on
        ⋮ 7
         Enter choose   r ask again   Esc back   ? help
        """)
  }

  @Test("the answers that follow are filled in, and marked where they are asked")
  func filledIn() {
    var driver = told()
    let builder = driver.wizard.session.draft.builder
    #expect(builder.systems == ["x86_64-linux", "aarch64-linux"])
    #expect(builder.supportedFeatures == ["big-parallel", "kvm", "nixos-test"])
    #expect(builder.maxJobs == 16)
    #expect(builder.speedFactor == 1)
    #expect(builder.account.create)
    driver.press(.enter)
    #expect(driver.wizard.step == .access)
    driver.wizard.show(.capabilities)
    #expect(driver.screen.contains("✓ forge says: systems, features, max jobs"))
    #expect(driver.screen.contains("Max jobs   16 "))
    driver.wizard.show(.account)
    #expect(driver.screen.contains("✓ forge says: whether the account is there"))
  }

  @Test(
    "an answer that was typed stays; what the builder says is shown beside it, and can be taken")
  func typed() {
    var driver = loggedIn()
    let run = driver.lastTerminal
    driver.wizard.edit { $0.maxJobs = 3 }
    driver.tell(.terminalEnded(run: run, answer(Self.facts())))
    #expect(driver.wizard.session.draft.builder.maxJobs == 3)
    #expect(driver.wizard.session.draft.builder.supportedFeatures.contains("kvm"))
    #expect(driver.screen.contains("▸ Go on with your own answers"))
    #expect(driver.screen.contains("Take over what forge says"))
    driver.wizard.show(.capabilities)
    #expect(driver.screen.contains("○ forge says: 16 jobs at once"))
    driver.wizard.show(.facts)
    driver.press(.down, .enter)
    #expect(driver.wizard.session.draft.builder.maxJobs == 16)
    #expect(driver.screen.contains("Back to your own answers"))
    driver.press(.down, .enter)
    #expect(driver.wizard.session.draft.builder.maxJobs == 3)
  }

  @Test("facts that come after the answers were given change nothing by themselves")
  func late() {
    var driver = asking()
    driver.press(.end, .enter)
    #expect(driver.wizard.step == .access)
    driver.answer(key: .usable(publicKey: SampleKey.publicLine))
    driver.press(.enter)
    driver.finish([
      .passed(.key),
      CheckResult(name: .login, outcome: .notYet, detail: "refused"),
      CheckResult(name: .remoteNix, outcome: .skipped),
      CheckResult(name: .store, outcome: .skipped),
      CheckResult(name: .trusted, outcome: .skipped),
    ])
    driver.press(.enter, .enter)
    #expect(driver.wizard.step == .local)
    driver.wizard.take(RemoteFacts(output: Self.facts())!)
    #expect(driver.wizard.session.draft.builder.maxJobs == 1)
    #expect(driver.wizard.session.contradictions == [.systems, .features, .maxJobs])
    driver.effects += driver.wizard.show(.connection)
    driver.finish(
      BuilderTest(builder: driver.wizard.session.draft.builder, source: .written)
        .names(.connection).map { .passed($0) })
    #expect(driver.screen.contains("jobs at once. + takes it over."))
    driver.press(.character("+"))
    #expect(driver.wizard.step == .capabilities)
    #expect(driver.wizard.session.draft.builder.maxJobs == 16)
    #expect(driver.screen.contains("✓ forge says: systems, features, max jobs"))
    driver.wizard.show(.facts)
    driver.press(.down, .enter)
    #expect(driver.wizard.session.draft.builder.maxJobs == 1)
    #expect(driver.wizard.session.draft.builder.systems == ["x86_64-linux"])
  }

  @Test("without an administrator's login the first login of the own account fills them in")
  func ownLogin() {
    var driver = asking()
    driver.press(.end, .enter)
    driver.answer(key: .usable(publicKey: SampleKey.publicLine))
    driver.press(.enter)
    let facts = RemoteFacts(output: Self.facts(processors: 4))!
    driver.finish([
      .passed(.key), .passed(.login, "nixremote@forge", finding: .facts(facts)),
      .passed(.remoteNix), .passed(.store), .passed(.trusted),
    ])
    driver.press(.enter)
    #expect(driver.wizard.step == .capabilities)
    #expect(driver.wizard.session.draft.builder.maxJobs == 4)
    #expect(driver.screen.contains("✓ forge says: systems, features, max jobs"))
  }

  @Test("what a check that passed has seen beside is said, with what to do")
  func warning() {
    var driver = asking()
    driver.press(.end, .enter)
    driver.answer(key: .usable(publicKey: SampleKey.publicLine))
    driver.press(.enter)
    driver.effects += driver.wizard.show(.connection)
    let builder = driver.wizard.session.draft.builder
    let clock = Diagnosis(
      .clockDiffers, cause: "The clock of forge is 75 s ahead.", remedy: "Set it.")
    driver.finish(
      BuilderTest(builder: builder, source: .written).names(.connection).map { name in
        var result = CheckResult.passed(name)
        if name == .login { result.diagnosis = clock }
        return result
      })
    #expect(driver.screen.contains("✓ forge answers, and trusts you."))
    #expect(driver.screen.contains("! The clock of forge is 75 s ahead."))
    #expect(driver.screen.contains("  Set it."))
  }

  @Test("a line of sshd's that would keep the account out is named, with what to do")
  func shutOut() {
    let driver = told(
      Self.facts(
        further: """
          nix-builders: sshd allowusers ada
          nix-builders: sshd-line /etc/ssh/sshd_config:12:AllowUsers ada
          """))
    #expect(driver.screen.contains("✗ sshd      keeps nixremote out"))
    #expect(driver.screen.contains("(/etc/ssh/sshd_config:12:AllowUsers ada)"))
    #expect(driver.screen.contains("Add nixremote to that line"))
  }

  @Test("an account that is there is not made again")
  func existing() {
    let entry = "nix-builders: account-entry nixremote:x:1001:100:Build:/home/nixremote:/bin/sh"
    #expect(!told(Self.facts(account: "yes\n\(entry)")).wizard.session.draft.builder.account.create)
  }

  @Test("a login that fails says why, and none is tried again unasked")
  func refused() {
    var driver = asking()
    driver.press(.enter)
    let run = driver.lastTerminal
    driver.effects = []
    driver.tell(
      .terminal(
        run: run, .printed(Array("root@192.0.2.7: Permission denied (publickey).\r\n".utf8))),
      .terminalEnded(run: run, .init(ending: .exited(255))))
    #expect(driver.terminals.isEmpty)
    #expect(driver.screen.contains("✗ log in: ssh could not log in."))
    #expect(driver.screen.contains("Likely  forge did not let root in"))
    #expect(driver.screen.contains("Try root@192.0.2.7 again"))
    #expect(driver.screen.contains("▸ Another login"))
    driver.press(.end, .enter)
    #expect(driver.wizard.step == .access)
    #expect(driver.wizard.session.todaysLogin == .somebodyElse)
  }

  @Test("an answer that is none is no fact, and can be looked at")
  func nonsense() {
    var driver = loggedIn()
    driver.tell(.terminalEnded(run: driver.lastTerminal, answer("This account is closed.\n")))
    #expect(driver.screen.contains("✗ asking"))
    #expect(driver.screen.contains("Go on without"))
    driver.press(.down, .enter)
    #expect(driver.screen.contains("This account is closed."))
    driver.press(.escape, .end, .enter)
    #expect(driver.wizard.step == .access)
    #expect(driver.wizard.session.draft.builder.maxJobs == 1)
  }

  @Test("coming back, the connection is open and not made again; another user is asked about")
  func comingBack() {
    var driver = told()
    driver.press(.enter)
    driver.effects = []
    driver.press(.escape, .escape)
    #expect(driver.wizard.step == .administrator)
    #expect(driver.screen.contains("▸ Go on"))
    driver.press(.enter, .enter)
    #expect(driver.wizard.step == .access)
    #expect(driver.terminals.isEmpty)
    driver.answer(key: .usable(publicKey: SampleKey.publicLine))
    driver.press(.control("u"))
    driver.type("ada")
    driver.press(.enter)
    #expect(driver.wizard.step == .login)
    #expect(driver.lastCommand?.script == RemoteFacts.script(account: "ada"))
  }

  @Test("another address ends the connection and is asked for anew; another alias is not")
  func address() {
    var driver = told()
    let connection = driver.terminals.first?.run
    driver.wizard.edit { $0.alias = "anvil" }
    driver.wizard.show(.access)
    #expect(driver.wizard.session.todaysLogin.open != nil)
    driver.effects = []
    driver.wizard.edit { $0.address = "192.0.2.8" }
    driver.wizard.show(.reach)
    driver.press(.escape)
    #expect(driver.wizard.session.todaysLogin == .unknown)
    let ended = driver.effects.contains {
      if case .cancelRun(connection) = $0 { true } else { false }
    }
    #expect(ended)
  }

  @Test("on a small window", arguments: [Size(columns: 40, rows: 12)])
  func small(size: Size) {
    var driver = asking(size: size)
    #expect(driver.screen.contains("▸ root@192.0.2.7"))
    driver.press(.enter)
    driver.tell(.terminal(run: driver.lastTerminal, .ready))
    driver.tell(.terminalEnded(run: driver.lastTerminal, answer(Self.facts())))
    #expect(driver.screen.contains("▸ Go on"))
    #expect(driver.screen.contains("✓"))
  }
}

extension Wizard {
  /// Changes the draft's builder, as a form would.
  fileprivate mutating func edit(_ change: (inout Builder) -> Void) {
    change(&session.draft.builder)
  }
  fileprivate mutating func give(_ login: AdministratorLogin) { session.draft.givenLogin = login }
  fileprivate mutating func take(_ facts: RemoteFacts) { session.take(facts) }
}

extension Driver {
  fileprivate var terminals: [(run: Int, command: ApplyCommand, connection: Int?)] {
    effects.compactMap { effect in
      if case .runInTerminal(let run, let command, let connection) = effect {
        (run, command, connection)
      } else {
        nil
      }
    }
  }
  fileprivate var lastTerminal: Int { terminals.last?.run ?? 0 }
  fileprivate var lastCommand: ApplyCommand? { terminals.last?.command }
}
