/// What others may put where the program looks.
enum Hostile {
  /// Pieces of values.
  static let pieces: [String] = [
    "#", ";", "%", "\"", "'", "\\", "$", "`", " ", "\t", "\n", "\r", ",", "=", "@", "!", "*", "?",
    "{",
    "}", "<", ">", "&", "|", "~", "-", "/", ":", "[", "]", "${x}", "''", "%h", "%%", "$(id)", "..",
    "\u{301}", "\u{34F}", "\u{FE0F}", "\u{200D}", "\u{20E3}", "\u{202E}", "\u{2066}", "\u{200B}",
    "\u{1B}[2J", "\u{1B}]52;c;Zm9v\u{7}", "\u{9B}2J", "\u{7F}", "\u{FEFF}", "\u{37E}", "\u{212A}",
    "a", "x", "0", "9223372036854775808", "-9223372036854775808", "1e999", "锻造", "🔨", "nan",
    "\u{1FEF}", "\u{10FFFF}", "/root/.ssh/forge", "127.0.0.1", "x86_64-linux", "root", "--", "-o",
  ]

  /// A value: mostly short, sometimes one piece again and again.
  static func value(_ generator: inout Generator) -> String {
    if Int.random(in: 0..<40, using: &generator) == 0 {
      let piece = pieces.randomElement(using: &generator) ?? "x"
      return String(repeating: piece, count: 5000)
    }
    return (0..<Int.random(in: 0...5, using: &generator)).map { _ in
      pieces.randomElement(using: &generator) ?? ""
    }.joined()
  }

  /// A string in JSON.
  static func json(_ text: String) -> String {
    "\""
      + text.unicodeScalars.map { scalar in
        scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
          ? "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
          : String(scalar)
      }.joined() + "\""
  }

  /// What of a text a terminal would act on, or nobody would see, as code points.
  static func harmful(_ text: String) -> Set<String> {
    Set(
      text.unicodeScalars.filter { scalar in
        let properties = scalar.properties
        return scalar != "\n" && scalar != "\t"
          && (properties.generalCategory == .control || properties.generalCategory == .format
            || properties.isDefaultIgnorableCodePoint || properties.isBidiControl)
      }.map { String($0.value, radix: 16) })
  }
}

extension Tally {
  /// Counts an attempt, and looks that nothing harmful was printed.
  mutating func countHarmless(_ result: Attempt.Result, _ what: @autoclosure () -> String) {
    count(result, what())
    let harmful = Hostile.harmful(result.output).union(Hostile.harmful(result.error))
    if !harmful.isEmpty { fail("\(what()): printed \(harmful.sorted())") }
  }
}
