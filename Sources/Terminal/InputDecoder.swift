/// Turns the bytes that a terminal sends into what the person did.
///
/// It keeps what is incomplete. Nothing but time tells an Escape from the beginning of a sequence:
/// when nothing has come for as long as ``patience``, ``giveUp()`` settles it.
struct InputDecoder {
  /// What the person did, before it is known what lies under the mouse.
  enum Event: Equatable {
    case key(Key)
    case paste(String)
    case press(Position)
    /// Notches of the wheel; up is negative.
    case wheel(Int, Position)
  }

  static let escape: UInt8 = 0x1B
  /// No sequence of a key or the mouse is as long.
  private static let longest = 64

  private let keys: [[UInt8]: Key]
  private let longestKey: Int
  private var pending: [UInt8] = []
  private var paste: PasteReader?

  /// - Parameter keys: sequences that the terminal's description names; they come first.
  init(keys: [[UInt8]: Key] = [:]) {
    self.keys = keys
    longestKey = keys.keys.map(\.count).max() ?? 0
  }

  /// How long to wait for the rest of what is incomplete, in seconds; `nil` when nothing is.
  var patience: Double? {
    if paste != nil { return 2 }
    guard let first = pending.first else { return nil }
    // An Escape, or Alt with a letter that also begins sequences: a person is waiting.
    return first == Self.escape && pending.count <= 2 ? 0.025 : 0.5
  }

  /// Takes bytes, and tells what they mean.
  mutating func decode(_ bytes: some Sequence<UInt8>) -> [Event] {
    var events: [Event] = []
    for byte in bytes { take(byte, &events) }
    return events
  }

  /// Makes what it can of what is incomplete, since the rest does not come.
  mutating func giveUp() -> [Event] {
    if let text = paste?.text {
      paste = nil
      return [.paste(text)]
    }
    defer { pending = [] }
    switch pending {
    case [Self.escape]: return [.key(.escape)]
    case [Self.escape, UInt8(ascii: "[")]: return [.key(.alt("["))]
    case [Self.escape, UInt8(ascii: "O")]: return [.key(.alt("O"))]
    default: return []
    }
  }

  private mutating func take(_ byte: UInt8, _ events: inout [Event]) {
    if paste != nil {
      if let text = paste?.take(byte) {
        paste = nil
        events.append(.paste(text))
      }
      return
    }
    pending.append(byte)
    while !pending.isEmpty {
      switch meaning(of: pending[...]) {
      case .incomplete:
        if pending.count > Self.longest { pending = [] }
        return
      case .paste:
        pending = []
        paste = PasteReader()
        return
      case .event(let event, let count):
        if let event { events.append(event) }
        pending.removeFirst(count)
      }
    }
  }

  // MARK: - Sequences

  private enum Meaning {
    case incomplete
    /// What the first so many bytes mean; `nil` for nothing.
    case event(Event?, Int)
    /// Pasted text begins.
    case paste

    static func key(_ key: Key?, _ count: Int) -> Meaning { .event(key.map(Event.key), count) }
  }

  private func meaning(of bytes: ArraySlice<UInt8>) -> Meaning {
    guard let first = bytes.first else { return .incomplete }
    if first == Self.escape { return escapeMeaning(of: bytes) }
    return first < 0x80 ? .key(Self.key(ofASCII: first), 1) : Self.scalarMeaning(of: bytes)
  }

  private static func key(ofASCII byte: UInt8) -> Key? {
    switch byte {
    case 0x00: .control(" ")
    case 0x08, 0x7F: .backspace
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
    case 0x1B...0x1F: .control(Character(Unicode.Scalar(byte + 0x40)))
    default: .character(Character(Unicode.Scalar(byte)))
    }
  }

  /// A character in UTF-8; what is none is passed over.
  private static func scalarMeaning(of bytes: ArraySlice<UInt8>) -> Meaning {
    let count: Int
    switch bytes[bytes.startIndex] {
    case 0xC2...0xDF: count = 2
    case 0xE0...0xEF: count = 3
    case 0xF0...0xF4: count = 4
    default: return .event(nil, 1)
    }
    let encoded = bytes.prefix(count)
    guard encoded.dropFirst().allSatisfy({ 0x80...0xBF ~= $0 }) else { return .event(nil, 1) }
    if encoded.count < count { return .incomplete }
    guard let scalar = String(validating: encoded, as: UTF8.self)?.unicodeScalars.first,
      scalar.properties.generalCategory != .control
    else { return .event(nil, 1) }
    return .key(.character(Character(scalar)), count)
  }

