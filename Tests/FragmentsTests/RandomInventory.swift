import Builders

/// Numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  mutating func flip() -> Bool { Bool.random(using: &self) }

  mutating func pick<T>(_ values: [T]) -> T {
    values[Int.random(in: values.indices, using: &self)]
  }

  mutating func some<T>(_ values: [T]) -> [T] { values.filter { _ in flip() } }

  mutating func text(_ parts: [String], _ length: ClosedRange<Int>) -> String {
    (0..<Int.random(in: length, using: &self)).map { _ in pick(parts) }.joined()
  }
}

extension Inventory {
  /// An inventory in which every answer is allowed, and as odd as it may be.
  static func random(_ generator: inout SeededGenerator, count: Int) -> Inventory {
    var inventory = Inventory()
    for index in 0..<count {
      inventory.builders.append(.random(&generator, number: index))
    }
    inventory.local.distributedBuilds = generator.flip()
    inventory.local.buildersUseSubstitutes = generator.flip()
    // With 0 and no builders nothing would be built anywhere.
    inventory.local.maxJobs = generator.pick(
      inventory.local.distributedBuilds ? [nil, 0, 7] : [nil, 7, 1])
    return inventory
  }
}

extension Builder {
  private static let odd =
    "aZ9 \"'\\${}`;#=%~/*?!|&<>()[]^,.-_锻🔨é".map(String.init) + ["''", "${"]
  private static let pathParts = "aZ9.-_%hu{}()=~!&|*?[]<>^`@+锻🔨".map(String.init)

  private static let someOptions: [(String, [String])] = [
    ("Compression", ["yes", "no"]), ("ConnectTimeout", ["7", "2m", "none"]),
    ("ServerAliveInterval", ["0", "60"]), ("ServerAliveCountMax", ["5"]),
    ("SetEnv", ["A=b", "\"A=b c\" D=\\\"", "'A=${B}''x' E=%h"]),
    ("ProxyCommand", ["none", "ssh -W %h:%p 'a b' # c", "nc \"${x}\" $(y) ''z'' %%"]),
    ("LogLevel", ["ERROR", "debug3"]), ("HostKeyAlgorithms", ["+ssh-rsa", "^ssh-ed25519"]),
    ("AddressFamily", ["inet6"]), ("ControlPath", ["\"/run/a b/%C\"", "~/.ssh/%r@%h:%p"]),
  ]

  fileprivate static func random(_ generator: inout SeededGenerator, number: Int) -> Builder {
    let names = ["forge", "or", "in", "1st", "_x", "a.b-c_d", "Forge", "inherit", "x'", "pi"]
    var builder = Builder(
      alias: "\(generator.pick(names).filter { $0 != "'" })\(number)",
      address: generator.pick([
        "192.0.2.7", "2001:db8::1", "fe80::1%eth0", "forge.lan.", "Forge.lan", "_a-b",
      ]),
      systems: ["x86_64-linux"] + generator.some(["i686-linux", "aarch64-darwin"]))
    builder.port = generator.pick([22, 22, 1, 65535])
    builder.proxyJump = generator.pick([nil, nil, "me@jump.lan:2200", "a,b@[fe80::1%lo]:1"])
    builder.hostBlock = generator.flip()
    for (keyword, texts) in someOptions where generator.flip() {
      builder.sshOptions[keyword] = generator.pick(texts)
    }
    if builder.proxyJump != nil { builder.sshOptions["ProxyCommand"] = nil }
    let value = generator.text(odd, 1...20)
    builder.storeParameters = generator.pick([[:], ["compress": "true"], ["a-b_9": value]])
    builder.user = generator.pick(["nixremote", "root", "_nix", "nix.build", "with", "A-1"])
    builder.keyPath = "/" + generator.text(pathParts, 1...60)
    builder.publicKey = generator.pick([nil, Examples.publicKey])
    builder.hostKey = generator.pick([nil, Examples.hostKey, Examples.hostKey + " a comment"])
    builder.storeProtocol = generator.pick(StoreProtocol.allCases)
    builder.maxJobs = generator.pick([1, 4, 65536])
    builder.speedFactor = generator.pick([1, 0.1, 2.5, 1_000_000, 0.00001])
    let features = ["kvm", "big-parallel", "gccarch-x86-64-v3", "9p+x"]
    builder.supportedFeatures = generator.some(features)
    builder.mandatoryFeatures = generator.some(features)
    builder.account.create = generator.flip()
    builder.account.systemUser = generator.flip()
    builder.account.description = generator.text(odd, 0...100)
    // A normal user's begin at 1000.
    let low = builder.account.systemUser || !builder.account.create ? [0, 500] : [1000, 1500]
    builder.account.uid = generator.pick([nil, low[0], low[1], 4_294_967_293])
    builder.account.group = generator.pick([nil, "or", "build.ers"])
    builder.account.gid = generator.pick([nil, 500])
    builder.account.createHome = generator.flip()
    builder.account.useDefaultShell = generator.flip()
    builder.account.authorizedKeys = generator.pick(Account.AuthorizedKeys.allCases)
    builder.account.keyFile = "/" + generator.text(pathParts, 1...20) + "x"
    builder.account.trusted = generator.flip()
    builder.account.restricted = generator.flip()
    builder.account.sshdPorts = generator.pick([nil, [], [22], [22, 65535]])
    builder.account.emulatedSystems = generator.some(["aarch64-linux", "riscv64-linux"])
    builder.account.systemFeatures = generator.pick([nil, [], features])
    if builder.keyPath.hasSuffix("/") || builder.keyPath.hasSuffix(".pub") {
      builder.keyPath = "/k"
    }
    return builder
  }
}
