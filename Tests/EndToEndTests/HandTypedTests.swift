import Practice
import Testing
import TestSupport

/// A builder whose every answer is typed by hand, on machines that this test has started.
@Suite(.serialized) struct HandTypedTests {
  struct Case: Sendable {
    var address: String
    var columns: Int
    var rows: Int
    /// Whether the window changes its size on the way.
    var isResized = false
  }

  @Test(
    "hand-typed answers lead to a proven build",
    arguments: [
      Case(address: "192.0.2.7", columns: 80, rows: 24),
      Case(address: "2001:db8::7", columns: 200, rows: 60),
      Case(address: "forge.example", columns: 100, rows: 30, isResized: true),
    ])
  func typed(_ example: Case) async throws {
    var options = PracticeOptions()
    options.port = 2222
    options.program = program
    let machines = try await PracticeMachines.start(options)
    do {
      try await walk(example, on: machines)
    } catch {
      await machines.stop()
      throw error
    }
    await machines.stop()
  }

  private func walk(_ example: Case, on machines: PracticeMachines) async throws {
    // Without what practice fills in: this is somebody's first time on a machine of their own.
    let command = machines.local.command(["env", "-u", "NIX_BUILDERS_PRACTICE", program])
    let tmux = try await Tmux(command.text, columns: example.columns, rows: example.rows)
    func resize(_ columns: Int, _ rows: Int) async {
      if example.isResized { await tmux.resize(columns: columns, rows: rows) }
    }
    await tmux.wait(for: "▸ Add a builder")
    await tmux.press("Enter")
    await tmux.wait(for: "Where is the builder?")
    await tmux.type(example.address)
    await tmux.press("Tab")
    await tmux.type("box")
    await tmux.press("Tab")
    await tmux.type("2222")
    await resize(40, 12)
    await tmux.press("Enter")
    await resize(120, 40)
    await tmux.wait(for: "▸ It is the same, trust it")
    await tmux.press("Enter")
    await tmux.wait(for: "Somebody else looks after box")
    await tmux.press("End", "Enter")
    await tmux.wait(for: "There is no key yet")
    await tmux.press("Enter")
    await tmux.wait(for: "▸ Make a key there")
    await tmux.press("Enter")
    await tmux.wait(for: "The key can be used")
    await tmux.press("Enter")
    await tmux.wait(for: "▸ Go on, and try again after the fragments are applied")
    await tmux.press("Enter")
    await tmux.wait(for: "What may box build?")
    await resize(60, 20)
    await tmux.press("Enter")
    await tmux.wait(for: "How does this machine use its builders?")
    await tmux.press("Enter")
    await tmux.wait(for: "What does box know of you?")
    await tmux.press("Enter")
    await resize(100, 30)
    await tmux.wait(for: "✓ read by Nix")
    await tmux.press("Enter")
    await tmux.wait(for: "▸ Hand over what box needs")
    await tmux.press("Enter")
    await tmux.wait(for: "does not know the key.")
    // It looks again when it is asked, and tells what is so.
    await tmux.press("Enter")
    await tmux.wait(for: "does not know the key yet")

    let folder = "/etc/nixos/nix-builders"
    try await machines.connection.apply(remoteFragment: "\(folder)/remote-box.nix")
    await tmux.press("Enter")
    await tmux.wait(for: "✓ box knows the key, and Nix there answers.")
    await tmux.press("Enter")
    try await prove("as it would be written", tmux)
    await tmux.wait(for: "box would build once it is installed here.")

    await tmux.press("Enter")
    await tmux.wait(for: "What will be done here")
    await tmux.press("Enter")
    await tmux.wait(for: "here does not import it yet")
    await tmux.press("Enter")
    await tmux.wait(for: "✓ Applied here.", "✗")
    await tmux.press("Enter")
    try await prove("as installed", tmux)
    let summary = await tmux.wait(for: "box builds for this machine.")
    #expect(summary.contains("✓ x86_64-linux"))
    await tmux.press("q")
    let end = await tmux.wait(for: "exit 0")
    #expect(end.contains("Seen building, as installed: box"))
    await tmux.close()
  }

  /// Through both tests, by this configuration.
  private func prove(_ source: String, _ tmux: Tmux) async throws {
    let connection = await tmux.wait(for: "box answers, and trusts you.", "✗")
    #expect(connection.contains(source))
    await tmux.press("Enter")
    let build = await tmux.wait(for: "box builds. b builds a real package too.", "✗")
    #expect(build.contains(source))
    await tmux.press("Enter")
  }
}
