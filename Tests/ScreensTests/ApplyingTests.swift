import Builders
import Checks
import Features
import Processes
import SSH
import Terminal
import Testing

@testable import Screens

/// The program applies a fragment itself; what ssh and sudo do is given as messages.
@Suite struct ApplyingTests {
  private static let module = """
    { config, pkgs, ... }:

    {
      imports =
        [ # Include the results of the hardware scan.
          ./hardware-configuration.nix
        ];
    }

    """

  /// After writing, at what is left to do.
  private func written(_ files: [String] = []) -> Driver {
    var builder = Builder(
      alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"], keyPath: "/root/.ssh/forge")
    builder.hostKey = SampleKey.line
    builder.publicKey = SampleKey.publicLine
    var driver = Driver(inventory: Inventory(builders: [builder]))
    driver.tell(.machine(.ready))
    driver.press(.character("e"), .end, .enter)
    driver.write(files)
    return driver
  }

  /// At the administrator's login.
  private func asking() -> Driver {
    var driver = written()
    driver.press(.down, .enter)
    return driver
  }

  /// The commands run, and ssh asks for the password.
  private func connecting(from asking: Driver? = nil) -> Driver {
    var driver = asking ?? self.asking()
    driver.press(.enter)
    driver.effects = []
    driver.press(.enter)
    return driver
  }

  /// Logged in, and looking.
  private func looking(from asking: Driver? = nil) -> Driver {
    var driver = connecting(from: asking)
    driver.tell(.terminal(run: driver.lastTerminal, .ready))
    return driver
  }

  private func found(_ configuration: String, rebuild: Bool = true) -> TerminalCommand.Result {
    let program = rebuild ? "/run/current-system/sw/bin/nixos-rebuild\n" : ""
    return TerminalCommand.Result(
      ending: .exited(0),
      output: "\(program)@files\nconfiguration.nix\n@configuration\n\(configuration)")
  }

  private static let done = TerminalCommand.Result(ending: .exited(0))

  @Test("what was written before is tested first, and can be applied again or handed over")
  func offered() {
    #expect(
      written().screen == """
         nix-builders · forge

          Everything was written before.

          By hand it would be:
          On forge
            its fragment
              /etc/nixos/nix-builders/remote-forge.nix
            once, beside its configuration.nix
              imports = [ ./remote-forge.nix ];
            then
              nixos-rebuild switch

          On this machine
            once, in a module of /etc/nixos
              imports = [ ./nix-builders/local.nix ];                                ↓

          ▸ Test the connection
            Apply it on forge
            Somebody else looks after forge: hand it over
            Apply it here
            Later: back to the builder list

         Enter choose   ↑↓ move   y copy the commands   Esc back   ? help
        """)
  }

