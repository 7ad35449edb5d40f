/// Looks for the lines of some owners in a log, as it grows.
struct LogOwnerScan {
  private(set) var owners: Set<Int>
  /// The lines that were found.
  private(set) var lines = LogLineSet()
  /// The first line that was not looked at.
  private(set) var next = 0
  /// By owner, since there is one look-up for each line.
  private var isWanted: [Bool]

  init(_ owners: Set<Int>) {
    self.owners = owners
    isWanted = Self.table(owners)
  }

  private static func table(_ owners: Set<Int>) -> [Bool] {
    var table = Array(repeating: false, count: (owners.max() ?? -1) + 1)
    for owner in owners where owner >= 0 { table[owner] = true }
    return table
  }

  /// Looks for others as well, of whom no line has come yet.
  mutating func add(_ owners: Set<Int>) {
    self.owners.formUnion(owners)
    isWanted = Self.table(self.owners)
  }

  /// Whether all lines that have come so far were looked at.
  func isComplete(in store: LogStore) -> Bool { next >= store.owners.lineCount }

  /// Looks at the next lines, about as many as are asked for.
  mutating func advance(in store: LogStore, lines limit: Int) {
    let end = min(store.owners.lineCount, next + limit)
    while next < end {
      let group = next / LogOwners.groupLength
      let start = group * LogOwners.groupLength
      store.owners.withGroup(group) { owners in
        let stop = start + owners.count
        switch owners {
        case .all(let owner, _) where !isWanted(Int(owner)): break
        case .all: for line in next..<stop { lines.set(line, to: true) }
        case .each:
          for line in next..<stop where isWanted(owners[line - start]) {
            lines.set(line, to: true)
          }
        }
        next = stop
      }
    }
  }

  private func isWanted(_ owner: Int) -> Bool { owner < isWanted.count && isWanted[owner] }
}
