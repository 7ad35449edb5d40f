import Base
import Glibc
import Testing
import TestSupport

@testable import Checks
@testable import Processes

@Suite struct CommandTests {
  private func shell(_ script: String, timeLimit: Duration? = nil) -> Command {
    Command(["sh", "-c", script], timeLimit: timeLimit)
  }

  @Test("both streams and the exit status come back")
  func streams() async {
    let result = await shell("echo out; echo err >&2; exit 3").run()
    #expect(result == Command.Result(ending: .exited(3), output: "out\n", error: "err\n"))
  }

  @Test("standard input is empty unless something is given")
  func input() async {
    #expect(await shell("cat; echo end").run().output == "end\n")
    let fed = Command(["cat"], input: Array("fed".utf8), timeLimit: nil)
    #expect(await fed.run().output == "fed")
  }

  @Test("a program that does not read what it is given ends by itself, and nothing else does")
  func unreadInput() async {
    let input = [UInt8](repeating: 0x61, count: 4 << 20)
    let deaf = Command(
      ["sh", "-c", "exec <&-; echo heard nothing; exit 3"], input: input, timeLimit: nil)
    let result = await deaf.run()
    #expect(result.ending == .exited(3))
    #expect(result.output == "heard nothing\n")
  }

  @Test("a missing program is told apart")
  func missing() async {
    let result = await Command(["no-such-program-here"], timeLimit: nil).run()
    #expect(result.ending == .missing)
  }

  @Test("a program is found by its path too")
  func path() async {
    #expect(await Command(["/bin/echo", "here"], timeLimit: nil).run().output == "here\n")
    let missing = await Command(["/bin/no-such-program-here"], timeLimit: nil).run()
    #expect(missing.ending == .missing)
  }

  @Test("a program that is killed by a signal is told apart")
  func signalled() async {
    #expect(await shell("kill -SEGV $$").run().ending == .signalled(SIGSEGV))
  }

  @Test("variables are set and taken away, and the messages are in English")
  func environment() async {
    let result = await Command(
      ["sh", "-c", "echo \"$LC_ALL|$HERE|$HOME\""],
      environment: ["HERE": "yes", "HOME": nil], timeLimit: nil
    ).run()
    #expect(result.output == "C|yes|\n")
  }

  @Test("it runs in a session of its own")
  func session() async {
    let result = await shell("ps -o pid=,sid= -p $$").run()
    let numbers = result.output.split(whereSeparator: \.isWhitespace)
    #expect(numbers.count == 2)
    #expect(numbers.first == numbers.last)
  }

