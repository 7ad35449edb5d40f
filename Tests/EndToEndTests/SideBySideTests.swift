import Checks
import Practice
import Processes
import Testing
import TestSupport

/// Tests of two builders side by side on a real second machine, which has an sshd for each.
@Suite(.serialized) struct SideBySideTests {
  /// Both machines, with two builders: forge at port 22 and anvil at port 2223.
  private struct Lab {
    let machines: PracticeMachines

    func here(_ script: String) async throws -> String {
      let words = ["env", "-u", "NIX_BUILDERS_PRACTICE", "sh", "-eus"]
      return try await run(machines.local.command(words, input: Array(script.utf8)), script)
    }

    func there(_ script: String) async throws -> String {
      try await run(machines.builder.command(["sh", "-eus"], input: Array(script.utf8)), script)
    }

    private func run(_ command: Command, _ script: String) async throws -> String {
      let result = await command.run()
      try #require(result.succeeded, "\(script)\n\(result.output)\(result.error)")
      return result.output
    }

    func setUp() async throws {
      try await startSecondServer()
      _ = try await here(
        """
        ssh-keygen -q -t ed25519 -N '' -C root@laptop -f /root/.ssh/forge
        key=$(ssh-keyscan -t ed25519 192.0.2.7 2>/dev/null | sed -n 's/^[^# ]* //p')
        add() {
          \(program) add "$@" --address 192.0.2.7 --host-key "$key" \
            --key-path /root/.ssh/forge --system x86_64-linux
        }
        add forge
        add anvil --port 2223
        \(program) write
        """)
      let folder = "/etc/nixos/nix-builders"
      try await machines.connection.apply(remoteFragment: "\(folder)/remote-forge.nix")
      try await machines.connection.apply(localFragment: "\(folder)/local.nix")
      // Builds wait before they begin, until they are let go.
      _ = try await there(
        """
        cp "$(readlink -f /bin/sh)" /run/own-sh
        cat >/run/slow-sh <<'END'
        #!/run/own-sh
        if [ -n "${NIX_BUILD_TOP:-}" ]; then
          while [ ! -e /run/go ]; do /bin/sleep 0.02; done
        fi
        exec /run/own-sh "$@"
        END
        chmod 755 /run/slow-sh
        mount --bind /run/slow-sh "$(readlink -f /bin/sh)"
        """)
      // nix-daemon has mounts of its own, which are those that there are when it starts.
      try await machines.connection.repair()
    }

    func startSecondServer() async throws {
      _ = try await there(
        """
        setsid "$(command -v sshd || echo /usr/sbin/sshd)" -D -e -f /etc/ssh/sshd_config \
          -o Port=2223 -o PidFile=/run/second.pid </dev/null >/var/log/second.log 2>&1 &
        until [ -s /run/second.pid ]; do sleep 0.01; done
        """)
    }

    /// Kills the second sshd with all that it serves, as when a machine loses its power.
    func killSecondServer() async throws {
      _ = try await there(
        """
        all_of() { # PROCESS
          for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do all_of "$child"; done
          echo "$1"
        }
        # Some of them may just have ended by themselves.
        kill -KILL $(all_of "$(cat /run/second.pid)") 2>/dev/null || :
        rm /run/second.pid
        """)
    }

    func hold() async throws { _ = try await there("rm -f /run/go") }
    func letGo() async throws { _ = try await there("touch /run/go") }

    /// Waits until so many builds are held.
    func waitForBuilds(_ count: Int) async throws {
      for _ in 0..<600 {
        let held = try await there(
          """
          for file in $(grep -lsz '^NIX_BUILD_TOP=' /proc/[0-9]*/environ); do
            readlink "${file%environ}exe" || :
          done | grep -c own-sh || :
          """)
        if held == "\(count)\n" { return }
        try await Task.sleep(for: .milliseconds(50))
      }
      Issue.record("there were never \(count) builds")
    }

    /// Every process on both machines, as the local one sees them.
    func processes() async throws -> Set<String> {
      let list = try await here(
        """
        for process in /proc/[0-9]*; do
          [ "${process#/proc/}" = $$ ] || echo "${process#/proc/} $(cat $process/comm)" || :
        done 2>/dev/null
        """)
      return Set(list.split(separator: "\n").map(String.init))
    }

    /// What still runs and did not before, once everything has had its time.
    func left(since before: Set<String>) async throws -> Set<String> {
      var left: Set<String> = []
      for _ in 0..<100 {
        left = try await processes().subtracting(before)
        if left.isEmpty { break }
        try await Task.sleep(for: .milliseconds(50))
      }
      return left
    }
  }

