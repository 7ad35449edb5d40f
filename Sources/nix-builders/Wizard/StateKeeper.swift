import Base
import Screens
import StateFiles
import Synchronization

/// Keeps what is remembered between two starts: unsaved answers and tests. It writes in tasks of its
/// own and about once a second at most.
final class StateKeeper: Sendable {
  private let directory: StateDirectory
  private let output: String
  /// Held as long as this lives; `nil` in a second window, whose answers are not kept.
  private let lock: WindowLock?
  /// The window that has the output directory open already.
  let otherWindow: WindowOwner?

  private struct Pending {
    var unsaved: Unsaved?
    var tests: [(alias: String, record: TestRecord)] = []
    var isScheduled = false
    var lastTime: ContinuousClock.Instant?
  }

  private enum Unsaved {
    case keep(UnsavedChanges, base: [UInt8]?)
    case drop
  }

  private let pending = Mutex(Pending())
  /// Where it is written: one after the other, so that the older never comes after the newer.
  private let writing = BlockingWork("what is remembered")
  private static let pause = Duration.seconds(1)

  /// Opens the state of an output directory; `nil` where it has no place.
  init?(output: String) {
    guard let directory = StateDirectory(output: output) else { return nil }
    self.directory = directory
    self.output = output
    switch WindowLock.take(in: directory) {
    case .held(let lock): (self.lock, otherWindow) = (lock, nil)
    case .taken(let owner): (lock, otherWindow) = (nil, owner)
    case .impossible: return nil
    }
  }

  /// Whether unsaved answers are kept: those of one window.
  var keepsAnswers: Bool { lock != nil }

  /// Unsaved changes of an earlier session; `nil` for none.
  ///
  /// - Parameter base: the bytes of builders.json now.
  func kept(base: [UInt8]?) -> KeptChanges? {
    lock == nil ? nil : UnsavedChanges.kept(in: directory, base: base)
  }

  /// What is remembered of tests.
  func tests() -> TestHistory { TestHistory(in: directory) }

  /// Remembers a test, soon.
  func remember(_ record: TestRecord, of alias: String) {
    schedule { $0.tests.append((alias, record)) }
  }

  /// Keeps unsaved answers, soon.
  func keep(_ changes: UnsavedChanges, base: [UInt8]?) {
    if lock != nil { schedule { $0.unsaved = .keep(changes, base: base) } }
  }

  /// Keeps none any more.
  func drop() { if lock != nil { schedule { $0.unsaved = .drop } } }

  /// Does at once what is still to be done.
  func finish(_ leftover: Screens.Session.Leftover, base: [UInt8]?) {
    if lock != nil {
      pending.withLock { pending in
        switch leftover {
        case .untouched: break
        case .drop: pending.unsaved = .drop
        case .keep(let changes): pending.unsaved = .keep(changes, base: base)
        }
      }
    }
    writing.runBlocking { write() }
  }

  private func schedule(_ change: @Sendable (inout Pending) -> Void) {
    let wait = pending.withLock { pending -> Duration? in
      change(&pending)
      if pending.isScheduled { return nil }
      pending.isScheduled = true
      guard let last = pending.lastTime else { return .zero }
      return max(.zero, Self.pause - (.now - last))
    }
    guard let wait else { return }
    Task { [self] in
      if wait > .zero { try? await Task.sleep(for: wait) }
      writing.start { [self] in write() }
    }
  }

  /// Writes what is pending; it may wait for another program.
  private func write() {
    let work = pending.withLock { pending in
      defer {
        pending = Pending()
        pending.lastTime = .now
      }
      return pending
    }
    // What is nowhere else comes first.
    switch work.unsaved {
    case .keep(let changes, let base)?:
      changes.keep(in: directory, about: output, base: base, at: .now())
    case .drop?: UnsavedChanges.drop(in: directory)
    case nil: break
    }
    guard !work.tests.isEmpty else { return }
    do throws(FileLock.Failure) {
      try TestHistory.add(work.tests, in: directory, about: output)
    } catch {
      // They are added with the next one that is to be remembered.
      pending.withLock { $0.tests = work.tests + $0.tests }
    }
  }
}
