/// Whose line each line of a log is, as numbers that those who fill the log give out; 0 is nobody.
///
/// Lines come in groups. A group that belongs to one alone is remembered by its number, any other
/// is in a file: memory stays small however the lines are mixed.
struct LogOwners: ~Copyable {
  /// Lines in a group.
  static let groupLength = 4096

  private enum Group {
    case uniform(UInt32)
    /// At this place in the file, in groups.
    case mixed(Int)
    /// The file did not take it.
    case lost
  }

  private var groups: [Group] = []
  /// The group that is not full yet.
  private var latest: [UInt32] = []
  private var isMixed = false
  private var spill: LogSpill?
  private let makeSpill: () -> LogSpill
  private var spilledGroups = 0

  init(spill: @escaping () -> LogSpill) { makeSpill = spill }

  /// How many lines there are.
  var lineCount: Int { groups.count * Self.groupLength + latest.count }

  /// Adds lines that belong to somebody.
  mutating func append(_ owner: Int, lines: Int) {
    let owner = UInt32(truncatingIfNeeded: owner)
    var lines = lines
    if lines == 1, latest.count + 1 < Self.groupLength, !latest.isEmpty {
      if latest[0] != owner { isMixed = true }
      return latest.append(owner)
    }
    while lines > 0 {
      let count = min(lines, Self.groupLength - latest.count)
      if let first = latest.first, first != owner { isMixed = true }
      latest.append(contentsOf: repeatElement(owner, count: count))
      lines -= count
      if latest.count == Self.groupLength { closeGroup() }
    }
  }

  private mutating func closeGroup() {
    groups.append(isMixed ? write() : .uniform(latest[0]))
    latest.removeAll(keepingCapacity: true)
    isMixed = false
  }

  private mutating func write() -> Group {
    if spill == nil { spill = makeSpill() }
    let place = spilledGroups
    let isWritten = latest.withUnsafeBytes { bytes in
      spill?.write(bytes, at: place * bytes.count).count == bytes.count
    }
    guard isWritten else { return .lost }
    spilledGroups += 1
    return .mixed(place)
  }

  /// Calls back with the owners of a group's lines, from the first to the last there is.
  func withGroup(_ index: Int, _ body: (LogOwnerGroup) -> Void) {
    guard index < groups.count else {
      if index == groups.count { latest.withUnsafeBufferPointer { body(.each($0)) } }
      return
    }
    switch groups[index] {
    case .uniform(let owner): body(.all(owner, count: Self.groupLength))
    case .lost: body(.all(0, count: Self.groupLength))
    case .mixed(let place):
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.groupLength) { buffer in
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        guard spill?.read(into: bytes, at: place * bytes.count) == true else {
          return body(.all(0, count: Self.groupLength))
        }
        body(.each(UnsafeBufferPointer(buffer)))
      }
    }
  }
}

/// The owners of a group of lines.
enum LogOwnerGroup {
  /// All lines have the same.
  case all(UInt32, count: Int)
  /// Each line has its own.
  case each(UnsafeBufferPointer<UInt32>)

  var count: Int {
    switch self {
    case .all(_, let count): count
    case .each(let owners): owners.count
    }
  }

  subscript(index: Int) -> Int {
    switch self {
    case .all(let owner, _): Int(owner)
    case .each(let owners): Int(owners[index])
    }
  }
}
