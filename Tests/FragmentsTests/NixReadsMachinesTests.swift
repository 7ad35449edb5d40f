import Builders
import Testing

@testable import Checks
@testable import Fragments
@testable import Nix
@testable import Processes

/// What Nix's build hook makes of a list of machines: it names them all when none of them takes a
/// build.
private func machinesRead(from lines: String, system: String = "no-such") async throws -> String {
  try await TemporaryFolder.with { folder in
    let result = await Command(
      [
        "nix", "--extra-experimental-features", "nix-command", "build", "--no-link", "--impure",
        "--option", "substitute", "false", "--option", "build-users-group", "",
        "--store", "\(folder.path)/store", "--max-jobs", "0", "--builders", lines,
        "--expr", #"derivation { name = "x"; system = "\#(system)"; builder = "/bin/sh"; }"#,
      ], environment: ["NIX_REMOTE": nil], timeLimit: .seconds(60)
    ).run()
    // What lies in a store is read-only.
    _ = await run("chmod", "-R", "u+w", "\(folder.path)/store")
    return result.error
  }
}

@Suite("The machines, read by the installed Nix")
struct NixReadsMachinesTests {
  @Test("Nix reads from what machines prints what import reads from it")
  func columns() async throws {
    var generator = SeededGenerator(seed: 3)
    var inventory = Inventory.random(&generator, count: 40)
    // Nix before 2.20 has only whole speed factors.
    for index in inventory.builders.indices { inventory.builders[index].speedFactor = 2 }
    let lines = inventory.builders.map(\.machineLine)
    let output = try await machinesRead(from: lines.joined(separator: "\n"))
    let found = output.split(separator: "\n").map { String($0.filter { $0 != "[" && $0 != "]" }) }
    let start = try #require(found.firstIndex { $0.hasPrefix("(systems, maxjobs") }, "\(output)")
    let expected = try lines.map { line in
      let machine = try NixMachine(line)
      func sorted(_ names: [String]) -> String {
        Set(names).sorted().joined(separator: ", ")
      }
      return "(\(machine.systems.joined(separator: ", ")), \(machine.maxJobs), "
        + "\(sorted(machine.supportedFeatures)), \(sorted(machine.mandatoryFeatures)))"
    }
    #expect(found[(start + 1)...].prefix(lines.count) == expected[...])
  }

  @Test("Nix takes host, account and key from the columns that import takes them from")
  func connection() async throws {
    var builder = Builder(
      alias: "forge", address: "127.0.0.1", systems: ["a-b"], keyPath: "/no/such/key")
    builder.hostBlock = false
    builder.user = "nobody"
    // Nothing listens there, or nobody lets that key in; Nix then says where it went.
    let output = try await machinesRead(from: builder.machineLine, system: "a-b")
    #expect(output.contains("/no/such/key"), "\(output)")
    #expect(output.contains("cannot build on 'ssh-ng://nobody@127.0.0.1'"), "\(output)")
  }

  @Test("comments, separators, files and circles mean to Nix what they mean to import")
  func text() async throws {
    try await TemporaryFolder.with { folder in
      let inner = folder.write("three c-c - 3\n", to: "inner")
      let text = "one a-a - 1 # no\n two b-b - 2 ;;\n@\(inner)\n@/no/such\n\n# nor this\n"
      let read = MachinesText.entries(in: text, of: "text", reading: readMachinesFile)
        .compactMap { try? $0.machine.get() }
      #expect(read.map(\.url.host) == ["one", "two", "three"])
      let output = try await machinesRead(from: text)
      for machine in read {
        let line = "\(machine.systems[0]), \(machine.maxJobs)"
        let plain = output.filter { $0 != "[" && $0 != "]" }
        #expect(plain.contains("(\(line), , )"), "\(output)")
      }
      #expect(output.contains("3 available machines"), "\(output)")
    }
  }

  @Test(
    "an entry that import refuses, Nix refuses too",
    arguments: ["h - - eight", "h - - -1", "h - - 8 three", "h - - 1 1 - - BAD_BASE64"])
  func refused(entry: String) async throws {
    #expect(throws: Problem.self) { try NixMachine(entry) }
    let output = try await machinesRead(from: entry)
    #expect(output.contains("bad machine specification"), "\(output)")
  }
}
