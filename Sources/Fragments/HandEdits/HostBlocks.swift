/// The `Host` blocks of a text of ssh_config(5), as far as the fragments write such.
struct HostBlockTexts {
  /// The options of each host: keywords in lower case, with their last value.
  private(set) var hosts: [String: [String: String]] = [:]

  init(_ text: String) {
    var host: String?
    for line in text.split(separator: "\n") {
      let words = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
      guard words.count == 2, !words[0].hasPrefix("#") else { continue }
      let value = Self.unquoted(String(words[1]))
      if words[0].lowercased() == "host" {
        host = value
        hosts[value] = hosts[value] ?? [:]
      } else if let host {
        hosts[host]?[words[0].lowercased()] = value
      }
    }
  }

  /// An argument without its quotation marks.
  private static func unquoted(_ text: String) -> String {
    guard text.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
    var unquoted = ""
    var isEscaped = false
    for character in text.dropFirst().dropLast() {
      if character == "\\", !isEscaped {
        isEscaped = true
      } else {
        unquoted.append(character)
        isEscaped = false
      }
    }
    return unquoted
  }
}
