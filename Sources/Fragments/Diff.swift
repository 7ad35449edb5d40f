/// The difference between two texts, line by line.
public struct Diff: Equatable, Sendable {
  /// A line and what becomes of it.
  public struct Line: Equatable, Sendable {
    /// What becomes of a line.
    public enum Change: Equatable, Sendable {
      /// It stands in both texts.
      case same
      /// It stands in the new text only.
      case added
      /// It stands in the old text only.
      case removed
    }
    /// What becomes of it.
    public var change: Change
    /// Its text without the line end.
    public var text: String
    /// Its number in the new text, or in the old one where it is removed; from 1.
    public var number: Int
  }

  /// All lines of both texts in order.
  public var lines: [Line]

  /// Compares two texts.
  public init(from old: String, to new: String) { lines = [] }

  /// How many lines are added.
  public var added: Int { lines.count { $0.change == .added } }
  /// How many lines are removed.
  public var removed: Int { lines.count { $0.change == .removed } }
}
