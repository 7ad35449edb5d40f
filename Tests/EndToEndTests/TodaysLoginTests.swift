import Builders
import Checks
import Glibc
import Practice
import Processes
import Testing
import TestSupport

/// Today's login in the wizard, on the second machine and in a real terminal.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TodaysLoginTests {
  /// From the start to the question how one logs in.
  private func asked(_ command: String, alias: String? = nil) async throws -> Tmux {
    let tmux = try await Tmux(command, columns: 100, rows: 30)
    await tmux.wait(for: "▸ Add a builder", "Let a second machine build")
    await tmux.press("Enter")
    await tmux.wait(for: "Where is the builder?")
    if let alias {
      await tmux.type("192.0.2.7")
      await tmux.press("Tab")
      await tmux.type(alias)
    }
    await tmux.press("Enter")
    await tmux.wait(for: "▸ It is the same, trust it")
    await tmux.press("Enter")
    await tmux.wait(for: "How do you log in on")
    return tmux
  }

  /// Whether a program runs whose words, with any sign between them, are like this.
  private func isRunning(_ pattern: String) async -> Bool {
    // The brackets keep it from finding itself.
    let words = "[\(pattern.prefix(1))]\(pattern.dropFirst())"
    return await Command(
      ["sh", "-c", "grep -aqs -e '\(words)' /proc/[0-9]*/cmdline"], timeLimit: .seconds(5)
    ).run().succeeded
  }

  @Test("with root's password, at first a wrong one; nothing of the connection outlives the window")
  func password() async throws {
    let tmux = try await asked(
      "\(program) practice -- sh -c 'rm -f /root/.ssh/id_ed25519; exec \(program)'")
    await tmux.press("Enter")
    await tmux.wait(for: "root@192.0.2.7's password:")
    await tmux.wait(for: "Answer (not shown)")
    await tmux.type("wrong")
    await tmux.press("Enter")
    await tmux.wait(for: "Permission denied, please try again.")
    await tmux.wait(for: "Answer (not shown)")
    await tmux.type("practice")
    await tmux.press("Enter")
    let facts = await tmux.wait(for: "▸ Go on", "✗")
    #expect(facts.contains("✓ log in    root@192.0.2.7"))
    #expect(facts.contains("✓ sudo      not needed, it is root"))
    #expect(!facts.contains("wrong"))
    let connection = "ssh.-M.-N.*ControlPath=/tmp/nix-builders-.*192.0.2.7"
    #expect(await isRunning(connection))
    await tmux.close()
    for _ in 0..<200 where await isRunning(connection) {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(await !isRunning(connection))
  }

  @Test("a login that is refused says so, and somebody else may look after the machine")
  func refused() async throws {
    let tmux = try await asked(
      "\(program) practice -- sh -c 'rm -f /root/.ssh/id_ed25519; exec \(program)'")
    await tmux.press("Down", "Enter")
    await tmux.wait(for: "Login")
    await tmux.press("C-u")
    await tmux.type("nobody@192.0.2.7")
    await tmux.press("Enter")
    let refused = await tmux.wait(for: "✗ log in: ssh could not log in.")
    #expect(refused.contains("forge did not let nobody in"))
    await tmux.press("End", "Enter")
    await tmux.wait(for: "There is no key yet")
    await tmux.close()
  }

  @Test("under sudo it is the person's own ssh that logs in, by their Host block and key")
  func person() async throws {
    var options = PracticeOptions()
    options.givesAdministratorKey = false
    let machines = try await PracticeMachines.start(options)
    do {
      try await walkAsLars(machines)
    } catch {
      await machines.stop()
      throw error
    }
    await machines.stop()
  }

  private func run(_ script: String, on machine: Machine) async throws -> String {
    let result = await machine.command(["sh", "-euc", script]).run()
    try #require(result.succeeded, "\(result.error)")
    return result.output
  }

  private func walkAsLars(_ machines: PracticeMachines) async throws {
    let key = try await run(
      """
      echo 'lars:x:1234:1234:Lars:/home/lars:/bin/sh' >>/etc/passwd
      echo 'lars:x:1234:' >>/etc/group
      mkdir -p /home/lars/.ssh
      ssh-keygen -q -t ed25519 -N '' -f /home/lars/.ssh/smithy
      printf 'Host smithy\\n HostName 192.0.2.7\\n User root\\n IdentityFile ~/.ssh/smithy\\n' \
        >/home/lars/.ssh/config
      chown -R 1234:1234 /home/lars
      cat /home/lars/.ssh/smithy.pub
      """, on: machines.local)
    _ = try await run(
      "mkdir -p -m 700 /root/.ssh; printf '%s' '\(key)' >>/root/.ssh/authorized_keys",
      on: machines.builder)
    let command = machines.local.command(
      ["env", "-u", "NIX_BUILDERS_PRACTICE", "SUDO_UID=1234", program])
    let tmux = try await asked(command.text, alias: "box")
    let choices = await tmux.screen
    #expect(choices.contains("with lars's ssh"))
    #expect(choices.contains("lars@192.0.2.7"))
    await tmux.press("Down", "Down", "Enter")
    await tmux.wait(for: "With the ssh of")
    await tmux.press("C-u")
    await tmux.type("smithy")
    await tmux.press("Enter")
    // Nobody has told ssh yet that smithy is the machine whose key was accepted.
    await tmux.wait(for: "continue connecting (yes/no/[fingerprint])?")
    await tmux.wait(for: "Answer")
    await tmux.type("yes")
    await tmux.press("Enter")
    let facts = await tmux.wait(for: "▸ Go on", "✗")
    #expect(facts.contains("✓ log in    smithy"))
    #expect(facts.contains("✓ sudo      not needed, it is root"))
    let owner = try await run(
      "stat -c %u /proc/[0-9]*/exe 2>/dev/null | sort -u; ls -ld /home/lars/.ssh/known_hosts",
      on: machines.local)
    #expect(owner.contains("1234\n"))
    await tmux.close()
  }
}
