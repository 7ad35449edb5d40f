import Base

/// What sshd on a builder allows to an account that logs in from here, as `sshd -T` says it.
public struct SSHDLimits: Equatable, Sendable {
  /// The accounts that may log in, as patterns; `nil` for all.
  public internal(set) var allowUsers: [String]?
  /// The groups whose members may log in; `nil` for all.
  public internal(set) var allowGroups: [String]?
  /// The accounts that may not.
  public internal(set) var denyUsers: [String] = []
  /// The groups whose members may not.
  public internal(set) var denyGroups: [String] = []
  /// Whether a key is enough to log in; `nil` when it does not say.
  public internal(set) var takesKeys: Bool?
  /// What root may do: `yes`, `no`, `prohibit-password` or `forced-commands-only`.
  public internal(set) var rootLogin: String?
  /// The command that runs whatever is asked for.
  public internal(set) var forcedCommand: String?
  /// How many sessions one connection may have.
  public internal(set) var maxSessions: Int?
  /// How many connections may be on their way to a login, as sshd writes it: `10:30:100`.
  public internal(set) var maxStartups: String?
  /// Where the lines of the configuration stand that let accounts in or keep them out, such as
  /// `/etc/ssh/sshd_config:12: AllowUsers ada`.
  public internal(set) var lines: [String] = []

  /// Whether sshd said anything.
  var isKnown: Bool { takesKeys != nil || maxSessions != nil || maxStartups != nil }

  /// The lines that decide who gets in.
  static let gates = ["allowusers", "allowgroups", "denyusers", "denygroups"]
  /// The settings that are looked at, as `sshd -T` writes them.
  static let keywords =
    gates + [
      "permitrootlogin", "pubkeyauthentication", "forcecommand", "maxsessions", "maxstartups",
    ]

  /// More than that nobody writes, unless to harm.
  private static let most = 256

  /// Takes a line of `sshd -T`.
  mutating func read(_ line: FactRules.Text) {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { return }
    let words = parts[1].split(separator: " ").map(String.init).filter(FactRules.isPlain)
    switch String(parts[0]) {
    case "allowusers": allowUsers = Array(((allowUsers ?? []) + words).prefix(Self.most))
    case "allowgroups": allowGroups = Array(((allowGroups ?? []) + words).prefix(Self.most))
    case "denyusers": denyUsers = Array((denyUsers + words).prefix(Self.most))
    case "denygroups": denyGroups = Array((denyGroups + words).prefix(Self.most))
    case "pubkeyauthentication": takesKeys = words == ["yes"]
    case "permitrootlogin": rootLogin = words.first
    case "forcecommand" where words != ["none"]: forcedCommand = FactRules.line(parts[1])
    case "maxsessions": maxSessions = FactRules.number(parts[1], in: 0...1_000_000)
    case "maxstartups": maxStartups = words.first
    default: break
    }
  }

  /// Takes a line of grep: file, number and what stands there.
  mutating func readPlace(_ line: FactRules.Text) {
    guard lines.count < Self.most, let text = FactRules.line(line) else { return }
    lines.append(text)
  }
}

extension SSHDLimits {
  /// What keeps an account out.
  public enum Obstacle: Equatable, Sendable {
    /// Only others may log in.
    case notAllowed(setting: String)
    /// It is among those that may not.
    case denied(setting: String)
    /// No key is taken.
    case noKeys
    /// Root may not log in.
    case noRoot
    /// Another command runs in place of Nix.
    case forcedCommand(String)
    /// Nobody gets a session.
    case noSessions
  }

  /// What keeps an account out that logs in with a key; `nil` when nothing does that sshd tells of.
  ///
  /// - Parameter groups: the groups that it is in.
  public func obstacle(user: String, groups: [String]) -> Obstacle? {
    // The order is sshd's own. Who comes from where is left to it: USER@HOST lets in here, and keeps
    // nobody out.
    let denied = denyUsers.filter { !$0.utf8.contains(UInt8(ascii: "@")) }
    if Self.matches(denied, user) { return .denied(setting: "DenyUsers") }
    if let allowUsers, !Self.matches(allowUsers, user) {
      return .notAllowed(setting: "AllowUsers")
    }
    if groups.contains(where: { Self.matches(denyGroups, $0) }) {
      return .denied(setting: "DenyGroups")
    }
    if let allowGroups, !groups.contains(where: { Self.matches(allowGroups, $0) }) {
      return .notAllowed(setting: "AllowGroups")
    }
    if user == "root", rootLogin == "no" { return .noRoot }
    if takesKeys == false { return .noKeys }
    if let forcedCommand { return .forcedCommand(forcedCommand) }
    return maxSessions == 0 ? .noSessions : nil
  }

  /// The line of the configuration that an obstacle comes from, with its place.
  public func line(of obstacle: Obstacle) -> String? {
    guard case .notAllowed(let setting) = obstacle else {
      guard case .denied(let setting) = obstacle else { return nil }
      return line(with: setting)
    }
    return line(with: setting)
  }

  private func line(with setting: String) -> String? {
    let wanted = setting.lowercased()
    return lines.first { line in
      let setting = line.unicodeScalars.split(separator: ":", maxSplits: 2).last?.words.first
      return setting.map { String($0).lowercased() } == wanted
    }
  }

  /// Whether one of the patterns fits: `*`, `?` and a leading `!` as in ssh_config(5), up to an @.
  static func matches(_ patterns: [String], _ name: String) -> Bool {
    var isFound = false
    for pattern in patterns {
      let own = pattern.utf8.prefix { $0 != UInt8(ascii: "@") }
      let isNegated = own.first == UInt8(ascii: "!")
      guard fits(Array(own.dropFirst(isNegated ? 1 : 0)), Array(name.utf8)) else { continue }
      if isNegated { return false }
      isFound = true
    }
    return isFound
  }

  /// Without recursion, so that no pattern takes its time.
  private static func fits(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
    var (place, index) = (0, 0)
    var star: (place: Int, index: Int)?
    while index < text.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        star = (place, index)
        place += 1
      } else if place < pattern.count,
        pattern[place] == text[index] || pattern[place] == UInt8(ascii: "?")
      {
        place += 1
        index += 1
      } else if let last = star {
        star = (last.place, last.index + 1)
        place = last.place + 1
        index = last.index + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
