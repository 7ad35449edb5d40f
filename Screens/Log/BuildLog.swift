import Checks
import Interface
import Nix

/// A log as it comes, and what it tells.
public struct BuildLog {
  /// Its lines, and whose they are.
  public let store = LogStore()
  /// What is going on.
  public private(set) var activities = NixActivities()
  /// What a log that has ended in a failure means; `nil` while nobody knows.
  public private(set) var diagnosis: Diagnosis?
  /// Whether the time at which a line is read is the one at which it was written. It is not when
  /// the log is a file.
  public let isTimed: Bool

  /// Creates an empty log.
  ///
  /// - Parameter timeOfDay: at second 0 of the times that are told, in seconds.
  public init(isTimed: Bool = true, timeOfDay: Double = 0) {
    self.isTimed = isTimed
    store.timeOfDay = timeOfDay
  }

  /// Takes in what has come.
  ///
  /// - Parameter now: in seconds.
  public mutating func take(_ batch: NixLogBatch, at now: Double) {
    if isTimed { store.note(time: now) }
    var line = store.lineCount
    batch.forEach { id, count in
      store.note(owner: activities.owner(ofLines: count, of: id), ofLines: count)
      line += count
    } event: { event, count in
      if case .message(0, let text) = event, Self.begins(text, inLines: count) {
        store.markError(atLine: line)
      }
      store.note(owner: activities.apply(event, at: now), ofLines: count)
      line += count
    }
    store.append(batch.text)
  }

  /// Takes in that the build is to be interrupted.
  mutating func noteInterrupt() { activities.noteInterrupt() }

  /// Whether a message begins in the last so many lines; one that is told again does not.
  private static func begins(_ message: [UInt8], inLines count: Int) -> Bool {
    count > 0 && message.count { $0 == UInt8(ascii: "\n") } < count
  }

  /// Takes in that the log has ended.
  public mutating func end(at now: Double) {
    activities.end(at: now)
    if activities.hasFailed { diagnosis = explained() }
  }

  /// What Nix's and ssh's own words mean. What builds print is theirs: a test of theirs may well say
  /// "Permission denied".
  private func explained() -> Diagnosis? {
    let lines = store.lastLines(Self.explainedLines, of: 0).map { line in
      AnsiText(line[...]).spans.map(\.text).joined()
    }
    let reasons = activities.failed.compactMap { activities.builds[$0].reason }
    let words = (lines + activities.errors + reasons).joined(separator: "\n")
    let diagnosis = Diagnosis.explain(words, of: [])
    // That a build's own script failed is what the log says anyway.
    return diagnosis?.identity == .buildFailed ? nil : diagnosis
  }

  private static let explainedLines = 400
}
