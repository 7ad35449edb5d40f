/// Reads Nix's log (`--log-format internal-json`) as it comes, in pieces cut anywhere.
///
/// No line is lost: one that is not Nix's own, or is broken, comes out as it is.
public struct NixLogParser: Sendable {
  /// A line that goes on for longer is passed on in pieces.
  private static let longestLine = 4 << 20
  private static let mark = Array("@nix ".utf8)

  private var pending: [UInt8] = []

  /// Creates a parser at the beginning of a log.
  public init() {}

  /// Takes the next piece of the log.
  public mutating func feed(_ chunk: [UInt8], _ emit: (NixLogEvent) -> Void) {
    var rest = chunk[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      if pending.isEmpty {
        emit(Self.event(of: rest[..<end]))
      } else {
        pending.append(contentsOf: rest[..<end])
        emit(Self.event(of: pending[...]))
        pending.removeAll(keepingCapacity: true)
      }
      rest = rest[(end + 1)...]
    }
    pending.append(contentsOf: rest)
    if pending.count > Self.longestLine { finish(emit) }
  }

  /// The log has ended: passes on a last line without line end.
  public mutating func finish(_ emit: (NixLogEvent) -> Void) {
    guard !pending.isEmpty else { return }
    emit(Self.event(of: pending[...]))
    pending.removeAll()
  }

  private static func event(of line: ArraySlice<UInt8>) -> NixLogEvent {
    if line.starts(with: mark), let event = NixLogLine.event(of: line.dropFirst(mark.count)) {
      return event
    }
    return .plain(Array(line))
  }
}
