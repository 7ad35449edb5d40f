import Builders
import Testing

@testable import Checks
@testable import Fragments

@Suite("From the inventory to Nix and back")
struct ImportRoundTripTests {
  /// The builder as far as `local.nix` tells of it.
  ///
  /// It does not tell: the account and the public key, which stand in the builder's own fragment;
  /// builders that are off; the comment of a host key; the alias of a builder without a `Host`
  /// block, and that one was not asked for where it is needed all the same. Of an address in a
  /// `Host` block ssh makes the letters small.
  private func told(_ builder: Builder, _ imported: Builder?) -> Builder {
    var told = builder
    told.account = Account()
    told.publicKey = nil
    told.hostKey = builder.pinnedHostKey
    told.hostBlock = builder.usesHostBlock
    if builder.usesHostBlock {
      told.address = builder.address.lowercased()
    } else {
      told.alias = imported?.alias ?? ""
    }
    return told
  }

  @Test("1,000 inventories: rendered, evaluated with Nix, imported, the same again")
  func roundTrip() async throws {
    var generator = SeededGenerator(seed: 1000)
    let inventories = (0..<1000).map { _ in
      Inventory.random(&generator, count: Int.random(in: 1...2, using: &generator))
    }
    try await TemporaryFolder.with { folder in
      let files = inventories.enumerated().map { number, inventory in
        folder.write(inventory.localFragment().text, to: "\(number).nix")
      }
      let modules = await ModuleReader.read(files: files)
      try #require(modules.count == inventories.count)
      let results = await runSideBySide(Array(modules.indices), atOnce: 4) { number in
        var result = ImportResult(into: Inventory())
        await Import.take([modules[number]], "/dev/null", into: &result)
        return result
      }
      for (inventory, result) in zip(inventories, results) {
        // Chance sends some of them to the same place.
        #expect(
          result.notes.allSatisfy { $0.reason.contains(" logs in at the same place, ") },
          "\(result.notes)")
        try #require(result.builders.count == inventory.builders.count)
        for (builder, imported) in zip(inventory.builders, result.builders) {
          #expect(imported == told(builder, imported))
        }
        // That a setting is left alone is not told; it is as if nobody had been asked.
        var local = LocalSettings()
        local.maxJobs = inventory.local.maxJobs
        #expect((result.local ?? LocalSettings()) == local)
      }
    }
  }
}
