import Base

/// Where ssh is to go, read from any of the ways in which people write it down: a host, with user
/// or port or both, a URL, a whole ssh command.
///
/// ```swift
/// let destination = try SSHDestination("ssh -p 2222 -J bastion lars@192.0.2.7")
/// destination.host       // "192.0.2.7"
/// destination.port       // 2222
/// destination.user       // "lars", who logs in today; Nix's account is another question
/// destination.proxyJump  // "bastion"
/// ```
public struct SSHDestination: Equatable, Sendable {
  /// A name, an address, or the name of a `Host` block.
  public var host: String
  /// The account that one logs in to today; `nil` leaves it to ssh.
  public var user: String?
  /// The port; `nil` leaves it to ssh.
  public var port: Int?
  /// ssh's ProxyJump; `nil` when none is named.
  public var proxyJump: String?
  /// The private key as it is written there, perhaps with `~`; `nil` when none is named.
  public var identityFile: String?
  /// Options of ssh_config(5) that have no place of their own, each once, in their order.
  public var options: [Option] = []
  /// What is written there and is not the way to a machine, such as `-L 80:localhost:80`.
  public var leftOut: [String] = []

  /// An option of ssh_config(5).
  public struct Option: Equatable, Sendable {
    /// Its keyword, as it was written.
    public var keyword: String
    /// Its value.
    public var value: String

    /// Creates an option.
    public init(_ keyword: String, _ value: String) {
      self.keyword = keyword
      self.value = value
    }

    /// Its keyword as the manual spells it, where a builder may have this option; `nil` where not.
    fileprivate var keptName: String? {
      SSHKeyword(keyword).flatMap { Rules.sshOption($0.name, value) == nil ? $0.name : nil }
    }

    /// The option as `-o` takes it.
    public var text: String { "\(keyword)=\(value)" }
  }

  /// Those of the options that a builder may have, spelled as in the manual.
  public var keptOptions: [String: String] {
    options.reduce(into: [:]) { kept, option in
      if let name = option.keptName, kept[name] == nil { kept[name] = option.value }
    }
  }

  /// What it says besides and a builder cannot have.
  public var lost: [String] {
    options.filter { $0.keptName == nil }.map(\.text) + leftOut
  }

  /// The private key, with the `~` of the person who wrote it; another's `~NAME` is left to ssh.
  ///
  /// - Parameter home: their home directory.
  public func identityFile(home: String) -> String? {
    identityFile.map { file in
      file.unicodeScalars.isExactly("~") || file.unicodeScalars.hasPrefix("~/")
        ? home + String(file.unicodeScalars.dropFirst()) : file
    }
  }

  /// A host, and nothing more.
  public init(host: String) { self.host = host }

  /// Reads what somebody has typed or pasted.
  ///
  /// - Throws: what is wrong with it, without a place.
  public init(_ text: String) throws(Problem) {
    let line = ShellWords.trimmed(text)
    if line.unicodeScalars.contains(where: ShellWords.isBlank) {
      self = try SSHCommandLine.destination(in: line)
    } else {
      try self.init(word: line)
    }
  }

  /// What is wrong with what somebody has typed; `nil` when it can be read.
  public static func problem(in text: String) -> String? {
    do {
      _ = try SSHDestination(text)
      return nil
    } catch {
      return error.message
    }
  }

  /// Whether there is more than a host in it.
  public var saysMore: Bool { self != SSHDestination(host: host) }

  // MARK: - One word

  /// Reads a destination as ssh takes it: `user@host`, a URL, or with a port behind the host.
  init(word: String) throws(Problem) {
    let scalars = Array(word.unicodeScalars)
    guard let mark = word.unicodeScalars.firstRange(of: "://") else {
      self.init(host: "")
      try take(authority: scalars[...], inURL: false)
      return
    }
    let scheme = String(word.unicodeScalars[..<mark.lowerBound])
    guard ["ssh", "ssh-ng"].contains(scheme.lowercased()) else {
      throw Problem("\(Rules.quoted(scheme)): only ssh:// and ssh-ng:// lead to a builder.")
    }
    self.init(host: "")
    let rest = Array(word.unicodeScalars[mark.upperBound...])
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    try take(authority: authority, inURL: true)
    try take(afterAuthority: rest[authority.endIndex...])
  }

