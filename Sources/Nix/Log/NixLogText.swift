/// A string of a JSON object, read where it stands (RFC 8259).
struct NixLogText {
  /// What is between the quotes.
  private(set) var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var isEscaped = false
  /// The place behind the closing quote.
  private(set) var end = 0

  /// An empty text.
  init() {}

  /// Reads a string; `nil` when there is none, or no end of it.
  init?(in object: UnsafeRawBufferPointer, from start: Int) {
    guard start < object.count, object[start] == UInt8(ascii: "\"") else { return nil }
    let start = start + 1
    var place = start
    while let stop = object.firstQuoteOrBackslash(from: place) {
      if object[stop] == UInt8(ascii: "\"") {
        bytes = UnsafeRawBufferPointer(rebasing: object[start..<stop])
        end = stop + 1
        return
      }
      isEscaped = true
      place = stop + 2
    }
    return nil
  }

  /// The text without its escapes; `nil` when one of them is broken.
  var decoded: [UInt8]? {
    var output: [UInt8] = []
    return append(to: &output) ? output : nil
  }

  /// Appends the text without its escapes; what is broken appends nothing.
  func append(to output: inout [UInt8]) -> Bool {
    if !isEscaped {
      output.append(contentsOf: bytes)
      return true
    }
    let before = output.count
    var index = 0
    while index < bytes.count {
      // Within the text there are no quotes but those behind a backslash.
      let stop = bytes.firstQuoteOrBackslash(from: index) ?? bytes.count
      output.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[index..<stop]))
      index = stop + 1
      if stop == bytes.count { break }
      guard let character = Self.escape(in: bytes, at: &index) else {
        output.removeSubrange(before...)
        return false
      }
      output.append(contentsOf: character.utf8)
    }
    return true
  }

  /// Reads what is behind a backslash, and goes on behind it; `nil` when it is no escape.
  static func escape(in bytes: UnsafeRawBufferPointer, at index: inout Int) -> Unicode.Scalar? {
    guard index < bytes.count else { return nil }
    let letter = bytes[index]
    index += 1
    switch letter {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "u"): return codePoint(in: bytes, at: &index)
    default: return nil
    }
  }

  /// After `\u`: one code unit of UTF-16, or two that make a surrogate pair.
  private static func codePoint(
    in bytes: UnsafeRawBufferPointer, at index: inout Int
  ) -> Unicode.Scalar? {
    guard let first = codeUnit(in: bytes, at: index) else { return nil }
    index += 4
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard UTF16.isLeadSurrogate(first), index + 1 < bytes.count,
      bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u"),
      let second = codeUnit(in: bytes, at: index + 2), UTF16.isTrailSurrogate(second)
    else { return "\u{FFFD}" }
    index += 6
    let bits = UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF)
    return Unicode.Scalar(0x10000 + bits)
  }

  private static func codeUnit(in bytes: UnsafeRawBufferPointer, at start: Int) -> UInt16? {
    guard start + 4 <= bytes.count else { return nil }
    var unit: UInt16 = 0
    for index in start..<start + 4 {
      let byte = bytes[index]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// The highest bit of each byte that is a quote or a backslash; the lowest such bit is right,
  /// others may be too much.
  static func quotesAndBackslashes(in word: UInt64) -> UInt64 {
    zeroBytes(word ^ 0x2222_2222_2222_2222) | zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C)
  }

  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }
}

extension UnsafeRawBufferPointer {
  /// Where the next quote or backslash is. Eight bytes are looked at in one go.
  fileprivate func firstQuoteOrBackslash(from start: Int) -> Int? {
    var index = start
    while index + 8 <= count {
      let word = UInt64(littleEndian: loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let found = NixLogText.quotesAndBackslashes(in: word)
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < count {
      if self[index] == UInt8(ascii: "\"") || self[index] == UInt8(ascii: "\\") { return index }
      index += 1
    }
    return nil
  }
}
