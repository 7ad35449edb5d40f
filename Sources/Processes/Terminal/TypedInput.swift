import Synchronization

/// What is typed to a program that runs on a terminal of its own. Passwords pass through here, so
/// nothing of it is kept once it is written, and nothing describes it.
public final class TypedInput: Sendable {
  private let waiting = Mutex<[UInt8]>([])

  /// Creates one with nothing typed.
  public init() {}

  /// Types a line and Enter.
  public func type(_ line: TypedLine) {
    waiting.withLock { $0 += Array(line.text.utf8) + [0x0D] }
  }

  /// Hands over what was typed, as far as it is taken.
  ///
  /// - Parameter write: returns how many bytes it has taken.
  /// - Returns: whether anything was.
  func drain(_ write: ([UInt8]) -> Int) -> Bool {
    waiting.withLock { bytes in
      if bytes.isEmpty { return false }
      let count = write(bytes)
      for index in 0..<count { bytes[index] = 0 }
      bytes.removeFirst(count)
      return count > 0
    }
  }
}

/// A line that was typed: maybe a password, so that it shows itself to nobody by accident.
public struct TypedLine: Sendable, CustomStringConvertible, CustomReflectable {
  /// The line, without Enter.
  public let text: String

  /// Creates a line.
  public init(_ text: String) { self.text = text }

  /// Says nothing of it.
  public var description: String { "a typed line" }
  /// Has nothing of it.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
