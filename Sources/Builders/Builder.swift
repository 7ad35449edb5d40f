/// A machine that builds for this one, as the user described it.
///
/// The fields follow `nix.buildMachines` and ssh_config(5); each fragment is rendered from them
/// and from nothing else.
public struct Builder: Equatable, Sendable {
  /// The `Host` name in the ssh configuration, and the builder's identity in this program.
  public var alias: String
  /// Whether the builder is part of the written configuration.
  public var enabled = true
  /// DNS name, IPv4 or IPv6 address.
  public var address: String
  /// The TCP port that one connects to, 1 to 65535.
  public var port = 22
  /// ssh's ProxyJump: the bastion to go through, `nil` for none.
  public var proxyJump: String?
  /// Options of ssh_config(5) for which there is no question: the keyword, spelled as in the manual,
  /// and what stands after it in a `Host` block (``SSHKeyword``).
  public var sshOptions: [String: String] = [:]
  /// Whether an ssh `Host` block carries the connection. Otherwise `nix.buildMachines` says
  /// `user@address` and names the key itself.
  public var hostBlock = true
  /// The account on the builder that Nix logs in to.
  public var user = Builder.defaultUser
  /// Absolute path of the private key on the local machine.
  public var keyPath: String
  /// The public half of the key, as one line of `authorized_keys`; `nil` until the key exists.
  public var publicKey: String?
  /// The builder's pinned host key (`ssh-ed25519 AAAA…`); `nil` until the user accepted one.
  public var hostKey: String?
  /// How Nix speaks to the builder.
  public var storeProtocol = StoreProtocol.sshNG
  /// Settings of the store at the builder for which there is no question, such as
  /// `remote-program`: they stand after `?` in its store URL.
  public var storeParameters: [String: String] = [:]
  /// The systems it builds for, such as `x86_64-linux`; never empty.
  public var systems: [String]
  /// How many builds run there at once, at least 1.
  public var maxJobs = 1
  /// How fast it is compared with other builders, above 0.
  public var speedFactor = 1.0
  /// Features that a derivation may require of it.
  public var supportedFeatures: [String] = []
  /// Features that a derivation must require to be built there.
  public var mandatoryFeatures: [String] = []
  /// The account's side of the configuration, on the builder.
  public var account = Account()
  /// Keys of the inventory that this version does not know; written back as they were.
  public var unknownKeys: [String: JSONValue] = [:]

  /// The account that is proposed for a new builder.
  public static let defaultUser = "nixremote"

  /// Where the key of a builder is put unless the user says otherwise: root's own folder, since
  /// it is the daemon that logs in.
  public static func defaultKeyPath(alias: String) -> String { "/root/.ssh/\(alias)" }

  /// Creates a builder with the defaults for everything that is not given.
  public init(alias: String, address: String, systems: [String], keyPath: String? = nil) {
    self.alias = alias
    self.address = address
    self.systems = systems
    self.keyPath = keyPath ?? Builder.defaultKeyPath(alias: alias)
  }

  /// The group of the account: the one that was given, or the account's own name.
  public var groupName: String { account.group ?? user }
}

/// How Nix speaks to a builder: the scheme of its store URL.
public enum StoreProtocol: String, CaseIterable, Codable, Sendable {
  /// `ssh-ng://`: the builder's daemon over ssh.
  case sshNG = "ssh-ng"
  /// `ssh://`: the older `nix-store --serve`.
  case ssh
}
