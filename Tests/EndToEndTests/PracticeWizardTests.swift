import Testing
import TestSupport

/// The wizard against the second machine that practice makes, in a real terminal.
@Suite(.serialized) struct PracticeWizardTests {
  @Test("where a folder is named, the wizard of practice works on that one")
  func directory() async throws {
    let inventory = """
      { "version": 1, "builders": [
        { "alias": "bellows", "address": "192.0.2.9", "systems": ["x86_64-linux"] } ] }
      """
    try await InventoryFolder.with(inventory) { folder in
      let tmux = try await Tmux("\(program) practice --directory \(folder.path)")
      await tmux.wait(for: "nixremote@192.0.2.9")
      await tmux.press("q")
      await tmux.wait(for: "exit 0")
      await tmux.close()
    }
  }

  @Test("from the first key to the summary with nothing but Enter")
  func enterAllTheWay() async throws {
    let tmux = try await Tmux("\(program) practice", columns: 100, rows: 30)
    await tmux.wait(for: "Let a second machine build for this one.")
    await tmux.wait(for: "running as root")
    await tmux.press("Enter")
    await tmux.wait(for: "Where is the builder?")
    await tmux.press("Enter")
    await tmux.wait(for: "It is the same, trust it")
    await tmux.press("Enter")
    let login = await tmux.wait(for: "How do you log in on forge today?")
    #expect(login.contains("▸ root@192.0.2.7"))
    await tmux.press("Enter")
    let facts = await tmux.wait(for: "▸ Go on", "✗")
    #expect(facts.contains("✓ system    NixOS (practice)"))
    #expect(facts.contains("✓ account   nixremote is not there yet"))
    #expect(facts.contains("✓ sshd      lets nixremote in"))
    await tmux.press("Enter")
    await tmux.wait(for: "There is no key yet")
    await tmux.press("Enter")
    await tmux.wait(for: "Make a key there")
    await tmux.press("Enter")
    await tmux.wait(for: "The key can be used")
    await tmux.press("Enter")
    let refused = await tmux.wait(for: "Go on, and try again after the fragments are applied")
    #expect(refused.contains("○ log in"))
    await tmux.press("Enter")
    let capabilities = await tmux.wait(for: "What may")
    #expect(capabilities.contains("✓ forge says: systems, features, max jobs"))
    await tmux.press("Enter")
    await tmux.wait(for: "How does this machine use its builders?")
    await tmux.press("Enter")
    await tmux.wait(for: "know of you?")
    await tmux.press("Enter")
    await tmux.wait(for: "✓ read by Nix")
    await tmux.press("Enter")
    await tmux.wait(for: "Apply them on both machines, as NixOS would")
    await tmux.press("Enter")
    let applied = await tmux.wait(for: "Applied, as nixos-rebuild switch would:")
    #expect(applied.contains("✓ forge: account nixremote with 1 authorized key"))
    await tmux.press("Enter")
    let connection = await tmux.wait(for: "answers, and trusts you.", "✗")
    #expect(connection.contains("as installed"))
    #expect(connection.contains("✓ trusted"))
    await tmux.press("Enter")
    let build = await tmux.wait(for: "builds. b builds a real package too.", "✗")
    #expect(build.contains("6 of 6 passed"))
    await tmux.press("f")
    await tmux.type("on 'ssh-ng://forge'")
    await tmux.press("Enter")
    let placed = await tmux.wait(for: "on 'ssh-ng://forge'")
    #expect(!placed.contains("copying path"))
    await tmux.press("Escape")
    await tmux.wait(for: "copying path")
    await tmux.press("b")
    await tmux.wait(for: "/etc/nixos#hello")
    await tmux.press("Enter")
    await tmux.wait(for: "The package was built by forge.", "✗")
    await tmux.press("Enter")
    let summary = await tmux.wait(for: "builds for this machine.")
    for claim in [
      "x86_64-linux", "i686-linux", "nixos-test", "benchmark", "big-parallel",
    ] {
      #expect(summary.contains(claim), "\(claim) is not proven:\n\(summary)")
    }
    #expect(summary.contains("a real package"))
    #expect(!summary.contains("not proven"))
    await tmux.press("q")
    let end = await tmux.wait(for: "exit 0")
    #expect(end.contains("local.nix"))
    await tmux.close()
  }
}
