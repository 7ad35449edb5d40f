import Base
import Builders

/// The `Host` blocks of a text of ssh_config(5), as far as the fragments write such.
struct HostBlockTexts {
  /// What stands after each keyword, in lower case, of each host. Of several lines with one keyword
  /// the first counts, as it does to ssh.
  private(set) var hosts: [String: [String: String]] = [:]

  init(_ text: String) {
    var host: String?
    for line in text.unicodeScalars.lines.map(\.trimmed) {
      let keyword = line.prefix { !$0.isBlank && $0 != "=" && $0 != "\"" }
      if keyword.isEmpty || keyword.first == "#" { continue }
      var rest = line[keyword.endIndex...].drop(while: \.isBlank)
      if rest.first == "=" { rest = rest.dropFirst().drop(while: \.isBlank) }
      let (name, argument) = (String(keyword).lowercased(), String(rest))
      if name == "host" {
        let words = SSHKeyword.words(of: argument) ?? []
        host = words.count == 1 ? words[0] : argument
        hosts[host ?? ""] = hosts[host ?? ""] ?? [:]
      } else if let host, hosts[host]?[name] == nil {
        hosts[host]?[name] = argument
      }
    }
  }
}
