import Base
import Glibc

extension Rules {
  /// A DNS name, an IPv4 or an IPv6 address (a zone such as `%eth0` included).
  public static func address(_ text: String) -> String? {
    if text.isEmpty { return "An address is needed: a name, an IPv4 or an IPv6 address." }
    let scalars = text.unicodeScalars
    if let mark = scalars.firstRange(of: "://") {
      let scheme = SafeText(line: String(scalars[..<mark.lowerBound]))
      return "Only the name or address, without \(scheme)://."
    }
    if scalars.contains("@") { return "Only the name or address; the user comes two screens on." }
    if scalars.first == "[" { return "Write the IPv6 address without brackets." }
    if isIPv4(text) || isIPv6(text) { return nil }
    let colons = scalars.count { $0 == ":" }
    if colons == 1 { return "Only the name or address; the port has its own field." }
    if colons > 1 { return "\(quoted(text)) is not an IPv6 address." }
    if scalars.allSatisfy({ $0.isDigit || $0 == "." }) {
      return "\(quoted(text)) is not an IPv4 address: four numbers from 0 to 255."
    }
    return hostName(text)
  }

  /// ssh's ProxyJump: `[user@]host[:port]`, several parted by commas; empty for none.
  public static func proxyJump(_ text: String) -> String? {
    if text.isEmpty { return nil }
    for jump in text.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false) {
      if let problem = self.jump(String(jump)) { return problem }
    }
    return nil
  }

  private static func jump(_ text: String) -> String? {
    var rest = Substring(text).unicodeScalars
    if let at = rest.lastIndex(of: "@") {
      if let problem = user(String(rest[..<at])) { return problem }
      rest = rest[at...].dropFirst()
    }
    if rest.first == "[", let end = rest.lastIndex(of: "]") {
      let inside = String(rest[..<end].dropFirst())
      guard isIPv6(inside) else { return "\(quoted(inside)) is not an IPv6 address." }
      rest = rest[end...].dropFirst()
    } else {
      let host = rest.prefix { $0 != ":" }
      if let problem = address(String(host)) { return problem }
      rest = rest[host.endIndex...]
    }
    if rest.isEmpty { return nil }
    guard rest.first == ":" else {
      return "\(quoted(text)) is not a bastion. They look like user@host:port."
    }
    return port(String(rest.dropFirst()))
  }

  private static func hostName(_ text: String) -> String? {
    let scalars = text.unicodeScalars
    if let wrong = scalars.first(where: { !isName($0) }) {
      return wrong.isASCII
        ? "\(quoted(text)) has \(naming(wrong)). A name has letters, digits, dots and -."
        : "\(quoted(text)) has \(naming(wrong)). Write such a name in its xn-- form."
    }
    let name = scalars.last == "." ? scalars.dropLast() : scalars[...]
    if name.count > 253 { return "The name has more than 253 characters." }
    for label in name.split(separator: ".", omittingEmptySubsequences: false) {
      if label.isEmpty { return "\(quoted(text)) has a dot too many." }
      if label.count > 63 { return "A part of the name has more than 63 characters." }
      if label.first == "-" || label.last == "-" {
        return "\(quoted(text)): no part of a name may start or end with -."
      }
    }
    return nil
  }

  static func isIPv4(_ text: String) -> Bool {
    var address = in_addr()
    return inet_pton(AF_INET, text, &address) == 1
  }

  /// Whether this is an IPv6 address, with or without a zone.
  public static func isIPv6(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    let parts = scalars.cut(at: "%")
    if let zone = parts?.tail, zone.isEmpty || !zone.allSatisfy(isName) { return false }
    var address = in6_addr()
    return inet_pton(AF_INET6, String(parts?.head ?? scalars[...]), &address) == 1
  }
}
