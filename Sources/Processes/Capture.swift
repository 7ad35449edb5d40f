/// Output that is kept as evidence: all of it or, where it is huge, its beginning and its end.
package struct Capture: Equatable, Sendable {
  /// How many bytes of the beginning, and as many of the end, are kept.
  package let half: Int
  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  private var dropped = 0

  package init(half: Int = 128 * 1024) { self.half = half }

  package mutating func append(_ bytes: some Collection<UInt8>) {
    let room = half - head.count
    head.append(contentsOf: bytes.prefix(room))
    guard bytes.count > room else { return }
    tail.append(contentsOf: bytes.dropFirst(room))
    // Trimming at twice the size makes it cheap on the whole.
    if tail.count > 2 * half { trim() }
  }

  private mutating func trim() {
    let excess = tail.count - half
    guard excess > 0 else { return }
    tail.removeFirst(excess)
    dropped += excess
  }

  /// What is kept, with a line that says how much is left out.
  package var bytes: [UInt8] {
    var whole = self
    whole.trim()
    if whole.dropped == 0 { return whole.head + whole.tail }
    return whole.head + Array("\n[… \(whole.dropped) bytes left out …]\n".utf8) + whole.tail
  }

  /// What is kept, as text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }
}
