import Builders
import Testing

@testable import Fragments

@Suite("An edit made by hand") struct HandEditTests {
  private static let inventory: Inventory = {
    var plain = Examples.plain
    plain.alias = "anvil"
    plain.address = "anvil.lan"
    return Inventory(builders: [Examples.forge, plain])
  }()

  /// The edit by which one inventory's fragment has become another's.
  private func local(_ change: (inout Inventory) -> Void) -> HandEdit {
    var edited = Self.inventory
    change(&edited)
    return HandEdit(ofLocal: edited.localValue, in: Self.inventory)
  }

  private func remote(_ change: (inout Builder) -> Void) -> HandEdit {
    var edited = Self.inventory.builders[0]
    change(&edited)
    return HandEdit(ofRemote: "forge", edited.remoteValue, in: Self.inventory)
  }

  @Test("of layout or comments alone says the same")
  func same() {
    #expect(local { _ in }.saysTheSame)
    #expect(remote { _ in }.saysTheSame)
    #expect(local { _ in }.inventory == Self.inventory)
  }

  // MARK: - local.nix

  private static let localChanges: [(String, @Sendable (inout Inventory) -> Void)] = [
    ("forge: port 2222 → 22", { $0.builders[0].port = 22 }),
    ("forge: address 192.0.2.7 → forge.lan", { $0.builders[0].address = "forge.lan" }),
    ("forge: user nixremote → nix", { $0.builders[0].user = "nix" }),
    ("forge: key path /root/.ssh/forge → /root/100%", { $0.builders[0].keyPath = "/root/100%" }),
    ("forge: bastion none → me@jump", { $0.builders[0].proxyJump = "me@jump" }),
    ("forge: protocol ssh-ng → ssh", { $0.builders[0].storeProtocol = .ssh }),
    ("forge: max jobs 3 → 7", { $0.builders[0].maxJobs = 7 }),
    ("forge: speed 2 → 2.5", { $0.builders[0].speedFactor = 2.5 }),
    ("forge: systems x86_64-linux i686-linux → a-b", { $0.builders[0].systems = ["a-b"] }),
    (
      "forge: features nixos-test benchmark big-parallel kvm → none",
      { $0.builders[0].supportedFeatures = [] }
    ),
    ("forge: mandatory features none → kvm", { $0.builders[0].mandatoryFeatures = ["kvm"] }),
    (
      "forge: host key ssh-ed25519 …dCBob3N0 → ssh-ed25519 …AAAABBBB",
      { $0.builders[0].hostKey = "ssh-ed25519 AAAAAAAAAAAABBBB" }
    ),
    ("forge: on yes → no", { $0.builders[0].enabled = false }),
    ("anvil: on yes → no", { $0.builders[1].enabled = false }),
    ("anvil: user nixremote → nix", { $0.builders[1].user = "nix" }),
    ("anvil: key path /root/.ssh/forge → /key", { $0.builders[1].keyPath = "/key" }),
    (
      "anvil: host key ssh-ed25519 …dCBob3N0 → none", { $0.builders[1].hostKey = nil }
    ),
    ("another order of the builders", { $0.builders.swapAt(0, 1) }),
    ("this machine: distributedBuilds true → false", { $0.local.distributedBuilds = false }),
    (
      "this machine: builders-use-substitutes true → false",
      { $0.local.buildersUseSubstitutes = false }
    ),
    ("this machine: max-jobs left alone → 0", { $0.local.maxJobs = 0 }),
  ]

  @Test("of local.nix becomes the answer that says it", arguments: localChanges.indices)
  func localAnswer(index: Int) {
    let (text, change) = Self.localChanges[index]
    let edit = local(change)
    var expected = Self.inventory
    change(&expected)
    #expect(edit.changes == [text])
    #expect(edit.surplus == [])
    #expect(edit.inventory == expected)
  }

