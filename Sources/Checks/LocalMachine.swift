import Base
import Builders
import Fragments
import Glibc
import Nix
import Processes

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
    async let settings = NixSettings.installed()
    async let nix = NixVersion.installed()
    let ssh = await Command(["ssh", "-V"], timeLimit: TimeLimits.local).run()
    let machines = NixMachine.all(inSetting: "@/etc/nix/machines")
    let installed = await settings
    return LocalMachine(
      nixVersion: await nix?.text,
      sshVersion: sshVersion(in: ssh.error + ssh.output),
      missingTools: needed.filter { !isOnPath($0) },
      isRoot: geteuid() == 0, hostName: ownName(), system: installed?.system,
      hasBuilders: !NixMachine.all(inSetting: installed?.builders ?? "").isEmpty,
      installedBuilders: machines.count)
  }

  private static let needed = ["nix", "ssh", "ssh-keygen", "ssh-keyscan"]

  private static func isOnPath(_ tool: String) -> Bool {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return path.unicodeScalars.split(separator: ":").contains { access("\($0)/\(tool)", X_OK) == 0 }
  }

  /// `OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.19` is version 9.2.
  private static func sshVersion(in text: String) -> String? {
    let scalars = text.unicodeScalars
    guard let mark = scalars.firstRange(of: "OpenSSH_") else { return nil }
    return String(scalars[mark.upperBound...].prefix { $0.isDigit || $0 == "." })
  }

  private static func ownName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
