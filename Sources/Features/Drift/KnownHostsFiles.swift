import Base

/// Host keys in files of known_hosts, as sshd(8) describes their format.
struct KnownHostsFiles: Sendable {
  private var keys: [String: Set<String>] = [:]
  /// Whether names are hashed there, so that what is not found may be there all the same.
  private var hasHashedNames = false

  /// Reads texts of such files.
  init(_ texts: [String]) {
    for line in texts.lazy.flatMap(\.unicodeScalars.lines) {
      let words = line.words
      // @revoked and @cert-authority say something else; # is a comment.
      guard words.count >= 3, words[0].first != "@", words[0].first != "#" else { continue }
      if words[0].first == "|" { hasHashedNames = true }
      for name in words[0].split(separator: ",") {
        // ssh makes no difference between large and small letters of a name.
        keys[String(name).lowercased(), default: []].insert("\(words[1]) \(words[2])")
      }
    }
  }

  /// Whether ssh would accept a key for a name; `nil` when only ssh itself can tell.
  func accepts(_ key: String, for name: String) -> Bool? {
    if keys[name.lowercased()]?.contains(key) == true { return true }
    return hasHashedNames ? nil : false
  }

  /// The keys of a name that have the same type as another key.
  func others(than key: String, for name: String) -> [String] {
    let type = String(key.unicodeScalars.prefix { $0 != " " })
    return (keys[name.lowercased()] ?? [])
      .filter { $0.unicodeScalars.hasPrefix("\(type) ") && $0 != key }
      .sorted()
  }
}
