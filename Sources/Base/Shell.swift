/// POSIX sh's view of words.
public enum Shell {
  /// A word as a shell takes it: as it is where every shell leaves it alone, else in single
  /// quotes.
  ///
  ///     Shell.quoted("/root/.ssh/forge")   // /root/.ssh/forge
  ///     Shell.quoted("it's; reboot")       // 'it'\''s; reboot'
  public static func quoted(_ word: String) -> String {
    let scalars = word.unicodeScalars
    let isPlain = scalars.allSatisfy { $0.isLetterOrDigit || plain.contains($0) }
    // At a word's start # begins a comment, and zsh looks for a command after =.
    if isPlain, let first = scalars.first, first != "#", first != "=" { return word }
    var quoted = "'".unicodeScalars
    for scalar in scalars {
      if scalar == "'" { quoted.append(contentsOf: #"'\'"#.unicodeScalars) }
      quoted.append(scalar)
    }
    quoted.append("'")
    return String(quoted)
  }

  /// A command as one would type it.
  public static func line(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  private static let plain: Set<Unicode.Scalar> = [
    "@", "%", "_", "-", "+", "=", ":", ",", ".", "/", "#",
  ]
}
