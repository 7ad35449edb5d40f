import Base

/// The answers that one line about the way to a builder gives, each `nil` where it says nothing.
public struct DestinationAnswers: Equatable, Sendable {
  /// DNS name, IPv4 or IPv6 address.
  public var address: String
  /// The TCP port.
  public var port: Int?
  /// The bastion.
  public var proxyJump: String?
  /// The account that Nix logs in to, where the line is one of Nix's machines.
  public var account: String?
  /// The private key with which Nix logs in, where the line is one of Nix's machines.
  public var keyPath: String?
  /// The way as it was typed; `nil` where that is one of Nix's machines, to which somebody else may
  /// log in today.
  public var typed: SSHDestination?
  /// How one logs in there today.
  public var login: TypedLogin
  /// What it says besides, as options of a builder.
  public var sshOptions: [String: String]
  /// What it says besides and a builder cannot hold.
  public var lost: [String]
  /// A name for the builder.
  public var alias: String

  /// Reads the line.
  ///
  /// - Parameter candidates: what this machine knows of hosts.
  /// - Throws: what is wrong with it, without a place.
  public init(_ line: String, knowing candidates: [HostCandidate] = []) throws(Problem) {
    let typed = try SSHDestination(line)
    let text = ShellWords.trimmed(line)
    let machine = candidates.first { $0.source == .machines && $0.text == text }
    let found = candidates.resolved(machine?.destination ?? typed)
    address = found.host
    port = found.port
    proxyJump = found.proxyJump
    self.typed = machine == nil ? typed : nil
    account = machine?.account
    keyPath = machine?.keyPath
    login =
      machine == nil
      ? TypedLogin(user: found.user, identityFile: found.identityFile) : TypedLogin()
    sshOptions = found.keptOptions
    lost = found.lost
    alias = Self.alias(for: typed.host)
  }

  /// The first part of a name; an address gives none.
  private static func alias(for host: String) -> String {
    if Rules.isIPv4(host) || Rules.isIPv6(host) { return "builder" }
    let name = String(scalars: host.unicodeScalars.prefix { $0 != "." })
    return Rules.alias(name) == nil ? name : "builder"
  }
}

/// How somebody logs in to a builder today, as far as a line about it says. Nix's own account and
/// key are another question.
public struct TypedLogin: Equatable, Sendable {
  /// The account; `nil` leaves it to ssh.
  public var user: String?
  /// The private key, as it was written; `nil` leaves it to ssh.
  public var identityFile: String?

  /// Creates a description.
  public init(user: String? = nil, identityFile: String? = nil) {
    self.user = user
    self.identityFile = identityFile
  }
}
