import Base

/// The JSON object of one line of Nix's log, read where it stands (RFC 8259). Written by hand,
/// since millions of lines come, and only a few keys of each matter.
///
/// It must not outlive the bytes that it is read from.
struct NixLogLine {
  enum Action {
    case message, start, stop, result
  }

  enum Field {
    case number(Int)
    case text(NixLogText)
  }

  private(set) var action: Action?
  private(set) var id: UInt64 = 0
  private(set) var level = 0
  private(set) var kind = 0
  private var text = NixLogText()
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

  /// How far something is, where the line tells that.
  var progress: NixProgress? {
    guard action == .result, kind == 105 else { return nil }
    return NixProgress(done: number(0), expected: number(1), running: number(2), failed: number(3))
  }

  /// The event; `nil` when one of its texts is broken.
  var event: NixLogEvent? {
    switch action {
    case .message: text.decoded.map { .message(level: level, text: $0) }
    case .start: start
    case .stop: .stopped(id: id)
    case .result: result
    case nil: nil
    }
  }

  private var start: NixLogEvent? {
    guard let text = text.decoded, let activity else { return nil }
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
      if fieldCount > 0, case .text(let text) = fields[0], !text.append(to: &line) { return nil }
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
    return text.decoded.map { String(decoding: $0, as: UTF8.self) }
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

  private mutating func takeValue(of key: NixLogText) -> Bool {
    switch key.bytes.count {
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

  private func action(_ text: NixLogText) -> Action? {
    switch text.bytes.count {
    case 3 where isText(text, "msg"): .message
    case 4 where isText(text, "stop"): .stop
    case 5 where isText(text, "start"): .start
    case 6 where isText(text, "result"): .result
    default: nil
    }
  }

  /// Whether a text is this one, which has as many bytes.
  private func isText(_ text: NixLogText, _ other: StaticString) -> Bool {
    text.bytes.indices.allSatisfy { text.bytes[$0] == other.utf8Start[$0] }
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

  private mutating func takeString() -> NixLogText? {
    guard let text = NixLogText(in: bytes, from: place) else { return nil }
    place = text.end
    return text
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
        bytes[place].scalar.isLetterOrDigit || "+-.".utf8.contains(bytes[place])
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
}
