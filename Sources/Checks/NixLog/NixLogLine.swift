/// The JSON object of one line of Nix's log, read where it stands (RFC 8259). Written by hand,
/// since millions of lines come, and only a few keys of each matter.
///
/// It must not outlive the bytes that it is read from.
struct NixLogLine {
  enum Action {
    case message, start, stop, result
  }

  /// What is between the quotes of a string.
  struct Text {
    var range = 0..<0
    var isEscaped = false
  }

  enum Field {
    case number(Int)
    case text(Text)
  }

  private(set) var action: Action?
  private(set) var id: UInt64 = 0
  private(set) var level = 0
  private(set) var kind = 0
  private var text = Text()
  private var fieldCount = 0
  private var fields = InlineArray<4, Field>(repeating: .number(0))
  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  /// Reads an object; `nil` when that is not what Nix writes.
  init?(_ object: UnsafeRawBufferPointer) {
    bytes = object
    guard readObject(), action != nil else { return nil }
  }

  // MARK: - What it means

  /// Whether it is a line that a build has printed.
  var isBuildLine: Bool { action == .result && kind == 101 }

  /// Whether there may be a line end in what was printed.
  var mayHaveLineEnd: Bool {
    if fieldCount > 0, case .text(let text) = fields[0] { text.isEscaped } else { false }
  }

  /// How far something is, where the line tells that.
  var progress: NixProgress? {
    guard action == .result, kind == 105 else { return nil }
    return NixProgress(done: number(0), expected: number(1), running: number(2), failed: number(3))
  }

  /// Appends the line that a build or the post-build hook has printed, without its end.
  ///
  /// - Returns: whether it could be read; otherwise nothing is appended.
  func appendPrintedLine(to output: inout [UInt8]) -> Bool {
    guard fieldCount > 0, case .text(let text) = fields[0] else { return true }
    return append(text, to: &output)
  }

  /// The event; `nil` when one of its texts is broken.
  var event: NixLogEvent? {
    switch action {
    case .message: string(text).map { .message(level: level, text: $0) }
    case .start: start
    case .stop: .stopped(id: id)
    case .result: result
    case nil: nil
    }
  }

  private var start: NixLogEvent? {
    guard let text = string(text), let activity else { return nil }
    return .started(id: id, level: level, text: text, activity)
  }

  private var activity: NixActivity? {
    switch kind {
    case 100 where fieldCount >= 3:
      guard let path = string(0), let from = string(1), let to = string(2) else { return nil }
      return .copyPath(path: path, from: from, to: to)
    case 101 where fieldCount >= 1: return string(0).map { .fileTransfer(url: $0) }
    case 105 where fieldCount >= 2:
      guard let derivation = string(0), let machine = string(1) else { return nil }
      return .build(derivation: derivation, machine: machine)
    case 108 where fieldCount >= 2:
      guard let path = string(0), let from = string(1) else { return nil }
      return .substitute(path: path, from: from)
    default: return .other(kind: kind)
    }
  }

  private var result: NixLogEvent? {
    switch kind {
    case 101, 107:
      var line: [UInt8] = []
      guard appendPrintedLine(to: &line) else { return nil }
      return kind == 101 ? .buildLine(id: id, text: line) : .hookLine(id: id, text: line)
    case 104: return string(0).map { .phase(id: id, name: $0) }
    case 105: return progress.map { .progress(id: id, $0) }
    case 106: return .expected(id: id, kind: number(0), count: number(1))
    default: return .result(id: id, kind: kind)
    }
  }

  private func number(_ index: Int) -> Int {
    if index < fieldCount, case .number(let number) = fields[index] { number } else { 0 }
  }

  private func string(_ index: Int) -> String? {
    guard index < fieldCount, case .text(let text) = fields[index] else { return "" }
    return string(text).map { String(decoding: $0, as: UTF8.self) }
  }

  private func string(_ text: Text) -> [UInt8]? {
    var output: [UInt8] = []
    return append(text, to: &output) ? output : nil
  }

  // MARK: - How it is written

