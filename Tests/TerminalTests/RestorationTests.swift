import Glibc
import Testing

@Suite(.serialized) struct RestorationTests {
  /// Starts the probe, does something to it, and looks whether the terminal is as it was.
  private func expectRestored(
    _ ending: Pty.Ending, term: String = "xterm-256color", arguments: [String] = [],
    after action: (Pty) -> Void
  ) async throws {
    let pty = try Pty(term: term, arguments: arguments)
    #expect(try await pty.line()?.hasPrefix("resize") == true)
    try await pty.wait(for: "inputs 1")
    #expect(pty.modes != pty.modesBefore)
    let start = pty.takeOutput()
    action(pty)
    #expect(try await pty.ending() == ending)
    #expect(pty.modes == pty.modesBefore)
    let end = pty.takeOutput()
    for mode in [1000, 1006, 1049, 2004] where start.contains("\u{1B}[?\(mode)h") {
      #expect(end.contains("\u{1B}[?\(mode)l"), "mode \(mode)")
    }
    let hides = start.contains("\u{1B}[?25l")
    #expect(!hides || end.contains("\u{1B}[?25h"))
  }

  @Test("it is restored after an ordinary end", arguments: ["xterm-256color", "linux", "vt100"])
  func quit(_ term: String) async throws {
    try await expectRestored(.exit(0), term: term) { $0.send("q") }
  }

  @Test("it is restored after a signal", arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
  func signal(_ signal: Int32) async throws {
    try await expectRestored(.exit(128 + signal)) { $0.signal(signal) }
  }

  @Test(
    "it is restored after a crash, which stays one",
    arguments: [SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP])
  func crash(_ signal: Int32) async throws {
    try await expectRestored(.signal(signal), arguments: ["\(signal)"]) { $0.send("!") }
  }

  @Test("it is restored after a crash that comes from outside")
  func crashFromOutside() async throws {
    try await expectRestored(.signal(SIGSEGV)) { $0.signal(SIGSEGV) }
  }

  @Test("it is restored after a crash on a screen that has no way back", arguments: ["vt100"])
  func crashOnOldTerminal(_ term: String) async throws {
    try await expectRestored(.signal(SIGSEGV), term: term) { $0.send("!") }
  }

  @Test("it is restored when the stack overflows")
  func stack() async throws {
    try await expectRestored(.signal(SIGSEGV), arguments: ["stack"]) { $0.send("!") }
  }

  @Test("it is restored after exit, which unwinds nothing")
  func exit() async throws {
    try await expectRestored(.exit(5), arguments: ["exit"]) { $0.send("!") }
  }

  @Test("it is restored when Swift traps")
  func trap() async throws {
    // SIGILL or SIGTRAP, by the architecture.
    let pty = try Pty(arguments: ["trap"])
    try await pty.wait(for: "inputs 1")
    pty.send("!")
    #expect([.signal(SIGILL), .signal(SIGTRAP)].contains(try await pty.ending()))
    #expect(pty.modes == pty.modesBefore)
  }

  @Test(
    "a crash restores the terminal and ends the children, whoever came first",
    arguments: ["children-first", "children-last"])
  func children(_ order: String) async throws {
    let pty = try Pty(arguments: [order])
    let line = try #require(try await pty.line())
    let child = try #require(pid_t(line.split(separator: " ")[1]))
    try await pty.wait(for: "inputs 1")
    #expect(kill(child, 0) == 0)
    pty.signal(SIGSEGV)
    #expect(try await pty.ending() == .signal(SIGSEGV))
    #expect(pty.modes == pty.modesBefore)
    #expect(pty.takeOutput().contains("\u{1B}[?1049l"))
    // Whoever takes in orphans here has to look after it first.
    for _ in 0..<2000 where isAlive(child) { try await Task.sleep(for: .milliseconds(1)) }
    #expect(!isAlive(child))
  }

  private func isAlive(_ process: pid_t) -> Bool {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return false }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = fread(&bytes, 1, bytes.count, file)
    return !String(decoding: bytes[..<count], as: UTF8.self).contains(") Z ")
  }

  @Test("it is restored when an error is thrown, or a signal comes, while no loop runs")
  func withoutLoop() async throws {
    for (argument, ending) in [("throw", Pty.Ending.exit(69)), ("sleep", .signal(SIGTERM))] {
      let pty = try Pty(arguments: [argument])
      #expect(try await pty.line() == "open")
      #expect(pty.modes != pty.modesBefore)
      if argument == "sleep" { pty.signal(SIGTERM) } else { pty.send("x") }
      #expect(try await pty.ending() == ending)
      #expect(pty.modes == pty.modesBefore)
      #expect(pty.takeOutput().contains("\u{1B}[?2004l"))
    }
  }

  @Test("when the terminal goes away the program ends, and does not spin")
  func lost() async throws {
    let pty = try Pty()
    #expect(try await pty.line()?.hasPrefix("resize") == true)
    try await pty.wait(for: "inputs 1")
    pty.closeTerminal()
    // The kernel tells it twice, by SIGHUP and on the descriptor.
    let line = try await pty.line()
    #expect(["ended signal(1)", "ended terminalLost"].contains(line))
    #expect([.exit(0), .exit(129)].contains(try await pty.ending()))
    #expect(pty.processorTime < 1)
  }

  @Test("when the terminal goes away and nobody says so, the program ends too")
  func lostSilently() async throws {
    let pty = try Pty(program: ["/bin/sh", "-c", "trap '' HUP; exec \(Pty.probe)"])
    #expect(try await pty.line()?.hasPrefix("resize") == true)
    try await pty.wait(for: "inputs 1")
    pty.closeTerminal()
    #expect(try await pty.line() == "ended terminalLost")
    #expect(try await pty.ending() == .exit(0))
    #expect(pty.processorTime < 1)
  }
}