  @Test("the administrator's login is asked for, root's at first")
  func login() {
    var driver = asking()
    #expect(
      driver.screen == """
         nix-builders · applying on forge

          Who may change the configuration of forge?
          So that its fragment is copied there and nixos-rebuild switch runs. You see
          the commands first.

          ▸ Login          root@192.0.2.7       USER@HOST, one that may change it
            Configuration  /etc/nixos           the directory of its configuration.nix















         Enter show the commands   Tab field   Esc back   F1 help
        """)
    driver.press(.control("u"))
    driver.type("ada@bad host")
    driver.press(.enter)
    #expect(driver.screen.contains("✗ Login: \"bad host\" has a blank."))
    driver.press(.control("u"))
    driver.type("ada@192.0.2.7")
    driver.press(.enter)
    #expect(driver.screen.contains("&& sudo nixos-rebuild switch"))
    #expect(!driver.effects.runsSomething)
    driver.press(.escape)
    #expect(driver.screen.contains("▸ Login          ada@192.0.2.7"))
    driver.press(.escape)
    #expect(driver.wizard.step == .apply)
  }

  @Test("the commands are shown before anything runs, and can be copied")
  func commands() {
    var driver = asking()
    driver.press(.enter)
    #expect(
      driver.screen == """
         nix-builders · applying on forge

          What will be done on forge

          log in; what follows shares this connection, so that ssh asks once
            ssh -M -N root@192.0.2.7
          look what is there; nothing is changed
            ssh root@192.0.2.7 'command -v nixos-rebuild; echo @files; ls -A
              /etc/nixos; echo @configuration; cat /etc/nixos/configuration.nix'
          copy the fragment into the home of the account
            ssh root@192.0.2.7 'cat >.remote-forge.nix'
              </etc/nixos/nix-builders/remote-forge.nix
          put it into its place, and switch to the configuration with it
            ssh -t root@192.0.2.7 'install -m 644 .remote-forge.nix
              /etc/nixos/remote-forge.nix && nixos-rebuild switch && rm
              .remote-forge.nix'
          Besides, ssh gets the place of that connection, and the host key that you
          accepted.

          ▸ Run these commands
            Change the login
            Leave it, I do it by hand

         Enter choose   ↑↓ move   y copy the commands   Esc back   ? help
        """)
    #expect(!driver.effects.runsSomething)
    driver.effects = []
    driver.press(.character("y"))
    guard case .copy(let text)? = driver.effects.first else {
      Issue.record("y copied nothing")
      return
    }
    #expect(text.split(separator: "\n").count == 4)
    #expect(text.hasPrefix("ssh -M -N root@192.0.2.7\nssh root@192.0.2.7 'command"))
  }

  @Test("a password that ssh asks for is typed below the log, and not shown")
  func password() {
    var driver = connecting()
    let run = driver.lastTerminal
    driver.tell(
      .terminal(run: run, .printed(Array("root@192.0.2.7's password: ".utf8))),
      .terminal(run: run, .asks(.init(isHidden: true))))
    driver.type("sesame?")
    #expect(
      driver.screen == """
         nix-builders · applying on forge
         ? log in    0.20 │ $ ssh -M -N root@192.0.2.7
         · look           │ root@192.0.2.7's password:
         · copy           │
         · switch         │
                          │
                          │
                          │
                          │
                          │
                          │
                          │
                          │
                          │
                          │
                          │
                          │
                          │
                          │
                          │
         ─────────────────────────────────────────────────────── following · line 2 ───
          Answer (not shown)  •••••••

         Enter send it   Esc look at the log   Ctrl-C cancel
        """)
    driver.effects = []
    driver.press(.enter)
    guard case .type(run, let line)? = driver.effects.first else {
      Issue.record("nothing was typed")
      return
    }
    #expect(line.text == "sesame?")
    #expect(!driver.screen.contains("•"))
    #expect(!driver.screen.contains("sesame"))
  }

  @Test("a question that may be seen is answered in sight")
  func question() {
    var driver = connecting()
    driver.tell(
      .terminal(run: driver.lastTerminal, .printed(Array("continue (yes/no)? ".utf8))),
      .terminal(run: driver.lastTerminal, .asks(.init(isHidden: false))))
    driver.type("yes")
    #expect(driver.screen.contains("  Answer  yes"))
  }

  @Test("a missing import is shown as a diff, and added after consent")
  func missingImport() {
    var driver = looking()
    let look = driver.forget()
    driver.tell(.terminalEnded(run: look, found(Self.module)))
    #expect(
      driver.screen == """
         nix-builders · applying on forge

          /etc/nixos/configuration.nix on forge does not import it yet

                imports =
                  [ # Include the results of the hardware scan.
            +       ./remote-forge.nix
                    ./hardware-configuration.nix
                  ];

          copy the fragment into the home of the account
            ssh root@192.0.2.7 'cat >.remote-forge.nix'
              </etc/nixos/nix-builders/remote-forge.nix
          put it into its place, and switch to the configuration with it
            ssh -t root@192.0.2.7 "install -m 644 .remote-forge.nix
              /etc/nixos/remote-forge.nix && sed -i.before --follow-symlinks '5a\\
              ./remote-forge.nix' /etc/nixos/configuration.nix && nixos-rebuild switch
              && rm .remote-forge.nix"

          ▸ Add the line, and go on
            Go on without: another module imports it
            Stop here, nothing was changed

         Enter choose   ↑↓ move   y copy the commands   Esc back   ? help
        """)
    #expect(!driver.effects.runsSomething)
    driver.press(.enter)
    #expect(driver.lastCommand?.inputFile == "/etc/nixos/nix-builders/remote-forge.nix")
    driver.tell(.terminalEnded(run: driver.lastTerminal, Self.done))
    #expect(driver.lastCommand?.text.contains("sed -i.before") == true)
  }

  @Test("going on without the line changes no module")
  func withoutImport() {
    var driver = looking()
    driver.tell(.terminalEnded(run: driver.lastTerminal, found(Self.module)))
    driver.press(.down)
    #expect(!driver.screen.contains("sed"))
    driver.press(.enter)
    driver.tell(.terminalEnded(run: driver.lastTerminal, Self.done))
    #expect(driver.lastCommand?.wantsTerminal == true)
    #expect(driver.lastCommand?.text.contains("sed") == false)
  }

  @Test("a list of imports that is not plain stops, and says which line is needed")
  func unclearImport() {
    var driver = looking()
    let look = driver.forget()
    driver.tell(.terminalEnded(run: look, found("{ imports = import ./all.nix; }")))
    #expect(driver.screen.contains("Its list of imports is for you to change. It needs:"))
    #expect(driver.screen.contains("imports = [ ./remote-forge.nix ];"))
    #expect(driver.screen.contains("▸ Stop here, nothing was changed"))
    driver.press(.enter)
    #expect(driver.wizard.step == .apply)
    #expect(!driver.effects.runsSomething)
  }

  @Test("after writing, Enter applies there, keeps the connection, applies here and tests")
  func allTheWay() {
    var driver = written(["remote-forge.nix", "local.nix"])
    #expect(driver.screen.contains("▸ Apply them on forge, then here"))
    driver.press(.enter)
    driver = looking(from: driver)
    let connection = driver.firstTerminal
    driver.tell(
      .terminalEnded(
        run: driver.lastTerminal, found("{\n  imports = [\n    ./remote-forge.nix\n  ];\n}\n")))
    driver.tell(.terminalEnded(run: driver.lastTerminal, Self.done))
    driver.effects.removeAll {
      if case .runInTerminal(connection, _, _) = $0 { true } else { false }
    }
    driver.tell(.terminalEnded(run: driver.lastTerminal, Self.done))
    #expect(driver.screen.contains("✓ Applied on forge."))
    let hangsUp = driver.effects.contains {
      if case .cancelRun(connection) = $0 { true } else { false }
    }
    #expect(!hangsUp)
    driver.press(.enter)
    #expect(driver.screen.contains("What will be done here"))
    #expect(driver.screen.contains("    nixos-rebuild switch"))
    driver.press(.enter)
    driver.tell(
      .terminalEnded(
        run: driver.forget(),
        found("{\n  imports = [\n    ./nix-builders/local.nix\n  ];\n}\n")))
    driver.tell(.terminalEnded(run: driver.forget(), Self.done))
    #expect(driver.screen.contains("✓ Applied here."))
    driver.effects = []
    driver.press(.enter)
    #expect(driver.wizard.step == .connection)
    let source = driver.effects.lazy.compactMap {
      if case .runChecks(_, _, let source, _) = $0 { source } else { nil as BuilderTest.Source? }
    }.first
    #expect(source == .installed)
  }

  @Test("over a connection that is open nothing is asked, and the first command looks")
  func keptConnection() {
    var driver = written(["remote-forge.nix"])
    let builder = driver.wizard.session.draft.builder
    let login = AdministratorLogin("root@192.0.2.7", of: builder)
    driver.wizard.session.todaysLogins[builder.endpoint] = .login(login, connection: 77)
    driver.effects = []
    driver.press(.enter)
    #expect(driver.screen.contains("What will be done on forge"))
    #expect(!driver.screen.contains("ssh -M -N"))
    driver.press(.enter)
    guard case .runInTerminal(_, let command, connection: 77)? = driver.effects.last else {
      Issue.record("it does not go over the open connection: \(driver.effects)")
      return
    }
    #expect(command.script?.unicodeScalars.contains("nixos-rebuild") == true)
  }

  @Test("what somebody else has to do is one text, and it looks again only when asked")
  func handOver() {
    var driver = written(["remote-forge.nix", "local.nix"])
    let builder = driver.wizard.session.draft.builder
    driver.wizard.session.todaysLogins[builder.endpoint] = .somebodyElse
    driver.effects += driver.wizard.show(.apply)
    driver.effects = []
    driver.press(.enter)
    #expect(driver.wizard.step == .handOver)
    #expect(driver.screen.contains("Hand this to whoever looks after forge"))
    #expect(driver.screen.contains("forge does not know the key. Look again"))
    #expect(!driver.effects.runsSomething)
    driver.press(.character("y"))
    guard case .copy(let text)? = driver.effects.last else {
      Issue.record("nothing was copied")
      return
    }
    #expect(text.contains("imports = [ ./remote-forge.nix ];"))
    #expect(text.contains(SampleKey.publicLine))
    driver.press(.enter)
    let scopes = driver.effects.lazy.compactMap {
      if case .runChecks(_, _, _, let scopes) = $0 { scopes } else { nil as [BuilderTest.Scope]? }
    }.first
    #expect(scopes == [.connection])
  }

  @Test("a machine without NixOS is told before anything is changed")
  func noRebuild() {
    var driver = looking()
    let look = driver.forget()
    driver.tell(.terminalEnded(run: look, found(Self.module, rebuild: false)))
    #expect(driver.screen.contains("There is no nixos-rebuild on forge: it does not run NixOS"))
    #expect(driver.screen.contains("Nothing was changed there."))
    #expect(driver.screen.contains("extra-trusted-users = nixremote"))
    #expect(!driver.effects.runsSomething)
  }

  @Test("a failed switch shows its exit status, and r looks and switches again")
  func failure() {
    var driver = looking()
    let present = found("{ imports = [ ./remote-forge.nix ]; }")
    driver.tell(.terminalEnded(run: driver.lastTerminal, present))
    driver.tell(.terminalEnded(run: driver.lastTerminal, Self.done))
    driver.tell(
      .terminal(
        run: driver.lastTerminal,
        .printed(Array("error: attribute 'foo' missing\r\nbuilding…".utf8))),
      .terminalEnded(run: driver.lastTerminal, .init(ending: .exited(1))))
    #expect(driver.screen.contains("error: attribute 'foo' missing"))
    #expect(driver.screen.contains("✗ switch: exit status 1."))
    #expect(!driver.screen.contains("Nothing was changed"))
    driver.press(.character("r"))
    #expect(driver.lastCommand?.capturesOutput == true)
    driver.tell(.terminalEnded(run: driver.lastTerminal, present))
    #expect(driver.lastCommand?.wantsTerminal == true)
    driver.tell(.terminalEnded(run: driver.lastTerminal, Self.done))
    #expect(driver.screen.contains("✓ Applied on forge."))
  }

  @Test("a login that was refused is tried again from there")
  func refused() {
    var driver = connecting()
    driver.tell(.terminalEnded(run: driver.lastTerminal, .init(ending: .exited(255))))
    #expect(driver.screen.contains("✗ log in: ssh could not log in."))
    driver.press(.character("r"))
    #expect(driver.lastCommand?.script == nil)
    #expect(driver.screen.contains("x cancel"))
  }

  @Test("where the connection is lost, r logs in again and goes on with the step that failed")
  func lostConnection() {
    var driver = looking()
    let connection = driver.firstTerminal
    driver.tell(
      .terminalEnded(run: driver.lastTerminal, found("{ imports = [ ./remote-forge.nix ]; }")))
    driver.tell(.terminalEnded(run: connection, .init(ending: .exited(255))))
    driver.tell(.terminalEnded(run: driver.lastTerminal, .init(ending: .exited(255))))
    #expect(driver.screen.contains("✗ copy: exit status 255."))
    driver.press(.character("r"))
    #expect(driver.lastCommand?.script == nil)
    driver.tell(.terminal(run: driver.lastTerminal, .ready))
    #expect(driver.lastCommand?.inputFile != nil)
  }

  @Test("Ctrl-C ends the command and the connection, even while something is asked")
  func cancelled() {
    var driver = connecting()
    let run = driver.lastTerminal
    driver.tell(.terminal(run: run, .asks(.init(isHidden: true))))
    driver.type("ses")
    driver.effects = []
    driver.press(.control("c"))
    guard case .cancelRun(run)? = driver.effects.first else {
      Issue.record("nothing was cancelled")
      return
    }
    driver.tell(.terminalEnded(run: run, .init(ending: .cancelled)))
    #expect(driver.screen.contains("✗ log in: cancelled."))
  }

  @Test("commands that do not fit can be scrolled through before one agrees")
  func scrolled() {
    var driver = asking()
    driver.press(.enter)
    driver.resize(60, 14)
    #expect(driver.screen.contains("⋮ PgDn"))
    #expect(!driver.screen.contains("&& nixos-rebuild switch"))
    driver.press(.pageDown, .pageDown, .pageDown)
    #expect(driver.screen.contains("nixos-rebuild switch"))
    #expect(!driver.screen.contains("⋮ PgDn"))
    driver.press(.pageUp, .pageUp, .pageUp)
    #expect(driver.screen.contains("ssh -M -N root@192.0.2.7"))
  }

  @Test("on a narrow and on a low window", arguments: [Size(columns: 40, rows: 12)])
  func small(size: Size) {
    var driver = looking()
    driver.resize(size.columns, size.rows)
    driver.tell(.terminal(run: driver.lastTerminal, .asks(.init(isHidden: true))))
    #expect(driver.screen.contains("Answer (not shown)"))
  }
}

extension Driver {
  private var terminals: [(run: Int, command: ApplyCommand)] {
    effects.compactMap { effect in
      if case .runInTerminal(let run, let command, _) = effect { (run, command) } else { nil }
    }
  }

  /// Forgets the effects so far.
  ///
  /// - Returns: the run of the last command.
  fileprivate mutating func forget() -> Int {
    defer { effects = [] }
    return lastTerminal
  }

  fileprivate var lastTerminal: Int { terminals.last?.run ?? 0 }
  fileprivate var firstTerminal: Int { terminals.first?.run ?? 0 }
  fileprivate var lastCommand: ApplyCommand? { terminals.last?.command }
}

extension [Effect] {
  fileprivate var runsSomething: Bool {
    contains { if case .runInTerminal = $0 { true } else { false } }
  }
}
