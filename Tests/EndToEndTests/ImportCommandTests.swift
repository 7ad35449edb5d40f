import Builders
import Checks
import Fragments
import Glibc
import Processes
import Testing
import TestSupport

@Suite("import, as a command") struct ImportCommandTests {
  private static let machines = """
    # by hand
    ssh-ng://nix@192.0.2.7 x86_64-linux /no/such/key 4 2 kvm,bench bench
    forge x86_64-linux /no/such/key eight

    """

  @Test("it shows what it would take over and what not, and changes nothing")
  func preview() async throws {
    try await InventoryFolder.with { folder in
      let file = folder.write(Self.machines, to: "machines")
      let result = await folder.run("import", file, "--ssh-config", "/dev/null")
      #expect(result.ending == .exited(0))
      #expect(
        result.output == """
          ALIAS      WHERE          SYSTEMS       JOBS  SPEED  FEATURES    STATE
          192.0.2.7  nix@192.0.2.7  x86_64-linux  4     2      kvm,bench!  on

          """)
      #expect(
        result.error == """
          nix-builders: left out: \(file):3, column 4 (jobs): "eight" is not a whole number from 0.
          nix-builders: Nothing was changed. With --write this is kept.

          """)
      #expect(folder.names == ["machines"])
    }
  }

  @Test("--write keeps it beside what is there, and a second time there is nothing new")
  func write() async throws {
    try await InventoryFolder.with { folder in
      _ = await folder.run("add", "anvil", "--address", "a", "--system", "a-b")
      let file = folder.write(Self.machines, to: "machines")
      let first = await folder.run("import", file, "--ssh-config", "/dev/null", "--write")
      #expect(first.ending == .exited(0))
      #expect(first.output.hasSuffix("\(folder.path)/remote-192.0.2.7.nix\n"))
      #expect(folder.inventory?.builders.map(\.alias) == ["anvil", "192.0.2.7"])
      let bytes = folder.read("builders.json")
      let second = await folder.run("import", file, "--ssh-config", "/dev/null", "--write")
      #expect(second.ending == .exited(0))
      #expect(second.output == "")
      #expect(
        second.error.hasPrefix(
          "nix-builders: there already: \(file):2: 192.0.2.7 is the same.\n"))
      #expect(folder.read("builders.json") == bytes)
    }
  }

  @Test("builders are left out by choice, and what is kept of them is said")
  func choice() async throws {
    try await InventoryFolder.with { folder in
      let setting =
        "ssh://a?compress=true x86_64-linux /k; ssh://b x86_64-linux /k; ssh://c x86_64-linux /k"
      func run(_ words: String...) async -> Command.Result {
        await folder.run(["import", setting, "--ssh-config", "/dev/null"] + words)
      }
      #expect(await run("--except", "b", "--write").ending == .exited(0))
      #expect(folder.inventory?.builders.map(\.alias) == ["a", "c"])
      #expect(folder.inventory?.builders.first?.storeParameters == ["compress": "true"])
      #expect(folder.inventory?.builders.map(\.account.create) == [false, false])
      #expect(folder.read("local.nix")?.contains("hostName = \"a?compress=true\";") == true)
      let only = await run("--only", "b")
      #expect(only.output.split(separator: "\n").count == 2)
      let unknown = await run("--only", "d")
      #expect(unknown.ending == .exited(64))
      #expect(
        unknown.error == "nix-builders: No builder d is taken over. There are: b.\n")
      unlink("\(folder.path)/builders.json")
      let said = await run("--only", "a")
      #expect(said.error.hasPrefix("nix-builders: a keeps compress\n"))
    }
  }

  @Test("what it wrote itself and what machines prints are known already")
  func own() async throws {
    try await InventoryFolder.with { folder in
      _ = await folder.run(
        "add", "forge", "--address", "192.0.2.7", "--port", "99", "--system", "x86_64-linux")
      _ = await folder.run(
        "add", "plain", "--address", "192.0.2.8", "--no-host-block", "--system", "x86_64-linux",
        "--write")
      let module = await folder.run(
        "import", "\(folder.path)/local.nix", "--ssh-config", "/dev/null")
      #expect(module.ending == .exited(0))
      #expect(module.output == "")
      #expect(
        module.error == """
          nix-builders: there already: \(folder.path)/local.nix: nix.buildMachines[0]: forge is the \
          same.
          nix-builders: there already: \(folder.path)/local.nix: nix.buildMachines[1]: plain is the \
          same.

          """)
      let lines = await folder.run("machines").output
      let config = folder.write(
        (folder.inventory?.builders ?? []).map { $0.hostBlockText() }.joined(), to: "ssh_config")
      let file = folder.write(lines, to: "machines")
      let read = await folder.run("import", file, "--ssh-config", config)
      #expect(read.ending == .exited(0))
      #expect(
        read.error == """
          nix-builders: there already: \(file):1: forge is the same.
          nix-builders: there already: \(file):2: plain is the same.

          """)
    }
  }

  @Test("a module's settings come with it, and its faults are named with their place")
  func module() async throws {
    try await InventoryFolder.with { folder in
      let file = folder.write(
        """
        { config, lib, ... }:
        {
          nix.buildMachines = [
            { hostName = "forge"; system = "x86_64-linux"; sshUser = "nix"; sshKey = "/no/key"; }
            { hostName = "anvil"; }
          ];
          nix.settings.max-jobs = lib.mkForce 0;
        }
        """, to: "builders.nix")
      let result = await folder.run("import", file, "--ssh-config", "/dev/null", "--write")
      #expect(result.ending == .exited(0))
      #expect(
        result.error == """
          nix-builders: left out: \(file): nix.buildMachines[1], systems: system or systems is \
          missing, and NixOS needs one.
          nix-builders: settings of this machine: nix.distributedBuilds = true; \
          nix.settings.builders-use-substitutes = true; nix.settings.max-jobs = 0;

          """)
      #expect(folder.inventory?.local.maxJobs == 0)
      #expect(folder.inventory?.builders.map(\.user) == ["nix"])
    }
  }

  @Test(
    "what cannot be read ends with a status of its own",
    arguments: [
      ("/no/such/file", nil, 69), ("/no/such.nix", nil, 69), ("bad.nix", "{ nix = ", 65),
      ("none.nix", "{ }", 65), ("bad", "h - - x\n", 65), ("empty", "# nothing\n", 0),
    ] as [(String, String?, Int32)])
  func unreadable(name: String, text: String?, status: Int32) async throws {
    try await InventoryFolder.with { folder in
      let file = text.map { folder.write($0, to: name) } ?? name
      let result = await folder.run("import", file)
      #expect(result.ending == .exited(status))
      #expect(result.output == "")
      #expect(status == 0 || result.error.contains(file))
    }
  }

  @Test("wrong usage is told as such")
  func usage() async throws {
    try await InventoryFolder.with { folder in
      #expect(await folder.run("import", "a", "b").ending == .exited(64))
      #expect(await folder.run("import", "a", "--replace-edited").ending == .exited(64))
    }
  }
}