  @Test("signals that this program blocks or ignores are delivered in the child")
  func signals() async {
    var blocked = sigset_t()
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &blocked, nil)
    defer { pthread_sigmask(SIG_UNBLOCK, &blocked, nil) }
    signal(SIGUSR2, SIG_IGN)
    defer { signal(SIGUSR2, SIG_DFL) }
    let result = await shell("grep -E '^Sig(Blk|Ign):' /proc/self/status").run()
    let masks = result.output.split(whereSeparator: \.isWhitespace).compactMap {
      UInt64($0, radix: 16)
    }
    // From 32 on they are the C library's own.
    #expect(masks.map { $0 & 0x7fff_ffff } == [0, 0])
  }

  @Test("huge output does not block and is kept at both ends")
  func huge() async {
    let result = await shell("seq 1 400000; echo last >&2").run()
    #expect(result.ending == .exited(0))
    #expect(result.output.hasPrefix("1\n2\n3\n"))
    #expect(result.output.hasSuffix("\n399999\n400000\n"))
    #expect(result.output.contains("bytes left out"))
    #expect(result.output.utf8.count < 400_000)
    #expect(result.error == "last\n")
  }

  @Test("output without end is ended at its limit, and told as such")
  func endless() async {
    let limit = FileLimit(bytes: 100_000)
    for stream in ["1", "2"] {
      let command = Command(
        ["sh", "-c", "yes >&\(stream)"], timeLimit: .seconds(60), outputLimit: limit)
      let result = await command.run()
      #expect(result.ending == .printedTooMuch(limit))
      #expect((stream == "1" ? result.output : result.error).hasPrefix("y\ny\n"))
      #expect(result.output.utf8.count + result.error.utf8.count < 1 << 20)
    }
  }

  @Test("up to the limit all of the output is kept")
  func wholeOutput() async {
    let command = Command(
      ["head", "-c", "600000", "/dev/zero"], timeLimit: .seconds(60),
      outputLimit: FileLimit(bytes: 600_000))
    let result = await command.run()
    #expect(result.ending == .exited(0))
    #expect(result.output.utf8.count == 600_000)
  }

  @Test("every byte reaches the sink, in order")
  func sink() async {
    actor Collected {
      var bytes: [UInt8] = []
      func append(_ more: [UInt8]) { bytes += more }
    }
    let collected = Collected()
    _ = await shell("seq 1 200000").run { _, bytes in await collected.append(bytes) }
    let expected = (1...200_000).map { "\($0)\n" }.joined()
    let text = String(decoding: await collected.bytes, as: UTF8.self)
    #expect(text == expected)
  }

  @Test("a command that takes too long is ended, and what it had printed is kept")
  func timeOut() async {
    let result = await shell("echo begun; sleep 600", timeLimit: .seconds(2)).run()
    #expect(result == Command.Result(ending: .timedOut, output: "begun\n", error: ""))
  }

  /// Runs a script that starts a background process and prints its id, ends it in some way, and
  /// tells whether that process is gone.
  private func descendant(
    of script: String, timeLimit: Duration?, cancel: Bool
  ) async throws -> (ending: Command.Ending, gone: Bool) {
    let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    let task = Task {
      let result = await shell(script, timeLimit: timeLimit).run { _, bytes in
        continuation.yield(bytes)
      }
      continuation.finish()
      return result
    }
    var ids = stream.makeAsyncIterator()
    let printed = String(decoding: await ids.next() ?? [], as: UTF8.self)
    let child = try #require(pid_t(printed.filter(\.isNumber)))
    if cancel { task.cancel() }
    let ending = await task.value.ending
    // The kernel removes a killed process in its own time.
    for _ in 0..<2000 where kill(child, 0) == 0 && !isZombie(child) { usleep(1000) }
    return (ending, kill(child, 0) != 0 || isZombie(child))
  }

  private let stubborn =
    "(trap '' TERM; exec setsid -f true; sleep 600) & (trap '' TERM; while :; do sleep 600; done) & echo $!; wait"

  @Test("cancelling ends descendants, also those that ignore SIGTERM")
  func cancel() async throws {
    let end = try await descendant(of: stubborn, timeLimit: nil, cancel: true)
    #expect(end.ending == .cancelled)
    #expect(end.gone)
  }

  @Test("a time-out ends descendants, also those that ignore SIGTERM")
  func timeOutOfGroup() async throws {
    let end = try await descendant(of: stubborn, timeLimit: .seconds(2), cancel: false)
    #expect(end.ending == .timedOut)
    #expect(end.gone)
  }

  @Test("a descendant that outlives the program and holds its output does not survive it")
  func leftBehind() async throws {
    let end = try await descendant(
      of: "sleep 600 & echo $!", timeLimit: .seconds(60), cancel: false)
    #expect(end.ending == .exited(0))
    #expect(end.gone)
  }

  @Test("a task that is cancelled already starts nothing")
  func cancelledBefore() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await shell("echo ran").run()
    }
    #expect(await task.value == Command.Result(ending: .cancelled, output: "", error: ""))
  }

  @Test("the text can be pasted into a shell")
  func text() {
    let command = Command(
      ["nix", "build", "--builders", "ssh-ng://forge x86_64-linux", "it's", ""],
      environment: ["NIX_SSHOPTS": "-F /tmp/config", "HOME": nil], timeLimit: nil)
    #expect(
      command.text
        == #"NIX_SSHOPTS='-F /tmp/config' nix build --builders 'ssh-ng://forge x86_64-linux' 'it'\''s' ''"#
    )
  }
}
