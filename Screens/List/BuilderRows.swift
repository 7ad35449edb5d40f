import Builders
import Glibc
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
  private(set) var filter = ""
  /// Places in the inventory; `nil` when it is shown as it is.
  private var places: [Int]?
  private var total = 0
  /// The revision of the inventory that all this is about.
  private var revision: Int?
  /// What is searched in, by place; made with the first filter.
  private var texts: [[UInt8]] = []

  /// How many rows there are.
  var count: Int { places?.count ?? total }
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

  /// Catches up with the inventory, if it has changed.
  mutating func follow(_ session: Session) {
    guard revision != session.history.revision else { return }
    revision = session.history.revision
    texts = []
    arrange(session)
  }

  /// Sorts by something else.
  mutating func sort(by order: Order, _ session: Session) {
    self.order = order
    arrange(session)
  }

  /// Shows only builders with all of these words in what the list says of them.
  mutating func filter(by text: String, _ session: Session) {
    let before = filter
    filter = text
    // What did not have a word does not have a longer one either.
    if let places, !before.isEmpty, text.hasPrefix(before) {
      self.places = matching(places, session)
    } else {
      arrange(session)
    }
  }

  private mutating func arrange(_ session: Session) {
    let builders = session.inventory.builders
    total = builders.count
    if order == .listed, words.isEmpty {
      places = nil
      return
    }
    var places = Array(builders.indices)
    if !words.isEmpty { places = matching(places, session) }
    switch order {
    case .listed: break
    case .alias: places.sort(by: builders) { $0.alias.lowercased() }
    case .place: places.sort(by: builders) { $0.address.lowercased() }
    case .systems: places.sort(by: builders) { $0.systems.joined(separator: " ") }
    case .jobs: places.sort(by: builders) { -$0.maxJobs }
    case .speed: places.sort(by: builders) { -$0.speedFactor }
    case .lastTest: places.sort(by: builders) { session.tests.last($0.alias).rank }
    }
    self.places = places
  }

  // MARK: - Filtering

  private var words: [Substring] { filter.split(separator: " ") }

  private mutating func matching(_ places: [Int], _ session: Session) -> [Int] {
    let builders = session.inventory.builders
    if texts.isEmpty { texts = builders.map(\.searched) }
    let words = words.map { Array($0.lowercased().utf8) }
    return places.filter { place in
      let text = texts[place]
      return words.allSatisfy { text.contains($0) }
    }
  }
}

extension [UInt8] {
  fileprivate func contains(_ word: [UInt8]) -> Bool {
    withUnsafeBytes { text in
      word.withUnsafeBytes { word in
        guard let start = word.baseAddress, var place = text.baseAddress else { return false }
        let first = Int32(word[0])
        var left = text.count - word.count + 1
        while left > 0, let found = memchr(place, first, left) {
          if memcmp(found, start, word.count) == 0 { return true }
          left -= UnsafeRawPointer(found) - place + 1
          place = UnsafeRawPointer(found) + 1
        }
        return false
      }
    }
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

extension Builder {
  /// What the filter looks in, in lower case: all that the list shows of it.
  fileprivate var searched: [UInt8] {
    var text = "\(alias) \(place) "
    for list in [systems, supportedFeatures, mandatoryFeatures] {
      for name in list { text += name + " " }
    }
    text += enabled ? "on" : "off"
    return Array(text.lowercased().utf8)
  }
}

extension TestRecord? {
  /// Its place when failures come first, then what was never tested, then the oldest tests.
  fileprivate var rank: Double {
    guard let self else { return -1e12 }
    return self.outcome == .passed ? self.at.seconds : -1e13 + self.at.seconds
  }
}
