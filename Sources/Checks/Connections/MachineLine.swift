/// A line of /etc/nix/machines, as far as the checks need it.
struct MachineLine: Equatable, Sendable {
  /// The line as it stands there.
  var text: String
  private var columns: [String]

  init?(_ text: String) {
    self.text = text
    columns = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    if columns.isEmpty { return nil }
  }

  private func column(_ index: Int) -> String? {
    index < columns.count && columns[index] != "-" ? columns[index] : nil
  }

  /// The store URL as Nix shows it in its log: without a scheme it is ssh's.
  var url: String {
    let machine = columns[0]
    return machine.contains("://") || machine.contains("/") ? machine : "ssh://\(machine)"
  }

  /// The host key, in base64; `nil` leaves it to known_hosts.
  var publicHostKey: String? { column(7) }

  /// The store URL with what the other columns add to the connection.
  var fullURL: String {
    var parameters: [String] = []
    if let key = column(2) { parameters.append("ssh-key=\(percentEncoded(key))") }
    if let hostKey = publicHostKey {
      parameters.append("base64-ssh-public-host-key=\(percentEncoded(hostKey))")
    }
    if parameters.isEmpty { return url }
    return url + (url.contains("?") ? "&" : "?") + parameters.joined(separator: "&")
  }

  /// What ssh is to be given as its destination, `user@host` or an alias, and a port when the URL
  /// names one.
  var destination: (name: String, port: String?) {
    var rest = url[...]
    if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
    rest = rest.prefix { $0 != "?" && $0 != "/" }
    let at = rest.lastIndex(of: "@").map(rest.index(after:)) ?? rest.startIndex
    let (user, host) = (rest[..<at], rest[at...])
    if host.hasPrefix("["), let end = host.lastIndex(of: "]") {
      // RFC 6874 writes the zone of an address with %25.
      let address = host[host.index(after: host.startIndex)..<end].replacing("%25", with: "%")
      let port = host[end...].dropFirst(2)
      return (String(user) + address, port.isEmpty ? nil : String(port))
    }
    let parts = host.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return (String(rest), nil) }
    return (String(user + parts[0]), String(parts[1]))
  }

  /// The host in the destination.
  var host: String {
    let name = destination.name
    return name.lastIndex(of: "@").map { String(name[name.index(after: $0)...]) } ?? name
  }

  /// The systems that the line lists.
  var systems: [String] { (column(1) ?? "").split(separator: ",").map(String.init) }

  /// Every line of a `builders` setting: entries parted by `;` or line ends, comments after `#`,
  /// and files after `@`.
  static func all(inSetting setting: String, depth: Int = 0) -> [MachineLine] {
    setting.split(separator: "\n").flatMap { line -> [MachineLine] in
      line.prefix { $0 != "#" }.split(separator: ";").flatMap { entry -> [MachineLine] in
        let entry = entry.trimmingPrefix { $0.isWhitespace }
        if entry.hasPrefix("@") {
          // A file may include another one; a circle of them has to end.
          guard depth < 8 else { return [] }
          let path = entry.dropFirst().split { $0.isWhitespace }.first.map(String.init) ?? ""
          return all(inSetting: readTextFile(path) ?? "", depth: depth + 1)
        }
        return MachineLine(String(entry)).map { [$0] } ?? []
      }
    }
  }
}

private func percentEncoded(_ text: String) -> String {
  var encoded = ""
  for byte in text.utf8 {
    if isLetterOrDigit(byte) || "-._~/".utf8.contains(byte) {
      encoded.append(Character(Unicode.Scalar(byte)))
    } else {
      encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
  return encoded
}
