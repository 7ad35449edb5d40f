import Base

/// A command to be copied into a shell. What is written out in it stands there as it is; whatever is
/// inserted becomes one word, quoted where it has to be:
///
///     let command: ShellCommand = "chmod go-w \(path)"
public struct ShellCommand: Equatable, Sendable, ExpressibleByStringInterpolation {
  /// The command as one types it.
  public let text: String

  /// A command without anything of others in it.
  public init(stringLiteral text: String) { self.text = text }

  /// A command with words that are inserted.
  public init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  /// A command that the program runs itself.
  package init(_ command: Command) { text = command.text }

  /// Puts the words together.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    /// Begins one.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Appends what is written out.
    public mutating func appendLiteral(_ literal: String) { text += literal }

    /// Inserts one word.
    public mutating func appendInterpolation(_ word: String) { text += Shell.quoted(word) }

    /// Inserts a command that the program runs itself, word by word.
    public mutating func appendInterpolation(_ command: Command) { text += command.text }

    /// Inserts a number.
    public mutating func appendInterpolation(_ number: Int) { text += "\(number)" }
  }
}
