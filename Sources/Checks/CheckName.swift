import Base
import Builders

/// The identity of a check of one builder, as `test --json` prints it: `login`, or `build
/// x86_64-linux` for one of several of its kind.
///
/// The names are declared in the checks' own files; ``CheckTable`` has all kinds.
public struct CheckName: Hashable, Sendable, CustomStringConvertible {
  /// The kind, such as `login` or `build`.
  let kind: String
  /// The system or feature that one of several of its kind is about.
  let subject: String?

  init(kind: String, subject: String? = nil) {
    self.kind = kind
    self.subject = subject
  }

  /// The check with this description; `nil` when the table has none.
  public init?(_ description: String) {
    let words = description.unicodeScalars.split(separator: " ", maxSplits: 1).strings
    guard let kind = words.first, let check = CheckTable.check(ofKind: kind) else { return nil }
    let subject = words.count == 2 ? words[1] : nil
    guard (subject != nil) == (check.subjects != nil),
      subject != nil || description == kind
    else { return nil }
    self.init(kind: kind, subject: subject)
  }

  /// The name in `test --json`.
  public var description: String { subject.map { "\(kind) \($0)" } ?? kind }

  /// The words that a screen has for the check.
  public func title(for builder: Builder) -> String {
    CheckTable.check(ofKind: kind)?.title(builder, subject ?? "") ?? description
  }
}
