import Checks
import Practice
import Testing
import TestSupport

/// `nix build |& nix-builders log` with builds on a real second machine.
@Suite(.serialized) struct LogOnBuilderTests {
  private func withMachines(_ body: (PracticeMachines) async throws -> Void) async throws {
    let machines = try await PracticeMachines.start(PracticeOptions())
    do {
      try await introduce(machines)
      try await body(machines)
    } catch {
      await machines.stop()
      throw error
    }
    await machines.stop()
  }

  /// Lets root of the local machine log in to the builder, under two names.
  private func introduce(_ machines: PracticeMachines) async throws {
    let key = try await run(
      """
      nix-store --init
      mkdir -p /root/.ssh
      ssh-keygen -q -t ed25519 -N '' -C root@laptop -f /root/.ssh/id
      printf 'forge %s\\n' "$(ssh-keyscan -t ed25519 192.0.2.7 2>/dev/null | sed -n 's/^[^# ]* //p')" \
        >/root/.ssh/known_hosts
      cat >/root/.ssh/config <<'END'
      Host forge anvil
        HostName 192.0.2.7
        HostKeyAlias forge
        User root
        IdentityFile /root/.ssh/id
      END
      cat /root/.ssh/id.pub
      """, on: machines.local)
    _ = try await run(
      "mkdir -p /root/.ssh && echo '\(key.filter { !$0.isNewline })' >/root/.ssh/authorized_keys",
      on: machines.builder)
  }

  private func run(_ script: String, on machine: Machine) async throws -> String {
    let result = await machine.command(["sh", "-eus"], input: Array(script.utf8)).run()
    try #require(result.succeeded, "\(script)\n\(result.output)\(result.error)")
    return result.output
  }

  /// Watches the builds of these derivations, given by their names and shell scripts.
  private func watch(
    _ derivations: [(name: String, script: String)], on machines: PracticeMachines,
    columns: Int = 100
  ) async throws -> Tmux {
    let attributes = derivations.map { derivation in
      """
      \(derivation.name) = derivation {
        name = "\(derivation.name)-1"; system = "x86_64-linux"; builder = "/bin/sh";
        nonce = builtins.currentTime; args = [ "-c" ''\(derivation.script)'' ];
      };
      """
    }
    _ = try await run(
      """
      cat >/root/builds.nix <<'END'
      { \(attributes.joined(separator: "\n")) }
      END
      cat >/root/watch <<'END'
      nix --extra-experimental-features nix-command build -L --log-format internal-json --no-link \
        --max-jobs 0 --keep-going -f /root/builds.nix \(derivations.map(\.name).joined(separator: " ")) \
        --builders 'ssh-ng://forge x86_64-linux - 1 2 ; ssh-ng://anvil x86_64-linux - 1 1' 2>&1 |
        tee /root/raw | \(program) log
      echo status $?
      END
      """, on: machines.local)
    return try await Tmux(
      machines.local.command(["sh", "/root/watch"]).text, columns: columns, rows: 30)
  }

  @Test("log runs the build itself, and knows what is built where")
  func runsBuild() async throws {
    try await withMachines { machines in
      _ = try await run(
        """
        cat >/root/builds.nix <<'END'
        derivation {
          name = "own-1"; system = "x86_64-linux"; builder = "/bin/sh";
          nonce = builtins.currentTime; args = [ "-c" "echo hello; echo built > $out" ];
        }
        END
        cat >/root/watch <<'END'
        \(program) log -- nix --extra-experimental-features nix-command build -L --no-link \
          --max-jobs 0 -f /root/builds.nix --builders 'ssh-ng://forge x86_64-linux'
        echo status $?
        END
        """, on: machines.local)
      let tmux = try await Tmux(
        machines.local.command(["sh", "/root/watch"]).text, columns: 100, rows: 30)
      let screen = await tmux.wait(for: "✓ ended    1 built")
      #expect(screen.contains("own> hello"))
      #expect(screen.contains("✓ forge    1 built"))
      await tmux.press("q")
      let summary = await tmux.wait(for: "status 0")
      #expect(summary.contains("✓ 1 built"))
      await tmux.close()
    }
  }

  @Test("a build with 200,000 lines while one searches and scrolls")
  func manyLines() async throws {
    try await withMachines { machines in
      let script =
        "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); echo line $i; done; echo built > $out"
      let tmux = try await watch([("big", script)], on: machines)
      await tmux.wait(for: "big> line")
      await tmux.type("/line 12345")
      await tmux.press("Enter")
      for _ in 0..<4 { await tmux.press("PageUp", "w", "Home", "l", "End", "PageUp", "Space") }
      await tmux.wait(for: "· ended", within: .seconds(120))
      // Nix itself does not pass on all lines of a build that prints faster than it reads.
      let written = try await run(
        "grep -c 'fields.*line.*type..101' /root/raw; "
          + "grep -o 'line [0-9]*' /root/raw | tail -n 1000 | head -n 1", on: machines.local
      ).split(separator: "\n").map(String.init)
      let (count, line) = (try #require(Int(written[0])), written[1])
      #expect(count > 10_000)
      await tmux.type("/\(line)")
      await tmux.press("Enter")
      let found = await tmux.wait(for: "1 of 1 found")
      #expect(found.contains("big> \(line)\n"))
      #expect(found.contains("✓ big-1"))
      await tmux.press("Tab", "Down", "Down")
      await tmux.wait(for: "─ big-1 on forge")
      await tmux.press("Enter")
      await tmux.type("fbig> line")
      await tmux.press("Enter")
      let digits = String(count)
      await tmux.wait(for: "\(digits.dropLast(3)),\(digits.suffix(3)) lines with “big> line”")
      await tmux.press("q")
      let end = await tmux.wait(for: "status 0")
      #expect(end.contains("✓ 1 built, in "))
      #expect(end.contains("✓ big-1  forge  "))
      await tmux.close()
    }
  }

  @Test("two builders at once, on one of which the build is killed")
  func twoBuilders() async throws {
    try await withMachines { machines in
      let wait = "i=0; while [ ! -e $out.never ] && [ $i -lt 300000 ]; do i=$((i+1)); done"
      let tmux = try await watch(
        [
          ("good", "echo it goes; \(wait); echo built > $out"),
          ("bad", "echo so far; \(wait); echo last words; kill -9 $$"),
        ], on: machines)
      let both = await tmux.wait(for: "2 running")
      #expect(both.contains("forge"))
      #expect(both.contains("anvil"))
      let end = await tmux.wait(for: "· ended")
      #expect(end.contains("1 built · 1 failed"))
      #expect(end.contains("due to signal 9 (Killed)"))
      await tmux.press("Tab", "Down", "Down", "Enter")
      let own = await tmux.wait(for: "─ bad-1 on ")
      #expect(own.contains("bad> last words"))
      #expect(!own.contains("it goes"))
      await tmux.press("q")
      let summary = await tmux.wait(for: "status 1")
      #expect(summary.contains("✗ 1 build failed, 1 built, in "))
      #expect(summary.contains("> last words"))
      await tmux.close()
    }
  }
}
