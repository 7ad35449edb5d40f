import Builders

/// Something in a line of /etc/nix/machines that Nix reads from some version on. A line that it cannot
/// read makes it ignore all builders, or look for a machine that is not there.
public enum NixNeed: CaseIterable, Sendable {
  /// Column 5 with a fraction, such as `1.5`.
  case fractionalSpeed
  /// A port in the store URL, such as `ssh-ng://forge:2222`. From RFC 3986's time on; before that the
  /// port was taken for a part of the name.
  case port
  /// An IPv6 address in brackets. Before, Nix gave ssh the brackets too.
  case brackets

  /// The first version that reads it, by Nix's release notes and by what was tried.
  public var since: NixVersion {
    switch self {
    case .fractionalSpeed: NixVersion("2.20")
    case .port, .brackets: NixVersion("2.31")
    }
  }

  /// What it is, as an object: "reads no …".
  public var subject: String {
    switch self {
    case .fractionalSpeed: "speed factor with a fraction"
    case .port: "port in a store URL"
    case .brackets: "address in brackets in a store URL"
    }
  }

  /// What older versions read instead.
  public var remedy: String {
    switch self {
    case .fractionalSpeed: "Take a whole number."
    case .port: "The port belongs into a Host block of ssh's configuration."
    case .brackets: "The address belongs into a Host block of ssh's configuration."
    }
  }

  /// Whether a version reads it; one that is not known is not doubted.
  public func isMet(by version: NixVersion?) -> Bool { version.map { $0 >= since } ?? true }

  /// Whether a line has it.
  public func isIn(_ machine: NixMachine) -> Bool {
    switch self {
    case .fractionalSpeed: machine.speedFactor != machine.speedFactor.rounded()
    case .port: machine.url.port != nil
    case .brackets: Rules.isIPv6(machine.url.host)
    }
  }

  /// What of a line a version does not read.
  public static func unmet(in machine: NixMachine, by version: NixVersion?) -> [NixNeed] {
    allCases.filter { !$0.isMet(by: version) && $0.isIn(machine) }
  }

  /// That a version does not read it, and what to do.
  public func problem(with version: NixVersion) -> String {
    "Nix \(version.text) here reads no \(subject), which takes \(since.text). \(remedy)"
  }
}

extension Builder {
  /// What of its line the Nix of this machine does not read, each as a sentence.
  ///
  /// - Parameter version: of Nix here; `nil` when it is not known, or there is none.
  public func problems(with version: NixVersion?) -> [String] {
    guard let version, let machine = try? NixMachine(machineLine) else { return [] }
    return NixNeed.unmet(in: machine, by: version).map { $0.problem(with: version) }
  }
}
