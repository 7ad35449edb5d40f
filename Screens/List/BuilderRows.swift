import Builders
import StateFiles

/// Which builders the list shows, and in which order: what the person has filtered and sorted.
///
/// It is worked out when something changes and never while drawing, so that ten thousand builders
/// scroll as fast as ten.
struct BuilderRows {
  /// What the list is sorted by.
  enum Order: CaseIterable, Equatable {
    /// As they stand in the inventory, which is how Nix goes through them.
    case listed
    case alias, place, systems, jobs, speed, lastTest

    var title: String {
      switch self {
      case .listed: "the order in which Nix goes through them"
      case .alias: "alias"
      case .place: "where it is"
      case .systems: "systems"
      case .jobs: "jobs, most first"
      case .speed: "speed, fastest first"
      case .lastTest: "last test, failures first"
      }
    }
  }

  private(set) var order = Order.listed
  /// The filter as it was typed.
  private(set) var filter = ""
  private var wanted = ListFilter("")
  /// Places in the inventory; `nil` when it is shown as it is.
  private var places: [Int]?
  /// How many builders there are, shown or not.
  private(set) var total = 0
  /// The revisions of the inventory and of the tests that all this is about.
  private var revision: Int?
  private var testsRevision: Int?
  /// What is searched in, by place; made with the first filter.
  private var texts: [ListText] = []

  /// What has changed since the last look.
  enum News {
    case nothing
    /// The tests have: the builders have the places that they had.
    case tests
    case inventory
  }

  /// How many rows there are.
  var count: Int { places?.count ?? total }
  /// How many builders the filter hides.
  var hiddenCount: Int { total - count }
  /// Whether it is the inventory in its own order, without a filter.
  var isPlain: Bool { places == nil }

  /// The place in the inventory of a row; `nil` when there is no such row.
  func place(at row: Int) -> Int? {
    guard (0..<count).contains(row) else { return nil }
    return places.map { $0[row] } ?? row
  }

  /// The row of a place in the inventory; `nil` when it is not shown.
  func row(of place: Int) -> Int? {
    if let places { return places.firstIndex(of: place) }
    return (0..<total).contains(place) ? place : nil
  }

  /// All places that are shown, in order.
  var shown: [Int] { places ?? Array(0..<total) }

  // MARK: - Changing

  /// Catches up with the inventory and the tests, if they have changed.
  mutating func follow(_ session: Session) -> News {
    let isOther = revision != session.history.revision
    guard isOther || testsRevision != session.testsRevision else { return .nothing }
    revision = session.history.revision
    testsRevision = session.testsRevision
    texts = []
    if isOther || order == .lastTest || !wanted.isEmpty { arrange(session) }
    return isOther ? .inventory : .tests
  }

  /// Sorts by something else.
  mutating func sort(by order: Order, _ session: Session) {
    self.order = order
    arrange(session)
  }

  /// Shows only the builders that have these words.
  mutating func filter(by text: String, _ session: Session) {
    let before = (text: filter, wanted: wanted)
    filter = text
    wanted = ListFilter(text)
    // What did not have a word does not have a longer one either.
    if let places, !before.wanted.isEmpty, before.wanted.isPlain, wanted.isPlain,
      text.hasPrefix(before.text)
    {
      self.places = matching(wanted, among: places, session)
    } else {
      arrange(session)
    }
  }

  private mutating func arrange(_ session: Session) {
    let builders = session.inventory.builders
    total = builders.count
    if order == .listed, wanted.isEmpty {
      places = nil
      return
    }
    var places = Array(builders.indices)
    if !wanted.isEmpty { places = matching(wanted, among: places, session) }
    switch order {
    case .listed: break
    case .alias: places.sort(by: builders) { $0.alias.lowercased() }
    case .place: places.sort(by: builders) { $0.address.lowercased() }
    case .systems: places.sort(by: builders) { $0.systems.joined(separator: " ") }
    case .jobs: places.sort(by: builders) { -$0.maxJobs }
    case .speed: places.sort(by: builders) { -$0.speedFactor }
    case .lastTest:
      places.sort(by: builders) { TestStanding(of: $0, session.tests[$0.alias]).rank }
    }
    self.places = places
  }

  // MARK: - Searching

  private mutating func matching(
    _ wanted: ListFilter, among places: [Int], _ session: Session
  ) -> [Int] {
    let builders = session.inventory.builders
    if texts.isEmpty { texts = builders.map { ListText($0, session.tests[$0.alias]) } }
    return places.filter { wanted.matches(builders[$0], texts[$0]) }
  }

  /// The next row that has these words, round and round; `nil` when none has them.
  ///
  /// - Parameters:
  ///   - row: where the search begins; the row itself comes last.
  mutating func row(
    with words: String, after row: Int, forward: Bool, _ session: Session
  ) -> Int? {
    let wanted = ListFilter(words)
    if wanted.isEmpty { return nil }
    let found = Set(matching(wanted, among: shown, session))
    guard count > 0, !found.isEmpty else { return nil }
    let rows = (1...count).map { (row + (forward ? $0 : -$0) + 2 * count) % count }
    return rows.first { place(at: $0).map(found.contains) ?? false }
  }
}

extension [Int] {
  /// Sorts places by what the builders there have; equal ones keep their order.
  fileprivate mutating func sort<Value: Comparable>(
    by builders: [Builder], _ value: (Builder) -> Value
  ) {
    let keyed = map { (value(builders[$0]), $0) }
    self = keyed.sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }.map(\.1)
  }
}

extension TestStanding {
  /// Its place when failures come first, then what was never tested, then the oldest tests.
  fileprivate var rank: Double {
    guard let decisive else { return -1e12 }
    return decisive.outcome == .passed ? decisive.at.seconds : -1e13 + decisive.at.seconds
  }
}
