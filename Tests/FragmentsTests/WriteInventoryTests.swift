import Builders
import SystemPackage
import Testing

@testable import Fragments

@Suite("Writing the inventory alone")
struct WriteInventoryTests {
  @Test("the fragments stay as they are, also those edited by hand")
  func alone() async throws {
    try await TemporaryFolder.with { folder in
      let output = OutputDirectory(path: FilePath("\(folder.path)/new"))
      #expect(try output.writeInventory(Inventory(builders: [Examples.forge])) == ["builders.json"])
      try output.write(Inventory(builders: [Examples.forge]))
      folder.write("# mine\n", to: "new/local.nix")
      let remote = folder.read("new/remote-forge.nix")
      var changed = Examples.forge
      changed.port = 99
      let stored = try #require(try output.readStoredInventory())
      let written = try output.writeInventory(
        Inventory(builders: [changed]), previous: .bytes(stored.bytes))
      #expect(written == ["builders.json"])
      #expect(try output.readInventory() == Inventory(builders: [changed]))
      #expect(folder.read("new/local.nix") == "# mine\n")
      #expect(folder.read("new/remote-forge.nix") == remote)
      #expect(folder.read("new/builders.json.bak") == String(decoding: stored.bytes, as: UTF8.self))
      #expect(try output.writeInventory(Inventory(builders: [changed])) == [])
      // Somebody else has changed it meanwhile.
      #expect(throws: OutputError.changed(path: "\(folder.path)/new/builders.json")) {
        try output.writeInventory(Inventory(), previous: .bytes(stored.bytes))
      }
      changed.port = 0
      #expect(throws: OutputError.self) {
        try output.writeInventory(Inventory(builders: [changed]))
      }
      #expect(folder.names == ["new"])
    }
  }
}
