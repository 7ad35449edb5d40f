import Glibc
import Synchronization
import Testing
import TestSupport

@testable import Checks
@testable import Processes

/// Programs on a terminal of their own, whose questions are answered from here.
@Suite(.timeLimit(.minutes(1))) struct TerminalCommandTests {
  private typealias Question = TerminalCommand.Question

  /// A program that runs, with what has happened so far.
  private final class Running: Sendable {
    let typed = TypedInput()
    private let happened = Mutex((printed: [UInt8](), question: Question?.none, isReady: false))

    func note(_ event: TerminalCommand.Event) {
      happened.withLock { happened in
        switch event {
        case .printed(let bytes): happened.printed += bytes
        case .asks(let question): happened.question = question
        case .ready: happened.isReady = true
        }
      }
    }

    var printed: String { String(decoding: happened.withLock { $0.printed }, as: UTF8.self) }
    var question: Question? { happened.withLock { $0.question } }
    var isReady: Bool { happened.withLock { $0.isReady } }

    func wait(until condition: @Sendable (Running) -> Bool) async throws {
      for _ in 0..<1000 {
        if condition(self) { return }
        try await Task.sleep(for: .milliseconds(10))
      }
      Issue.record("waited in vain, printed: \(printed)")
    }
  }

  private func run(
    _ script: String, inputFile: String? = nil, capturesOutput: Bool = false,
    readyFile: String? = nil,
    _ body: @escaping @Sendable (Running) async throws -> Void = { _ in }
  ) async throws -> (result: TerminalCommand.Result, printed: String) {
    let running = Running()
    let command = TerminalCommand(
      ["sh", "-c", script], inputFile: inputFile, capturesOutput: capturesOutput,
      readyFile: readyFile)
    let task = Task { await command.run(typed: running.typed) { running.note($0) } }
    do {
      try await withTaskCancellationHandler {
        try await body(running)
      } onCancel: {
        task.cancel()
      }
    } catch is CancellationError {
      task.cancel()
    }
    return (await task.value, running.printed)
  }

  @Test("it has a terminal that is its own")
  func terminal() async throws {
    let (result, printed) = try await run("tty && echo to the terminal >/dev/tty")
    #expect(result == TerminalCommand.Result(ending: .exited(0)))
    #expect(printed.hasPrefix("/dev/pts/"))
    #expect(printed.hasSuffix("to the terminal\r\n"))
  }

  @Test("its exit status, its signal, and a program that is not there are told apart")
  func endings() async throws {
    #expect(try await run("exit 7").result.ending == .exited(7))
    #expect(try await run("kill -KILL $$").result.ending == .signalled(SIGKILL))
    let missing = await TerminalCommand(["no-such-program"]).run(typed: TypedInput()) { _ in }
    #expect(missing.ending == .missing)
    let input = await TerminalCommand(["cat"], inputFile: "/no/such/file")
      .run(typed: TypedInput()) { _ in }
    #expect(input.ending == .notStarted("/no/such/file: No such file or directory"))
  }

  @Test("a question is answered with a line, which the terminal shows")
  func question() async throws {
    let (result, printed) = try await run(
      "printf 'Really (yes/no)? ' >/dev/tty; read answer </dev/tty; echo \"<$answer>\""
    ) { running in
      try await running.wait { $0.question != nil }
      #expect(running.question == TerminalCommand.Question(isHidden: false))
      running.typed.type(TypedLine("yes"))
    }
    #expect(result.ending == .exited(0))
    #expect(printed == "Really (yes/no)? yes\r\n<yes>\r\n")
  }

  @Test("a password is asked for hidden, and appears nowhere")
  func password() async throws {
    let (result, printed) = try await run(
      """
      printf 'Password: ' >/dev/tty
      stty -echo
      read word
      stty echo
      [ "$word" = sesame ] && echo right
      """
    ) { running in
      try await running.wait { $0.question?.isHidden == true }
      running.typed.type(TypedLine("sesame"))
    }
    #expect(result.ending == .exited(0))
    #expect(printed.contains("right"))
    #expect(!printed.contains("sesame"))
  }

  @Test("a second question comes after the first is answered")
  func twoQuestions() async throws {
    let (_, printed) = try await run(
      "for i in 1 2; do printf \"$i: \"; read word; done; echo $word"
    ) { running in
      try await running.wait { $0.question != nil && $0.printed.hasSuffix("1: ") }
      running.typed.type(TypedLine("a"))
      try await running.wait { $0.printed.hasSuffix("2: ") }
      try await running.wait { $0.question != nil }
      running.typed.type(TypedLine("b"))
    }
    #expect(printed.hasSuffix("2: b\r\nb\r\n"))
  }

  @Test("progress on one line is no question")
  func progress() async throws {
    let (_, _) = try await run("printf '\\r50 %% of 3 MiB'; sleep 0.6; echo") { running in
      try await running.wait { $0.printed.contains("50 %") }
      try await Task.sleep(for: .milliseconds(400))
      #expect(running.question == nil)
    }
  }

  @Test("standard output can be kept apart while the terminal still asks")
  func captured() async throws {
    let (result, printed) = try await run(
      "echo found; printf 'Word: ' >/dev/tty; read word </dev/tty; echo \"$word\"",
      capturesOutput: true
    ) { running in
      try await running.wait { $0.question != nil }
      running.typed.type(TypedLine("sesame"))
    }
    #expect(result == TerminalCommand.Result(ending: .exited(0), output: "found\nsesame\n"))
    #expect(!printed.contains("found"))
  }

  @Test("standard input can be a file while the terminal still asks")
  func inputFile() async throws {
    let (result, printed) = try await run(
      "printf 'Word: ' >/dev/tty; read word </dev/tty; wc -c", inputFile: "/etc/hostname"
    ) { running in
      try await running.wait { $0.question != nil }
      running.typed.type(TypedLine("sesame"))
    }
    #expect(result.ending == .exited(0))
    #expect(printed.split(separator: "\n").last.map { $0.contains { $0.isNumber } } == true)
  }

  @Test("one that stays tells when it has come to where it stays")
  func ready() async throws {
    let file = "/tmp/nix-builders-ready-\(UInt32.random(in: 0 ... .max))"
    defer { unlink(file) }
    let (result, _) = try await run(
      "sleep 0.2; : >\(file); exec sleep 600", readyFile: file
    ) { running in
      try await running.wait { $0.isReady }
      throw CancellationError()
    }
    #expect(result.ending == .cancelled)
  }

  @Test("cancelling ends the whole session, other process groups included, and leaves no zombie")
  func cancel() async throws {
    let (result, printed) = try await run(
      """
      set -m
      (trap '' HUP TERM; sleep 600; :) &
      echo "first $$ second $!;"
      wait
      """
    ) { running in
      try await running.wait { $0.printed.contains(";") }
      throw CancellationError()
    }
    #expect(result.ending == .cancelled)
    let ids = printed.split { !$0.isNumber }.compactMap { pid_t($0) }
    try #require(ids.count == 2)
    #expect(kill(ids[0], 0) != 0)
    #expect(isZombie(ids[1]))
  }

  @Test("what outlives it in its session is ended with it")
  func leftover() async throws {
    let (result, printed) = try await run("set -m; sleep 600 & echo $!; set +m; exit 3")
    #expect(result.ending == .exited(3))
    let id = try #require(pid_t(printed.filter(\.isNumber)))
    #expect(isZombie(id))
  }

  @Test("a window that asks is not opened, and output is plain")
  func environment() async throws {
    setenv("SSH_ASKPASS", "/bin/false", 1)
    defer { unsetenv("SSH_ASKPASS") }
    let (_, printed) = try await run("echo \"$TERM <$SSH_ASKPASS>\"")
    #expect(printed == "dumb <>\r\n")
  }

  @Test("a typed line describes itself to nobody")
  func secrecy() {
    let line = TypedLine("sesame")
    var dumped = ""
    dump(line, to: &dumped)
    #expect("\(line) \(String(reflecting: line)) \(dumped)".contains("sesame") == false)
  }
}
