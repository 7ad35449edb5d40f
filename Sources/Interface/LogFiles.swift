/// How many of many logs may have a file at the same time: descriptors are few. A log that gets none
/// keeps its end.
///
/// It is used by one thread, like the logs.
public final class LogFiles {
  private var free: Int

  /// - Parameter limit: how many at most.
  public init(limit: Int) { free = limit }

  /// Whether one more may have a file; it has to be given back.
  func take() -> Bool {
    if free == 0 { return false }
    free -= 1
    return true
  }

  /// A file is closed.
  func giveBack() { free += 1 }
}
