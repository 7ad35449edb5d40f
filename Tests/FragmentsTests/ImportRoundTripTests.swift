import Builders
import Glibc
import Testing

@testable import Checks
@testable import Features
@testable import Fragments

@Suite("From the inventory to Nix and back")
struct ImportRoundTripTests {
  /// The builder as far as the fragments tell of it.
  ///
  /// They do not tell: of a builder that is off anything at all; without a `Host` block the alias,
  /// and with it which fragment is the builder's own; that a `Host` block was not asked for where it
  /// is needed all the same; the comment of a host key; and of an account what ``told(_:of:)`` says.
  /// Of an address in a `Host` block ssh makes the letters small.
  private func told(_ builder: Builder, _ imported: Builder?) -> Builder {
    var told = builder
    told.hostKey = builder.pinnedHostKey
    told.hostBlock = builder.usesHostBlock
    if builder.usesHostBlock {
      told.address = builder.address.lowercased()
      told.account = self.told(builder.account, of: builder)
      if builder.account.authorizedKeys == .keyFiles { told.publicKey = nil }
    } else {
      told.alias = imported?.alias ?? ""
      told.account = Account()
      told.account.create = false
      told.publicKey = nil
    }
    return told
  }

  /// The builder with the options of ssh by their meaning. `ssh -G` prints no option that says what
  /// ssh does anyway, and the path of a control socket with its tokens replaced.
  private func comparable(_ builder: Builder) -> Builder {
    var builder = builder
    for (name, text) in builder.sshOptions {
      let meaning = SSHKeyword(name)?.meaning(of: text) ?? []
      let isAsEver = ["0", "none", "no"].contains(text) || name == "ControlPath"
      builder.sshOptions[name] = isAsEver ? nil : meaning.joined(separator: "\u{1F}")
    }
    return builder
  }

  /// The account as far as the builder's fragment tells of it: not how one was to be made that
  /// exists already; not that the group is named like the account, since it is anyway; of a key in
  /// a file, or one that is not there yet, not whether it is bound to Nix.
  private func told(_ account: Account, of builder: Builder) -> Account {
    var told = account
    if !account.create || builder.user == "root" {
      told = Account()
      told.create = false
      told.authorizedKeys = account.authorizedKeys
      told.trusted = account.trusted
      told.sshdPorts = account.sshdPorts
      told.emulatedSystems = account.emulatedSystems
      told.systemFeatures = account.systemFeatures
    }
    told.group = told.group == builder.user ? nil : told.group
    let isKeyShown = account.authorizedKeys == .keys && builder.publicKey != nil
    told.restricted = account.restricted && isKeyShown
    told.keyFile = account.authorizedKeys == .keyFiles ? account.keyFile : nil
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
        &generator, count: generator.pick([1, 1, 1, 2]))
      for index in inventory.builders.indices { inventory.builders[index].alias += "-\(number)" }
      return inventory
    }
    try await TemporaryFolder.with { folder in
      let files = inventories.enumerated().map { number, inventory in
        mkdir("\(folder.path)/\(number)", 0o755)
        for fragment in inventory.fragments() {
          folder.write(fragment.text, to: "\(number)/\(fragment.fileName)")
        }
        return "\(folder.path)/\(number)/local.nix"
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
        let notes = result.notes.filter {
          !$0.reason.contains(" logs in at the same place, ")
            && !$0.reason.hasPrefix("ProxyCommand is kept, and runs a command on this machine")
        }
        #expect(
          notes.allSatisfy {
            $0.kind == .unreadable || $0.reason.contains("This one is taken over as ")
          }, "\(notes)")
        let builders = inventories[range].flatMap(\.builders)
        try #require(result.builders.count == builders.count)
        for (builder, imported) in zip(builders, result.builders) {
          #expect(comparable(imported) == comparable(told(builder, imported)))
        }
      }
    }
  }
}
