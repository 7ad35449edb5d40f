/// Text in JSON (RFC 8259).
public enum JSONText {
  /// JSON with every scalar escaped that is not visible, but for line ends between the values.
  ///
  ///     JSONText.visible("[\"\u{9B}2J\"]")   // ["\\u009b2J"]
  public static func visible(_ json: String) -> String {
    if json.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A }) { return json }
    var text = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      if scalar.isVisible || scalar.isLineEnd {
        text.append(scalar)
      } else {
        // Outside of strings there is nothing but ASCII.
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          text +=
            "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".unicodeScalars
        }
      }
    }
    return String(text)
  }
}
