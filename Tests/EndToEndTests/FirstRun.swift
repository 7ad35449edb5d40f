import Glibc
import Practice
import TestSupport
import Testing

/// The real first run: a person has started `sudo nix-builders` on a machine where there is no
/// inventory yet, and the other machine has nothing but sshd, Nix and a way to log in.
///
/// It counts the keys that were pressed and, by the log of the other machine's sshd, the logins.
final class FirstRun {
  private let machines: PracticeMachines
  private var tmux: Tmux
  private let began = ContinuousClock.now
  /// The keys that were pressed, without those that a password or the address is typed with.
  private(set) var keys = 0

  /// Makes the machines, and opens the wizard as somebody would who uses sudo.
  ///
  /// - Parameter setUp: what the other machine gets beside sshd and Nix, as a shell script; `$1` is
  ///   the person's public key.
  static func walk(
    _ setUp: String, _ body: (FirstRun) async throws -> Void
  ) async throws {
    var options = PracticeOptions()
    options.givesAdministratorKey = false
    options.program = program
    let machines = try await PracticeMachines.start(options)
    do {
      let key = try await run(
        """
        echo 'lars:x:1234:1234:Lars:/home/lars:/bin/sh' >>/etc/passwd
        echo 'lars:x:1234:' >>/etc/group
        mkdir -p /home/lars/.ssh
        ssh-keygen -q -t ed25519 -N '' -f /home/lars/.ssh/id_ed25519
        chown -R 1234:1234 /home/lars
        cat /home/lars/.ssh/id_ed25519.pub
        """, on: machines.local)
      _ = try await run(
        """
        setsid tail -n +1 -F /var/log/sshd.log >/var/log/all-of-sshd.log 2>/dev/null </dev/null &
        \(setUp)
        """, on: machines.builder, [key])
      let command = machines.local.command(
        ["env", "-u", "NIX_BUILDERS_PRACTICE", "SUDO_UID=1234", program])
      let run = FirstRun(
        machines, try await Tmux(command.text, columns: 100, rows: 30))
      try await body(run)
      await run.tmux.close()
    } catch {
      await machines.stop()
      throw error
    }
    await machines.stop()
  }

  private init(_ machines: PracticeMachines, _ tmux: Tmux) {
    self.machines = machines
    self.tmux = tmux
  }

  private static func run(
    _ script: String, on machine: Machine, _ words: [String] = []
  ) async throws -> String {
    let result = await machine.command(["sh", "-euc", script, "sh"] + words).run()
    try #require(result.succeeded, "\(script)\n\(result.error)")
    return result.output
  }

  /// Runs a script on the machine of the wizard, with the program's path as `$1`.
  func here(_ script: String) async throws -> String {
    try await Self.run(script, on: machines.local, [program])
  }

  /// Opens the wizard anew in another terminal.
  func openAgain() async throws {
    await tmux.close()
    let command = machines.local.command(
      ["env", "-u", "NIX_BUILDERS_PRACTICE", "SUDO_UID=1234", program])
    tmux = try await Tmux(command.text, columns: 100, rows: 30)
  }

  // MARK: - Keys

  /// Waits for a text, and presses keys.
  @discardableResult
  func at(
    _ text: String, _ pressed: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let screen = await tmux.wait(for: text, sourceLocation: sourceLocation)
    // Without this a walk that has lost its way would wait a minute at each further step.
    try #require(screen.contains(text), "lost the way", sourceLocation: sourceLocation)
    for key in pressed {
      await tmux.press(key)
      keys += 1
    }
    return screen
  }

  /// Types an address or a password, which no count has.
  func type(_ text: String) async { await tmux.type(text) }

  /// Answers ssh or sudo.
  func answer(_ text: String, at question: String) async throws {
    try await at(question)
    try await at("Answer (not shown)")
    await type(text)
    try await at("Answer", "Enter")
  }

  // MARK: - The way

  /// From the empty wizard to the question how one logs in.
  func begin() async throws {
    try await at("▸ Add a builder", "Enter")
    try await at("Where is the builder?")
    await type("192.0.2.7")
    try await at("192.0.2.7", "Enter")
    try await at("▸ It is the same, trust it", "Enter")
    try await at("How do you log in on builder today?")
  }

  /// From the facts, or the key where there are none, to the files.
  func answerAll(withFacts: Bool) async throws {
    if withFacts { try await at("▸ Go on", "Enter") }
    for text in [
      "There is no key yet", "Make a key there", "The key can be used",
      "Go on, and try again after the fragments are applied", "What may",
      "How does this machine use its builders?", "know of you?", "✓ parses with Nix",
    ] {
      try await at(text, "Enter")
    }
  }

  /// Applies the fragment there.
  func applyThere(sudoPassword: String? = nil) async throws {
    try await at("▸ Apply them on builder, then here", "Enter")
    try await at("What will be done on builder", "Enter")
    try await at("on builder does not import it yet", "Enter")
    if let sudoPassword { try await answer(sudoPassword, at: "[sudo] password for lars:") }
    try await at("✓ Applied on builder.", "Enter")
  }

  /// Applies the fragment here.
  func applyHere() async throws {
    try await at("What will be done here", "Enter")
    try await at("here does not import it yet", "Enter")
    try await at("✓ Applied here.", "Enter")
  }

  /// From the tests to the summary.
  func test(_ source: String) async throws {
    let connection = try await at("answers, and trusts you.", "Enter")
    #expect(connection.contains(source))
    #expect(connection.contains("✓ trusted"))
    let build = try await at("builder builds.", "Enter")
    #expect(build.contains(source))
  }

  /// The owner of the other machine does what the text says.
  func ownerApplies() async throws {
    _ = try await machines.connection.apply(
      remoteFragment: "/etc/nixos/nix-builders/remote-builder.nix")
  }

  /// The summary claims the proof; the counts are printed and the keys are few.
  func prove(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let summary = try await at("builder builds for this machine.", sourceLocation: sourceLocation)
    #expect(summary.contains("proven as installed  ✓ "))
    #expect(!summary.contains("failed"))
    let seconds = (ContinuousClock.now - began).components.seconds
    let log = try await Self.run("cat /var/log/all-of-sshd.log", on: machines.builder)
    let lines = log.split(separator: "\n")
    let accepted = lines.filter { $0.contains("Accepted ") }
    let failed = lines.filter { $0.contains("Failed ") || $0.contains("[preauth]") }
    let administrator = accepted.filter { !$0.contains("for nixremote ") }
    print(
      "first run \(name): \(keys) keys, \(seconds) s, \(accepted.count) logins "
        + "(\(administrator.count) of the administrator, "
        + "\(accepted.count - administrator.count) of Nix), \(failed.count) other lines of sshd")
    #expect(keys <= 40, sourceLocation: sourceLocation)
    #expect(!log.contains("penalty"), sourceLocation: sourceLocation)
    #expect(!log.contains("drop connection"), sourceLocation: sourceLocation)
    // It logs in once, and keeps that connection.
    #expect(administrator.count <= 1, "\(administrator)", sourceLocation: sourceLocation)
  }
}
