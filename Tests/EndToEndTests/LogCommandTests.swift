import Checks
import Glibc
import Processes
import Testing
import TestSupport

/// `nix-builders log` on files and pipes, with and without a terminal.
@Suite(.serialized) struct LogCommandTests {
  private let recordings: String = {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/ChecksTests/Transcripts/nix-2.34.8"
  }()

  private func shell(_ command: String) async -> Command.Result {
    await Command(["sh", "-c", command], timeLimit: .seconds(120)).run()
  }

  private func temporaryName() -> String {
    "/tmp/nix-builders-log-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  }

  // MARK: - Without a terminal

  @Test("without a terminal the log comes out as text, then the summary; a failure gives 1")
  func plain() async {
    let result = await shell("cat \(recordings)/build-fails-json.err | \(program) log")
    #expect(result.ending == .exited(1))
    #expect(result.output.contains("fail> one\nfail> two\n"))
    #expect(!result.output.contains("\u{1B}"))
    #expect(!result.output.contains("@nix"))
    let summary = result.output.split(separator: "\n").suffix(4).joined(separator: "\n")
    #expect(summary.hasPrefix("✗ 1 build failed, in "))
    #expect(summary.contains("  ✗ fail-440062026  forge  "))
    #expect(summary.hasSuffix("exit code 3\n      > one\n      > two"))
  }

  @Test("without a failure in the log the exit status is 0")
  func succeeds() async {
    let result = await shell("\(program) log \(recordings)/build-good-json.err")
    #expect(result.ending == .exited(0))
    #expect(result.output.contains("✓ 1 built\n"))
  }

  @Test("each line of a plain log comes out as it went in, but for what a terminal would do")
  func verbatim() async {
    let result = await shell(
      #"printf 'a\tb\nÄ\033[31mred\033[0m\033]0;title\007\nno end' | \#(program) log"#)
    #expect(result.output == "a\tb\nÄred\nno end\n")
    #expect(result.ending == .exited(0))
  }

  @Test("what cannot be read is named")
  func unreadable() async {
    let missing = await shell("\(program) log /nowhere/at/all")
    #expect(missing.ending == .exited(69))
    #expect(missing.error == "nix-builders: /nowhere/at/all: No such file or directory\n")
    let folder = await shell("\(program) log /tmp")
    #expect(folder.ending == .exited(69))
    #expect(folder.error == "nix-builders: /tmp: Is a directory\n")
  }

  @Test("a command is run, and its own exit status is the program's")
  func command() async {
    let result = await shell(
      "\(program) log -- sh -c 'cat \(recordings)/build-fails-json.err >&2; exit 7'")
    #expect(result.ending == .exited(7))
    #expect(result.output.contains("fail> one\nfail> two\n"))
    #expect(result.output.contains("✗ 1 build failed, in "))
    let good = await shell("\(program) log -- sh -c 'echo out; echo aside >&2'")
    #expect(good.ending == .exited(0))
    #expect(good.output == "out\naside\n")
    #expect(await shell("\(program) log -- sh -c 'kill -TERM $$'").ending == .exited(143))
    let missing = await shell("\(program) log -- no-such-program")
    #expect(missing.ending == .exited(69))
    #expect(missing.error == "nix-builders: no-such-program: there is no such program\n")
    #expect(await shell("\(program) log x -- true").ending == .exited(64))
  }

  @Test("of Nix the command asks for what goes on where")
  func commandOfNix() async {
    let expression = "derivation { name = \"x\"; system = \"no-linux\"; builder = \"/no\"; }"
    let result = await shell(
      """
      \(program) log -- nix --extra-experimental-features nix-command build --impure --no-link \
        --store /tmp/nix-builders-store-$$ --offline --option build-users-group '' --expr '\(expression)'
      status=$?; rm -rf /tmp/nix-builders-store-$$; exit $status
      """)
    #expect(result.ending == .exited(1))
    #expect(result.output.contains("a 'no-linux' with features {} is required"))
    #expect(!result.output.contains("@nix"))
  }

  @Test("leaving ends the command")
  func leavingEndsCommand() async throws {
    let state = temporaryName()
    let tmux = try await Tmux(
      "\(program) log -- sh -c 'echo $$ >\(state); echo begun; sleep 100; echo over'")
    _ = await tmux.wait(for: "begun")
    await tmux.press("q")
    _ = await tmux.wait(for: "Leave?")
    await tmux.press("Down", "Enter")
    _ = await tmux.wait(for: "exit 130")
    #expect(await shell("kill -0 $(cat \(state))").ending != .exited(0))
    await tmux.close()
    unlink(state)
  }

  @Test("a reader that goes away ends it")
  func brokenPipe() async {
    let result = await shell("yes | \(program) log | head -n 2")
    #expect(result.output == "y\ny\n")
  }

  // MARK: - In a terminal

  @Test("with nothing piped in it says how it is used")
  func nothingPiped() async throws {
    let tmux = try await Tmux("\(program) log")
    let screen = await tmux.wait(for: "exit 64")
    #expect(screen.contains("nix build -L --log-format internal-json |& nix-builders log"))
    await tmux.close()
  }

  @Test("a pipe is read, keys come from the terminal, and the summary stays")
  func pipe() async throws {
    let state = temporaryName()
    let tmux = try await Tmux(
      "stty -a > \(state).before; cat \(recordings)/build-fails-json.err | \(program) log; "
        + "code=$?; stty -a > \(state).after; echo status $code")
    let shown = await tmux.wait(for: "· ended")
    #expect(shown.contains("✗ fail-440062026  exit code 3"))
    await tmux.press("Tab", "Down", "Down")
    let filtered = await tmux.wait(for: "fail-440062026 on forge")
    #expect(filtered.contains("fail> one"))
    #expect(!filtered.contains("evaluating file"))
    await tmux.press("Enter")
    await tmux.type("/two")
    await tmux.press("Enter")
    await tmux.wait(for: "1 of ")
    await tmux.press("q")
    let end = await tmux.wait(for: "status 1")
    #expect(end.contains("✗ 1 build failed, in "))
    #expect(end.contains("> two"))
    let same = await shell("cmp \(state).before \(state).after")
    #expect(same.succeeded, "stty differs afterwards")
    unlink("\(state).before")
    unlink("\(state).after")
    await tmux.close()
  }

  @Test("a file is read too; whoever leaves before the end is told so by the status")
  func file() async throws {
    let tmux = try await Tmux("\(program) log \(recordings)/build-good-json.err; echo status $?")
    await tmux.wait(for: "build-good-json.err · ended")
    await tmux.press("q")
    await tmux.wait(for: "status 0")
    await tmux.close()
    let early = try await Tmux(
      "while sleep 0.1; do echo begun; done | \(program) log; echo status $?")
    await early.wait(for: "begun")
    await early.press("q")
    await early.wait(for: "The log has not ended")
    await early.press("Down", "Enter")
    await early.wait(for: "status 130")
    await early.close()
  }

  @Test("--quit-at-end leaves by itself")
  func quitAtEnd() async throws {
    let tmux = try await Tmux(
      "cat \(recordings)/build-good-json.err | \(program) log --quit-at-end; echo status $?")
    let end = await tmux.wait(for: "status 0")
    #expect(end.contains("✓ 1 built"))
    await tmux.close()
  }

  @Test("a build that is killed is one that was not finished")
  func killed() async throws {
    let name = temporaryName()
    let head = "head -n 80 \(recordings)/build-connection-dies-json.err"
    // Up to the lines that the build printed, and then nothing any more.
    let tmux = try await Tmux(
      "sh -c 'echo $$ > \(name); \(head) | grep -v daemon | sed /stop.*98/,$\\ d; "
        + "exec sleep 1000' | \(program) log; echo status $?")
    await tmux.wait(for: "slow> line 11")
    let running = await tmux.screen
    #expect(running.contains("1 running"))
    _ = await shell("kill -9 $(cat \(name))")
    await tmux.wait(for: "· ended")
    let ended = await tmux.screen
    #expect(ended.contains("not finished"))
    await tmux.press("q")
    await tmux.wait(for: "status ")
    unlink(name)
    await tmux.close()
  }

  @Test("Ctrl-C interrupts the build, and the log of its end is still shown")
  func interrupt() async throws {
    let build =
      "trap \"echo interrupted by the user; kill \\$!; exit\" INT; echo begun; "
      + "sleep 1000 > /dev/null & wait"
    // With job control the pipeline is a process group, as where somebody types it.
    let tmux = try await Tmux("set -m; sh -c '\(build)' | \(program) log; echo status $?")
    await tmux.wait(for: "begun")
    await tmux.press("C-c")
    let end = await tmux.wait(for: "interrupted by the user")
    #expect(end.contains("begun"))
    await tmux.wait(for: "· ended")
    await tmux.press("q")
    await tmux.wait(for: "status 0")
    await tmux.close()
  }

  @Test("200,000 lines of a build come in while one searches and scrolls")
  func manyLines() async throws {
    let script = #"""
      BEGIN {
        q = "\""
        print "@nix {" q "action" q ":" q "start" q "," q "fields" q ":[" q "/nix/store/00000000000000000000000000000000-big-1.drv" q "," q "ssh-ng://forge" q ",1,1]," q "id" q ":7," q "level" q ":3," q "text" q ":" q "building big" q "," q "type" q ":105}"
        for (i = 1; i <= 200000; i++) {
          print "@nix {" q "action" q ":" q "result" q "," q "fields" q ":[" q "compiling file " i (i % 50000 ? "" : " landmark") q "]," q "id" q ":7," q "type" q ":101}"
          if (i % 20000 == 0) { fflush(); system("sleep 0.2") }
        }
        print "@nix {" q "action" q ":" q "stop" q "," q "id" q ":7}"
      }
      """#
    let name = temporaryName()
    let file = try #require(fopen(name, "w"))
    fputs(script, file)
    fclose(file)
    let tmux = try await Tmux("awk -f \(name) | \(program) log; echo status $?")
    await tmux.wait(for: "big> compiling")
    await tmux.type("/landmark")
    await tmux.press("Enter")
    for _ in 0..<5 { await tmux.press("PageUp", "PageDown", "w", "l", "Home", "End") }
    await tmux.wait(for: "· ended")
    await tmux.press("g", "n")
    let first = await tmux.wait(for: "big> compiling file 50000 landmark")
    #expect(first.contains("1 of 4 found"))
    await tmux.press("n", "n", "n")
    let last = await tmux.wait(for: "4 of 4 found")
    #expect(last.contains("big> compiling file 200000 landmark"))
    #expect(last.contains("200,001"))
    await tmux.press("q")
    await tmux.wait(for: "status 0")
    unlink(name)
    await tmux.close()
  }
}
