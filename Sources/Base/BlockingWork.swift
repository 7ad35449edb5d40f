import Dispatch

/// A thread of its own for work that waits for a disk or for a lock: Swift's own threads are few, and
/// whoever blocks one holds up what has nothing to do with it.
///
/// What is given to one of these is done in that order, one after the other.
public struct BlockingWork: Sendable {
  private let queue: DispatchQueue

  /// - Parameter name: what it is for; debuggers show it.
  public init(_ name: String) { queue = DispatchQueue(label: name) }

  /// Does something there, and waits for it without holding a thread.
  public func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: body()) }
    }
  }

  /// Has something done there.
  public func start(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }

  /// Does something there, and blocks this thread until it is done.
  public func runBlocking<Value>(_ body: () -> Value) -> Value { queue.sync(execute: body) }
}
