import Glibc

/// A text that is looked for in a log. Without an upper-case letter in it, the case of the letters
/// A to Z makes no difference.
struct LogPattern: Equatable {
  /// As it was typed.
  let text: String
  let isCaseSensitive: Bool
  let bytes: [UInt8]
  /// Where in the bytes the one stands that is rarest in logs: to look for it skips the most.
  private let rarest: Int

  /// - Parameter text: not empty.
  init(_ text: String) {
    self.text = text
    isCaseSensitive = text.contains { $0.isUppercase }
    let bytes = Array(text.utf8)
    self.bytes = bytes
    rarest = bytes.indices.min { Self.frequency(bytes[$0]) < Self.frequency(bytes[$1]) } ?? 0
  }

  /// Whether tabs, which are shown as blanks, can be part of what is found.
  var hasBlank: Bool { bytes.contains(0x20) }

  /// Where the text stands first at or after a place, in bytes that are folded where need be.
  func first(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let haystack = bytes.baseAddress, !self.bytes.isEmpty else { return nil }
    return self.bytes.withUnsafeBytes { needle in
      guard let needleStart = needle.baseAddress else { return nil }
      var place = start + rarest
      while let found = bytes.firstIndex(of: needle[rarest], from: place) {
        let candidate = found - rarest
        if candidate + needle.count > bytes.count { return nil }
        if memcmp(haystack + candidate, needleStart, needle.count) == 0 { return candidate }
        place = found + 1
      }
      return nil
    }
  }

  /// Where the text stands in a line, without overlaps.
  func ranges(in line: [UInt8]) -> [Range<Int>] {
    var line = line
    return line.withUnsafeMutableBytes { line in
      if !isCaseSensitive { Self.fold(line) }
      var ranges: [Range<Int>] = []
      while let start = first(
        in: UnsafeRawBufferPointer(line), from: ranges.last?.upperBound ?? 0)
      {
        ranges.append(start..<start + bytes.count)
      }
      return ranges
    }
  }

  /// Turns the letters A to Z into small ones.
  static func fold(_ bytes: UnsafeMutableRawBufferPointer) {
    for index in bytes.indices {
      let byte = bytes[index]
      bytes[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
  }

  /// A rough order of how often bytes come in logs.
  private static func frequency(_ byte: UInt8) -> Int {
    let common = " etaoinsrhldcu/-.mpfg01wyb"
    if let place = common.utf8.firstIndex(of: byte) {
      return 100 - common.utf8.distance(from: common.utf8.startIndex, to: place)
    }
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): return 20
    case 0x80...: return 5
    default: return 10
    }
  }
}
