/// The account on the builder that Nix logs in to: what the remote fragment makes of it.
public struct Account: Equatable, Sendable {
  /// Whether the fragment makes the account. Otherwise it exists already (one's own login, or
  /// root), and the fragment only adds the key and the trust.
  public var create = true
  /// Whether NixOS makes a system user rather than a normal one.
  public var systemUser = true
  /// The account's description (GECOS).
  public var description = "Nix remote builds"
  /// The user id; `nil` lets NixOS choose.
  public var uid: Int?
  /// The account's group; `nil` means one named like the account.
  public var group: String?
  /// The group id; `nil` lets NixOS choose.
  public var gid: Int?
  /// Whether the account gets a home directory.
  public var createHome = false
  /// Whether the account gets the default shell. Without a shell no build can start.
  public var useDefaultShell = true
  /// How the fragment gives the public key.
  public var authorizedKeys = AuthorizedKeys.keys
  /// The file on the builder that holds the public key, with `authorizedKeys` `keyFiles`.
  public var keyFile: String?
  /// Whether Nix on the builder trusts the account (`nix.settings.trusted-users`).
  public var trusted = true
  /// Whether the key may do nothing but serve Nix (`restrict,command="…"`).
  public var restricted = false
  /// The ports sshd listens on; `nil` leaves them alone, since `services.openssh.ports`
  /// replaces port 22 and may lock the owner out.
  public var sshdPorts: [Int]?
  /// Systems that the builder emulates (`boot.binfmt.emulatedSystems`).
  public var emulatedSystems: [String] = []
  /// Features that the builder announces (`nix.settings.system-features`); `nil` leaves them.
  public var systemFeatures: [String]?
  /// Keys of the inventory that this version does not know; written back as they were.
  public var unknownKeys: [String: JSONValue] = [:]

  /// How the public key gets into the remote fragment.
  public enum AuthorizedKeys: String, CaseIterable, Codable, Sendable {
    /// The key itself stands in the fragment.
    case keys
    /// The fragment names a file on the builder.
    case keyFiles
  }

  /// Creates an account with the defaults.
  public init() {}
}
