import Checks
import Glibc
import Processes
import Testing
import TestSupport

/// The wizard applies the fragments itself, over an administrator's login on the second machine.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ApplyingTests {
  /// With nothing but Enter to where the fragments are written.
  private func written(by command: String) async throws -> Tmux {
    let tmux = try await Tmux(command, columns: 100, rows: 30)
    for text in ["running as root", "Where is the builder?", "It is the same, trust it"] {
      await tmux.wait(for: text)
      await tmux.press("Enter")
    }
    await tmux.wait(for: "Somebody else looks after forge")
    await tmux.press("End", "Enter")
    for text in [
      "There is no key yet", "Make a key there", "The key can be used",
      "Go on, and try again after the fragments are applied", "What may",
      "How does this machine use its builders?", "know of you?", "✓ read by Nix",
    ] {
      await tmux.wait(for: text)
      await tmux.press("Enter")
    }
    await tmux.wait(for: "▸ Apply them on both machines, as NixOS would")
    await tmux.press("Down", "Down", "Down", "Enter")
    await tmux.wait(for: "Who may change the configuration of forge?")
    return tmux
  }

  /// Practice without the key that lets root in there.
  private var withoutKey: String {
    "\(program) practice -- sh -c 'rm -f /root/.ssh/id_ed25519; exec \(program)'"
  }

  /// From the commands to the question for the password.
  private func run(_ tmux: Tmux) async {
    await tmux.press("Enter")
    await tmux.wait(for: "What will be done on forge")
    await tmux.press("Enter")
  }

  /// Answers when the screen asks.
  private func answer(_ text: String, _ tmux: Tmux) async {
    await tmux.wait(for: "  Answer")
    await tmux.type(text)
    await tmux.press("Enter")
  }

  @Test("with root's password, at first a wrong one: both machines, and the test goes by it")
  func bothMachines() async throws {
    let tmux = try await written(by: withoutKey)
    let hint = await tmux.wait(for: "root here has a key for root on forge")
    #expect(hint.contains("root@192.0.2.7"))
    await run(tmux)
    await tmux.wait(for: "root@192.0.2.7's password:")
    await answer("wrong", tmux)
    let again = await tmux.wait(for: "Permission denied, please try again.")
    #expect(!again.contains("wrong"))
    await answer("practice", tmux)
    let missing = await tmux.wait(for: "on forge does not import it yet")
    #expect(missing.contains("+       ./remote-forge.nix"))
    await tmux.press("Enter")
    let applied = await tmux.wait(for: "✓ Applied on forge.", "✗")
    #expect(applied.contains("account nixremote with 1 authorized key"))
    #expect(!applied.contains("wrong"))
    await tmux.press("Enter")
    await tmux.wait(for: "What will be done here")
    await tmux.press("Enter")
    await tmux.wait(for: "here does not import it yet")
    await tmux.press("Enter")
    await tmux.wait(for: "✓ Applied here.", "✗")
    await tmux.press("Enter")
    let connection = await tmux.wait(for: "answers, and trusts you.", "✗")
    #expect(connection.contains("as installed"))
    #expect(connection.contains("✓ trusted"))
    await tmux.close()
  }

  @Test("at an unknown address ssh asks about the host key, and a wrong answer ends there")
  func hostKeyQuestion() async throws {
    let tmux = try await written(by: withoutKey)
    await tmux.press("C-u")
    await tmux.type("root@forge.example")
    await run(tmux)
    await tmux.wait(for: "continue connecting (yes/no/[fingerprint])?")
    await answer("yess", tmux)
    await tmux.wait(for: "Please type 'yes', 'no' or the fingerprint:")
    await answer("no", tmux)
    let refused = await tmux.wait(for: "✗ log in: ssh could not log in.")
    #expect(refused.contains("Host key verification failed."))
    #expect(refused.contains("Nothing was changed in the configuration."))
    await tmux.press("r")
    await answer("yes", tmux)
    await tmux.wait(for: "root@forge.example's password:")
    await answer("practice", tmux)
    await tmux.wait(for: "on forge does not import it yet")
    await tmux.close()
  }

  @Test("cancelling ends what runs on the builder too, and the connection ends with the program")
  func cancel() async throws {
    let mark = "60\(UInt32.random(in: 1000...9999))"
    let script = """
      nsenter --target ${NIX_BUILDERS_PRACTICE%% *} --mount \
      sh -c 'echo echo slow >$0; echo exec sleep \(mark) >>$0' /run/practice/bin/nixos-rebuild
      rm -f /root/.ssh/id_ed25519
      exec \(program)
      """
    let file = "/tmp/nix-builders-slow-\(mark)"
    try #require(
      await Command(["tee", file], input: Array(script.utf8), timeLimit: .seconds(5)).run()
        .succeeded)
    defer { unlink(file) }
    let tmux = try await written(by: "\(program) practice -- bash \(file)")
    await run(tmux)
    await answer("practice", tmux)
    await tmux.wait(for: "on forge does not import it yet")
    await tmux.press("Enter")
    await tmux.wait(for: "│ slow")
    #expect(await isRunning("sleep.\(mark)"))
    await tmux.press("C-c")
    await tmux.wait(for: "✗ switch: cancelled.")
    try await waitForEnd(of: "sleep.\(mark)")
    // The connection is kept for what comes next, and ends with the program.
    await tmux.close()
    try await waitForEnd(of: "ssh.*ControlPath=/tmp/nix-builders-.*192.0.2.7")
  }

  private func waitForEnd(
    of pattern: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for _ in 0..<100 where await isRunning(pattern) {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(await !isRunning(pattern), sourceLocation: sourceLocation)
  }

  /// Whether the words of a program that runs, with any sign between them, are like this.
  private func isRunning(_ pattern: String) async -> Bool {
    // The brackets keep it from finding itself.
    let words = "[\(pattern.prefix(1))]\(pattern.dropFirst())"
    return await Command(
      ["sh", "-c", "grep -aqs -e '\(words)' /proc/[0-9]*/cmdline"], timeLimit: .seconds(5)
    ).run().succeeded
  }

  private static let hasSudo = access("/usr/bin/sudo", X_OK) == 0

  @Test("with an account that uses sudo there", .enabled(if: hasSudo))
  func sudo() async throws {
    let tmux = try await written(by: withoutKey)
    await tmux.press("C-u")
    await tmux.type("admin@192.0.2.7")
    await run(tmux)
    await tmux.wait(for: "admin@192.0.2.7's password:")
    await answer("practice", tmux)
    await tmux.wait(for: "on forge does not import it yet")
    await tmux.press("Enter")
    await tmux.wait(for: "[sudo] password for admin:")
    await answer("wrong", tmux)
    await tmux.wait(for: "Sorry, try again.")
    await answer("practice", tmux)
    let applied = await tmux.wait(for: "✓ Applied on forge.", "✗")
    #expect(applied.contains("account nixremote with 1 authorized key"))
    await tmux.close()
  }
}
