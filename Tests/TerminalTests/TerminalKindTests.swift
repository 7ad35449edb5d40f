import Testing

@testable import Terminal

@Suite(.serialized) struct TerminalKindTests {
  private func output(term: String = "xterm-256color", _ environment: [String: String]) async throws
    -> String
  {
    let pty = try Pty(term: term, environment)
    try await pty.wait(for: "inputs 1")
    pty.send("q")
    #expect(try await pty.ending() == .exit(0))
    return pty.takeOutput()
  }

  private func error(
    term: String = "xterm-256color", _ environment: [String: String] = [:], input: String? = nil
  ) async throws -> String? {
    let pty = try Pty(term: term, environment, input: input)
    #expect(try await pty.ending() == .exit(69))
    #expect(pty.takeOutput() == "")
    return try await pty.line()
  }

  @Test("in UTF-8 the signs are shown as they are")
  func unicode() async throws {
    #expect(try await output([:]).contains("probe ✓✗○–·│▸…→日本é"))
  }

  @Test("in the C locale they are ASCII, and each column keeps its place")
  func ascii() async throws {
    let output = try await output(["LC_ALL": "C"])
    #expect(output.contains("probe vxo-.|>.>?????"))
    #expect(output.contains("80x24"))
    #expect(output.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("so they are on Linux' console, whose fonts lack some")
  func console() async throws {
    let output = try await output(term: "linux", ["LC_ALL": "C.UTF-8"])
    #expect(output.contains("probe vxo-.|>.>?????"))
  }

  @Test("a language that is not installed does not cost the signs")
  func missingLocale() async throws {
    #expect(try await output(["LC_ALL": "xx_YY.UTF-8"]).contains("✓"))
    #expect(try await output(["LC_ALL": "", "LANG": "xx_YY.utf8"]).contains("✓"))
    #expect(try await !output(["LC_ALL": "xx_YY.ISO-8859-1"]).contains("✓"))
  }

  @Test("colours are shown as the terminal has them")
  func colours() async throws {
    #expect(try await output([:]).contains("\u{1B}[100m"))
    #expect(try await output(term: "linux", [:]).contains("\u{1B}[32m"))
    let none = try await output(term: "vt100", [:])
    #expect(!none.contains("[3"))
  }

  @Test("NO_COLOR leaves attributes only, unless it is empty")
  func noColour() async throws {
    let without = try await output(["NO_COLOR": "1"])
    #expect(!without.contains("\u{1B}[32m"))
    #expect(!without.contains("\u{1B}[31m"))
    #expect(without.contains("\u{1B}[0;1;7mprobe"))
    #expect(try await output(["NO_COLOR": ""]).contains("\u{1B}[31m"))
  }

  @Test("what cannot be used is told, and nothing is written to it")
  func unusable() async throws {
    #expect(
      try await error(term: "dumb") == "the cursor of a TERM=dumb terminal cannot be moved")
    #expect(
      try await error(term: "nonesuch")
        == "nothing is known here about the terminal TERM=nonesuch; "
        + "most terminals understand TERM=xterm-256color")
    #expect(
      try await error(term: "") == "TERM is not set; most terminals understand TERM=xterm-256color")
    #expect(try await error(input: "/dev/null") == "standard input is not a terminal")
  }

  @Test("keys can come from the terminal though standard input is something else")
  func otherInput() async throws {
    let pty = try Pty(arguments: ["tty"], input: "/dev/null")
    try await pty.wait(for: "inputs 1")
    pty.send("q")
    #expect(try await pty.ending() == .exit(0))
  }
}
