import Glibc

/// A line that a build has printed, as Nix writes it letter for letter.
///
/// Nearly all lines of a log are of this kind; what is written in another way is read as any object.
struct PrintedNixLine {
  /// Where the text is in the line, without its quotes; it may be broken.
  let text: Range<Int>
  /// Of the build.
  let id: UInt64

  private static let head: StaticString = #"@nix {"action":"result","fields":[""#
  private static let middle: StaticString = #""],"id":"#
  private static let tail: StaticString = #","type":101}"#
  /// No number of so many digits is too large.
  private static let mostDigits = 18

  /// Reads a line; `nil` when it is another kind.
  init?(_ line: UnsafeRawBufferPointer) {
    let head = Self.head.utf8CodeUnitCount
    let tail = line.count - Self.tail.utf8CodeUnitCount
    guard tail > head, line.has(Self.tail, at: tail), line.has(Self.head, at: 0) else {
      return nil
    }
    // From the end, since the text may be long.
    var place = tail
    var id: UInt64 = 0
    var power: UInt64 = 1
    while place > head, tail - place < Self.mostDigits {
      let digit = line[place - 1] &- 0x30
      if digit > 9 { break }
      id += UInt64(digit) * power
      power *= 10
      place -= 1
    }
    let end = place - Self.middle.utf8CodeUnitCount
    guard place < tail, end >= head, line.has(Self.middle, at: end) else { return nil }
    text = head..<end
    self.id = id
  }
}

extension UnsafeRawBufferPointer {
  /// Whether a text stands at a place within.
  fileprivate func has(_ text: StaticString, at place: Int) -> Bool {
    guard let base = baseAddress else { return false }
    return memcmp(base + place, text.utf8Start, text.utf8CodeUnitCount) == 0
  }
}
