/// Reads a text as JSON (RFC 8259), and tells the line where it stops being that.
struct JSONReader {
  private let bytes: [UInt8]
  private let keepsNumbers: Bool
  private var position = 0
  /// Deeper nesting than this is refused rather than followed.
  private static let deepest = 200

  /// The value of a whole text.
  ///
  /// - Parameter keepingNumbers: whether a number that would be written in another way than it
  ///   stands there becomes a ``JSONValue/writtenNumber(_:)``.
  /// - Throws: what is wrong, with line and column; also for a key that an object has twice, since
  ///   one of its values would be lost.
  static func value(
    of bytes: [UInt8], keepingNumbers: Bool = true
  ) throws(Problem) -> JSONValue {
    var reader = JSONReader(bytes: bytes, keepsNumbers: keepingNumbers)
    let value = try reader.value(depth: 0)
    reader.skipBlanks()
    if reader.current != nil { throw reader.expected("the end of the file") }
    return value
  }

  private init(bytes: [UInt8], keepsNumbers: Bool) {
    self.bytes = bytes
    self.keepsNumbers = keepsNumbers
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  // MARK: - Places

  private func expected(_ what: String) -> Problem {
    let found = current == nil ? " but the file ends there" : ""
    return Problem(place: place(of: position), "\(what) was expected\(found).")
  }

  private func place(of position: Int) -> String {
    let before = bytes[..<position]
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let column = String(decoding: bytes[start..<position], as: UTF8.self).unicodeScalars.count + 1
    return "line \(line(of: position)), column \(column)"
  }

  private func line(of position: Int) -> Int {
    bytes[..<position].count { $0 == UInt8(ascii: "\n") } + 1
  }

  // MARK: - Values

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

  private mutating func value(depth: Int) throws(Problem) -> JSONValue {
    skipBlanks()
    if depth > Self.deepest { throw expected("less nesting") }
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"): return try number()
    case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
      return try number()
    default: throw expected("a value")
    }
  }

  private mutating func object(depth: Int) throws(Problem) -> JSONValue {
    position += 1
    var members: [String: JSONValue] = [:]
    var places: [String: Int] = [:]
    skipBlanks()
    if take("}") { return .object(members) }
    repeat {
      skipBlanks()
      guard current == UInt8(ascii: "\"") else { throw expected("a key in quotation marks") }
      let start = position
      let key = try string()
      if let first = places.updateValue(start, forKey: key) {
        throw Problem(
          place: place(of: start),
          "\(Rules.quoted(key)) stands in line \(line(of: first)) already. Each key was expected "
            + "once.")
      }
      skipBlanks()
      guard take(":") else { throw expected("\":\"") }
      members[key] = try value(depth: depth + 1)
      skipBlanks()
    } while take(",")
    guard take("}") else { throw expected("\",\" or \"}\"") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(Problem) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipBlanks()
    if take("]") { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth + 1))
      skipBlanks()
    } while take(",")
    guard take("]") else { throw expected("\",\" or \"]\"") }
    return .array(elements)
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(Problem) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw expected("a value") }
    position += word.utf8.count
    return value
  }

  // MARK: - Strings

  private mutating func string() throws(Problem) -> String {
    let start = position
    position += 1
    // Most strings are as they stand there.
    let end = bytes[position...].firstIndex { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }
    if let end, bytes[end] == 0x22,
      let text = String(validating: bytes[position..<end], as: UTF8.self)
    {
      position = end + 1
      return text
    }
    var content: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "\"") {
      if byte < 0x20 { throw expected("the end of the string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        try escape(into: &content)
      } else {
        content.append(byte)
      }
    }
    guard take("\"") else { throw expected("the end of the string") }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw Problem(place: place(of: start), "A string in UTF-8 was expected.")
    }
    return text
  }

  private mutating func escape(into content: inout [UInt8]) throws(Problem) {
    guard let byte = current, "\"\\/bfnrtu".utf8.contains(byte) else {
      throw expected("one of \" \\ / b f n r t u")
    }
    position += 1
    switch byte {
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"): content += String(try escapedScalar()).utf8
    default: content.append(byte)
    }
  }

  /// The scalar behind `\u`, of two of them where it takes a pair.
  private mutating func escapedScalar() throws(Problem) -> Unicode.Scalar {
    let unit = try hexadecimal()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(unit), take("\\"), take("u") else {
      throw expected("the other half of a surrogate pair")
    }
    let other = try hexadecimal()
    guard UTF16.isTrailSurrogate(other) else {
      throw expected("the other half of a surrogate pair")
    }
    let value = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(other & 0x3FF))
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  private mutating func hexadecimal() throws(Problem) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = UInt16(hexadecimalDigit: byte) else {
        throw expected("four hexadecimal digits")
      }
      unit = unit << 4 | digit
      position += 1
    }
    return unit
  }

  // MARK: - Numbers

  private mutating func number() throws(Problem) -> JSONValue {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    let value: JSONValue? =
      if let integer = Int(text) {
        .integer(integer)
      } else if let number = Double(text), number.isFinite {
        .number(number)
      } else {
        nil
      }
    guard let value, !keepsNumbers || JSONPrinter.text(of: value) == text else {
      return .writtenNumber(text)
    }
    return value
  }

  private mutating func digits() throws(Problem) {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      position += 1
    }
    if position == start { throw expected("a digit") }
  }
}

extension UInt16 {
  fileprivate init?(hexadecimalDigit byte: UInt8) {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self = UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self = UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self = UInt16(byte - UInt8(ascii: "A") + 10)
    default: return nil
    }
  }
}
