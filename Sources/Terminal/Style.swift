/// How a cell looks.
public struct Style: Hashable, Sendable {
  /// The colour of the text; `nil` is the terminal's own.
  public var foreground: Color?
  /// The colour behind it; `nil` is the terminal's own.
  public var background: Color?
  /// Bold and the like.
  public var attributes: Attributes

  /// Creates a style.
  public init(
    _ foreground: Color? = nil, on background: Color? = nil, _ attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's own look.
  public static let plain = Style()

  /// Bold and the like.
  public struct Attributes: OptionSet, Hashable, Sendable {
    /// One bit for each attribute.
    public var rawValue: UInt8
    /// Creates a set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Brighter or heavier.
    public static let bold = Attributes(rawValue: 1)
    /// Fainter.
    public static let dim = Attributes(rawValue: 2)
    /// Slanted.
    public static let italic = Attributes(rawValue: 4)
    /// With a line below.
    public static let underline = Attributes(rawValue: 8)
    /// With both colours exchanged.
    public static let reverse = Attributes(rawValue: 16)
  }

  /// One of the terminal's 256 colours; with fewer, the nearest of those there are is shown.
  public struct Color: Hashable, Sendable {
    /// Its number in xterm's palette.
    public var index: UInt8
    /// Creates a colour by its number in xterm's palette.
    public init(_ index: UInt8) { self.index = index }
    /// Red.
    public static let red = Color(1)
    /// Green.
    public static let green = Color(2)
    /// Yellow.
    public static let yellow = Color(3)
    /// Blue.
    public static let blue = Color(4)
    /// Magenta.
    public static let magenta = Color(5)
    /// Cyan.
    public static let cyan = Color(6)
    /// White.
    public static let white = Color(7)
    /// Grey.
    public static let grey = Color(8)
  }
}
