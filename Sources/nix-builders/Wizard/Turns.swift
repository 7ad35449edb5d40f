import Synchronization

/// Lets only so many at once, the others in the order in which they came.
final class Turns: Sendable {
  private struct State {
    var free: Int
    var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
    /// The numbers of those who wait, and of some who have given up since.
    var queue: [Int] = []
    /// The place in the queue of the one who has waited longest.
    var first = 0
    /// How many have come.
    var count = 0
  }

  private let state: Mutex<State>

  /// - Parameter count: how many at once.
  init(atOnce count: Int) { state = Mutex(State(free: count)) }

  /// Waits for its turn and runs something; in a task that is cancelled it is run at once.
  func take(_ body: () async -> Void) async {
    let hasTurn = await begin()
    await body()
    if hasTurn { end() }
  }

  private func begin() async -> Bool {
    let number = state.withLock { state in
      state.count += 1
      return state.count
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // Whoever is cancelled later finds the continuation.
        let answer = state.withLock { state -> Bool? in
          if Task.isCancelled { return false }
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.waiting[number] = continuation
          state.queue.append(number)
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: false)
    }
  }

  private func end() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      while state.first < state.queue.count {
        state.first += 1
        if let next = state.waiting.removeValue(forKey: state.queue[state.first - 1]) {
          return next
        }
      }
      state.queue = []
      state.first = 0
      state.free += 1
      return nil
    }
    next?.resume(returning: true)
  }
}
