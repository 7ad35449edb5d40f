/// Collects pasted text up to its end, `ESC [ 201 ~`.
struct PasteReader {
  /// More than anybody pastes into a field; the rest is dropped.
  static let limit = 1 << 20
  private static let end = Array("\u{1B}[201~".utf8)

  private var bytes: [UInt8] = []
  /// How much of the end has been seen.
  private var matched = 0

  /// Takes a byte; the text once it is whole.
  mutating func take(_ byte: UInt8) -> String? {
    if byte == Self.end[matched] {
      matched += 1
      return matched == Self.end.count ? text : nil
    }
    bytes.append(contentsOf: Self.end[..<matched])
    // The end begins with a byte that is nowhere else in it.
    matched = byte == Self.end[0] ? 1 : 0
    if matched == 0, bytes.count < Self.limit { bytes.append(byte) }
    return nil
  }

  /// What has come so far. Lines end in `\n`, whatever the terminal sent; other control characters
  /// than tabs are left out, and so is what is not UTF-8.
  var text: String {
    var text = String.UnicodeScalarView()
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var afterReturn = false
    while true {
      switch decoder.decode(&iterator) {
      case .emptyInput: return String(text)
      case .error: continue
      case .scalarValue(let scalar):
        if scalar == "\r" || (scalar == "\n" && !afterReturn) {
          text.append("\n")
        } else if scalar == "\t" || scalar.properties.generalCategory != .control {
          text.append(scalar)
        }
        afterReturn = scalar == "\r"
      }
    }
  }
}
