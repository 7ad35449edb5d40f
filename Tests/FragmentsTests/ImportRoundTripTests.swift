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

  /// The settings as far as `local.nix` tells of them: that one is left alone is not told.
  private func told(_ local: LocalSettings, _ file: String) -> ImportedSettings {
    var told = ImportedSettings(place: file)
    told.distributedBuilds = local.distributedBuilds ? true : nil
    told.buildersUseSubstitutes = local.buildersUseSubstitutes ? true : nil
    told.maxJobs = local.maxJobs
    return told
  }

  @Test("1,000 inventories: rendered, evaluated with Nix, imported, the same again")
  func roundTrip() async throws {
    var generator = SeededGenerator(seed: 1000)
    let inventories = (0..<1000).map { number in
      var inventory = Inventory.random(
        &generator, count: Int.random(in: 1...2, using: &generator))
      for index in inventory.builders.indices { inventory.builders[index].alias += "-\(number)" }
      return inventory
    }
    try await TemporaryFolder.with { folder in
      let files = inventories.enumerated().map { number, inventory in
        folder.write(inventory.localFragment().text, to: "\(number).nix")
      }
      let modules = await ModuleReader.read(files: files)
      try #require(modules.count == inventories.count)
      for (number, inventory) in inventories.enumerated() {
        #expect(modules[number].settings == told(inventory.local, files[number]))
      }
      // As one configuration that imports so many of them: ssh is then asked for the hosts alone.
      for start in stride(from: 0, to: inventories.count, by: 50) {
        let range = start..<start + 50
        var result = ImportResult(into: Inventory())
        await Import.take(Array(modules[range]), "/dev/null", into: &result)
        // Chance sends some of them to the same place.
        let notes = result.notes.filter { !$0.reason.contains(" logs in at the same place, ") }
        #expect(notes.allSatisfy { $0.reason.contains("This one is taken over as ") }, "\(notes)")
        let builders = inventories[range].flatMap(\.builders)
        try #require(result.builders.count == builders.count)
        for (builder, imported) in zip(builders, result.builders) {
          #expect(imported == told(builder, imported))
        }
      }
    }
  }
}
