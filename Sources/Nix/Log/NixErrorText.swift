import Base

/// A message of Nix's about something that went wrong, as far as it can be understood.
struct NixErrorText {
  /// The message without colours.
  let text: String

  init(_ message: [UInt8]) { text = withoutColour(String(decoding: message, as: UTF8.self)) }

  /// Whether it is an error, and not, say, a note that a builder cannot be reached.
  var isError: Bool { text.unicodeScalars.hasPrefix("error:") }

  /// The derivation that it names first.
  var derivation: String? {
    let scalars = text.unicodeScalars
    guard let end = scalars.firstRange(of: ".drv'") else { return nil }
    let before = scalars[..<end.upperBound].dropLast()
    guard let quote = before.lastIndex(of: "'") else { return nil }
    return String(before[quote...].dropFirst())
  }

  /// The store that it names first.
  var storeURL: String? { Self.storeURL(in: Array(text.utf8)) }

  /// Why a build failed, in a few words: `exit code 2`.
  var reason: String {
    let scalars = text.unicodeScalars
    var reason: Substring.UnicodeScalarView
    if let label = scalars.firstRange(of: "Reason: ") {
      // Nix 2.30 and later.
      reason = scalars[label.upperBound...].prefix { $0 != "\n" }
      if reason.last == "." { reason = reason.dropLast() }
    } else {
      let line = scalars.prefix { $0 != "\n" }
      reason = line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
      // What comes behind the derivation that is named last.
      if let end = line.lastRange(of: ".drv' ") { reason = line[end.upperBound...] }
      if reason.last == ";" || reason.last == ":" { reason = reason.dropLast() }
    }
    for beginning in ["builder failed with ", "failed with ", "builder failed ", "failed "]
    where reason.hasPrefix(beginning) {
      return String(reason.dropFirst(beginning.unicodeScalars.count))
    }
    return String(reason)
  }

  /// The first URL in quotes that a message names.
  static func storeURL(in message: [UInt8]) -> String? {
    guard message.contains(UInt8(ascii: "'")) else { return nil }
    let parts = withoutColour(String(decoding: message, as: UTF8.self))
      .unicodeScalars.split(separator: "'", omittingEmptySubsequences: false)
    let quoted = parts.indices.lazy.filter { $0 % 2 == 1 }.map { parts[$0] }
    return quoted.first { $0.contains("://") }.map { String($0) }
  }

  /// How many builds a message announces: `these 3 derivations will be built:`.
  static func announcedBuilds(in message: [UInt8]) -> Int {
    guard message.starts(with: "th".utf8), message.last == UInt8(ascii: ":") else { return 0 }
    let words = String(decoding: message, as: UTF8.self).unicodeScalars.words.strings
    guard words.suffix(3) == ["will", "be", "built:"] else { return 0 }
    if words.first == "this" { return 1 }
    return words.count > 1 ? Int(words[1]) ?? 0 : 0
  }
}
