/// An escape sequence in a program's output, as ECMA-48 and xterm's control sequences have them.
enum AnsiEscape: Equatable {
  /// Select Graphic Rendition: colours and the like, with where its parameters are.
  case rendition(Range<Int>)
  /// One that is of no use in a log: cursor movements, titles, links, questions.
  case other
  /// One that the end of the bytes cuts off.
  case unfinished

  /// Reads the sequence at an ESC.
  ///
  /// - Returns: what it is, and where the text goes on behind it. Of a broken sequence only what
  ///   can belong to it is taken, so that no text is lost.
  static func read(_ bytes: UnsafeRawBufferPointer, at start: Int) -> (Self, end: Int) {
    guard start + 1 < bytes.count else { return (.unfinished, bytes.count) }
    switch bytes[start + 1] {
    case UInt8(ascii: "["): return control(bytes, from: start + 2)
    case UInt8(ascii: "]"): return string(bytes, from: start + 2, endsAtBell: true)
    case UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
      return string(bytes, from: start + 2, endsAtBell: false)
    case 0x20...0x2F:
      var end = start + 2
      while end < bytes.count, (0x20...0x2F).contains(bytes[end]) { end += 1 }
      if end == bytes.count { return (.unfinished, end) }
      return (.other, (0x30...0x7E).contains(bytes[end]) ? end + 1 : end)
    case 0x30...0x7E: return (.other, start + 2)
    default: return (.other, start + 1)
    }
  }

  /// Parameters (0x30–0x3F), intermediates (0x20–0x2F) and a final byte (0x40–0x7E).
  private static func control(_ bytes: UnsafeRawBufferPointer, from start: Int) -> (Self, end: Int)
  {
    var end = start
    while end < bytes.count, (0x30...0x3F).contains(bytes[end]) { end += 1 }
    let parameters = start..<end
    while end < bytes.count, (0x20...0x2F).contains(bytes[end]) { end += 1 }
    if end == bytes.count { return (.unfinished, end) }
    guard (0x40...0x7E).contains(bytes[end]) else { return (.other, end) }
    // `<`, `=`, `>` and `?` make it a private one, which sets something else.
    let isPrivate = parameters.contains { bytes[$0] >= UInt8(ascii: "<") }
    let isRendition = bytes[end] == UInt8(ascii: "m") && end == parameters.upperBound && !isPrivate
    return (isRendition ? .rendition(parameters) : .other, end + 1)
  }

  /// Text up to ESC \, or to BEL. Without such an end only its introducer goes.
  private static func string(
    _ bytes: UnsafeRawBufferPointer, from start: Int, endsAtBell: Bool
  ) -> (Self, end: Int) {
    for index in start..<bytes.count {
      switch bytes[index] {
      case 0x07 where endsAtBell: return (.other, index + 1)
      case 0x18, 0x1A: return (.other, index + 1)
      case .escape:
        guard index + 1 < bytes.count else { return (.unfinished, start) }
        // Any other ESC breaks the string off and begins a sequence of its own.
        return (.other, bytes[index + 1] == UInt8(ascii: "\\") ? index + 2 : index)
      default: continue
      }
    }
    return (.unfinished, start)
  }
}
