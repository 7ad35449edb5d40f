import Checks
import Glibc
import Processes
import Testing
import TestSupport

/// Whatever ends the program, the terminal is as it was and nothing it started is left.
@Suite(.serialized) struct RestorationTests {
  private static let screens = [
    ("Add a builder", [String]()),
    ("Where is the builder?", ["Enter"]),
    ("Can forge be reached?", ["Enter", "192.0.2.7", "Tab", "forge", "Enter"]),
  ]

  @Test(
    "a signal at any screen leaves the terminal sane and no child",
    arguments: ["TERM", "HUP", "INT", "SEGV", "ABRT"])
  func signals(signal: String) async throws {
    for (heading, keys) in Self.screens {
      let directory = "/tmp/nix-builders-restore-\(getpid())-\(UInt32.random(in: 0 ... .max))"
      let tmux = try await Tmux(
        "stty -a > \(directory).before; sh -c 'echo $$ > \(directory).pid; "
          + "exec \(program) --directory \(directory)'; stty -a > \(directory).after")
      await tmux.wait(for: "Add a builder")
      for key in keys {
        if key == "Enter" || key == "Tab" { await tmux.press(key) } else { await tmux.type(key) }
      }
      await tmux.wait(for: heading)
      let children = await Command(
        ["sh", "-c", "pgrep -P $(cat \(directory).pid)"], timeLimit: .seconds(5)
      ).run().output
      _ = await Command(
        ["sh", "-c", "kill -\(signal) $(cat \(directory).pid)"], timeLimit: .seconds(5)
      ).run()
      await tmux.wait(for: "exit 0")
      let same = await Command(
        ["cmp", "\(directory).before", "\(directory).after"], timeLimit: .seconds(5)
      ).run()
      #expect(same.succeeded, "stty differs after SIG\(signal) at “\(heading)”")
      for child in children.split(separator: "\n") {
        #expect(isZombie(pid_t(child) ?? -1), "\(child) is left after SIG\(signal)")
      }
      for ending in ["pid", "before", "after"] { unlink("\(directory).\(ending)") }
      await tmux.close()
    }
  }

  @Test("closing the terminal ends the program")
  func closed() async throws {
    let file = "/tmp/nix-builders-closed-\(getpid())"
    let tmux = try await Tmux("sh -c 'echo $$ > \(file); exec \(program) --directory \(file).d'")
    await tmux.wait(for: "Add a builder")
    let id = await Command(["cat", file], timeLimit: .seconds(5)).run().output
    await tmux.close()
    let process = pid_t(id.split(separator: "\n").first ?? "") ?? -1
    let end = ContinuousClock.now + .seconds(5)
    while !isZombie(process), ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(isZombie(process))
    unlink(file)
  }

  @Test("without a terminal it does not start, and names the commands that do the same")
  func noTerminal() async {
    let result = await Command([program], timeLimit: .seconds(10)).run()
    #expect(result.ending == .exited(69))
    #expect(result.error.contains("nix-builders test --json"))
  }
}
