import Terminal

/// Looks by meaning.
///
/// Where one is stands out by its signs, bold and reverse, in the terminal's own colours, since nobody
/// knows whether they are light or dark. Red, green and magenta stand for outcomes only, and always
/// beside a sign: yellow cannot be read on white, nor blue on black.
public enum Theme {
  /// Ordinary text.
  public static let plain = Style.plain
  /// What may be overlooked: hints, units, what is switched off.
  public static let muted = Style(nil, .dim)
  /// Headings and keys.
  public static let strong = Style(nil, .bold)
  /// Where one is.
  public static let accent = Style(nil, .bold)
  /// Something that was seen working.
  public static let success = Style(.green)
  /// Something that was seen failing.
  public static let failure = Style(.red)
  /// Something that asks for attention, and is no failure.
  public static let warning = Style(.magenta)
  /// The one of several that is chosen by Enter.
  public static let selection = Style(nil, [.bold, .reverse])
  /// Where text can be typed: the line below shows how far it reaches.
  public static let field = Style(nil, .underline)
  /// Where text is typed now.
  public static let fieldFocused = Style(nil, [.bold, .underline])
}
