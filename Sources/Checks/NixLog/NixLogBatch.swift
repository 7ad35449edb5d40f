/// What a piece of a log comes to: the text that is shown of it, and what it tells.
public struct NixLogBatch: Equatable, Sendable {
  /// What the lines of the text belong to, in their order, and what happened between them.
  public enum Item: Equatable, Sendable {
    /// So many lines begin here that the activity with this id has printed; 0 is nobody's.
    case lines(of: UInt64, count: Int)
    /// Something happened, of which so many lines tell.
    case event(NixLogEvent, lines: Int)
  }

  /// The text, as `nix build -L` would print it. It may end within a line, which the text of the
  /// next batch goes on with.
  public internal(set) var text: [UInt8] = []
  /// What is in it; the lines of all items together are those that begin in the text.
  public internal(set) var items: [Item] = []

  /// Creates an empty batch.
  public init() {}

  /// Whether there is nothing in it.
  public var isEmpty: Bool { text.isEmpty && items.isEmpty }

  /// Notes lines that an activity has printed.
  mutating func add(lines count: Int, of id: UInt64) {
    if case .lines(id, let before)? = items.last {
      items[items.count - 1] = .lines(of: id, count: before + count)
    } else {
      items.append(.lines(of: id, count: count))
    }
  }

  /// Notes how far something is; only the latest of several in a row matters.
  mutating func add(_ progress: NixProgress, of id: UInt64) {
    let item = Item.event(.progress(id: id, progress), lines: 0)
    if case .event(.progress(id, _), _)? = items.last {
      items[items.count - 1] = item
    } else {
      items.append(item)
    }
  }
}
