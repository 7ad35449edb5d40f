/// Something that this machine has installed otherwise than it is written.
public struct InstalledDifference: Equatable, Sendable {
  /// What it is about.
  public enum Subject: Equatable, Sendable {
    /// The builder's line among Nix's builders.
    case machine
    /// Where Nix looks for the builder.
    case url
    /// What the line says.
    case systems, maxJobs, speed, features, mandatoryFeatures, keyPath
    /// The host key, in the line or in known_hosts.
    case hostKey
    /// The builder's Host block.
    case hostBlock
    /// What the Host block says.
    case address, port, user, identityFile, hostKeyAlias, bastion
    /// Another option of the Host block, by its keyword.
    case option(String)
    /// Settings of this machine.
    case buildersUseSubstitutes, localMaxJobs
  }

  /// The builder; `nil` for a setting of this machine.
  public var alias: String?
  /// What it is about.
  public var subject: Subject
  /// What is written.
  public var written: String
  /// What is installed; `nil` when there is nothing of the kind.
  public var installed: String?

  /// Creates a description.
  public init(_ alias: String?, _ subject: Subject, written: String, installed: String? = nil) {
    self.alias = alias
    self.subject = subject
    self.written = written
    self.installed = installed
  }

  /// Whether Nix or ssh would reach another machine, or none, in another way.
  package var isOfConnection: Bool {
    switch subject {
    case .machine, .url, .systems, .hostBlock, .address, .port, .user, .identityFile,
      .option("ProxyCommand"):
      true
    case .maxJobs, .speed, .features, .mandatoryFeatures, .keyPath, .hostKey, .hostKeyAlias,
      .bastion, .option, .buildersUseSubstitutes, .localMaxJobs:
      false
    }
  }

  /// Whether a login could fail because of it.
  var isOfLogin: Bool {
    if case .option = subject { isOfConnection } else { true }
  }

  /// The difference in words, without the builder's name: `max jobs 3, installed 1`.
  public var text: String {
    guard let installed else { return "not \(written)" }
    return "\(name) \(Self.short(written)), installed \(Self.short(installed))"
  }

  /// Keys are long, and one differs from another at their ends.
  private static func short(_ text: String) -> String {
    let scalars = text.unicodeScalars
    return scalars.count > 60 ? "…\(String(scalars.suffix(16)))" : text
  }

  private var name: String {
    switch subject {
    case .machine: "machine"
    case .url: "store"
    case .systems: "systems"
    case .maxJobs: "max jobs"
    case .speed: "speed factor"
    case .features: "features"
    case .mandatoryFeatures: "mandatory features"
    case .keyPath: "key"
    case .hostKey: "host key"
    case .hostBlock: "Host block"
    case .address: "HostName"
    case .port: "Port"
    case .user: "User"
    case .identityFile: "IdentityFile"
    case .hostKeyAlias: "HostKeyAlias"
    case .bastion: "ProxyJump"
    case .option(let keyword): keyword
    case .buildersUseSubstitutes: "builders-use-substitutes"
    case .localMaxJobs: "max-jobs"
    }
  }
}
