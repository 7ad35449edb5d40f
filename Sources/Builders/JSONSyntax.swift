import Base

/// Finds where a text stops being JSON (RFC 8259). The decoder only says that it does not like
/// the text; people need the line.
struct JSONSyntax {
  private let bytes: [UInt8]
  private var position = 0
  /// Deeper nesting than this is refused rather than followed.
  private static let deepest = 200

  /// The first fault of a text, `nil` for proper JSON.
  static func fault(in bytes: [UInt8]) -> Problem? {
    var syntax = JSONSyntax(bytes: bytes)
    do throws(Problem) {
      try syntax.value(depth: 0)
      syntax.skipBlanks()
      if syntax.current != nil { throw syntax.expected("the end of the file") }
      return nil
    } catch {
      return error
    }
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func expected(_ what: String) -> Problem {
    let before = bytes[..<position]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let column = String(decoding: bytes[start..<position], as: UTF8.self).unicodeScalars.count + 1
    let found = current == nil ? " but the file ends there" : ""
    return Problem(place: "line \(line), column \(column)", "\(what) was expected\(found).")
  }

  private mutating func skipBlanks() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(Problem) {
    skipBlanks()
    if depth > Self.deepest { throw expected("less nesting") }
    switch current {
    case UInt8(ascii: "{"): try object(depth: depth)
    case UInt8(ascii: "["): try array(depth: depth)
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    case UInt8(ascii: "-"): try number()
    case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): try number()
    default: throw expected("a value")
    }
  }

  private mutating func object(depth: Int) throws(Problem) {
    position += 1
    skipBlanks()
    if take("}") { return }
    repeat {
      skipBlanks()
      guard current == UInt8(ascii: "\"") else { throw expected("a key in quotation marks") }
      try string()
      skipBlanks()
      guard take(":") else { throw expected("\":\"") }
      try value(depth: depth + 1)
      skipBlanks()
    } while take(",")
    guard take("}") else { throw expected("\",\" or \"}\"") }
  }

  private mutating func array(depth: Int) throws(Problem) {
    position += 1
    skipBlanks()
    if take("]") { return }
    repeat {
      try value(depth: depth + 1)
      skipBlanks()
    } while take(",")
    guard take("]") else { throw expected("\",\" or \"]\"") }
  }

  private mutating func string() throws(Problem) {
    position += 1
    while let byte = current, byte != UInt8(ascii: "\"") {
      if byte < 0x20 { throw expected("the end of the string") }
      position += 1
      if byte == UInt8(ascii: "\\") { try escape() }
    }
    guard take("\"") else { throw expected("the end of the string") }
  }

  private mutating func escape() throws(Problem) {
    guard let byte = current, "\"\\/bfnrtu".utf8.contains(byte) else {
      throw expected("one of \" \\ / b f n r t u")
    }
    position += 1
    guard byte == UInt8(ascii: "u") else { return }
    for _ in 0..<4 {
      guard let digit = current, Unicode.Scalar(digit).isHexDigit else {
        throw expected("four hexadecimal digits")
      }
      position += 1
    }
  }

  private mutating func number() throws(Problem) {
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      try digits()
    }
  }

  private mutating func digits() throws(Problem) {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      position += 1
    }
    if position == start { throw expected("a digit") }
  }

  private mutating func word(_ word: String) throws(Problem) {
    guard bytes[position...].starts(with: word.utf8) else { throw expected("a value") }
    position += word.utf8.count
  }
}
