import Fragments

/// What becomes of a file that was edited by hand, or is of no use any more, at the next writing.
struct FileDecision: Equatable, Sendable {
  /// What becomes of it.
  enum Choice: Equatable, Sendable {
    /// It stays as it is.
    case keep
    /// It is replaced or removed; a backup is kept.
    case replace
  }

  var choice: Choice
  /// The file as it was then: of another content nobody has decided.
  var content: String?

  /// Whether it is about this file as it is now.
  func isAbout(_ plan: OutputDirectory.Plan) -> Bool { content == plan.present }
}
