import Synchronization

/// Lets only so many at once, the others in the order in which they came.
final class Turns: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// The first of those who still wait.
    var next = 0
  }

  private let state: Mutex<State>

  /// - Parameter count: how many at once.
  init(atOnce count: Int) { state = Mutex(State(free: count)) }

  /// Waits for its turn and runs something.
  func take(_ body: () async -> Void) async {
    await begin()
    await body()
    end()
  }

  private func begin() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        if state.free > 0 {
          state.free -= 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  private func end() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.next < state.waiting.count else {
        state.waiting = []
        state.next = 0
        state.free += 1
        return nil
      }
      state.next += 1
      return state.waiting[state.next - 1]
    }
    next?.resume()
  }
}
