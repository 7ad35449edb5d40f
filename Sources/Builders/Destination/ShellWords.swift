import Base

/// The words of a command as a shell takes it apart: parted by blanks, with quotation marks and
/// backslashes.
enum ShellWords {
  /// Takes a line apart.
  ///
  /// - Throws: what is wrong with it: a quotation mark without its other half, or something that a
  ///   shell would replace by a text that is not known here.
  static func split(_ line: String) throws(Problem) -> [String] {
    var words: [String] = []
    var word: [Unicode.Scalar]?
    var quote: Unicode.Scalar?
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        // Within " a backslash stands for itself unless it protects something.
        if quote != nil, scalar != "\"", scalar != "\\", scalar != "$", scalar != "`" {
          word?.append("\\")
        }
        word?.append(scalar)
        isEscaped = false
      } else if scalar == "\\", quote != "'" {
        word = word ?? []
        isEscaped = true
      } else if let open = quote {
        if scalar == open { quote = nil } else { word?.append(try known(scalar, in: open)) }
      } else if scalar == "'" || scalar == "\"" {
        word = word ?? []
        quote = scalar
      } else if isBlank(scalar) {
        if let word { words.append(String(scalars: word)) }
        word = nil
      } else {
        word = (word ?? []) + [try known(scalar, in: nil)]
      }
    }
    if let quote { throw Problem("A closing \(quote) is missing.") }
    if isEscaped { throw Problem("Something was expected after the \\ at the end.") }
    if let word { words.append(String(scalars: word)) }
    return words
  }

  private static func known(
    _ scalar: Unicode.Scalar, in quote: Unicode.Scalar?
  ) throws(Problem) -> Unicode.Scalar {
    if quote != "'", scalar == "$" || scalar == "`" {
      throw Problem("\(scalar) would be replaced by your shell. Write what it stands for.")
    }
    if quote == nil, "|&;<>()".unicodeScalars.contains(scalar) {
      throw Problem("\(scalar): the ssh command alone, please.")
    }
    return scalar
  }

  /// The line without a shell's prompt that was copied along.
  static func withoutPrompt(_ line: String) -> String {
    let scalars = line.unicodeScalars
    guard let first = scalars.first, "$#%>".unicodeScalars.contains(first),
      let second = scalars.dropFirst().first, isBlank(second)
    else { return line }
    return trimmed(String(scalars: scalars.dropFirst()))
  }

  /// The text without the blanks around it.
  static func trimmed(_ text: String) -> String {
    let front = text.unicodeScalars.drop(while: isBlank)
    guard let last = front.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(scalars: front[...last])
  }

  static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
}
