import Checks
import Glibc
import Processes
import Testing
import TestSupport

/// Words of others with everything in them that a terminal acts on or that deceives people: in
/// names of folders and files, in builders.json, in options, in what a server says.
@Suite("Nobody else's bytes reach the terminal as they are")
struct HostileWordsTests {
  /// Titles, the clipboard, cursor movements, a device control string, C1 controls, overrides of the
  /// direction, what takes no place.
  static let words =
    "\u{1B}]0;title\u{7}\u{1B}]52;c;cmVib290\u{7}\u{1B}[2J\u{1B}P1$r\u{1B}\\\u{9B}2J\u{9D}0;t\u{9C}"
    + "\u{202E}evil\u{2066}\u{200B}\u{34F}\u{FEFF}\u{AD}\u{7F}\u{8}\rover"

  /// What of a text a terminal would act on, as code points.
  static func harmful(_ text: String) -> Set<String> {
    Set(
      text.unicodeScalars.filter { scalar in
        let properties = scalar.properties
        return scalar != "\n" && scalar != "\t"
          && (properties.generalCategory == .control || properties.generalCategory == .format
            || properties.isDefaultIgnorableCodePoint || properties.isBidiControl)
      }.map { String($0.value, radix: 16) })
  }

  private func run(
    _ words: [String], input: String? = nil, in home: String = "/"
  ) async -> Command.Result {
    await Command(
      [program] + words, environment: ["HOME": home, "TERM": "xterm-256color"],
      input: input.map { Array($0.utf8) }, timeLimit: .seconds(60)
    ).run()
  }

  private func expectHarmless(_ result: Command.Result, _ words: [String]) {
    #expect(Self.harmful(result.output).isEmpty, "\(words): \(result.output.debugDescription)")
    #expect(Self.harmful(result.error).isEmpty, "\(words): \(result.error.debugDescription)")
    if case .exited = result.ending { return }
    Issue.record("\(words) ended with \(result.ending)")
  }

  @Test("a word of no command and no option is told harmlessly")
  func arguments() async {
    let commands = [
      "list", "show", "write", "test", "explain", "machines", "route", "import", "add", "edit",
      "enable", "disable", "remove", "settings", "log",
    ]
    for words in [[Self.words], ["--\(Self.words)"], ["-\(Self.words)"]]
      + commands.map({ [$0, "--\(Self.words)"] }) + commands.map({ [$0, Self.words, Self.words] })
      + [["test", "--timeout", Self.words], ["route", "--system", Self.words]]
    {
      let result = await run(words, input: "")
      expectHarmless(result, words)
      #expect(result.ending != .exited(0), "\(words)")
    }
  }

  @Test("every command names a folder harmlessly, with builders.json there, bad, and not there")
  func folders() async throws {
    let forge =
      #"{ "alias": "forge", "address": "127.0.0.1", "port": 9, "systems": ["x86_64-linux"] }"#
    let hostile = Self.json(Self.words)
    let inventories: [String?] = [
      nil, #"{ "builders": [\#(forge)] }"#, "{ \"builders\": [ \(Self.words)",
      #"{ "builders": [{ "alias": \#(hostile), "address": \#(hostile), "user": \#(hostile), "#
        + #""keyPath": \#(hostile), "systems": [\#(hostile)], "hostKey": \#(hostile) }] }"#,
      #"{ \#(hostile): 1, "builders": [\#(forge)] }"#, #"{ "builders": \#(hostile) }"#,
      #"{ "builders": [{ "alias": "a", "port": \#(hostile) }] }"#,
      #"{ "builders": [{ "alias": "a", "protocol": \#(hostile) }] }"#,
    ]
    for inventory in inventories {
      try await InventoryFolder.with { outer in
        let folder = "\(outer.path)/x\(Self.words.replacing("/", with: ""))"
        mkdir(folder, 0o755)
        if let inventory {
          let file = try #require(fopen("\(folder)/builders.json", "w"))
          fputs(inventory, file)
          fclose(file)
        }
        for words in [
          ["list"], ["list", "--json"], ["show", "local"], ["show", "remote", "forge"],
          ["write", "--check"], ["write"], ["write", "--check"], ["machines"],
          ["explain", "forge"], ["route"], ["route", "--json"], ["settings"],
          ["edit", "forge", "--user", Self.words], ["edit", "forge", "--key-path", Self.words],
          ["add", "--alias", Self.words, "--address", Self.words], ["enable", Self.words],
          ["import", "\(folder)/\(Self.words)"], ["log", "\(folder)/\(Self.words)"],
          ["test", "--timeout", "2"], ["test", "--json", "--timeout", "2"],
        ] {
          let words = words[0] == "log" ? words : words + ["--directory", folder]
          expectHarmless(await run(words, input: "", in: outer.path), words)
        }
      }
    }
  }

  @Test("import and explain tell of hostile lines harmlessly")
  func lines() async throws {
    try await InventoryFolder.with(
      #"{ "builders": [{ "alias": "forge", "address": "h", "systems": ["x86_64-linux"] }] }"#
    ) { folder in
      let words = Self.words
      let machines = folder.write(
        "ssh://\(words) x\(words) /k\(words) 1 1 f\(words)\nssh-ng://h \(words) - \(words)\n@\(words)\n",
        to: "machines")
      expectHarmless(await folder.run("import", machines), ["import"])
      let config = folder.write("Host \(words)\n  HostName \(words)\n\(words)\n", to: "config")
      expectHarmless(
        await folder.run("import", machines, "--ssh-config", config), ["import", "config"])
      let module = folder.write("{ nix.buildMachines = \(words) }", to: "x.nix")
      expectHarmless(await folder.run("import", module), ["import", "x.nix"])
      for said in [
        "Permission denied (\(words)).", "Bad owner or permissions on /\(words)",
        "Authentication refused: bad ownership or modes for directory /x\(words)",
        "User nixremote not allowed because shell \(words) does not exist",
        "error: cannot build on 'ssh://\(words)': error: \(words)", words,
      ] {
        let result = await run(
          ["explain", "forge", "--directory", folder.path], input: said, in: folder.path)
        expectHarmless(result, ["explain", said])
      }
      let log = folder.write(
        "building '/nix/store/x-\(words).drv'...\n\(words)\n@nix {\"action\":"
          + "\"msg\",\"level\":0,\"msg\":\(Self.json("error: \(words)"))}\n", to: "log")
      expectHarmless(await run(["log", log], in: folder.path), ["log"])
    }
  }

  @Test("what a server says before it is an ssh server is told harmlessly")
  func banner() async throws {
    for banner in [
      "SSH-2.0-\(Self.words)\r\n", "\(Self.words)\r\n", "SSH-2.0-OpenSSH_\(Self.words)",
    ] {
      let server = try HostileServer(saying: banner)
      defer { server.stop() }
      try await InventoryFolder.with(
        """
        { "builders": [{ "alias": "forge", "address": "127.0.0.1", "port": \(server.port),
          "systems": ["x86_64-linux"] }] }
        """
      ) { folder in
        for words in [
          ["test", "forge", "--timeout", "10"], ["test", "--json", "--timeout", "10"],
        ] {
          let result = await run(words + ["--directory", folder.path], in: folder.path)
          expectHarmless(result, words)
          #expect(result.output.contains("connect") || result.output.contains("port"))
        }
      }
    }
  }

  private static func json(_ text: String) -> String {
    "\""
      + text.unicodeScalars.map { scalar in
        scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
          ? "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
          : String(scalar)
      }.joined() + "\""
  }
}
