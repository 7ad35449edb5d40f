import Base
import Builders
import Glibc

/// Something that ssh, sshd or Nix have printed, and with them whoever sits at the other end: it may
/// hold anything. What is in it gets into a sentence or a command only as one of the things below
/// "What it may be"; all else is evidence and no more.
///
/// As bytes, since evidence may be long and each entry of the catalogue looks through all of it, and
/// since to a shell bytes are what counts.
package struct Printed: Sendable {
  private let bytes: ArraySlice<UInt8>

  /// Takes a text, without its colours.
  package init(_ text: String) { bytes = Array(withoutColour(text).utf8)[...] }

  private init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  // MARK: - What is in it

  /// Whether one of some texts is in it.
  func says(_ texts: String...) -> Bool { texts.contains { place(of: $0) != nil } }

  /// Whether a line holds all of some texts.
  func hasLine(with texts: [String]) -> Bool { line(with: texts) != nil }

  /// The first line that holds all of some texts.
  func line(with texts: [String]) -> Printed? {
    guard let first = texts.first else { return nil }
    var start = bytes.startIndex
    while let place = place(of: first, from: start) {
      let line = self.line(around: place.lowerBound)
      start = line.bytes.endIndex
      if texts.allSatisfy({ line.place(of: $0) != nil }) { return line }
    }
    return nil
  }

  /// The first line that holds all of some texts.
  func line(with texts: String...) -> Printed? { line(with: texts) }

  /// All lines that are not empty.
  var lines: [Printed] { split(separator: "\n") }

  /// The parts between a separator, without empty ones.
  func split(separator: Unicode.Scalar) -> [Printed] {
    bytes.split(separator: UInt8(ascii: separator)).map { Printed($0) }
  }

  /// The parts between a separator, with empty ones, without blanks around them.
  func fields(separator: Unicode.Scalar) -> [Printed] {
    bytes.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: false).map { field in
      let blank = UInt8(ascii: " ")
      let rest = field.drop { $0 == blank }
      return Printed(rest[..<(rest.lastIndex { $0 != blank }.map { $0 + 1 } ?? rest.startIndex)])
    }
  }

  /// What stands between two texts, the first time that they occur.
  func part(between start: String, and end: String) -> Printed? {
    guard let from = place(of: start), let to = place(of: end, from: from.upperBound)
    else { return nil }
    return Printed(bytes[from.upperBound..<to.lowerBound])
  }

  /// What stands after a text, to the end.
  func part(after start: String) -> Printed? {
    place(of: start).map { Printed(bytes[$0.upperBound...]) }
  }

  /// What stands before a text; all of it where the text does not occur.
  func part(before end: String) -> Printed {
    place(of: end).map { Printed(bytes[..<$0.lowerBound]) } ?? self
  }

  /// Whether it begins with a text.
  func hasPrefix(_ text: String) -> Bool { bytes.starts(with: text.utf8) }

  /// Whether it is just this text.
  func isExactly(_ text: String) -> Bool { bytes.elementsEqual(text.utf8) }

  private func place(of text: String, from start: Int? = nil) -> Range<Int>? {
    let wanted = Array(text.utf8)
    guard let first = wanted.first else { return nil }
    let begin = bytes.startIndex
    return bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var next = (start ?? begin) - begin
      while next + wanted.count <= bytes.count,
        let match = memchr(base + next, Int32(first), bytes.count - next - wanted.count + 1)
      {
        let place = UnsafeRawPointer(match) - base
        if memcmp(match, wanted, wanted.count) == 0 {
          return (begin + place)..<(begin + place + wanted.count)
        }
        next = place + 1
      }
      return nil
    }
  }

  private func line(around place: Int) -> Printed {
    let end = UInt8(ascii: "\n")
    let start = bytes[..<place].lastIndex(of: end).map { $0 + 1 } ?? bytes.startIndex
    return Printed(bytes[start..<(bytes[place...].firstIndex(of: end) ?? bytes.endIndex)])
  }

  // MARK: - What it may be

  /// An absolute path of plain characters.
  var path: String? {
    let path = String(decoding: bytes, as: UTF8.self)
    let isPlain = bytes.allSatisfy { isLetterOrDigit($0) || "/._-+@%=:".utf8.contains($0) }
    return isPlain && hasPrefix("/") && Rules.path(path) == nil ? path : nil
  }

  /// A host: a name, an IPv4 or an IPv6 address.
  var host: String? {
    // An IPv6 address stands in brackets where a port may follow.
    let isBracketed = bytes.first == UInt8(ascii: "[") && bytes.last == UInt8(ascii: "]")
    return checked(isBracketed ? bytes.dropFirst().dropLast() : bytes, Rules.address)
  }

  /// The name of an account or of a group.
  var user: String? { checked(bytes, Rules.user) }

  /// A system, such as `x86_64-linux`.
  var system: String? { checked(bytes, Rules.system) }

  /// The features of a list, with commas or blanks between them; those that are none are left out.
  var features: [String] {
    bytes.split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
      .compactMap { checked($0, Rules.feature) }
  }

  /// The systems of a list.
  var systems: [String] {
    bytes.split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }
      .compactMap { checked($0, Rules.system) }
  }

  /// A word of letters, digits, `-`, `_`, `.`, `@` and `+`, as names of algorithms and settings are.
  package var word: String? {
    let isWord = bytes.allSatisfy { isLetterOrDigit($0) || "-_.@+".utf8.contains($0) }
    return isWord && (1...64).contains(bytes.count) && bytes.first != UInt8(ascii: "-")
      ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// A whole number without a sign, where it lies within sensible limits.
  package func number(in limits: ClosedRange<Int>) -> Int? {
    guard (1...19).contains(bytes.count), bytes.allSatisfy(isDigit),
      let number = Int(String(decoding: bytes, as: UTF8.self)), limits.contains(number)
    else { return nil }
    return number
  }

  /// The first line of it that has something, to be quoted in a sentence: short, and without what
  /// a terminal would obey. It is never part of a command.
  var phrase: String {
    let line = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.first ?? []
    var phrase = String.UnicodeScalarView()
    for scalar in String(decoding: line, as: UTF8.self).unicodeScalars.prefix(60) {
      phrase.append(scalar.isVisible ? scalar : "·")
    }
    return String(phrase)
  }

  private func checked(_ bytes: ArraySlice<UInt8>, _ rule: (String) -> String?) -> String? {
    guard bytes.count <= 255, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return rule(text) == nil ? text : nil
  }
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
  Unicode.Scalar(byte).isLetterOrDigit
}
