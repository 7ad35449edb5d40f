/// Several values in one line of text.
enum Words {
  /// The values, which are parted by blanks or commas.
  static func parse(_ text: String) -> [String] {
    text.split { $0.isWhitespace || $0 == "," }.map(String.init)
  }

  /// The values as text.
  static func text(_ values: [String]) -> String { values.joined(separator: " ") }

  /// Each value once, at its first place.
  static func unique(_ values: [String]) -> [String] {
    var seen: Set<String> = []
    return values.filter { seen.insert($0).inserted }
  }
}
