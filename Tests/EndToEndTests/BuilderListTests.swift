import Checks
import Glibc
import Practice
import Processes
import Testing
import TestSupport

/// The builder list in a real terminal.
@Suite(.serialized) struct BuilderListTests {
  private static func add(_ alias: String, to folder: InventoryFolder) async {
    let result = await folder.run(
      "add", alias, "--address", "192.0.2.\(alias.utf8.count)", "--system", "x86_64-linux")
    #expect(result.ending == .exited(0), "\(result)")
  }

  /// A folder with an inventory of two builders, opened in a terminal.
  private func opened(
    _ body: (InventoryFolder, Tmux) async throws -> Void
  ) async throws {
    try await InventoryFolder.with { folder in
      await Self.add("forge", to: folder)
      await Self.add("pi", to: folder)
      let tmux = try await start(folder)
      await tmux.wait(for: "2 builders")
      try await body(folder, tmux)
      await tmux.close()
    }
  }

  private func start(_ folder: InventoryFolder) async throws -> Tmux {
    try await Tmux(
      "sh -c 'echo $$ > \(folder.path)/.pid; exec \(program) --directory \(folder.path)'")
  }

  private func kill(_ signal: String, _ folder: InventoryFolder) async {
    _ = await Command(
      ["sh", "-c", "kill -\(signal) $(cat \(folder.path)/.pid)"], timeLimit: .seconds(5)
    ).run()
  }

  @Test(
    "unsaved edits survive the end of the program, and can be taken up and refused",
    arguments: ["KILL", "HUP", "TERM", "SEGV"])
  func killed(signal: String) async throws {
    try await opened { folder, tmux in
      let before = folder.read("builders.json")
      await tmux.press("o")
      await tmux.wait(for: "changes not written")
      await tmux.press("F2")
      await tmux.wait(for: "Where is the builder?")
      await tmux.type("x")
      await tmux.wait(for: "forgex")
      // What is typed is on disk about a second later at most.
      try await Task.sleep(for: .seconds(1.5))
      await kill(signal, folder)
      await tmux.wait(for: "exit")
      await tmux.close()

      let second = try await start(folder)
      let offered = await second.wait(for: "Take up the changes of")
      #expect(offered.contains("forge: turned off"))
      #expect(offered.contains("forgex: was being edited") || offered.contains("forge: was being"))
      await second.press("Enter")
      await second.wait(for: "What of forgex is to change?")
      await second.press("Escape")
      let taken = await second.wait(for: "changes not written")
      #expect(taken.contains("forgex"))
      try await Task.sleep(for: .seconds(1.5))
      await kill("KILL", folder)
      await second.wait(for: "exit")
      await second.close()

      let third = try await start(folder)
      await third.wait(for: "Take up the changes of")
      await third.press("Down", "Enter")
      let refused = await third.wait(for: "  forge ")
      #expect(!refused.contains("changes not written"))
      await third.press("q")
      await third.wait(for: "exit 0")
      await third.close()

      let fourth = try await start(folder)
      await fourth.wait(for: "2 builders")
      #expect(!(await fourth.screen).contains("Take up"))
      await fourth.close()
      #expect(folder.read("builders.json") == before)
    }
  }

  @Test("closing the terminal loses nothing")
  func lostTerminal() async throws {
    try await opened { folder, tmux in
      await tmux.press("o")
      await tmux.wait(for: "changes not written")
      // At once: what was not kept yet is kept on the way out.
      await tmux.close()
      let end = ContinuousClock.now + .seconds(5)
      let process = pid_t(folder.read(".pid")?.split(separator: "\n").first ?? "") ?? -1
      while !isZombie(process), ContinuousClock.now < end {
        try await Task.sleep(for: .milliseconds(20))
      }
      let second = try await start(folder)
      await second.wait(for: "forge: turned off")
      await second.close()
    }
  }

  @Test("a second window names the first, and takes over what the first has written")
  func twoWindows() async throws {
    try await opened { folder, tmux in
      let second = try await Tmux("\(program) --directory \(folder.path)", columns: 110)
      let process = folder.read(".pid")?.split(separator: "\n").first ?? ""
      let notice = await second.wait(for: "Also open in process \(process) of ")
      #expect(notice.contains(" on /dev/pts/"))
      await tmux.press("o")
      await tmux.press("w")
      await tmux.wait(for: "✓ read by")
      await tmux.press("Enter")
      await tmux.wait(for: "Written.")
      await second.wait(for: "builders.json was changed by somebody else. R takes that over.")
      await second.press("R")
      let read = await second.wait(for: "builders.json was read again.")
      #expect(read.contains("1 off"))
      await second.press("q")
      await second.wait(for: "exit 0")
      await second.close()
    }
  }

  @Test("what another program writes meanwhile is never overwritten")
  func changedMeanwhile() async throws {
    try await opened { folder, tmux in
      await tmux.press("o")
      await tmux.wait(for: "changes not written")
      await Self.add("anvil", to: folder)
      await tmux.wait(for: "changed by somebody else")
      await tmux.press("w")
      await tmux.wait(for: "✓ read by")
      await tmux.press("Enter")
      await tmux.wait(for: "Nothing was written;")
      await tmux.press("Escape")
      await tmux.wait(for: "2 builders")
      await tmux.press("R")
      await tmux.wait(for: "anvil: new")
      await tmux.press("Enter")
      let merged = await tmux.wait(for: "3 builders, 1 off, changes not written")
      #expect(merged.contains("anvil"))
      await tmux.press("w")
      await tmux.wait(for: "✓ read by")
      await tmux.press("Enter")
      await tmux.wait(for: "Written.")
      #expect(folder.inventory?.builders.map(\.alias) == ["forge", "pi", "anvil"])
      #expect(folder.inventory?.builders.map(\.enabled) == [false, true, true])
    }
  }

