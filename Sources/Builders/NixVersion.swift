import Base

/// A version of Nix, such as 2.34.8.
public struct NixVersion: Comparable, Sendable {
  /// As Nix writes it.
  public let text: String
  private let numbers: [Int]

  /// Reads a version: `2.34.8`; what is no number counts as 0.
  public init(_ text: String) {
    self.text = text
    // "2.19pre20231019" is on the way to 2.19.
    numbers = text.unicodeScalars.split(separator: ".").map {
      Int(String($0.prefix(while: \.isDigit))) ?? 0
    }
  }

  /// By their numbers.
  public static func < (one: NixVersion, other: NixVersion) -> Bool {
    one.numbers.lexicographicallyPrecedes(other.numbers)
  }

  /// Whether their numbers are the same.
  public static func == (one: NixVersion, other: NixVersion) -> Bool {
    one.numbers == other.numbers
  }

  /// The version in what a program prints for `--version`: `nix (Nix) 2.34.8`.
  public init?(printed text: String) {
    guard let last = text.unicodeScalars.split(whereSeparator: \.isBlankOrLineEnd).last,
      last.first?.isDigit == true
    else { return nil }
    self.init(String(last))
  }
}