  private func withLab(_ body: (Lab) async throws -> Void) async throws {
    let lab = Lab(machines: try await PracticeMachines.start(PracticeOptions()))
    do {
      try await lab.setUp()
      try await body(lab)
    } catch {
      await lab.machines.stop()
      throw error
    }
    await lab.machines.stop()
  }

  @Test("two builders build at once, one is killed meanwhile, and only that one fails")
  func killed() async throws {
    try await withLab { lab in
      let command = lab.machines.local.command(["env", "-u", "NIX_BUILDERS_PRACTICE", program])
      let tmux = try await Tmux(command.text, columns: 100, rows: 30)
      await tmux.wait(for: "2 builders")
      let before = try await lab.processes()
      await tmux.press("W")
      await tmux.wait(for: "T tests all of them, B builds on all of them.")
      await tmux.press("B")
      try await lab.waitForBuilds(2)
      let both = await tmux.wait(for: "2 running")
      #expect(both.contains("x86_64-linux · 0 of 1 passed               │"))

      try await lab.killSecondServer()
      try await lab.letGo()
      await tmux.wait(for: "1 passed, 1 failed")
      await tmux.press("]")
      let failed = await tmux.wait(for: "✗ anvil, x86_64-linux: not built")
      #expect(failed.contains("Likely  The connection to anvil broke off during the build."))
      #expect(failed.contains("1 of 1 passed"))
      #expect(try await lab.left(since: before) == [])

      // The other one is not built again.
      await tmux.press("F")
      await tmux.wait(for: "Likely  192.0.2.7 is there, but nothing listens on port 2223.")
      try await lab.startSecondServer()
      await tmux.press("F")
      let mended = await tmux.wait(for: "2 passed")
      #expect(mended.contains("✓ anvil passed, as installed."))
      await tmux.press("Escape")
      await tmux.wait(for: "2 builders")
      await tmux.press("q")
      await tmux.wait(for: "exit 0")
      await tmux.close()
    }
  }

  @Test("cancelling one leaves the other, cancelling all leaves nothing on either machine")
  func cancelled() async throws {
    try await withLab { lab in
      let command = lab.machines.local.command(["env", "-u", "NIX_BUILDERS_PRACTICE", program])
      let tmux = try await Tmux(command.text, columns: 100, rows: 30)
      await tmux.wait(for: "2 builders")
      let before = try await lab.processes()
      await tmux.press("W", "B")
      try await lab.waitForBuilds(2)
      await tmux.press("x")
      await tmux.wait(for: "1 running, 1 stopped")
      try await lab.waitForBuilds(1)
      try await lab.letGo()
      let one = await tmux.wait(for: "1 passed, 1 stopped")
      #expect(one.contains("cancelled · 0 of 1 passed"))
      #expect(try await lab.left(since: before) == [])

      try await lab.hold()
      await tmux.press("B")
      try await lab.waitForBuilds(2)
      await tmux.press("X")
      await tmux.wait(for: "2 stopped")
      #expect(try await lab.left(since: before) == [])

      await tmux.press("B")
      try await lab.waitForBuilds(2)
      await tmux.press("Escape")
      await tmux.wait(for: "x cancel the tests")
      await tmux.press("q")
      await tmux.wait(for: "exit 0")
      await tmux.close()
      // Nor does anything survive the program itself.
      #expect(try await lab.left(since: before) == [])
    }
  }

  @Test("test gives each builder its time, and tests again only what failed")
  func commands() async throws {
    try await withLab { lab in
      func test(_ words: String) async throws -> (output: String, status: String) {
        let text = try await lab.here("\(program) test \(words) 2>&1 && echo = 0 || echo = $?")
        let parts = text.split(separator: "=")
        return (
          parts.dropLast().joined(separator: "="), parts.last?.filter(\.isNumber) ?? ""
        )
      }
      let before = try await lab.processes()
      let late = try await test("--build --timeout 5")
      #expect(late.status == "1")
      // Whether one is trusted shows this version of Nix in a build.
      let lines = late.output.split(separator: "\n").filter { $0.contains("gave up after 5 s") }
      #expect(lines.count == 2, "\(late.output)")
      #expect(lines.allSatisfy { $0.contains("✗ trusted") || $0.contains("✗ build x86_64-linux") })
      #expect(late.output.contains("The whole test was given 5 seconds, and they were over."))
      #expect(try await lab.left(since: before) == [])

      try await lab.letGo()
      #expect(try await test("forge --build").status == "0")
      let again = try await test("--build --only-failed")
      #expect(again.status == "0")
      #expect(again.output.hasPrefix("anvil (as installed)\n"), "\(again)")
      #expect(again.output.contains("✓ build x86_64-linux"))
      #expect(!again.output.contains("forge (as"))
      let nothing = try await test("--build --only-failed")
      #expect(nothing.output.contains("no test of them failed the last time"))
      #expect(nothing.status == "0")
    }
  }
}
