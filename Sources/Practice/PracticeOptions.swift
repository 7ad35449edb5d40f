import FoundationEssentials
import Glibc

/// How the builder is to be made.
public struct PracticeOptions: Equatable, Sendable {
  /// The port of its sshd.
  public var port = 22
  /// The features that its Nix announces.
  public var systemFeatures = ["nixos-test", "benchmark", "big-parallel"]
  /// The systems that its Nix builds for besides its own.
  public var extraPlatforms: [String]
  /// This program, by which both machines have a `nixos-rebuild`; `nil` for none.
  public var program: String?
  /// Whether root of the local machine has a key that lets it in as root on the builder, as people
  /// mostly have who look after both.
  public var givesAdministratorKey = true
  /// How much its Nix can store, in MiB. It is kept in memory.
  public var storeMegabytes = 2048
  /// A folder with the root file system of another distribution, for the local machine to live in
  /// instead of this computer's own.
  public var localRoot: String?
  /// The same for the builder.
  public var builderRoot: String?
  /// A folder of this computer, by its whole path, that the local machine writes to for good;
  /// `nil` for none.
  public var keptFolder: String?

  /// Creates the usual options, with the root file systems that the environment names in
  /// `NIX_BUILDERS_LOCAL_ROOT` and `NIX_BUILDERS_BUILDER_ROOT`.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    localRoot = environment["NIX_BUILDERS_LOCAL_ROOT"]
    builderRoot = environment["NIX_BUILDERS_BUILDER_ROOT"]
    // Both can only run what is in a probe: the computer's own /bin/sh.
    extraPlatforms = ["i686-linux", "aarch64-linux"].filter { $0 != Self.system }
  }

  /// The system of this computer, such as `x86_64-linux`.
  static let system: String = {
    var names = utsname()
    uname(&names)
    let machine = withUnsafeBytes(of: names.machine) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return "\(machine)-linux"
  }()
}
