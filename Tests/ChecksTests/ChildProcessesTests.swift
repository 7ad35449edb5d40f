import Glibc
import Testing
import TestSupport

@testable import Checks
@testable import Processes

/// What the child of an exit test does: starts a program, prints its id, and waits until it runs.
private func startSleeper() async {
  let (lines, continuation) = AsyncStream.makeStream(of: [UInt8].self)
  Task {
    await Command(["sh", "-c", "echo $$; exec sleep 600"], timeLimit: nil).run { _, bytes in
      continuation.yield(bytes)
    }
  }
  var iterator = lines.makeAsyncIterator()
  let id = String(decoding: await iterator.next() ?? [], as: UTF8.self)
  print("sleeper \(id)", terminator: "")
  fflush(nil)
}

@Suite struct ChildProcessesTests {
  /// Whether the program that such a child started is gone.
  private func isGone(_ output: [UInt8]) throws -> Bool {
    let text = String(decoding: output, as: UTF8.self)
    let mark = try #require(text.firstRange(of: "sleeper "))
    let id = try #require(pid_t(text[mark.upperBound...].prefix { $0.isNumber }))
    // It is killed already; the kernel may still be tidying up.
    for _ in 0..<2000 where kill(id, 0) == 0 && !isZombie(id) { usleep(1000) }
    return kill(id, 0) != 0 || isZombie(id)
  }

  @Test("a crash leaves no child behind")
  func crash() async throws {
    let result = await #expect(
      processExitsWith: .signal(SIGSEGV), observing: [\.standardOutputContent]
    ) {
      ChildProcesses.endOnCrash()
      await startSleeper()
      raise(SIGSEGV)
    }
    #expect(try isGone(#require(result).standardOutputContent))
  }

  @Test("a trap leaves no child behind")
  func trap() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardOutputContent]
    ) {
      ChildProcesses.endOnCrash()
      await startSleeper()
      fatalError()
    }
    #expect(try isGone(#require(result).standardOutputContent))
  }

  @Test("SIGTERM leaves no child behind, and still ends the program")
  func termination() async throws {
    let result = await #expect(
      processExitsWith: .signal(SIGTERM), observing: [\.standardOutputContent]
    ) {
      ChildProcesses.endOnTermination()
      await startSleeper()
      // Threads of the pool block it; the first thread takes it.
      kill(getpid(), SIGTERM)
      sleep(60)
    }
    #expect(try isGone(#require(result).standardOutputContent))
  }

  @Test("the handler that was there before still runs")
  func chain() async {
    let result = await #expect(
      processExitsWith: .exitCode(42), observing: [\.standardOutputContent]
    ) {
      signal(SIGABRT) { _ in _exit(42) }
      ChildProcesses.endOnCrash()
      abort()
    }
    #expect(result != nil)
  }

  @Test("killing all ends every child")
  func killAll() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
    ) {
      await startSleeper()
      ChildProcesses.killAll()
      exit(0)
    }
    #expect(try isGone(#require(result).standardOutputContent))
  }
}
