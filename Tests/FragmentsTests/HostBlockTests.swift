import Base
import Builders
import Checks
import Testing

@testable import Fragments

@Suite("The Host block, read by the installed ssh")
struct HostBlockTests {
  /// Compares what `ssh -G` makes of a configuration with the answers.
  static func compare(_ builder: Builder, with file: String) async throws {
    let result = await run("ssh", "-G", "-F", file, builder.alias)
    #expect(result.succeeded, "\(result.error)")
    var options: [String: [String]] = [:]
    for line in result.output.unicodeScalars.lines {
      let words = line.split(separator: " ", maxSplits: 1)
      options[String(words[0]), default: []].append(words.count > 1 ? String(words[1]) : "")
    }
    // Letters are made small; so are those of the names in known_hosts.
    #expect(options["hostname"] == [builder.address.lowercased()])
    #expect(options["hostkeyalias"] == [builder.alias.lowercased()])
    #expect(options["port"] == ["\(builder.port)"])
    #expect(options["user"] == [builder.user])
    // These two are printed before %% has become %.
    #expect(
      options["identityfile"]?.map { $0.unicodeScalars.replacing("%%", with: "%") }
        == [builder.keyPath])
    #expect(
      options["proxyjump"]?.map { $0.unicodeScalars.replacing("%%", with: "%") }
        == builder.proxyJump.map { [$0] })
    #expect(options["identitiesonly"] == ["yes"])
    for (keyword, standard) in SSHKeyword.standards {
      let text = builder.sshOptions[keyword] ?? standard
      let seconds = SSHKeyword.seconds(inTime: text).map { "\($0)" }
      #expect(options[keyword.lowercased()] == [seconds ?? text])
    }
  }

  @Test(
    "paths come out of ssh -G as they were typed",
    arguments: [
      "/root/.ssh/forge", "/root/.ssh/锻造 🔨", "/a b", "/a\"b", "/a\\b", "/a'b", "/#a", "/a#b",
      "/=a", "/%h", "/%%", "/100%", "/-a", "/" + String(repeating: "a", count: 300), "/a\\\"",
    ])
  func paths(_ path: String) async throws {
    var builder = Examples.forge
    builder.keyPath = path
    try await TemporaryFolder.with { folder in
      try await Self.compare(builder, with: folder.write(builder.hostBlockText(), to: "config"))
    }
  }

  @Test("% in a path or an address means itself to ssh")
  func tokens() async throws {
    var builder = Builder(
      alias: "forge", address: "127.0.0.1", systems: ["x86_64-linux"], keyPath: "/no/such/%h%u")
    try await TemporaryFolder.with { folder in
      let file = folder.write(builder.hostBlockText(), to: "config")
      // It names the files once it has something to talk to.
      let result = await run("ssh", "-v", "-F", file, "-o", "ProxyCommand=true", "forge", "true")
      #expect(result.error.contains("identity file /no/such/%h%u type -1"), "\(result.error)")
      builder.proxyJump = "[fe80::1%lo]:1"
      let jump = folder.write(builder.hostBlockText(), to: "jump")
      let jumped = await run("ssh", "-v", "-F", jump, "-o", "BatchMode=yes", "forge", "true")
      #expect(jumped.error.contains("Connecting to fe80::1%lo"), "\(jumped.error)")
    }
  }

  @Test("a block ends before what other modules add")
  func ends() async throws {
    let local = Inventory(builders: [Examples.forge]).localFragment().text
    try await TemporaryFolder.with { folder in
      let module = folder.write(local, to: "local.nix")
      let text = await run(
        "nix-instantiate", "--store", "dummy://", "--eval", "--json", "-E",
        "(import \(module)).programs.ssh.extraConfig + \"\\nRekeyLimit 1G\\n\"")
      // JSON's escapes for these are printf's.
      let config = String(text.output.dropFirst().prefix { $0 != "\"" }).replacing(
        "\\n", with: "\n")
      let file = folder.write(config, to: "config")
      for host in ["forge", "elsewhere"] {
        let result = await run("ssh", "-G", "-F", file, host)
        #expect(result.output.contains("\nrekeylimit 1073741824 0\n"))
        #expect(result.output.contains("\nport 2222\n") == (host == "forge"))
      }
    }
  }

  @Test("arguments")
  func arguments() {
    #expect(sshArgument("a") == "a")
    #expect(sshArgument("") == "\"\"")
    #expect(sshArgument("#a") == "\"#a\"")
    #expect(sshArgument("=a") == "\"=a\"")
    #expect(sshArgument("a b") == "\"a b\"")
    #expect(sshArgument("a\"\\") == #""a\"\\""#)
    #expect(sshArgument("a\nHost *") == "\"aHost *\"")
  }
}
