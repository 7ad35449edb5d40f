import Glibc
import Testing

@Suite(.serialized) struct EventLoopTests {
  /// The probe, once it runs.
  private func start(
    term: String = "xterm-256color", _ environment: [String: String] = [:],
    arguments: [String] = []
  ) async throws -> Pty {
    let pty = try Pty(term: term, environment, arguments: arguments)
    #expect(try await pty.line() == "resize(Size(columns: 80, rows: 24))")
    try await pty.wait(for: "inputs 1")
    return pty
  }

  private func quit(_ pty: Pty) async throws {
    pty.send("q")
    #expect(try await pty.line()?.contains("frames in") == true)
    #expect(try await pty.line() == "ended quit")
    #expect(try await pty.ending() == .exit(0))
  }

  @Test(
    "the keys of each terminal are known",
    arguments: [
      (
        "xterm-256color",
        [
          "\u{1B}OA", "\u{1B}OB", "\u{1B}OD", "\u{1B}OC", "\u{1B}OH", "\u{1B}OF", "\u{1B}OP",
          "\u{1B}[Z",
        ]
      ),
      (
        "screen",
        [
          "\u{1B}OA", "\u{1B}OB", "\u{1B}OD", "\u{1B}OC", "\u{1B}[1~", "\u{1B}[4~", "\u{1B}OP",
          "\u{1B}[Z",
        ]
      ),
      (
        "linux",
        [
          "\u{1B}[A", "\u{1B}[B", "\u{1B}[D", "\u{1B}[C", "\u{1B}[1~", "\u{1B}[4~", "\u{1B}[[A",
          "\u{1B}\t",
        ]
      ),
      (
        "vt100",
        [
          "\u{1B}OA", "\u{1B}OB", "\u{1B}OD", "\u{1B}OC", "\u{1B}[H", "\u{1B}[F", "\u{1B}OP",
          "\u{1B}[Z",
        ]
      ),
      (
        "rxvt",
        [
          "\u{1B}[A", "\u{1B}[B", "\u{1B}[D", "\u{1B}[C", "\u{1B}[7~", "\u{1B}[8~", "\u{1B}[11~",
          "\u{1B}[Z",
        ]
      ),
      (
        "vt52",
        [
          "\u{1B}A", "\u{1B}B", "\u{1B}D", "\u{1B}C", "\u{1B}[H", "\u{1B}[F", "\u{1B}P",
          "\u{1B}[Z",
        ]
      ),
    ])
  func keys(_ term: String, _ sequences: [String]) async throws {
    let pty = try await start(term: term)
    pty.send(sequences.joined())
    #expect(
      try await pty.lines(8) == [
        "key(up)", "key(down)", "key(left)", "key(right)", "key(home)", "key(end)",
        "key(function(1))", "key(backTab)",
      ])
    try await quit(pty)
  }

  @Test("Escape is told though nothing follows, and what follows later is not part of it")
  func escape() async throws {
    let pty = try await start()
    pty.send("\u{1B}")
    #expect(try await pty.line() == "key(escape)")
    pty.send("[A")
    #expect(
      try await pty.lines(2) == [#"key(character("["))"#, #"key(character("A"))"#])
    try await quit(pty)
  }

  @Test("characters, Alt, Ctrl and pastes arrive whole, and what is not UTF-8 does not")
  func text() async throws {
    let pty = try await start()
    pty.send(Array("é日\u{1B}x".utf8) + [0xFF, 0x3] + Array("\u{1B}[200~a\rb\u{1}\u{1B}[201~".utf8))
    #expect(
      try await pty.lines(5) == [
        #"key(character("é"))"#, #"key(character("日"))"#, #"key(alt("x"))"#,
        #"key(control("c"))"#, #"paste("a\nb")"#,
      ])
    try await quit(pty)
  }

  @Test("the mouse is captured while something reacts to it")
  func mouse() async throws {
    let pty = try await start()
    try await pty.wait(for: "\u{1B}[?1000h\u{1B}[?1006h")
    pty.send("\u{1B}[<0;3;1M\u{1B}[<0;3;1m\u{1B}[<65;1;2M\u{1B}[<0;40;20Mx")
    #expect(
      try await pty.lines(3) == [
        #"press(Target(name: "top", index: 7))"#, #"wheel(3, Target(name: "top", index: 7))"#,
        #"key(character("x"))"#,
      ])
    _ = pty.takeOutput()
    pty.send("m")
    #expect(try await pty.line() == #"key(character("m"))"#)
    try await pty.wait(for: "\u{1B}[?1006l\u{1B}[?1000l")
    try await quit(pty)
  }

  @Test("a terminal without a mouse is not asked for it")
  func noMouse() async throws {
    let pty = try await start(term: "vt100")
    #expect(!pty.takeOutput().contains("1000h"))
    try await quit(pty)
  }

  @Test("a new size is told and drawn, whatever it is")
  func resize() async throws {
    let pty = try await start()
    for (columns, rows) in [(200, 60), (39, 11), (1, 1), (80, 24)] as [(UInt16, UInt16)] {
      pty.resize(columns: columns, rows: rows)
      #expect(try await pty.line() == "resize(Size(columns: \(columns), rows: \(rows)))")
    }
    try await pty.wait(for: "80×24")
    try await quit(pty)
  }

  @Test("a terminal that tells no size is taken for 80 by 24")
  func noSize() async throws {
    let pty = try Pty(columns: 0, rows: 0)
    #expect(try await pty.line() == "resize(Size(columns: 80, rows: 24))")
    try await quit(pty)
  }

  @Test("the clipboard and the bell are reached")
  func copy() async throws {
    let pty = try await start()
    pty.send("c")
    #expect(try await pty.line() == #"key(character("c"))"#)
    try await pty.wait(for: "\u{1B}]52;c;aMOpbGxv\u{7}\u{7}")
    try await quit(pty)
  }

  @Test("messages come in order through a small mailbox, and keys do not wait for them")
  func flood() async throws {
    let pty = try await start()
    pty.send("n")
    try await Task.sleep(for: .milliseconds(20))
    pty.send("x")
    #expect(
      try await pty.lines(3) == [#"key(character("n"))"#, #"key(character("x"))"#, "counted"])
    try await quit(pty)
  }

  @Test("there are at most 60 frames a second, but for those that keys bring")
  func frames() async throws {
    let pty = try await start()
    pty.send("nt")
    #expect(try await pty.line() == #"key(character("n"))"#)
    var keys = 3
    while let line = try await pty.line(), line != "counted" {
      if line.hasPrefix("key") { keys += 1 }
    }
    try await Task.sleep(for: .milliseconds(200))
    pty.send("q")
    var line = try await pty.line()
    while line == "tick" { line = try await pty.line() }
    #expect(try await pty.ending() == .exit(0))
    let words = try #require(line).split(separator: " ")
    let count = try #require(Double(words[0]))
    let seconds = try #require(Double(words[3]))
    #expect(count <= 60 * seconds + Double(keys))
    #expect(count >= 5)
  }

  @Test("nothing runs while nothing happens")
  func idle() async throws {
    let pty = try await start()
    try await Task.sleep(for: .milliseconds(50))
    let before = try pty.contextSwitches()
    try await Task.sleep(for: .milliseconds(300))
    #expect(try pty.contextSwitches() == before)
    try await quit(pty)
  }

  @Test("after a stop by Ctrl-Z everything is as it was, on both sides of it")
  func suspend() async throws {
    // The shell with job control is what stops and continues programs.
    let pty = try Pty(program: [
      "/bin/bash", "-mc", "\(Pty.probe); echo stopped >&3; read x; fg; echo over",
    ])
    let before = pty.modesBefore
    #expect(try await pty.line()?.hasPrefix("resize") == true)
    try await pty.wait(for: "inputs 1")
    #expect(pty.modes != before)
    let during = pty.modes
    pty.send("\u{1A}")
    #expect(try await pty.line() == "stopped")
    #expect(pty.modes == before)
    let output = pty.takeOutput()
    #expect(output.contains("\u{1B}[?2004l"))
    #expect(output.contains("\u{1B}[?1049l"))
    pty.resize(columns: 70, rows: 20)
    pty.send("\n")
    #expect(try await pty.line() == "resize(Size(columns: 70, rows: 20))")
    try await pty.wait(for: "70×20")
    #expect(pty.modes == during)
    let again = pty.takeOutput()
    #expect(again.contains("\u{1B}[?2004h"))
    #expect(again.contains("\u{1B}[?1049h"))
    pty.send("x")
    #expect(try await pty.line() == #"key(character("x"))"#)
    pty.send("q")
    try await pty.wait(for: "over")
    #expect(try await pty.ending() == .exit(0))
    #expect(pty.modes == before)
  }

  @Test("a stopped program that is killed leaves the terminal to the shell")
  func killStopped() async throws {
    let pty = try Pty(program: [
      "/bin/bash", "-mc", "\(Pty.probe); echo stopped >&3; read x; kill %1; read x; echo over",
    ])
    #expect(try await pty.line()?.hasPrefix("resize") == true)
    try await pty.wait(for: "inputs 1")
    pty.send("\u{1A}")
    #expect(try await pty.line() == "stopped")
    _ = pty.takeOutput()
    pty.send("\n")
    #expect(try await pty.line() == "ended signal(15)")
    pty.send("\n")
    try await pty.wait(for: "over")
    #expect(pty.modes == pty.modesBefore)
    #expect(!pty.takeOutput().contains("\u{1B}"))
  }

  @Test("in the background it stops again and leaves the terminal alone")
  func background() async throws {
    let pty = try Pty(program: [
      "/bin/bash", "-mc",
      "\(Pty.probe); echo stopped >&3; read x; bg; sleep 0.2; jobs >&3; read x; fg",
    ])
    #expect(try await pty.line()?.hasPrefix("resize") == true)
    try await pty.wait(for: "inputs 1")
    pty.send("\u{1A}")
    #expect(try await pty.line() == "stopped")
    _ = pty.takeOutput()
    pty.send("\n")
    #expect(try await pty.line()?.contains("Stopped") == true)
    #expect(pty.modes == pty.modesBefore)
    #expect(!pty.takeOutput().contains("\u{1B}"))
    pty.send("\n")
    try await pty.wait(for: "inputs 1")
    pty.send("q")
    #expect(try await pty.ending() == .exit(0))
    #expect(pty.modes == pty.modesBefore)
  }

  @Test("continued after SIGSTOP it draws everything anew")
  func resume() async throws {
    let pty = try await start()
    pty.signal(SIGSTOP)
    _ = pty.takeOutput()
    pty.signal(SIGCONT)
    try await pty.wait(for: "inputs 1")
    try await quit(pty)
  }
}