  private mutating func readObject() -> Bool {
    guard take(UInt8(ascii: "{")) else { return false }
    skipBlanks()
    if !take(UInt8(ascii: "}")) {
      repeat {
        skipBlanks()
        guard let key = takeString() else { return false }
        skipBlanks()
        guard take(UInt8(ascii: ":")) else { return false }
        skipBlanks()
        guard takeValue(of: key) else { return false }
        skipBlanks()
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "}")) else { return false }
    }
    skipBlanks()
    return place == bytes.count
  }

  private mutating func takeValue(of key: Text) -> Bool {
    switch key.range.count {
    case 2 where isText(key, "id"):
      guard let number = takeInteger() else { return false }
      id = UInt64(bitPattern: Int64(number))
    case 3 where isText(key, "msg"), 4 where isText(key, "text"):
      guard let value = takeString() else { return false }
      text = value
    case 4 where isText(key, "type"):
      guard let number = takeInteger() else { return false }
      kind = number
    case 5 where isText(key, "level"):
      guard let number = takeInteger() else { return false }
      level = number
    case 6 where isText(key, "action"):
      guard let value = takeString() else { return false }
      action = action(value)
    case 6 where isText(key, "fields"): return takeFields()
    default: return skipValue(depth: 0)
    }
    return true
  }

  private func action(_ text: Text) -> Action? {
    switch text.range.count {
    case 3 where isText(text, "msg"): .message
    case 4 where isText(text, "stop"): .stop
    case 5 where isText(text, "start"): .start
    case 6 where isText(text, "result"): .result
    default: nil
    }
  }

  /// Whether a text is this one, which has as many bytes.
  private func isText(_ text: Text, _ other: StaticString) -> Bool {
    for offset in 0..<text.range.count
    where bytes[text.range.lowerBound + offset] != other.utf8Start[offset] {
      return false
    }
    return true
  }

  private mutating func takeFields() -> Bool {
    guard take(UInt8(ascii: "[")) else { return false }
    skipBlanks()
    if take(UInt8(ascii: "]")) { return true }
    repeat {
      skipBlanks()
      let field: Field
      if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
        guard let text = takeString() else { return false }
        field = .text(text)
      } else if let number = takeInteger() {
        field = .number(number)
      } else {
        return false
      }
      if fieldCount < fields.count {
        fields[fieldCount] = field
        fieldCount += 1
      }
      skipBlanks()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]"))
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private mutating func skipBlanks() {
    while place < bytes.count, bytes[place] <= 0x20,
      bytes[place] == 0x20 || bytes[place] == 0x09 || bytes[place] == 0x0D
    {
      place += 1
    }
  }

  private mutating func takeInteger() -> Int? {
    let negative = take(UInt8(ascii: "-"))
    let start = place
    var value = 0
    while place < bytes.count, bytes[place] &- 0x30 < 10 {
      let (tens, tooBig) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooBigStill) = tens.addingReportingOverflow(Int(bytes[place] - 0x30))
      if tooBig || tooBigStill { return nil }
      value = sum
      place += 1
    }
    return place == start ? nil : negative ? -value : value
  }

  private mutating func takeString() -> Text? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    var text = Text()
    let start = place
    while let stop = firstQuoteOrBackslash(from: place) {
      if bytes[stop] == UInt8(ascii: "\"") {
        text.range = start..<stop
        place = stop + 1
        return text
      }
      text.isEscaped = true
      place = stop + 2
    }
    return nil
  }

  /// Where the next quote or backslash is. Eight bytes are looked at in one go.
  private func firstQuoteOrBackslash(from start: Int) -> Int? {
    var index = start
    while index + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let found = Self.zeroBytes(word ^ Self.quotes) | Self.zeroBytes(word ^ Self.backslashes)
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "\\") { return index }
      index += 1
    }
    return nil
  }

  private static let quotes: UInt64 = 0x2222_2222_2222_2222
  private static let backslashes: UInt64 = 0x5C5C_5C5C_5C5C_5C5C

  /// The highest bit of each byte that is 0; the lowest such bit is right, others may be too much.
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }

  /// A value that nobody needs, such as the trace of an error.
  private mutating func skipValue(depth: Int) -> Bool {
    guard depth < 64, place < bytes.count else { return false }
    switch bytes[place] {
    case UInt8(ascii: "\""): return takeString() != nil
    case UInt8(ascii: "{"): return skipContainer(closedBy: UInt8(ascii: "}"), depth: depth)
    case UInt8(ascii: "["): return skipContainer(closedBy: UInt8(ascii: "]"), depth: depth)
    default:
      let start = place
      while place < bytes.count,
        isLetterOrDigit(bytes[place]) || "+-.".utf8.contains(bytes[place])
      {
        place += 1
      }
      return place > start
    }
  }

  private mutating func skipContainer(closedBy end: UInt8, depth: Int) -> Bool {
    place += 1
    skipBlanks()
    if take(end) { return true }
    repeat {
      skipBlanks()
      guard skipValue(depth: depth + 1) else { return false }
      skipBlanks()
      if take(UInt8(ascii: ":")) {
        skipBlanks()
        guard skipValue(depth: depth + 1) else { return false }
        skipBlanks()
      }
    } while take(UInt8(ascii: ","))
    return take(end)
  }

  // MARK: - Texts

  /// Appends a text without its escapes; what is broken appends nothing.
  private func append(_ text: Text, to output: inout [UInt8]) -> Bool {
    if !text.isEscaped {
      output.append(contentsOf: bytes[text.range])
      return true
    }
    let before = output.count
    var index = text.range.lowerBound
    while index < text.range.upperBound {
      let stop = min(firstQuoteOrBackslash(from: index) ?? .max, text.range.upperBound)
      output.append(contentsOf: bytes[index..<stop])
      index = stop
      if stop < text.range.upperBound {
        index += 1
        guard appendEscape(at: &index, before: text.range.upperBound, to: &output) else {
          output.removeSubrange(before...)
          return false
        }
      }
    }
    return true
  }

  private func appendEscape(
    at index: inout Int, before end: Int, to output: inout [UInt8]
  ) -> Bool {
    guard index < end else { return false }
    let letter = bytes[index]
    index += 1
    switch letter {
    case UInt8(ascii: "n"): output.append(0x0A)
    case UInt8(ascii: "t"): output.append(0x09)
    case UInt8(ascii: "r"): output.append(0x0D)
    case UInt8(ascii: "b"): output.append(0x08)
    case UInt8(ascii: "f"): output.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(letter)
    case UInt8(ascii: "u"): return appendCodeUnits(at: &index, before: end, to: &output)
    default: return false
    }
    return true
  }

  /// After `\u`: one code unit of UTF-16, or two that make a surrogate pair.
  private func appendCodeUnits(
    at index: inout Int, before end: Int, to output: inout [UInt8]
  ) -> Bool {
    guard let first = codeUnit(at: &index, before: end) else { return false }
    // Most of them are the ESC of colours.
    if first < 0x80 {
      output.append(UInt8(first))
      return true
    }
    var units = [first]
    if UTF16.isLeadSurrogate(first), index + 1 < end, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    {
      index += 2
      guard let second = codeUnit(at: &index, before: end) else { return false }
      units.append(second)
    }
    output.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
    return true
  }

  private func codeUnit(at index: inout Int, before end: Int) -> UInt16? {
    guard index + 4 <= end else { return nil }
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else { return nil }
      unit = unit << 4 | UInt16(digit)
      index += 1
    }
    return unit
  }
}
