import Base
import Builders

/// The store URL of a machine, such as `ssh-ng://nix@forge:2222?ssh-key=/root/.ssh/forge`, taken
/// apart as Nix does (store references, from 2.31 on by RFC 3986, before that more freely).
public struct StoreURL: Equatable, Sendable {
  /// The URL as Nix shows it in its log: without a scheme it is ssh's.
  public let text: String
  /// How Nix speaks to the machine; `nil` for a store that is not reached over ssh. The rest is
  /// empty then.
  public let storeProtocol: StoreProtocol?
  /// The account that Nix logs in to; `nil` leaves it to ssh.
  public let user: String?
  /// The name or address that ssh is given, an IPv6 address without brackets.
  public let host: String
  /// The port; `nil` leaves it to ssh.
  public let port: Int?
  /// What stands after host and port, without the parameters. Nix has no use for it over ssh.
  public let path: String
  /// The settings of the store after `?`, decoded, in their order.
  public let parameters: [Parameter]

  /// A setting of the store, such as `ssh-key`.
  public struct Parameter: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: String

    /// Creates a parameter.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Takes a URL apart.
  ///
  /// - Throws: what is wrong with it; the place is left to the caller.
  public init(_ given: String) throws(Problem) {
    let text = Self.isSchemeless(given) ? "ssh://\(given)" : given
    self.text = text
    let scalars = text.unicodeScalars
    let scheme = scalars.firstRange(of: "://")
    storeProtocol = scheme.flatMap { StoreProtocol(rawValue: String(scalars[..<$0.lowerBound])) }
    guard storeProtocol != nil, let scheme else {
      (user, host, port, path, parameters) = (nil, "", nil, "", [])
      return
    }
    let rest = scalars[scheme.upperBound...]
    let location = rest.prefix { $0 != "?" }
    parameters = try Self.parameters(rest[location.endIndex...].dropFirst())
    let authority = location.prefix { $0 != "/" }
    path = String(location[authority.endIndex...])
    let at = authority.lastIndex(of: "@")
    user = at.map { String(authority[..<$0]) }
    let place = at.map { authority[$0...].dropFirst() } ?? authority
    (host, port) = try Self.destination(place)
    if host.isEmpty { throw Problem("\"\(given)\" names no host.") }
    if user == "" { throw Problem("\"\(given)\" names no account before the @.") }
  }

  /// Puts a URL together; what is read from its text is the same again.
  public init(
    storeProtocol: StoreProtocol, user: String? = nil, host: String, port: Int? = nil,
    parameters: [Parameter] = []
  ) {
    self.storeProtocol = storeProtocol
    self.user = user
    self.host = host
    self.port = port
    path = ""
    self.parameters = parameters
    // RFC 6874 writes the zone of an address with %25.
    let place =
      host.utf8.contains(UInt8(ascii: ":"))
      ? "[\(host.unicodeScalars.replacing("%", with: "%25"))]" : host
    text =
      "\(storeProtocol.rawValue)://" + (user.map { "\($0)@" } ?? "") + place
      + (port.map { ":\($0)" } ?? "") + Self.text(of: parameters)
  }

  /// Parameters as they stand behind host and port; empty when there are none.
  static func text(of parameters: [Parameter]) -> String {
    parameters.enumerated().map { index, parameter in
      (index == 0 ? "?" : "&") + percentEncoded(parameter.name) + "="
        + percentEncoded(parameter.value)
    }.joined()
  }

  /// The same URL with more parameters behind its own.
  public func adding(_ more: [Parameter]) -> String {
    let added = Self.text(of: more)
    guard text.unicodeScalars.contains("?"), !added.isEmpty else { return text + added }
    return text + "&" + String(added.unicodeScalars.dropFirst())
  }

  /// The value of a setting.
  public func parameter(_ name: String) -> String? {
    parameters.first { $0.name == name }?.value
  }

  /// What ssh is given as its destination: `user@host`, or the host alone.
  public var destination: String { user.map { "\($0)@\(host)" } ?? host }

  // MARK: - Parts

  /// Whether it is a mere host: neither a URL nor a path, nor one of Nix's words for its own store.
  private static func isSchemeless(_ text: String) -> Bool {
    !text.unicodeScalars.contains("/")
      && !["", "auto", "daemon", "local"].contains(
        String(text.unicodeScalars.prefix { $0 != "?" }))
  }

  private typealias Part = Substring.UnicodeScalarView

  private static func destination(_ text: Part) throws(Problem) -> (String, Int?) {
    if text.first == "[" {
      guard let end = text.lastIndex(of: "]") else {
        throw Problem("\(quoted(text)) has no ] after the IPv6 address.")
      }
      // RFC 6874 writes the zone of an address with %25.
      let address = text[..<end].dropFirst().replacing("%25", with: "%")
      let after = text[end...].dropFirst()
      if after.isEmpty { return (address, nil) }
      guard after.first == ":" else {
        throw Problem("\(quoted(text)): a port was expected after the ].")
      }
      return (address, try port(after.dropFirst()))
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    // More than one colon: an IPv6 address without brackets, which Nix still takes.
    guard parts.count == 2 else { return (String(text), nil) }
    return (String(parts[0]), try port(parts[1]))
  }

  private static func port(_ text: Part) throws(Problem) -> Int {
    if let problem = Rules.port(String(text)) { throw Problem("The port: \(problem)") }
    return Int(String(text)) ?? 0
  }

  private static func parameters(_ text: Part) throws(Problem) -> [Parameter] {
    var parameters: [Parameter] = []
    for part in text.split(separator: "&") {
      let name = part.prefix { $0 != "=" }
      let value = part[name.endIndex...].dropFirst()
      guard let name = percentDecoded(name), let value = percentDecoded(value) else {
        throw Problem("\(quoted(part)) has a % that two hexadecimal digits do not follow.")
      }
      parameters.append(Parameter(name, value))
    }
    return parameters
  }

  private static func quoted(_ text: Part) -> String { "\"\(text)\"" }
}

/// The text with each `%` and two hexadecimal digits turned into the byte they mean; `nil` when
/// something else follows a `%`, or when that is no text.
private func percentDecoded(_ text: Substring.UnicodeScalarView) -> String? {
  var bytes: [UInt8] = []
  var rest = Substring(text).utf8
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    let digits = rest.prefix(2)
    guard digits.count == 2, digits.allSatisfy({ Unicode.Scalar($0).isHexDigit }),
      let value = UInt8(Substring(digits), radix: 16)
    else { return nil }
    bytes.append(value)
    rest = rest.dropFirst(2)
  }
  return String(validating: bytes, as: UTF8.self)
}

/// The text with all that a parameter, or a column of /etc/nix/machines, might not hold written as
/// `%` and two hexadecimal digits.
private func percentEncoded(_ text: String) -> String {
  var encoded = ""
  for byte in text.utf8 {
    if byte.scalar.isLetterOrDigit || "-._~/".unicodeScalars.contains(byte.scalar) {
      encoded.unicodeScalars.append(byte.scalar)
    } else {
      encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
  return encoded
}
