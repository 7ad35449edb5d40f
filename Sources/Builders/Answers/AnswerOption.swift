/// The option of `add`, `edit` or `settings` that gives an answer.
public struct AnswerOption: Sendable {
  /// How often it stands, and with what.
  public enum Form: Sendable {
    /// `--name` or `--no-name`.
    case flag
    /// Once, with a text.
    case text
    /// Once for each element of a list.
    case list
  }

  /// Its name, without the dashes.
  public let name: String
  /// Its line in the help.
  public let help: String
  /// The word for what stands after it; `nil` for its name.
  public let valueName: String?

  init(_ name: String, _ help: String, valueName: String? = nil) {
    self.name = name
    self.help = help
    self.valueName = valueName
  }
}
