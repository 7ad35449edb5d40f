import Glibc

/// Reads Nix's log (`--log-format internal-json`) as it comes, in pieces cut anywhere.
///
/// No line is lost: one that is not Nix's own, or is broken, comes out as it is.
public struct NixLogParser: Sendable {
  /// A line that goes on for longer is passed on in pieces.
  static let longestLine = 4 << 20
  /// What begins a line of Nix's own.
  package static let mark: StaticString = "@nix "

  private var pending: [UInt8] = []

  /// Creates a parser at the beginning of a log.
  public init() {}

  /// Takes the next piece of the log.
  public mutating func feed(_ chunk: [UInt8], _ emit: (NixLogEvent) -> Void) {
    chunk.withUnsafeBytes { chunk in
      var start = 0
      while let end = chunk.firstIndex(of: UInt8(ascii: "\n"), from: start) {
        let line = UnsafeRawBufferPointer(rebasing: chunk[start..<end])
        if pending.isEmpty {
          emit(Self.event(of: line))
        } else {
          pending.append(contentsOf: line)
          finish(emit)
        }
        start = end + 1
      }
      pending.append(contentsOf: chunk[start...])
    }
    if pending.count > Self.longestLine { finish(emit) }
  }

  /// The log has ended: passes on a last line without line end.
  public mutating func finish(_ emit: (NixLogEvent) -> Void) {
    guard !pending.isEmpty else { return }
    emit(pending.withUnsafeBytes { Self.event(of: $0) })
    pending.removeAll(keepingCapacity: pending.capacity <= 1 << 16)
  }

  private static func event(of line: UnsafeRawBufferPointer) -> NixLogEvent {
    object(in: line).flatMap { NixLogLine($0)?.event } ?? .plain(Array(line))
  }

  /// The object of a line of Nix's own.
  package static func object(in line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard let start = line.baseAddress, line.count > mark.utf8CodeUnitCount,
      memcmp(start, mark.utf8Start, mark.utf8CodeUnitCount) == 0
    else { return nil }
    return UnsafeRawBufferPointer(rebasing: line[mark.utf8CodeUnitCount...])
  }
}

extension UnsafeRawBufferPointer {
  /// Where a byte stands first at or after a place.
  package func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    guard let base = baseAddress, start < count,
      let found = memchr(base + start, Int32(byte), count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }
}
