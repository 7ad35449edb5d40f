/// Something that an import could not take over, or not as it stands.
public struct ImportNote: Equatable, Sendable, CustomStringConvertible {
  /// What became of it.
  public var kind: Kind
  /// Where it stands, such as `/etc/nix/machines:3, column 4 (jobs)`.
  public var place: String
  /// Why, as one or two sentences.
  public var reason: String

  /// What became of the thing that a note is about.
  public enum Kind: Equatable, Sendable {
    /// What was to be imported, or a program that reads it, is not there.
    case missing
    /// The entry, or the whole file, was left out.
    case leftOut
    /// The entry was taken over without this.
    case incomplete
    /// The entry was taken over, and Nix here cannot read it as it stands.
    case unreadable
    /// The inventory has it already.
    case known
  }

  /// Creates a note.
  public init(_ kind: Kind, at place: String, _ reason: String) {
    self.kind = kind
    self.place = place
    self.reason = reason
  }

  /// The place and the reason, in one line.
  public var description: String { "\(place): \(reason)" }
}
