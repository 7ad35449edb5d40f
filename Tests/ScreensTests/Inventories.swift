import Builders

extension Inventory {
  /// Three builders: one in order, one at another port, one switched off.
  static let three: Inventory = {
    var forge = Builder(
      alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux", "i686-linux"])
    forge.maxJobs = 3
    forge.speedFactor = 2
    forge.supportedFeatures = ["nixos-test", "kvm"]
    forge.publicKey = SampleKey.publicLine
    forge.hostKey = SampleKey.line
    var pi = Builder(alias: "pi", address: "pi.lan", systems: ["aarch64-linux"])
    pi.user = "nix"
    pi.port = 2200
    pi.maxJobs = 2
    var mac = Builder(alias: "mac", address: "mac.lan", systems: ["aarch64-darwin"])
    mac.user = "builder"
    mac.enabled = false
    return Inventory(builders: [forge, pi, mac])
  }()

  /// So many builders, `b0` and so on.
  static func many(_ count: Int) -> Inventory {
    Inventory(
      builders: (0..<count).map { number in
        var builder = Builder(
          alias: "b\(number)",
          address: "10.\(number / 65536).\(number / 256 % 256).\(number % 256)",
          systems: number % 3 == 0 ? ["aarch64-linux"] : ["x86_64-linux", "i686-linux"])
        builder.maxJobs = number % 16 + 1
        builder.supportedFeatures = ["nixos-test", "big-parallel"]
        return builder
      })
  }
}
