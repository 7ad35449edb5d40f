/// Reads the JSON object of one line of Nix's log. Written by hand, since millions of lines come,
/// and only a few keys of each matter.
struct NixLogLine {
  private enum Field {
    case number(Int)
    case text([UInt8])
  }

  private var bytes: ArraySlice<UInt8>
  private var action: [UInt8] = []
  private var id: UInt64 = 0
  private var level = 0
  private var kind = 0
  private var text: [UInt8] = []
  private var fields: [Field] = []

  /// The event of one object, or `nil` when that is not what Nix writes.
  static func event(of object: ArraySlice<UInt8>) -> NixLogEvent? {
    var line = NixLogLine(bytes: object)
    guard line.object() else { return nil }
    return line.event
  }

  private init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  // MARK: - What it means

  private var event: NixLogEvent? {
    switch action {
    case Action.message: .message(level: level, text: text)
    case Action.start: .started(id: id, level: level, text: text, activity)
    case Action.stop: .stopped(id: id)
    case Action.result: result
    default: nil
    }
  }

  private enum Action {
    static let message = Array("msg".utf8)
    static let start = Array("start".utf8)
    static let stop = Array("stop".utf8)
    static let result = Array("result".utf8)
  }

  private enum Key {
    static let action = Array("action".utf8)
    static let fields = Array("fields".utf8)
    static let id = Array("id".utf8)
    static let level = Array("level".utf8)
    static let message = Array("msg".utf8)
    static let text = Array("text".utf8)
    static let kind = Array("type".utf8)
  }

  private var activity: NixActivity {
    switch kind {
    case 100 where fields.count >= 3:
      .copyPath(path: string(0), from: string(1), to: string(2))
    case 101 where fields.count >= 1: .fileTransfer(url: string(0))
    case 105 where fields.count >= 2: .build(derivation: string(0), machine: string(1))
    case 108 where fields.count >= 2: .substitute(path: string(0), from: string(1))
    default: .other(kind: kind)
    }
  }

  private var result: NixLogEvent {
    switch kind {
    case 101: .buildLine(id: id, text: line(0))
    case 104: .phase(id: id, name: string(0))
    case 105:
      .progress(
        id: id,
        NixProgress(done: number(0), expected: number(1), running: number(2), failed: number(3)))
    case 106: .expected(id: id, kind: number(0), count: number(1))
    case 107: .hookLine(id: id, text: line(0))
    default: .result(id: id, kind: kind)
    }
  }

  private func line(_ index: Int) -> [UInt8] {
    if index < fields.count, case .text(let text) = fields[index] { text } else { [] }
  }

  private func string(_ index: Int) -> String { String(decoding: line(index), as: UTF8.self) }

  private func number(_ index: Int) -> Int {
    if index < fields.count, case .number(let number) = fields[index] { number } else { 0 }
  }

  // MARK: - How it is written (RFC 8259)

  private mutating func object() -> Bool {
    guard take(UInt8(ascii: "{")) else { return false }
    skipBlanks()
    if !take(UInt8(ascii: "}")) {
      repeat {
        skipBlanks()
        guard let key = string() else { return false }
        skipBlanks()
        guard take(UInt8(ascii: ":")) else { return false }
        skipBlanks()
        guard value(of: key) else { return false }
        skipBlanks()
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "}")) else { return false }
    }
    skipBlanks()
    return bytes.isEmpty
  }

  private mutating func value(of key: [UInt8]) -> Bool {
    if key == Key.fields { return fieldList() }
    if key == Key.action || key == Key.text || key == Key.message {
      guard let value = string() else { return false }
      if key == Key.action { action = value } else { text = value }
      return true
    }
    if key == Key.id || key == Key.level || key == Key.kind {
      guard let value = integer() else { return false }
      if key == Key.id {
        id = UInt64(bitPattern: Int64(value))
      } else if key == Key.level {
        level = value
      } else {
        kind = value
      }
      return true
    }
    return skipValue(depth: 0)
  }

  private mutating func fieldList() -> Bool {
    guard take(UInt8(ascii: "[")) else { return false }
    skipBlanks()
    if take(UInt8(ascii: "]")) { return true }
    repeat {
      skipBlanks()
      if bytes.first == UInt8(ascii: "\"") {
        guard let text = string() else { return false }
        fields.append(.text(text))
      } else if let number = integer() {
        fields.append(.number(number))
      } else {
        return false
      }
      skipBlanks()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]"))
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard bytes.first == byte else { return false }
    bytes.removeFirst()
    return true
  }

  private mutating func skipBlanks() {
    while let byte = bytes.first, byte == 0x20 || byte == 0x09 || byte == 0x0D {
      bytes.removeFirst()
    }
  }

  private mutating func integer() -> Int? {
    let negative = take(UInt8(ascii: "-"))
    var value = 0
    var digits = 0
    while let byte = bytes.first, byte >= 0x30, byte <= 0x39 {
      let (tens, tooBig) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooBigStill) = tens.addingReportingOverflow(Int(byte - 0x30))
      if tooBig || tooBigStill { return nil }
      value = sum
      digits += 1
      bytes.removeFirst()
    }
    return digits == 0 ? nil : negative ? -value : value
  }

  private mutating func string() -> [UInt8]? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    var text: [UInt8] = []
    while let stop = bytes.firstIndex(where: {
      $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
    }) {
      text.append(contentsOf: bytes[..<stop])
      let ends = bytes[stop] == UInt8(ascii: "\"")
      bytes = bytes[(stop + 1)...]
      if ends { return text }
      guard escape(into: &text) else { return nil }
    }
    return nil
  }

  private mutating func escape(into text: inout [UInt8]) -> Bool {
    guard let letter = bytes.popFirst() else { return false }
    switch letter {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "u"): return codeUnits(into: &text)
    default: return false
    }
    return true
  }

  /// After `\u`: one code unit of UTF-16, or two that make a surrogate pair.
  private mutating func codeUnits(into text: inout [UInt8]) -> Bool {
    guard let first = codeUnit() else { return false }
    var units = [first]
    if UTF16.isLeadSurrogate(first), bytes.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
      bytes = bytes.dropFirst(2)
      guard let second = codeUnit() else { return false }
      units.append(second)
    }
    text.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
    return true
  }

  private mutating func codeUnit() -> UInt16? {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = bytes.popFirst(),
        let digit = Character(Unicode.Scalar(byte)).hexDigitValue
      else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// A value that nobody needs, such as the trace of an error.
  private mutating func skipValue(depth: Int) -> Bool {
    guard depth < 64, let first = bytes.first else { return false }
    switch first {
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      return skipContainer(closedBy: first == UInt8(ascii: "{") ? "}" : "]", depth: depth)
    default:
      let scalar = bytes.prefix { isLetterOrDigit($0) || "+-.".utf8.contains($0) }
      bytes = bytes.dropFirst(scalar.count)
      return !scalar.isEmpty
    }
  }

  private mutating func skipContainer(closedBy end: Unicode.Scalar, depth: Int) -> Bool {
    bytes.removeFirst()
    skipBlanks()
    if take(UInt8(ascii: end)) { return true }
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
    return take(UInt8(ascii: end))
  }
}
