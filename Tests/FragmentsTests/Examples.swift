import Builders

enum Examples {
  static let publicKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRlbW8gZGVtbyBkZW1vIGRlbW8gZGVtbyBkZW1v root@laptop"
  static let hostKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGhvc3QgaG9zdCBob3N0IGhvc3QgaG9zdCBob3N0"

  /// The article's configuration, given as answers.
  static var forge: Builder {
    var builder = Builder(
      alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux", "i686-linux"])
    builder.port = 2222
    builder.publicKey = publicKey
    builder.hostKey = hostKey
    builder.maxJobs = 3
    builder.speedFactor = 2
    builder.supportedFeatures = ["nixos-test", "benchmark", "big-parallel", "kvm"]
    builder.account.uid = 500
    builder.account.gid = 500
    return builder
  }

  /// The article's own way: `user@address` and the key, without a `Host` block.
  static var plain: Builder {
    var builder = forge
    builder.port = 22
    builder.hostBlock = false
    builder.systems = ["x86_64-linux"]
    builder.mandatoryFeatures = ["kvm"]
    return builder
  }
}

extension Examples {
  /// The host key in base64, as `base64 -w0` makes it.
  static let publicHostKey =
    "c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUdodmMzUWdhRzl6ZENCb2IzTjBJR2h2YzNRZ2FHOXpkQ0JvYjNOMA=="
}
