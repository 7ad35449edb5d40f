import Builders
import Synchronization

/// The end of the time that the whole test of a builder is given.
final class Deadline: Sendable {
  /// How long the test is given.
  let seconds: Int
  private let state = Mutex(State())

  private struct State {
    var isOver = false
    var isTold = false
  }

  init(seconds: Int) { self.seconds = seconds }

  /// Whether the time is over.
  var isOver: Bool { state.withLock { $0.isOver } }

  /// The time is over now.
  func pass() { state.withLock { $0.isOver = true } }

  /// Whether nobody has told yet that the time is over; from now on somebody has.
  func tell() -> Bool {
    state.withLock { state in
      defer { state.isTold = true }
      return !state.isTold
    }
  }
}

extension CheckResult {
  /// The check was stopped, or kept from beginning, since the test's time was over.
  mutating func giveUp(_ deadline: Deadline) {
    _ = deadline.tell()
    outcome = .failed
    detail = "gave up after \(deadline.seconds) s"
    gaveUpAfter = deadline.seconds
    diagnosis = Diagnosis(
      .outOfTime,
      cause: "The whole test was given \(deadline.seconds) seconds, and they were over.",
      remedy: "See what it waited for, or give it more time.")
  }
}
