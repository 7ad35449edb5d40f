import Checks
import Glibc
import Processes
import Testing
import TestSupport

/// The commands as a script uses them: what they print, and what they exit with.
@Suite struct CommandLineTests {
  private static let forge = """
    { "version": 1, "colour": "green", "builders": [
      { "alias": "forge", "address": "192.0.2.7", "systems": ["x86_64-linux"], "maxJobs": 3,
        "supportedFeatures": ["kvm"], "mandatoryFeatures": ["gpu"], "shelf": 4 } ] }
    """

  @Test(
    "a bad inventory is refused with 65, naming the place",
    arguments: [
      ("", "builders.json", "empty"),
      ("{ \"version\": 1, ", "builders.json", "line 1"),
      ("{ \"builders\": 3 }", "builders", "an array was expected"),
      (
        "{ \"builders\": [{ \"alias\": \"a\", \"address\": \"h\", \"systems\": \"x\" }] }",
        "builders[0].systems", "an array was expected"
      ),
      (
        """
        { "builders": [
          { "alias": "a", "address": "h", "systems": ["x86_64-linux"] },
          { "alias": "A", "address": "h", "systems": ["x86_64-linux"] } ] }
        """, "builders[1].alias", "is the alias of builders[0] already"
      ),
      (
        "{ \"builders\": [{ \"alias\": \"a\", \"address\": \"h\", \"systems\": [\"x86_64-linux\"],"
          + " \"port\": 0 }] }", "builders[0].port", "from 1 to 65535"
      ),
      ("{ \"version\": 99 }", "version", "a newer nix-builders"),
    ])
  func badInventory(text: String, place: String, expected: String) async throws {
    try await InventoryFolder.with(text) { folder in
      for command in ["list", "write", "test"] {
        let result = await folder.run(command)
        #expect(result.ending == .exited(65), "\(command): \(result)")
        #expect(result.output == "")
        #expect(result.error.contains("\(folder.path)/builders.json"))
        #expect(result.error.contains(place))
        #expect(result.error.contains(expected), "\(command): \(result.error)")
      }
      let left = await Command(["cat", "\(folder.path)/builders.json"], timeLimit: .seconds(5))
        .run()
      #expect(left.output == text)
    }
  }

  @Test("a slip in a command's name is told, with the command that was meant")
  func slip() async throws {
    try await InventoryFolder.with(Self.forge) { folder in
      let result = await folder.run("lst")
      #expect(result.ending == .exited(64))
      #expect(result.error.contains("did you mean \"nix-builders list\"?"))
      let other = await folder.run("zzzzzz")
      #expect(other.ending == .exited(64))
      #expect(!other.error.contains("did you mean"))
    }
  }

  @Test("tests of several builders end with a count")
  func count() async throws {
    let inventory = """
      { "builders": [
        { "alias": "a", "address": "127.0.0.1", "port": 1, "systems": ["x86_64-linux"] },
        { "alias": "b", "address": "127.0.0.1", "port": 1, "systems": ["x86_64-linux"] } ] }
      """
    try await InventoryFolder.with(inventory) { folder in
      let result = await folder.run("test", "--written")
      #expect(result.ending == .exited(1))
      #expect(result.output.hasSuffix("\n0 of 2 builders passed. Not: a, b.\n"))
      let one = await folder.run("test", "a", "--written")
      #expect(!one.output.contains("builders passed"))
    }
  }

  @Test("list shows a line for each builder, and unknown keys survive writing")
  func listAndWrite() async throws {
    try await InventoryFolder.with(Self.forge) { folder in
      let list = await folder.run("list")
      #expect(
        list.output == """
          ALIAS  WHERE                SYSTEMS       JOBS  SPEED  FEATURES  STATE  LAST TEST
          forge  nixremote@192.0.2.7  x86_64-linux  3     1      kvm,gpu!  on     -

          """)
      #expect(await folder.run("write", "--check").ending == .exited(1))
      let write = await folder.run("write")
      #expect(write.ending == .exited(0), "\(write)")
      #expect(write.output.contains("\(folder.path)/local.nix\n"))
      #expect(write.output.contains("\(folder.path)/remote-forge.nix\n"))
      #expect(await folder.run("write", "--check").ending == .exited(0))
      let json = await folder.run("list", "--json")
      #expect(json.output.contains("\"colour\" : \"green\""))
      #expect(json.output.contains("\"shelf\" : 4"))
    }
  }

  @Test("a hand-edited fragment is kept until its replacement is asked for")
  func handEdited() async throws {
    try await InventoryFolder.with(Self.forge) { folder in
      _ = await folder.run("write")
      let edit = Command(
        ["sed", "-i", "s/maxJobs = 3/maxJobs = 8/", "\(folder.path)/local.nix"],
        timeLimit: .seconds(5))
      _ = await edit.run()
      let refused = await folder.run("write")
      #expect(refused.ending == .exited(1))
      #expect(refused.error.contains("local.nix was edited by hand"))
      #expect(refused.error.contains("maxJobs = 8;"))
      let shown = await Command(["cat", "\(folder.path)/local.nix"], timeLimit: .seconds(5)).run()
      #expect(shown.output.contains("maxJobs = 8;"))
      #expect(await folder.run("write", "--replace-edited").ending == .exited(0))
      let kept = await Command(
        ["cat", "\(folder.path)/local.nix.edited.bak"], timeLimit: .seconds(5)
      )
      .run()
      #expect(kept.output.contains("maxJobs = 8;"))
    }
  }

  @Test("show prints a fragment, and refuses a builder that is not there")
  func show() async throws {
    try await InventoryFolder.with(Self.forge) { folder in
      #expect(await folder.run("show", "local").output.contains("hostName = \"forge\";"))
      let remote = await folder.run("show", "remote", "forge")
      #expect(remote.output.contains("users.users.nixremote"))
      let unknown = await folder.run("show", "remote", "anvil")
      #expect(unknown.ending == .exited(65))
      #expect(unknown.error.contains("there is no builder \"anvil\". Known: forge."))
      #expect(await folder.run("show", "remote").ending == .exited(64))
    }
  }

  @Test("without an inventory each command says so")
  func noInventory() async throws {
    try await InventoryFolder.with { folder in
      for command in ["list", "write", "test", "machines"] {
        let result = await folder.run(command)
        #expect(result.ending == .exited(69))
        #expect(result.error.contains("there is no inventory yet"))
      }
    }
  }

  @Test("machines prints the lines of /etc/nix/machines")
  func machines() async throws {
    try await InventoryFolder.with(Self.forge) { folder in
      #expect(
        await folder.run("machines").output
          == "ssh-ng://forge x86_64-linux - 3 1 kvm,gpu gpu -\n")
    }
  }

  @Test("wrong usage is told apart")
  func usage() async {
    let result = await Command([program, "--nonsense"], timeLimit: .seconds(10)).run()
    #expect(result.ending == .exited(64))
    let both = await Command(
      [program, "test", "--written", "--installed"], timeLimit: .seconds(10)
    )
    .run()
    #expect(both.ending == .exited(64))
  }
}
