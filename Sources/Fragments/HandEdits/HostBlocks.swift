import Base

/// The `Host` blocks of a text of ssh_config(5), as far as the fragments write such.
struct HostBlockTexts {
  /// The options of each host: keywords in lower case, with their last value.
  private(set) var hosts: [String: [String: String]] = [:]

  init(_ text: String) {
    var host: String?
    for line in text.unicodeScalars.lines {
      let words = line.split(maxSplits: 1, whereSeparator: \.isBlank)
      guard words.count == 2, words[0].first != "#" else { continue }
      let value = Self.unquoted(words[1].trimmed)
      let keyword = String(words[0]).lowercased()
      if keyword == "host" {
        host = value
        hosts[value] = hosts[value] ?? [:]
      } else if let host {
        hosts[host]?[keyword] = value
      }
    }
  }

  /// An argument without its quotation marks.
  private static func unquoted(_ text: Substring.UnicodeScalarView) -> String {
    guard text.count > 1, text.first == "\"", text.last == "\"" else { return String(text) }
    var unquoted = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in text.dropFirst().dropLast() {
      if scalar == "\\", !isEscaped {
        isEscaped = true
      } else {
        unquoted.append(scalar)
        isEscaped = false
      }
    }
    return String(unquoted)
  }
}