  @Test("that no answer can say is told in the words of the file")
  func surplus() {
    var value = Self.inventory.localValue
    value.set(.bool(true), at: ["services", "foo", "enable"])
    value.set(.string("root"), at: ["nix", "settings", "allowed-users"])
    let edit = HandEdit(ofLocal: value, in: Self.inventory)
    #expect(edit.changes == [])
    #expect(
      edit.surplus == [
        #"nix.settings.allowed-users = "root""#, "services.foo.enable = true",
      ])
    #expect(edit.inventory == Self.inventory)
  }

  @Test("in a Host block is told line by line")
  func hostBlock() throws {
    var value = Self.inventory.localValue
    let text = try #require(value["programs", "ssh", "extraConfig"]?.text)
    value.set(
      .string(
        text.replacing(
          "  ConnectTimeout 5\n", with: "  Banner none\n  compression = yes\n"
        )
        .replacing("ServerAliveInterval 15", with: "ServerAliveInterval 30")
        .replacing("Port 2222", with: "Port 2200")), at: ["programs", "ssh", "extraConfig"])
    let edit = HandEdit(ofLocal: value, in: Self.inventory)
    #expect(
      edit.changes == [
        "forge: port 2222 → 2200",
        "forge: ssh options none → Compression yes, ServerAliveInterval 30",
      ])
    #expect(
      edit.surplus == [
        "programs.ssh.extraConfig: Banner none",
        "programs.ssh.extraConfig: compression = yes",
        "programs.ssh.extraConfig: no ConnectTimeout 5",
        "programs.ssh.extraConfig: no Compression yes",
      ])
  }

  @Test("in the parameters behind hostName is an answer, and in their order nothing")
  func storeParameters() {
    var edited = Self.inventory
    edited.builders[0].storeParameters = ["compress": "true", "max-connections": "4"]
    let edit = HandEdit(ofLocal: edited.localValue, in: Self.inventory)
    #expect(
      edit.changes == ["forge: store parameters none → compress true, max-connections 4"])
    #expect(edit.surplus == [])
    #expect(edit.inventory == edited)
  }

  @Test("that no rule lets through is no answer")
  func invalid() throws {
    var edited = Self.inventory
    edited.builders[0].maxJobs = 0
    let edit = HandEdit(ofLocal: edited.localValue, in: Self.inventory)
    #expect(edit.changes == [])
    #expect(edit.surplus == ["nix.buildMachines.forge.maxJobs = 0"])
    #expect(edit.inventory == Self.inventory)
  }

  @Test("that adds a machine by hand is left to the import")
  func addedMachine() {
    var edited = Self.inventory
    var new = Examples.plain
    new.address = "new.lan"
    new.alias = "new"
    edited.builders.append(new)
    let edit = HandEdit(ofLocal: edited.localValue, in: Self.inventory)
    #expect(edit.changes == [])
    #expect(edit.surplus.contains { $0.hasPrefix("nix.buildMachines.\"new.lan\"") })
  }

  // MARK: - remote-ALIAS.nix

  private static let remoteChanges: [(String, @Sendable (inout Builder) -> Void)] = [
    (
      "forge: user nixremote → nix",
      {
        $0.user = "nix"; $0.account.group = "nixremote"
      }
    ),
    ("forge: makes the account yes → no", { $0.account.create = false }),
    (
      "forge: system user yes → no",
      {
        $0.account.systemUser = false
        $0.account.uid = nil
      }
    ),
    ("forge: description Nix remote builds → ", { $0.account.description = "" }),
    ("forge: uid 500 → none", { $0.account.uid = nil }),
    ("forge: gid 500 → 501", { $0.account.gid = 501 }),
    ("forge: group as the account → builders", { $0.account.group = "builders" }),
    ("forge: home no → yes", { $0.account.createHome = true }),
    ("forge: shell yes → no", { $0.account.useDefaultShell = false }),
    ("forge: trusted yes → no", { $0.account.trusted = false }),
    ("forge: only Nix no → yes", { $0.account.restricted = true }),
    ("forge: key ssh-ed25519 …byBkZW1v → none", { $0.publicKey = nil }),
    ("forge: sshd ports left alone → 22 2222", { $0.account.sshdPorts = [22, 2222] }),
    ("forge: emulated none → riscv64-linux", { $0.account.emulatedSystems = ["riscv64-linux"] }),
    ("forge: announced left alone → kvm", { $0.account.systemFeatures = ["kvm"] }),
  ]

  @Test("of a builder's fragment becomes the answer that says it", arguments: remoteChanges.indices)
  func remoteAnswer(index: Int) {
    let (text, change) = Self.remoteChanges[index]
    let edit = remote(change)
    #expect(edit.changes.first == text)
    #expect(edit.surplus == [])
    var expected = Self.inventory.builders[0]
    change(&expected)
    #expect(edit.inventory.builders[0].remoteValue == expected.remoteValue)
    #expect(edit.inventory.builders[1] == Self.inventory.builders[1])
  }

  @Test("of the place of the key is understood together with the file")
  func keyFile() {
    let edit = remote {
      $0.account.authorizedKeys = .keyFiles
      $0.account.keyFile = "/etc/key.pub"
    }
    #expect(
      edit.changes == [
        "forge: key stands in keys → keyFiles", "forge: key file none → /etc/key.pub",
      ])
    #expect(edit.surplus == [])
  }

  @Test("that trusts somebody else too is no answer")
  func otherTrust() {
    var value = Self.inventory.builders[0].remoteValue
    value.set(
      .array([.string("nixremote"), .string("me")]), at: ["nix", "settings", "trusted-users"])
    let edit = HandEdit(ofRemote: "forge", value, in: Self.inventory)
    #expect(edit.changes == [])
    #expect(edit.surplus == [#"nix.settings.trusted-users = [ "nixremote" "me" ]"#])
  }

  // MARK: - Everything

  @Test(
    "is never seen where there is none, however odd the answers",
    arguments: 1...20 as ClosedRange<UInt64>)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let inventory = Inventory.random(&generator, count: 12)
    let edit = HandEdit(ofLocal: inventory.localValue, in: inventory)
    #expect(edit.changes == [])
    #expect(edit.surplus == [])
    for builder in inventory.builders {
      let edit = HandEdit(ofRemote: builder.alias, builder.remoteValue, in: inventory)
      #expect(edit.surplus == [], "\(builder)")
    }
  }
}

extension JSONValue {
  /// Puts a value at an attribute path.
  fileprivate mutating func set(_ value: JSONValue, at path: [String]) {
    guard let name = path.first else {
      self = value
      return
    }
    var members = members
    var member = members[name] ?? .object([:])
    member.set(value, at: Array(path.dropFirst()))
    members[name] = member
    self = .object(members)
  }
}
