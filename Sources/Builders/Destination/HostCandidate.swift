import Base

/// A host that this machine knows of, to choose from where the builder's address is asked.
public struct HostCandidate: Equatable, Sendable {
  /// Who knows of it.
  public enum Source: String, CaseIterable, Sendable {
    /// A `Host` block of an ssh configuration.
    case hostBlock = "ssh configuration"
    /// The machines that Nix has here.
    case machines = "Nix's machines"
    /// A host key of its was noted.
    case knownHosts = "known_hosts"
    /// `tailscale status`
    case tailscale = "tailscale"
    /// `avahi-browse`
    case avahi = "this network"
  }

  /// What is typed to have it.
  public var text: String
  /// Who knows of it.
  public var source: Source
  /// What it stands for.
  public var destination: SSHDestination
  /// The account that Nix logs in to; `nil` when that is not known.
  public var account: String?
  /// The private key with which Nix logs in; `nil` when that is not known.
  public var keyPath: String?

  /// Creates a candidate; `nil` when what others say of it cannot be true.
  public init?(
    _ text: String, from source: Source, to destination: SSHDestination? = nil,
    account: String? = nil, keyPath: String? = nil
  ) {
    guard let read = try? SSHDestination(text) else { return nil }
    let destination = destination ?? read
    guard Rules.address(destination.host) == nil else { return nil }
    self.text = text
    self.source = source
    self.destination = destination
    self.account = account.flatMap { Rules.user($0) == nil ? $0 : nil }
    self.keyPath = keyPath.flatMap { Rules.keyPath($0) == nil ? $0 : nil }
  }

  /// What it stands for where the text does not say it, and who knows of it.
  public var detail: String {
    var parts: [String] = []
    if !text.unicodeScalars.contains(destination.host) { parts.append(destination.host) }
    if let port = destination.port, port != 22, !text.unicodeScalars.hasSuffix(":\(port)") {
      parts.append("port \(port)")
    }
    if let jump = destination.proxyJump { parts.append("through \(jump)") }
    return (parts + [source.rawValue]).joined(separator: ", ")
  }
}

extension SSHDestination.Option {
  fileprivate var isProxyCommand: Bool { keyword.lowercased() == "proxycommand" }
}

extension [HostCandidate] {
  /// What a destination stands for, given what this machine knows: the name of a `Host` block
  /// stands for what the block says, and what was typed beside it wins.
  public func resolved(_ destination: SSHDestination) -> SSHDestination {
    guard let block = first(where: { $0.source == .hostBlock && $0.text == destination.host })
    else { return destination }
    var resolved = block.destination
    resolved.user = destination.user ?? resolved.user
    resolved.port = destination.port ?? resolved.port
    resolved.proxyJump = destination.proxyJump ?? resolved.proxyJump
    resolved.identityFile = destination.identityFile ?? resolved.identityFile
    let typed = Set(destination.options.map { $0.keyword.lowercased() })
    resolved.options =
      destination.options + resolved.options.filter { !typed.contains($0.keyword.lowercased()) }
    // Of a bastion and a command, what was typed counts, as with ssh.
    if destination.proxyJump != nil { resolved.options.removeAll { $0.isProxyCommand } }
    if destination.options.contains(where: \.isProxyCommand) {
      resolved.proxyJump = destination.proxyJump
    }
    resolved.leftOut = destination.leftOut + resolved.leftOut
    return resolved
  }
}
