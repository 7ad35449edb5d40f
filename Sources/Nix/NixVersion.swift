import Processes
import Base

/// A version of Nix, such as 2.34.8.
package struct NixVersion: Comparable, Sendable {
  /// As Nix writes it.
  package let text: String
  private let numbers: [Int]

  package init(_ text: String) {
    self.text = text
    // "2.19pre20231019" is on the way to 2.19.
    numbers = text.unicodeScalars.split(separator: ".").map {
      Int(String($0.prefix(while: \.isDigit))) ?? 0
    }
  }

  package static func < (one: NixVersion, other: NixVersion) -> Bool {
    one.numbers.lexicographicallyPrecedes(other.numbers)
  }

  package static func == (one: NixVersion, other: NixVersion) -> Bool {
    one.numbers == other.numbers
  }

  /// The version in what a program prints for `--version`: `nix (Nix) 2.34.8`.
  package init?(printed text: String) {
    guard let last = text.unicodeScalars.split(whereSeparator: \.isBlankOrLineEnd).last,
      last.first?.isDigit == true
    else { return nil }
    self.init(String(last))
  }

  /// Of Nix on this machine; `nil` when there is none.
  package static func installed() async -> NixVersion? {
    let result = await Command(["nix", "--version"], timeLimit: TimeLimits.local).run()
    return result.succeeded ? NixVersion(printed: result.output) : nil
  }
}
