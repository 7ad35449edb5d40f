/// A message of Nix's about something that went wrong, as far as it can be understood.
struct NixErrorText {
  /// The message without colours.
  let text: String

  init(_ message: [UInt8]) { text = withoutColour(String(decoding: message, as: UTF8.self)) }

  /// Whether it is an error, and not, say, a note that a builder cannot be reached.
  var isError: Bool { text.hasPrefix("error:") }

  /// The derivation that it names first.
  var derivation: String? {
    guard let end = text.firstRange(of: ".drv'") else { return nil }
    let before = text[..<end.upperBound].dropLast()
    guard let quote = before.lastIndex(of: "'") else { return nil }
    return String(before[before.index(after: quote)...])
  }

  /// The store that it names first.
  var storeURL: String? { Self.storeURL(in: Array(text.utf8)) }

  /// Why a build failed, in a few words: `exit code 2`.
  var reason: String {
    var reason: Substring
    if let label = text.firstRange(of: "Reason: ") {
      // Nix 2.30 and later.
      reason = text[label.upperBound...].prefix { $0 != "\n" }
      if reason.hasSuffix(".") { reason = reason.dropLast() }
    } else {
      let line = text.prefix { $0 != "\n" }
      reason = line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
      // What comes behind the derivation that is named last.
      if let end = line.ranges(of: ".drv' ").last { reason = line[end.upperBound...] }
      if reason.hasSuffix(";") || reason.hasSuffix(":") { reason = reason.dropLast() }
    }
    for beginning in ["builder failed with ", "failed with ", "builder failed ", "failed "]
    where reason.hasPrefix(beginning) {
      return String(reason.dropFirst(beginning.count))
    }
    return String(reason)
  }

  /// The first URL in quotes that a message names.
  static func storeURL(in message: [UInt8]) -> String? {
    guard message.contains(UInt8(ascii: "'")) else { return nil }
    let parts = withoutColour(String(decoding: message, as: UTF8.self))
      .split(separator: "'", omittingEmptySubsequences: false)
    let quoted = parts.indices.lazy.filter { $0 % 2 == 1 }.map { parts[$0] }
    return quoted.first { $0.contains("://") }.map(String.init)
  }

  /// How many builds a message announces: `these 3 derivations will be built:`.
  static func announcedBuilds(in message: [UInt8]) -> Int {
    guard message.starts(with: "th".utf8), message.last == UInt8(ascii: ":") else { return 0 }
    let words = String(decoding: message, as: UTF8.self).split(separator: " ")
    guard words.suffix(3) == ["will", "be", "built:"] else { return 0 }
    if words.first == "this" { return 1 }
    return words.count > 1 ? Int(words[1]) ?? 0 : 0
  }
}
