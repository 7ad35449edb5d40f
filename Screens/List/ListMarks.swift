import Builders

/// The builders that are marked, so that something is done with several at once.
///
/// They are kept by their aliases: who deletes some and takes that back has them marked again. What
/// is done is done with those in sight; others are told of.
struct ListMarks {
  private var aliases: Set<String> = []

  /// Whether there is none.
  var isEmpty: Bool { aliases.isEmpty }

  /// Whether a builder is marked.
  func contains(_ builder: Builder) -> Bool { aliases.contains(builder.alias) }

  /// Marks a builder, or takes the mark away.
  mutating func toggle(_ builder: Builder) {
    if aliases.remove(builder.alias) == nil { aliases.insert(builder.alias) }
  }

  /// Marks all of these; where they are marked already, none of them.
  mutating func toggleAll(_ builders: [Builder]) {
    let all = Set(builders.map(\.alias))
    if all.isSubset(of: aliases) { aliases.subtract(all) } else { aliases.formUnion(all) }
  }

  mutating func removeAll() { aliases = [] }

  /// How many marked ones there are, in sight and hidden.
  func count(in builders: [Builder], shown: [Int]) -> (shown: Int, hidden: Int) {
    if aliases.isEmpty { return (0, 0) }
    let all = builders.count(where: contains)
    let inSight = shown.count { builders.indices.contains($0) && contains(builders[$0]) }
    return (inSight, all - inSight)
  }
}

extension [Builder] {
  /// Their aliases for a sentence: the first of them, and how many more there are.
  func names(atMost limit: Int) -> String {
    let names = prefix(limit).map(\.alias).joined(separator: ", ")
    return count > limit ? "\(names) and \(count - limit) more" : names
  }
}
