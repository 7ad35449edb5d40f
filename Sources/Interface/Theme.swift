import Terminal

/// Looks by meaning.
///
/// One accent colour; red and green stand for outcomes only, and always beside a sign. The
/// backgrounds are the terminal's own, since nobody knows whether they are light or dark.
public enum Theme {
  /// Ordinary text.
  public static let plain = Style.plain
  /// What may be overlooked: hints, units, what is switched off.
  public static let muted = Style(nil, .dim)
  /// Headings and keys.
  public static let strong = Style(nil, .bold)
  /// Where one is.
  public static let accent = Style(.cyan)
  /// Something that was seen working.
  public static let success = Style(.green)
  /// Something that was seen failing.
  public static let failure = Style(.red)
  /// Something that asks for attention, and is no failure.
  public static let warning = Style(.yellow)
  /// The one of several that is chosen by Enter.
  public static let selection = Style(.cyan, .bold)
  /// Where text can be typed: the line below shows how far it reaches.
  public static let field = Style(nil, .underline)
  /// Where text is typed now.
  public static let fieldFocused = Style(.cyan, .underline)
}
