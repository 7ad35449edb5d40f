import Glibc

extension Rules {
  /// A DNS name, an IPv4 or an IPv6 address (a zone such as `%eth0` included).
  public static func address(_ text: String) -> String? {
    if text.isEmpty { return "An address is needed: a name, an IPv4 or an IPv6 address." }
    if text.contains("://") { return "Only the name or address, without \(scheme(of: text))://." }
    if text.contains("@") { return "Only the name or address; the user comes two screens on." }
    if text.hasPrefix("[") { return "Write the IPv6 address without brackets." }
    if isIPv4(text) || isIPv6(text) { return nil }
    if text.filter({ $0 == ":" }).count == 1 {
      return "Only the name or address; the port has its own field."
    }
    if text.contains(":") { return "\(quoted(text)) is not an IPv6 address." }
    if text.allSatisfy({ $0.isNumber || $0 == "." }) {
      return "\(quoted(text)) is not an IPv4 address: four numbers from 0 to 255."
    }
    return hostName(text)
  }

  /// ssh's ProxyJump: `[user@]host[:port]`, several parted by commas; empty for none.
  public static func proxyJump(_ text: String) -> String? {
    if text.isEmpty { return nil }
    for jump in text.split(separator: ",", omittingEmptySubsequences: false) {
      if let problem = self.jump(String(jump)) { return problem }
    }
    return nil
  }

  private static func jump(_ text: String) -> String? {
    var rest = Substring(text)
    if let at = rest.lastIndex(of: "@") {
      if let problem = user(String(rest[..<at])) { return problem }
      rest = rest[rest.index(after: at)...]
    }
    if rest.hasPrefix("["), let end = rest.lastIndex(of: "]") {
      let inside = String(rest[rest.index(after: rest.startIndex)..<end])
      guard isIPv6(inside) else { return "\(quoted(inside)) is not an IPv6 address." }
      rest = rest[rest.index(after: end)...]
    } else {
      let host = rest.prefix { $0 != ":" }
      if let problem = address(String(host)) { return problem }
      rest = rest[host.endIndex...]
    }
    if rest.isEmpty { return nil }
    guard rest.hasPrefix(":") else {
      return "\(quoted(text)) is not a bastion. They look like user@host:port."
    }
    return port(String(rest.dropFirst()))
  }

  private static func hostName(_ text: String) -> String? {
    if let wrong = text.first(where: { !isName($0) }) {
      return wrong.isASCII
        ? "\(quoted(text)) has \(naming(wrong)). A name has letters, digits, dots and -."
        : "\(quoted(text)) has \(naming(wrong)). Write such a name in its xn-- form."
    }
    let name = text.hasSuffix(".") ? text.dropLast() : text[...]
    if name.utf8.count > 253 { return "The name has more than 253 characters." }
    for label in name.split(separator: ".", omittingEmptySubsequences: false) {
      if label.isEmpty { return "\(quoted(text)) has a dot too many." }
      if label.utf8.count > 63 { return "A part of the name has more than 63 characters." }
      if label.hasPrefix("-") || label.hasSuffix("-") {
        return "\(quoted(text)): no part of a name may start or end with -."
      }
    }
    return nil
  }

  private static func scheme(of text: String) -> String {
    quoted(String(text.prefix { $0 != ":" })).filter { $0 != "\"" }
  }

  static func isIPv4(_ text: String) -> Bool {
    var address = in_addr()
    return inet_pton(AF_INET, text, &address) == 1
  }

  /// Whether this is an IPv6 address, with or without a zone.
  public static func isIPv6(_ text: String) -> Bool {
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, parts[1].isEmpty || !parts[1].allSatisfy(isName) { return false }
    var address = in6_addr()
    return inet_pton(AF_INET6, String(parts[0]), &address) == 1
  }
}
