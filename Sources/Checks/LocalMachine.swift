/// What this machine has of what is needed.
public struct LocalMachine: Equatable, Sendable {
  /// The version of Nix, such as `2.34.8`; `nil` when there is none.
  public var nixVersion: String?
  /// The version of the OpenSSH client, such as `10.6`; `nil` when there is none.
  public var sshVersion: String?
  /// Tools that are missing, such as `ssh-keygen`.
  public var missingTools: [String]
  /// Whether the program runs as root. It is the daemon, that is root, that will log in.
  public var isRoot: Bool
  /// The name of this machine.
  public var hostName: String
  /// The system it builds for itself, such as `x86_64-linux`.
  public var system: String?
  /// Whether Nix here has builders configured now (`builders` is not empty).
  public var hasBuilders: Bool
  /// How many builders /etc/nix/machines lists.
  public var installedBuilders: Int

  /// Creates a description, for tests.
  public init(
    nixVersion: String?, sshVersion: String?, missingTools: [String] = [], isRoot: Bool = true,
    hostName: String = "", system: String? = nil, hasBuilders: Bool = false,
    installedBuilders: Int = 0
  ) {
    self.nixVersion = nixVersion
    self.sshVersion = sshVersion
    self.missingTools = missingTools
    self.isRoot = isRoot
    self.hostName = hostName
    self.system = system
    self.hasBuilders = hasBuilders
    self.installedBuilders = installedBuilders
  }

  /// Looks at this machine.
  public static func inspect() async -> LocalMachine {
    LocalMachine(nixVersion: nil, sshVersion: nil)
  }
}
