import Builders
import StateFiles
import Testing

@Suite("A builder's fingerprint") struct FingerprintTests {
  private static let builder: Builder = {
    var builder = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    builder.publicKey = "ssh-ed25519 AAAA"
    return builder
  }()

  private static let changes: [@Sendable (inout Builder) -> Void] = [
    { $0.alias = "big" }, { $0.address = "192.0.2.8" }, { $0.port = 2222 },
    { $0.proxyJump = "bastion" }, { $0.sshOptions = ["Compression": "yes"] },
    { $0.storeParameters = ["compress": "true"] }, { $0.hostBlock = false }, { $0.user = "nix" },
    { $0.keyPath = "/root/key" }, { $0.publicKey = nil }, { $0.hostKey = "ssh-ed25519 BBBB" },
    { $0.storeProtocol = .ssh }, { $0.systems = ["x86_64-linux", "i686-linux"] },
    { $0.maxJobs = 2 }, { $0.speedFactor = 1.5 }, { $0.supportedFeatures = ["kvm"] },
    { $0.mandatoryFeatures = ["kvm"] }, { $0.account.create = false },
    { $0.account.systemUser = false }, { $0.account.description = "" }, { $0.account.uid = 500 },
    { $0.account.group = "nix" }, { $0.account.gid = 500 }, { $0.account.createHome = true },
    { $0.account.useDefaultShell = false }, { $0.account.authorizedKeys = .keyFiles },
    { $0.account.keyFile = "/etc/key" }, { $0.account.trusted = false },
    { $0.account.restricted = true }, { $0.account.sshdPorts = [22] },
    { $0.account.emulatedSystems = ["riscv64-linux"] }, { $0.account.systemFeatures = [] },
  ]

  @Test("differs for every answer that matters to a test")
  func differs() {
    var seen = [Self.builder.fingerprint: -1]
    for (index, change) in Self.changes.enumerated() {
      var builder = Self.builder
      change(&builder)
      #expect(seen[builder.fingerprint] == nil, "change \(index)")
      seen[builder.fingerprint] = index
    }
  }

  @Test("knows every property there is: a new one has to be thought of")
  func complete() {
    // Without enabled, account itself, and the keys that this version does not know.
    let own = Mirror(reflecting: Self.builder).children.count - 3
    let account = Mirror(reflecting: Self.builder.account).children.count - 1
    #expect(own + account == Self.changes.count)
  }

  @Test("is the same whether the builder is on or off")
  func enabled() {
    var builder = Self.builder
    builder.enabled = false
    #expect(builder.fingerprint == Self.builder.fingerprint)
  }

  @Test("tells apart what only runs together otherwise")
  func separated() {
    var (one, other) = (Self.builder, Self.builder)
    one.systems = ["a-linux"]
    one.supportedFeatures = ["b"]
    other.systems = ["a-linux", "b"]
    #expect(one.fingerprint != other.fingerprint)
  }
}
