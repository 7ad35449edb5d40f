import Builders

extension Builder {
  /// The answers that differ, such as `port 22 → 2222`.
  func answers(changedTo other: Builder) -> [String] {
    Answer.changes(from: self, to: other, in: Builder.answers)
      + Answer.changes(from: account, to: other.account, in: Account.answers)
  }
}

extension LocalSettings {
  /// The answers that differ.
  func answers(changedTo other: LocalSettings) -> [String] {
    Answer.changes(from: self, to: other, in: LocalSettings.answers)
  }
}
