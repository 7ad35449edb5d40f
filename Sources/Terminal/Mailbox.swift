import CTerm
import Glibc
import Synchronization

/// Where effects leave their messages for the event loop, in order and no more than it can hold.
public final class Mailbox<Message: Sendable>: Sendable {
  private struct State {
    var messages: [Message] = []
    /// Those who wait for room, in order. While there are any the mailbox is full, so a message
    /// that comes meanwhile waits behind theirs.
    var waiting: [(message: Message, continuation: CheckedContinuation<Void, Never>)] = []
    var isClosed = false
    /// Whether the loop has been woken since it last looked.
    var isSignalled = false
  }

  private let state = Mutex(State())
  private let capacity: Int
  /// An eventfd(2), readable when there is something to take.
  let descriptor: Int32

  /// Creates an empty mailbox.
  ///
  /// - Parameter capacity: how many messages it holds before senders have to wait.
  public init(capacity: Int = 4096) {
    precondition(capacity > 0)
    self.capacity = capacity
    descriptor = cterm_wake_create()
    precondition(descriptor >= 0, "no file descriptor is left")
  }

  deinit { Glibc.close(descriptor) }

  /// Leaves a message, and waits for room while the mailbox is full. Once the event loop has ended,
  /// messages are dropped.
  ///
  /// Cancelling the task does not cut the wait short, since what it has to say last would be lost;
  /// the loop never lets anybody wait for long.
  public func send(_ message: Message) async {
    if leaveIfThereIsRoom(message) { return }
    await withCheckedContinuation { continuation in
      let isLeft = state.withLock { state in
        // The loop may have made room in between.
        if leave(message, in: &state) { return true }
        state.waiting.append((message, continuation))
        return false
      }
      if isLeft { continuation.resume() }
    }
  }

  /// Leaves a message even where there is no room, for the few that come from where nobody can
  /// wait.
  public func sendNow(_ message: Message) {
    state.withLock { state in
      if state.isClosed { return }
      state.messages.append(message)
      signal(&state)
    }
  }

  private func leaveIfThereIsRoom(_ message: Message) -> Bool {
    state.withLock { leave(message, in: &$0) }
  }

  /// Whether the message needs to wait no longer.
  private func leave(_ message: Message, in state: inout State) -> Bool {
    if state.isClosed { return true }
    guard state.messages.count < capacity else { return false }
    state.messages.append(message)
    signal(&state)
    return true
  }

  /// Wakes the loop, once for all that it finds when it looks.
  private func signal(_ state: inout State) {
    if state.isSignalled { return }
    state.isSignalled = true
    cterm_wake(descriptor)
  }

  // MARK: - For the event loop

  /// Takes at most so many messages, the oldest first.
  func take(_ limit: Int) -> [Message] {
    let (taken, released) = state.withLock { state in
      state.isSignalled = false
      cterm_wake_clear(descriptor)
      var taken: [Message] = []
      if state.messages.count <= limit {
        swap(&taken, &state.messages)
      } else {
        taken = Array(state.messages.prefix(limit))
        state.messages.removeFirst(limit)
      }
      let room = max(0, min(capacity - state.messages.count, state.waiting.count))
      let released = state.waiting.prefix(room)
      state.messages.append(contentsOf: released.lazy.map(\.message))
      state.waiting.removeFirst(room)
      if !state.messages.isEmpty { signal(&state) }
      return (taken, released)
    }
    for sender in released { sender.continuation.resume() }
    return taken
  }

  /// Drops what is in it and what still comes, and lets nobody wait.
  func close() {
    let released = state.withLock { state in
      state.isClosed = true
      state.messages = []
      defer { state.waiting = [] }
      return state.waiting
    }
    for sender in released { sender.continuation.resume() }
  }
}
