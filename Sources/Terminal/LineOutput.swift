import CTerm
import Glibc

/// Standard output as a place for lines of text, without taking over the terminal.
public enum LineOutput {
  /// How many columns there are; 80 where it is no terminal.
  public static var columns: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// The text as the locale lets it be shown: in ASCII where that is all it knows.
  public static func shown(_ text: String) -> String {
    if cterm_set_locale() { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map(Glyphs.ascii)))
  }
}
