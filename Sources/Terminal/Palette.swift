/// The colours of a terminal, for styles that are written in xterm's 256.
struct Palette: Equatable {
  /// How many there are: 256, 16, 8 or 0.
  let count: Int
  /// Whether the terminal's own colours can stand beside others.
  let hasOwn: Bool

  /// - Parameter count: how many the terminal's description tells of.
  init(count: Int, hasOwn: Bool = true) {
    self.hasOwn = hasOwn
    // A description with more than 256 counts true colours: but for the first eight their numbers
    // mean something else.
    self.count = count > 256 ? 8 : [256, 16, 8].first { count >= $0 } ?? 0
  }

  /// A cell's look in these colours; -1 is the terminal's own.
  struct Look: Equatable {
    var foreground = -1
    var background = -1
    var attributes: Style.Attributes = []
  }

  /// How a style comes nearest.
  func look(of style: Style) -> Look {
    var look = Look(attributes: style.attributes)
    if count == 0 {
      // A background is how a choice is told from the others.
      if style.background != nil { look.attributes.insert(.reverse) }
      return look
    }
    if let background = style.background { look.background = nearest(background) }
    if let foreground = style.foreground {
      // Of eight colours the nearest to a grey is the background's or the text's own.
      if count == 8, foreground == .grey || foreground.index >= 232 {
        look.attributes.insert(.dim)
      } else {
        look.foreground = nearest(foreground)
      }
    }
    if !hasOwn, look.foreground >= 0 || look.background >= 0 {
      // What most terminals without a way back to their own colours begin with.
      if look.foreground < 0 { look.foreground = 7 }
      if look.background < 0 { look.background = 0 }
    }
    return look
  }

  private func nearest(_ color: Style.Color) -> Int {
    let index = Int(color.index)
    if index < count { return index }
    if index < 16 { return index - 8 }
    let wanted = Self.components(index)
    func distance(_ other: Int) -> Int {
      zip(wanted, Self.components(other)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    return (0..<count).min { distance($0) < distance($1) } ?? 0
  }

  /// Red, green and blue of xterm's default colours.
  private static func components(_ index: Int) -> [Int] {
    switch index {
    case 0..<7: return (0..<3).map { index >> $0 & 1 == 1 ? 205 : 0 }
    case 7: return [229, 229, 229]
    case 8: return [127, 127, 127]
    case 9..<16: return (0..<3).map { index >> $0 & 1 == 1 ? 255 : 0 }
    case 16..<232:
      let levels = [0, 95, 135, 175, 215, 255]
      let place = index - 16
      return [levels[place / 36], levels[place / 6 % 6], levels[place % 6]]
    default: return Array(repeating: 8 + 10 * (index - 232), count: 3)
    }
  }
}
