import Terminal

extension Style {
  /// Applies the parameters of a Select Graphic Rendition sequence, without its introducer and its
  /// final `m`. What a ``Style`` cannot show, such as blinking, is left out.
  mutating func applyRendition(_ parameters: UnsafeRawBufferPointer) {
    // Nearly all have one number.
    if parameters.count <= 2 {
      let code = number(parameters)
      if code >= 0 { return apply(code) }
    }
    // Colons separate the parts of one parameter, which ends at a semicolon.
    let codes = parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { $0.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map(number) }
    var index = 0
    while index < codes.count {
      let parts = codes[index]
      index += 1
      guard let code = parts.first else { continue }
      switch code {
      case 38, 48, 58:
        let color: Color?
        if parts.count > 1 {
          color = Self.color(parts: parts.dropFirst())
        } else {
          // The older form goes on with parameters of its own.
          let rest = codes[index...].prefix(4).map { $0.first ?? 0 }
          color = Self.color(parts: rest[...])
          index += Self.length(ofColor: rest)
        }
        if code == 38 { foreground = color ?? foreground }
        if code == 48 { background = color ?? background }
      case 4 where parts.count > 1 && parts[1] == 0: attributes.remove(.underline)
      default: apply(code)
      }
    }
  }

  private mutating func apply(_ code: Int) {
    switch code {
    case 0: self = .plain
    case 1: attributes.insert(.bold)
    case 2: attributes.insert(.dim)
    case 3: attributes.insert(.italic)
    case 4, 21: attributes.insert(.underline)
    case 7: attributes.insert(.reverse)
    case 22: attributes.subtract([.bold, .dim])
    case 23: attributes.remove(.italic)
    case 24: attributes.remove(.underline)
    case 27: attributes.remove(.reverse)
    case 30...37: foreground = Color(UInt8(code - 30))
    case 39: foreground = nil
    case 40...47: background = Color(UInt8(code - 40))
    case 49: background = nil
    case 90...97: foreground = Color(UInt8(code - 90 + 8))
    case 100...107: background = Color(UInt8(code - 100 + 8))
    default: break
    }
  }

  /// `5;n` or `2;r;g;b`; with colons there may be a colour space before r.
  private static func color(parts: ArraySlice<Int>) -> Color? {
    let parts = Array(parts)
    if parts.count >= 2, parts[0] == 5 { return UInt8(exactly: parts[1]).map(Color.init) }
    guard parts.count >= 4, parts[0] == 2 else { return nil }
    let channels = parts.count >= 5 ? parts[2...4] : parts[1...3]
    guard channels.allSatisfy({ (0...255).contains($0) }) else { return nil }
    return Color(nearest: Array(channels))
  }

  private static func length(ofColor parts: [Int]) -> Int {
    switch parts.first {
    case 5: min(2, parts.count)
    case 2: min(4, parts.count)
    default: min(1, parts.count)
    }
  }

  /// An empty parameter is 0; one that is no number or too large means nothing.
  private func number(_ digits: some Sequence<UInt8>) -> Int {
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit), value < 1000 else { return -1 }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }
}

extension Style.Color {
  /// The steps of each channel in xterm's cube of 6 × 6 × 6 colours.
  private static let steps = [0, 95, 135, 175, 215, 255]

  /// The nearest colour of xterm's cube and greys; the 16 below them look different everywhere.
  fileprivate init(nearest channels: [Int]) {
    let cube = channels.map { channel in
      Self.steps.indices.min { abs(Self.steps[$0] - channel) < abs(Self.steps[$1] - channel) } ?? 0
    }
    // Greys go from 8 to 238 in steps of 10.
    let mean = channels.reduce(0, +) / 3
    let grey = min(23, max(0, (mean - 3) / 10))
    func distance(_ other: [Int]) -> Int {
      zip(channels, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let greyIsNearer =
      distance(Array(repeating: 8 + 10 * grey, count: 3)) < distance(cube.map { Self.steps[$0] })
    self.init(UInt8(greyIsNearer ? 232 + grey : 16 + 36 * cube[0] + 6 * cube[1] + cube[2]))
  }
}
