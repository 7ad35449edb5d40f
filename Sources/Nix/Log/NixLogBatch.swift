/// What a piece of a log comes to: the text that is shown of it, and what it tells.
public struct NixLogBatch: Equatable, Sendable {
  /// Lines in a row that one activity has printed.
  package struct Run: Equatable, Sendable {
    package var id: UInt64
    package var count: Int
  }

  /// Something that happened between the runs.
  struct Happening: Equatable, Sendable {
    var event: NixLogEvent
    var lines: Int
    /// How many runs came before.
    var runs: Int
  }

  /// The text, as `nix build -L` would print it. It may end within a line, which the text of the
  /// next batch goes on with.
  public internal(set) var text: [UInt8] = []
  // Apart, since there are as many runs as lines when several builds print at once.
  private(set) var runs: [Run] = []
  private(set) var happenings: [Happening] = []

  /// Creates an empty batch.
  public init() {}

  /// Makes it empty, with its memory kept for the next piece.
  public mutating func clear() {
    text.removeAll(keepingCapacity: true)
    runs.removeAll(keepingCapacity: true)
    happenings.removeAll(keepingCapacity: true)
  }

  /// Whether there is nothing in it.
  public var isEmpty: Bool { text.isEmpty && runs.isEmpty && happenings.isEmpty }

  /// Goes through what the lines that begin in the text belong to, in their order, and through what
  /// happened between them.
  ///
  /// - Parameters:
  ///   - lines: takes the id of an activity and how many lines of it come now; the id 0 is
  ///     nobody's.
  ///   - event: takes what has happened, and how many lines of the text tell of it.
  public func forEach(
    lines: (_ id: UInt64, _ count: Int) -> Void, event: (_ event: NixLogEvent, _ lines: Int) -> Void
  ) {
    var next = 0
    for happening in happenings {
      while next < happening.runs {
        lines(runs[next].id, runs[next].count)
        next += 1
      }
      event(happening.event, happening.lines)
    }
    for run in runs[next...] { lines(run.id, run.count) }
  }

  // MARK: - For the reader

  /// Notes lines that an activity has printed.
  package mutating func add(lines count: Int, of id: UInt64) {
    let isInRow = !runs.isEmpty && happenings.last?.runs != runs.count
    if isInRow, runs[runs.count - 1].id == id {
      runs[runs.count - 1].count += count
    } else {
      runs.append(Run(id: id, count: count))
    }
  }

  /// Notes something that happened.
  package mutating func add(_ event: NixLogEvent, lines: Int) {
    happenings.append(Happening(event: event, lines: lines, runs: runs.count))
  }

  /// Notes how far something is; only the latest of several in a row matters.
  package mutating func add(_ progress: NixProgress, of id: UInt64) {
    if case .progress(id, _)? = happenings.last?.event, happenings.last?.runs == runs.count {
      happenings[happenings.count - 1].event = .progress(id: id, progress)
    } else {
      add(.progress(id: id, progress), lines: 0)
    }
  }
}