  private mutating func take(
    authority: ArraySlice<Unicode.Scalar>, inURL: Bool
  ) throws(Problem) {
    var place = authority
    if let at = authority.lastIndex(of: "@") {
      let user = String(scalars: authority[..<at])
      if user.isEmpty { throw Problem("There is no user before the @.") }
      // A URL of ssh may name a password's place, which Nix never asks for.
      if user.utf8.contains(UInt8(ascii: ":")) {
        throw Problem("\(Rules.quoted(user)): a user has no colon. Passwords are asked for later.")
      }
      try take(user: user)
      place = authority[authority.index(after: at)...]
    }
    let (host, port) = try Self.hostAndPort(place, inURL: inURL)
    if let problem = Rules.address(host) { throw Problem(problem) }
    self.host = host
    self.port = port
  }

  private static func hostAndPort(
    _ place: ArraySlice<Unicode.Scalar>, inURL: Bool
  ) throws(Problem) -> (String, Int?) {
    if place.first == "[" {
      guard let end = place.lastIndex(of: "]") else {
        throw Problem("\(Rules.quoted(String(scalars: place))) has no ] after the IPv6 address.")
      }
      // RFC 6874 writes the zone of an address with %25.
      let inside = String(scalars: place[place.index(after: place.startIndex)..<end])
      let address = inURL ? inside.unicodeScalars.replacing("%25", with: "%") : inside
      guard Rules.isIPv6(address) else {
        throw Problem("\(Rules.quoted(address)) is not an IPv6 address.")
      }
      let after = place[place.index(after: end)...]
      if after.isEmpty { return (address, nil) }
      guard after.first == ":" else {
        throw Problem(
          "\(Rules.quoted(String(scalars: after))) after the ]: a port was expected, such as :22.")
      }
      return (address, try self.port(String(scalars: after.dropFirst())))
    }
    let whole = String(scalars: place)
    // More than one colon: an IPv6 address without brackets, or nothing that ssh knows.
    guard place.count(where: { $0 == ":" }) == 1, let colon = place.firstIndex(of: ":") else {
      return (whole, nil)
    }
    return (
      String(scalars: place[..<colon]),
      try port(String(scalars: place[place.index(after: colon)...]))
    )
  }

  /// What stands behind the host in a URL: a path, which ssh has no use for, and settings.
  private mutating func take(afterAuthority rest: ArraySlice<Unicode.Scalar>) throws(Problem) {
    let path = rest.prefix { $0 != "?" }
    if !path.isEmpty, String(scalars: path) != "/" { leftOut.append(String(scalars: path)) }
    for setting in rest[path.endIndex...].dropFirst().split(separator: "&") {
      let name = String(scalars: setting.prefix { $0 != "=" })
      let value = String(scalars: setting.drop { $0 != "=" }.dropFirst())
      if name == "ssh-key", !value.utf8.contains(UInt8(ascii: "%")) {
        try take(identityFile: value)
      } else {
        leftOut.append(String(scalars: setting))
      }
    }
  }

  // MARK: - Parts

  // As with ssh itself, what is said first stands.

  mutating func take(user: String) throws(Problem) {
    if let problem = Rules.login(user) { throw Problem("The user: \(problem)") }
    self.user = self.user ?? user
  }

  mutating func take(port: String) throws(Problem) {
    let number = try Self.port(port)
    self.port = self.port ?? number
  }

  mutating func take(proxyJump: String) throws(Problem) {
    if let problem = Rules.proxyJump(proxyJump) { throw Problem("The bastion: \(problem)") }
    if proxyJump.lowercased() != "none" { self.proxyJump = self.proxyJump ?? proxyJump }
  }

  mutating func take(identityFile: String) throws(Problem) {
    if identityFile.isEmpty || !identityFile.unicodeScalars.allSatisfy(\.isVisible) {
      throw Problem("The key: \(Rules.quoted(identityFile)) is not the path of a file.")
    }
    self.identityFile = self.identityFile ?? identityFile
  }

  private static func port(_ text: String) throws(Problem) -> Int {
    guard Rules.port(text) == nil, let number = Int(text) else {
      throw Problem("The port: " + (Rules.port(text) ?? "a number is needed."))
    }
    return number
  }
}

extension Rules {
  /// The name of somebody who logs in today: more than what useradd(8) makes, since the directory
  /// of a company may have given it.
  public static func login(_ text: String) -> String? {
    if text.isEmpty { return "A name is needed, such as root." }
    if text.utf8.first == UInt8(ascii: "-") { return "\(quoted(text)) starts with -." }
    let isPlain = text.utf8.allSatisfy { byte in
      byte > 0x20 && byte < 0x7F && !"\"'`$;&|<>()*?!#%\\:/,".utf8.contains(byte)
    }
    if !isPlain { return "\(quoted(text)) is not the name of an account." }
    return text.utf8.count > 64 ? "The name has more than 64 characters." : nil
  }
}
