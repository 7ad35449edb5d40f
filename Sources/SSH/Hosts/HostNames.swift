import Builders

/// Names of hosts in texts that others have written.
package enum HostNames {
  /// The hosts of a file of known_hosts (sshd(8)) as one would type them, with the port where one
  /// stands there. Hashed names, patterns and marked lines have none.
  package static func inKnownHosts(_ text: String) -> [String] {
    var names: [String] = []
    for line in text.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "\r" }) {
      let first = line.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
      guard let mark = first.first, mark != "@", mark != "#", mark != "|" else { continue }
      for name in first.split(separator: ",") {
        if name.contains(where: { "*?!".unicodeScalars.contains($0) }) { continue }
        names.append(typed(String(name)))
      }
    }
    return names
  }

  /// `[name]:port` as one types it: brackets are for IPv6.
  private static func typed(_ name: String) -> String {
    let scalars = name.unicodeScalars
    guard scalars.first == "[", let end = scalars.lastIndex(of: "]") else { return name }
    let inside = String(scalars[scalars.index(after: scalars.startIndex)..<end])
    if Rules.isIPv6(inside) { return name }
    return inside + String(scalars[scalars.index(after: end)...])
  }

  /// The names of the `Host` blocks of an ssh configuration, without patterns, and what it
  /// includes.
  package static func inConfiguration(_ text: String) -> (names: [String], includes: [String]) {
    var names: [String] = []
    var includes: [String] = []
    for line in text.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "\r" }) {
      var words = line.split { $0 == " " || $0 == "\t" || $0 == "=" || $0 == "\"" }
        .map { String($0) }
      guard let keyword = words.first?.lowercased() else { continue }
      words.removeFirst()
      if keyword == "include" { includes += words }
      if keyword == "host" {
        names += words.filter { word in
          !word.unicodeScalars.contains { "*?!".unicodeScalars.contains($0) }
        }
      }
    }
    return (names, includes)
  }
}