  private func escapeMeaning(of bytes: ArraySlice<UInt8>) -> Meaning {
    for count in stride(from: min(bytes.count, longestKey), to: 1, by: -1) {
      if let key = keys[Array(bytes.prefix(count))] { return .key(key, count) }
    }
    let rest = bytes.dropFirst()
    guard let second = rest.first else { return .incomplete }
    switch second {
    case UInt8(ascii: "["): return controlSequence(bytes)
    case UInt8(ascii: "O"):
      guard let final = rest.dropFirst().first else { return .incomplete }
      return .key(KeySequences.final[final] ?? KeySequences.keypad[final], 3)
    // Some terminals send this for Alt with an arrow, but on a slow line it is also what an Escape
    // and an arrow look like, and an Escape must not get lost.
    case Self.escape: return .key(.escape, 1)
    case 0x09: return .key(.backTab, 2)
    default: return altMeaning(of: rest)
    }
  }

  private func altMeaning(of rest: ArraySlice<UInt8>) -> Meaning {
    guard case .event(let event, let count) = meaning(of: rest) else { return .incomplete }
    if case .key(.character(let character)) = event { return .key(.alt(character), count + 1) }
    return .event(event, count + 1)
  }

  /// `ESC [`, parameters, final byte: ECMA-48's control sequences.
  private func controlSequence(_ bytes: ArraySlice<UInt8>) -> Meaning {
    let body = bytes.dropFirst(2)
    // The Linux console's F1 to F5 have a second bracket.
    if body.first == UInt8(ascii: "[") {
      guard let letter = body.dropFirst().first else { return .incomplete }
      let number = Int(letter) - 0x40
      return .key(1...5 ~= number ? .function(number) : nil, 4)
    }
    if body.first == UInt8(ascii: "M") { return oldMouse(bytes) }
    guard let end = body.firstIndex(where: { !(0x20...0x3F ~= $0) || $0 == UInt8(ascii: "$") })
    else { return .incomplete }
    let count = end + 1 - bytes.startIndex
    let final = body[end]
    // Whatever broke the sequence off is something of its own.
    guard 0x40...0x7E ~= final || final == UInt8(ascii: "$") else { return .event(nil, count - 1) }
    let parameters = body[..<end]
    if parameters.first == UInt8(ascii: "<") {
      return .event(Self.mouse(parameters.dropFirst(), isPress: final == UInt8(ascii: "M")), count)
    }
    guard parameters.allSatisfy({ 0x30...0x3B ~= $0 }) else { return .event(nil, count) }
    let number = Self.numbers(parameters).first ?? 0
    // With Shift or Ctrl rxvt ends in another byte than ~.
    guard
      [UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: "@"), UInt8(ascii: "$")]
        .contains(final)
    else { return .key(KeySequences.final[final], count) }
    return number == 200 ? .paste : .key(KeySequences.numbered[number], count)
  }

  private static func numbers(_ parameters: ArraySlice<UInt8>) -> [Int] {
    parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
  }

  // MARK: - Mouse

  /// `ESC [ < button ; column ; row M`, with `m` where the button is let go: xterm's mode 1006.
  private static func mouse(_ parameters: ArraySlice<UInt8>, isPress: Bool) -> Event? {
    let numbers = numbers(parameters)
    guard isPress, numbers.count == 3 else { return nil }
    return mouse(button: numbers[0], column: numbers[1] - 1, row: numbers[2] - 1)
  }

  /// `ESC [ M` and three bytes with 32 added: the older mode 1000.
  private func oldMouse(_ bytes: ArraySlice<UInt8>) -> Meaning {
    guard bytes.count >= 6 else { return .incomplete }
    let numbers = bytes.dropFirst(3).prefix(3).map { Int($0) - 32 }
    return .event(
      Self.mouse(button: numbers[0], column: numbers[1] - 1, row: numbers[2] - 1), 6)
  }

  private static func mouse(button: Int, column: Int, row: Int) -> Event? {
    guard column >= 0, row >= 0 else { return nil }
    let position = Position(column: column, row: row)
    // Without the bits for Shift, Alt and Ctrl.
    switch button & ~0b11100 {
    case 0: return .press(position)
    case 64: return .wheel(-1, position)
    case 65: return .wheel(1, position)
    default: return nil
    }
  }
}
