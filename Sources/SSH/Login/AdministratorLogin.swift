import Base
import Builders
import Processes

/// The login over which one looks what a builder has, and over which its configuration is changed.
public struct AdministratorLogin: Equatable, Sendable {
  /// The account; `nil` leaves it to the configuration of ssh.
  public var user: String?
  /// The machine, by its address or by a name that ssh knows.
  public var host: String
  /// The port; `nil` leaves it to the configuration of ssh.
  public var port: Int?
  /// ssh's ProxyJump.
  public var proxyJump: String?
  /// The private key that was named with it, in full where it was below `~`; `nil` leaves it to ssh.
  public var identityFile: String?
  /// Options of ssh_config(5) without which ssh would not get there, by keyword.
  public var sshOptions: [String: String]
  /// The host key that was accepted for this machine, as a line of known_hosts has it after the
  /// name; `nil` leaves it to ssh, which asks.
  public var hostKey: String?
  /// The person whose ssh logs in: with their configuration, keys and agent. `nil` for whoever runs
  /// this program, which is mostly root.
  public var person: InvokingPerson?

  /// Creates a login.
  public init(
    user: String?, host: String, port: Int? = nil, proxyJump: String? = nil,
    hostKey: String? = nil, person: InvokingPerson? = nil, identityFile: String? = nil,
    sshOptions: [String: String] = [:]
  ) {
    self.user = user
    self.host = host
    self.port = port
    self.proxyJump = proxyJump
    self.hostKey = hostKey
    self.person = person
    self.identityFile = identityFile
    self.sshOptions = sshOptions
  }

  /// Reads what was typed, `USER@HOST` or `HOST`. At the builder's own address, its port, bastion,
  /// host key and what else is needed to reach it hold.
  public init(_ text: String, of builder: Builder) {
    let parts = text.unicodeScalars.split(
      separator: "@", omittingEmptySubsequences: false
    ).strings
    user = parts.count > 1 ? parts.dropLast().joined(separator: "@") : nil
    host = String(parts.last ?? "")
    sshOptions = [:]
    guard host == builder.address else { return }
    sshOptions = builder.reachingOptions
    port = builder.port == 22 ? nil : builder.port
    proxyJump = builder.proxyJump
    hostKey = builder.hostKey
  }

  /// What is wrong with what was typed; `nil` when nothing is.
  public static func problem(in text: String) -> String? {
    let parts = text.unicodeScalars.split(
      separator: "@", omittingEmptySubsequences: false
    ).strings
    if parts.count > 2 { return "USER@HOST is expected, such as root@192.0.2.7." }
    if parts.count == 2, let problem = Rules.user(String(parts[0])) { return problem }
    // A name of a Host block may have what no name of a machine has.
    let host = String(parts.last ?? "")
    return Rules.address(host).flatMap { Rules.alias(host) == nil ? nil : $0 }
  }

  /// The account and the machine, as ssh takes them.
  public var target: String { (user.map { "\($0)@" } ?? "") + host }

  /// Whether all may be done there without sudo.
  public var isRoot: Bool { user == "root" }

  /// The words with which ssh logs in, without what is done then.
  package func words(options: [String] = []) -> [String] {
    var words = ["ssh"] + options
    if let port { words += ["-p", "\(port)"] }
    if let identityFile { words += ["-i", identityFile] }
    for (keyword, text) in sshOptions.sorted(by: { $0.key < $1.key }) {
      words += ["-o", "\(keyword)=\(text)"]
    }
    if let proxyJump { words += ["-J", proxyJump] }
    return words + [target]
  }
}

extension AdministratorLogin {
  /// The login that came with the way to a builder.
  ///
  /// - Parameters:
  ///   - typed: the way as it was typed.
  ///   - home: the home of the person who typed it, for `~`.
  public init(_ typed: SSHDestination, home: String) {
    self.init(
      user: typed.user, host: typed.host, port: typed.port, proxyJump: typed.proxyJump,
      identityFile: typed.identityFile(home: home),
      sshOptions: typed.keptOptions.filter {
        SSHKeyword.reaching.contains($0.key) || SSHKeyword.loggingIn.contains($0.key)
      })
  }

  /// Takes the key and the options of a login that was given for the same machine.
  public mutating func follow(_ given: AdministratorLogin) {
    identityFile = given.identityFile
    sshOptions.merge(given.sshOptions) { _, given in given }
  }
}