  @Test("the event loop sleeps while nothing happens")
  func idle() async throws {
    try await opened { folder, tmux in
      func switches() async -> String {
        let file = "/proc/$p/task/$p/status"
        return await Command(
          ["sh", "-c", "p=$(cat \(folder.path)/.pid); grep ^voluntary \(file)"],
          timeLimit: .seconds(5)
        ).run().output
      }
      // Until everything has been looked at.
      await tmux.wait(for: "d shows it.")
      try await Task.sleep(for: .seconds(1))
      let before = await switches()
      try await Task.sleep(for: .seconds(3))
      #expect(await switches() == before)
    }
  }

  // MARK: - On real machines

  @Test(
    "one edits a builder that is down, writes, tests all, undoes, and writes the files as before")
  func wholeRound() async throws {
    var options = PracticeOptions()
    options.port = 2222
    let machines = try await PracticeMachines.start(options)
    do {
      try await walk(on: machines)
    } catch {
      await machines.stop()
      throw error
    }
    await machines.stop()
  }

  private func walk(on machines: PracticeMachines) async throws {
    func here(_ script: String) async throws -> String {
      let words = ["env", "-u", "NIX_BUILDERS_PRACTICE", "sh", "-eus"]
      let result = await machines.local.command(words, input: Array(script.utf8)).run()
      try #require(result.succeeded, "\(script)\n\(result.output)\(result.error)")
      return result.output
    }
    let folder = "/etc/nixos/nix-builders"
    _ = try await here(
      """
      ssh-keygen -q -t ed25519 -N '' -C root@laptop -f /root/.ssh/forge
      key=$(ssh-keyscan -p 2222 -t ed25519 192.0.2.7 2>/dev/null | sed -n 's/^[^# ]* //p')
      add() {
        \(program) add "$@" --key-path /root/.ssh/forge --system x86_64-linux --max-jobs 2
      }
      add forge --address 192.0.2.7 --port 2222 --host-key "$key"
      add twin --address 2001:db8::7 --port 2222 --host-key "$key"
      add pi --address 192.0.2.7 --port 2 --host-key "$key"
      \(program) write
      """)
    try await machines.connection.apply(remoteFragment: "\(folder)/remote-forge.nix")
    try await machines.connection.apply(localFragment: "\(folder)/local.nix")
    let check = try await here("\(program) write --check")
    #expect(
      check == """
        local.nix: as written
        remote-forge.nix: as written
        remote-twin.nix: as written
        remote-pi.nix: as written
        installed: as written

        """)
    _ = try await here("mkdir /root/before; cp \(folder)/* /root/before")

    let command = machines.local.command(["env", "-u", "NIX_BUILDERS_PRACTICE", program])
    let tmux = try await Tmux(command.text, columns: 100, rows: 30)
    await tmux.wait(for: "3 builders")
    await tmux.press("End", "Enter")
    await tmux.wait(for: "What of pi is to change?")
    await tmux.press("Enter")
    await tmux.wait(for: "Where is the builder?")
    await tmux.press("Tab", "Tab", "C-u")
    await tmux.type("3")
    await tmux.press("Enter")
    await tmux.wait(for: "nothing listens on port 3")
    await tmux.press("End", "Enter")
    await tmux.wait(for: "What of pi is to change?")
    await tmux.press("End", "Enter")
    let diff = await tmux.wait(for: "✓ read by Nix")
    #expect(diff.contains("−       Port 2\n"))
    #expect(diff.contains("+       Port 3\n"))
    // The key that was accepted stays, and is compared.
    #expect(!diff.contains("known_hosts:"))
    await tmux.press("Enter")
    await tmux.wait(for: "Written.")
    await tmux.press("End", "Enter")
    await tmux.wait(for: "3 builders")
    await tmux.wait(for: "d shows it.")

    await tmux.press("T")
    await tmux.wait(for: "✗ port 3        now ")
    let tested = await waitForTests(in: tmux)
    for alias in ["forge", "twin"] {
      let line = tested.split(separator: "\n").first { $0.contains(" \(alias) ") }
      #expect(line?.contains("✓ connected") == true, "\(tested)")
    }
    #expect(tested.contains("nothing listens on port 3"))

    await tmux.press("u")
    await tmux.wait(for: "Undone: pi edited.")
    await tmux.press("w")
    await tmux.wait(for: "✓ read by Nix")
    await tmux.press("Enter")
    await tmux.wait(for: "Written.")
    await tmux.wait(for: "  Back to the builder list")
    await tmux.press("Down", "Enter")
    await tmux.wait(for: "3 builders")
    await tmux.press("q")
    await tmux.wait(for: "exit 0")
    await tmux.close()
    let different = try await here(
      "diff -r -x '*.bak' /root/before \(folder) || true")
    #expect(different == "")
    #expect(try await here("\(program) write --check").contains("installed: as written"))

    let installed = try await here(
      """
      sed -i 's/ 2 1 / 7 1 /; s/ssh-ng:..twin/ssh-ng:\\/\\/elsewhere/' /etc/nix/machines
      \(program) write --check
      """)
    #expect(installed.contains("installed: forge: max jobs 2, installed 7"))
    #expect(installed.contains("installed: twin: not among Nix's builders"))
  }

  /// Waits until no test runs any more.
  private func waitForTests(in tmux: Tmux) async -> String {
    for _ in 0..<200 {
      let screen = await tmux.screen
      if !screen.contains("cancel the tests") { return screen }
      try? await Task.sleep(for: .milliseconds(100))
    }
    return await tmux.screen
  }
}
