import Glibc
import Practice
import Testing
import TestSupport

/// Where builds go and what is measured, on the real second machine, in a real terminal.
@Suite(.serialized) struct FiguresTests {
  private let folder = "/root/nix-builders"

  /// The builder list of a local machine with forge, which is installed and answers, and others
  /// that are only written down.
  private func opened(_ body: (PracticeMachines, Tmux) async throws -> Void) async throws {
    let machines = try await PracticeMachines.start(PracticeOptions())
    do {
      try await prepare(machines)
      let command = machines.local.command(
        ["env", "-u", "NIX_BUILDERS_PRACTICE", program, "--directory", folder])
      let tmux = try await Tmux(command.text, columns: 100, rows: 30)
      await tmux.wait(for: "3 builders")
      try await body(machines, tmux)
      await tmux.close()
      await machines.stop()
    } catch {
      await machines.stop()
      throw error
    }
  }

  private func prepare(_ machines: PracticeMachines) async throws {
    _ = try await run(
      """
      mkdir -p /root/.ssh
      ssh-keygen -q -t ed25519 -N '' -C root@laptop -f /root/.ssh/forge
      key=$(ssh-keyscan -t ed25519 192.0.2.7 2>/dev/null | sed -n 's/^[^# ]* //p')
      add() {
        \(program) add --directory \(folder) "$@" --address 192.0.2.7 --host-key "$key" \
          --key-path /root/.ssh/forge
      }
      add forge --system x86_64-linux --max-jobs 500 --supported-feature benchmark
      add pi --system aarch64-linux
      add hall --system x86_64-linux --supported-feature gpu --mandatory-feature gpu
      \(program) write --directory \(folder)
      """, on: machines.local)
    try await machines.connection.apply(remoteFragment: "\(folder)/remote-forge.nix")
    try await machines.connection.apply(localFragment: "\(folder)/local.nix")
  }

  private func run(_ script: String, on machine: Machine) async throws -> String {
    let result = await machine.command(["sh", "-eus"], input: Array(script.utf8)).run()
    try #require(result.succeeded, "\(script)\n\(result.output)\(result.error)")
    return result.output
  }

  @Test("forge gets the build, the others are told why not, and a probe agrees")
  func route() async throws {
    try await opened { machines, tmux in
      await tmux.press(">")
      await tmux.wait(for: "Which machine would take this build")
      await tmux.wait(for: "✓ forge takes it")
      await tmux.press("Tab", "Tab")
      await tmux.type("benchmark")
      await tmux.press("Enter")
      let verdicts = await tmux.wait(for: "x86_64-linux with benchmark · as it would be written")
      #expect(verdicts.contains("✓ forge takes it: no other builder fits and has a free slot."))
      #expect(
        verdicts.contains("– pi does not get it: it does not build for x86_64-linux, only for"))
      #expect(verdicts.contains("– hall does not get it: it does not have benchmark"))
      await tmux.press("b")
      let proof = await tmux.wait(for: "Probe: ")
      #expect(proof.contains("✓ Probe: It was built on ssh-ng://forge, as Nix's rules say."))
      await tmux.press("v")
      await tmux.wait(for: "$ NIX_SSHOPTS=")
      await tmux.press("Escape")
      await tmux.wait(for: "build a probe")

      // By what is installed, of a file, and with a machine that is gone.
      _ = try await run(
        """
        cat >/root/wanted.nix <<'END'
        derivation { name = "wanted"; system = "x86_64-linux"; builder = "/bin/sh"; }
        END
        sed -i 's/^ssh-ng:..forge /ssh-ng:\\/\\/gone /' /etc/nix/machines
        """, on: machines.local)
      await tmux.press("Tab", "C-u", "Up", "Up")
      await tmux.type("/root/wanted.nix")
      await tmux.press("BTab", "Space", "Enter")
      let installed = await tmux.wait(for: "x86_64-linux · as installed")
      #expect(installed.contains("✓ ssh-ng://gone takes it"))
      await tmux.press("b")
      let elsewhere = await tmux.wait(for: "What Nix printed")
      #expect(elsewhere.contains("✗ Probe: "))
      #expect(elsewhere.contains("ssh-ng://gone"))
      await tmux.press("Escape")
      await tmux.wait(for: "3 builders")
    }
  }

  @Test("figures appear, the builder keeps nothing of them, and the advice is taken and undone")
  func measures() async throws {
    try await opened { machines, tmux in
      await tmux.press("m")
      await tmux.wait(for: "forge · measures · as installed")
      let picture = await tmux.wait(for: "Set  max jobs of forge: ")
      for figure in [" ms", " MB/s  67.1 MB in ", " s  that does nothing", " ×  this machine's"] {
        #expect(picture.contains(figure), "\(picture)")
      }
      #expect(picture.contains("max jobs      ████"))
      #expect(picture.contains("500  builds at once"))
      #expect(!picture.contains("Until its garbage is collected"))
      let large = "find /nix/store -size +32M | wc -l"
      let here = try await run(large, on: machines.local)
      let there = try await run(large, on: machines.builder)
      #expect(here == "0\n")
      #expect(there == "0\n")
      await tmux.press("Enter")
      await tmux.wait(for: "Taken: max jobs of forge: ")
      await tmux.press("Escape")
      await tmux.wait(for: "changes not written")
      await tmux.press("u")
      await tmux.wait(for: "Undone: the advice taken")

      await tmux.press("Down", "m")
      await tmux.wait(for: "pi · measures · as installed")
      await tmux.press("x")
      await tmux.wait(for: "✗ cancelled")
      await tmux.press("Escape")
      await tmux.wait(for: "3 builders")
    }
  }

  @Test("without UTF-8 the bars are of #")
  func ascii() async throws {
    try await opened { machines, tmux in
      await tmux.press("q")
      await tmux.wait(for: "exit 0")
      let result = await machines.local.command(
        [program, "test", "--directory", folder, "forge", "--measure"],
        environment: ["LC_ALL": "C"], timeLimit: .seconds(60)
      ).run()
      #expect(result.output.contains("    max jobs      ##########"), "\(result)")
      #expect(result.output.contains("  o processors: forge has "), "\(result)")
      let unicode = await machines.local.command(
        [program, "test", "--directory", folder, "forge", "--measure"],
        environment: ["LC_ALL": "C.UTF-8"], timeLimit: .seconds(60)
      ).run()
      #expect(unicode.output.contains("    max jobs      ██████████"), "\(unicode)")
    }
  }
}
