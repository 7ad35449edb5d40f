import Base

/// How this program is started again in a shell: by its name or its path, as root, and with the
/// directory that it works on.
public struct OwnCommand: Equatable, Sendable {
  /// What comes before its arguments, such as `["sudo", "nix-builders"]`.
  public var words: [String]
  /// The output directory, where the program would not choose it by itself.
  public var directory: String?

  /// Creates a description.
  public init(words: [String] = ["nix-builders"], directory: String? = nil) {
    self.words = words
    self.directory = directory
  }

  /// The line to type.
  public func line(_ arguments: String...) -> String {
    let options = directory.map { ["--directory", $0] } ?? []
    return Shell.line(words + arguments + options)
  }
}
