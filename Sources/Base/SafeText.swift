/// Text that a terminal may be given: it has nothing in it that a terminal acts on but line feeds
/// and tabs, and nothing that is there without being seen.
///
/// Literals are taken as they are. What is put into them is made harmless, so a sentence about
/// somebody else's text is safe however it is made:
///
///     let name = "x\u{1B}]0;title\u{7}"
///     let message: SafeText = "There is no \(line: name) here."
///     print(message)   // There is no x·]0;title· here.
public struct SafeText: Hashable, Sendable {
  /// The text itself.
  public private(set) var text: String

  /// Text of others, with `·` for each scalar that is not visible. Line feeds and tabs stay, a
  /// carriage return before a line feed goes, and so do colours, which are not missed.
  public init(_ untrusted: some StringProtocol) {
    text = Self.visible(untrusted) { $0 == "\n" || $0 == "\t" }
  }

  /// Text of others that has to stay on one line: as by `init(_:)`, with `·` for line ends and
  /// tabs too.
  public init(line untrusted: some StringProtocol) {
    text = Self.visible(untrusted) { _ in false }
  }

  /// Bytes of others, which need not be UTF-8.
  public init(bytes untrusted: some Collection<UInt8>) {
    self.init(String(decoding: untrusted, as: UTF8.self))
  }

  /// Texts with something between them.
  public init(_ parts: some Sequence<SafeText>, separator: SafeText = "") {
    text = parts.map(\.text).joined(separator: separator.text)
  }

  private static func visible(
    _ untrusted: some StringProtocol, orKept isKept: (Unicode.Scalar) -> Bool
  ) -> String {
    // Most text is plain.
    if untrusted.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return String(untrusted) }
    var visible = String.UnicodeScalarView()
    var rest = Substring(untrusted).unicodeScalars
    while let scalar = rest.first {
      if scalar == "\u{1B}", let end = endOfColour(in: rest) {
        rest = rest[end...]
        continue
      }
      rest.removeFirst()
      if scalar == "\r", rest.first == "\n", isKept("\n") { continue }
      visible.append(scalar.isVisible || isKept(scalar) ? scalar : "·")
    }
    return String(visible)
  }

  /// Where the colour that begins here (`ESC [ … m`) ends.
  private static func endOfColour(in text: Substring.UnicodeScalarView) -> String.Index? {
    let parameters = text.dropFirst()
    guard parameters.first == "[" else { return nil }
    let end = parameters.dropFirst().firstIndex { !$0.isDigit && $0 != ";" && $0 != ":" }
    guard let end, text[end] == "m" else { return nil }
    return text.index(after: end)
  }
}

extension SafeText: CustomStringConvertible {
  /// The text itself.
  public var description: String { text }
}

extension SafeText: ExpressibleByStringInterpolation {
  /// Our own words.
  public init(stringLiteral: String) { text = stringLiteral }

  /// Our own words with others' in between.
  public init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  /// What a literal with `\(…)` in it becomes.
  public struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    /// Begins one.
    public init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity)
    }

    /// Our own words.
    public mutating func appendLiteral(_ literal: String) { text += literal }

    /// Text that is safe already.
    public mutating func appendInterpolation(_ safe: SafeText) { text += safe.text }

    /// Text of others, which may have several lines.
    public mutating func appendInterpolation(_ untrusted: some StringProtocol) {
      text += SafeText(untrusted).text
    }

    /// Text of others on one line.
    public mutating func appendInterpolation(line untrusted: some StringProtocol) {
      text += SafeText(line: untrusted).text
    }

    /// Anything else, by its description.
    public mutating func appendInterpolation<Value>(_ value: Value) {
      text += SafeText(String(describing: value)).text
    }
  }
}
