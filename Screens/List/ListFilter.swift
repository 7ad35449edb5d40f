import Builders
import Glibc
import StateFiles

/// Words that a builder has to have: outcomes by their own words, everything else in what the list
/// says of it. `!` before a word leaves out those that have it.
struct ListFilter: Equatable {
  private let terms: [Term]

  private struct Term: Equatable {
    var isExcluding: Bool
    var kind: Kind
  }

  private enum Kind: Equatable {
    case outcome(TestStanding.Outcome)
    case isOn
    case text([UInt8])
  }

  /// What one can type, for people.
  static let words =
    TestStanding.Outcome.allCases.map(\.rawValue).joined(separator: " ")
    + " on, systems, features, names; ! before a word leaves out"

  init(_ text: String) {
    terms = text.lowercased().split(separator: " ").compactMap { word in
      let isExcluding = word.first == "!"
      let word = isExcluding ? word.dropFirst() : word
      // It goes on to be typed.
      if word.isEmpty { return nil }
      let kind: Kind =
        if let outcome = TestStanding.Outcome(word: word) {
          .outcome(outcome)
        } else {
          word == "on" ? .isOn : .text(Array(word.utf8))
        }
      return Term(isExcluding: isExcluding, kind: kind)
    }
  }

  /// Whether all builders have it.
  var isEmpty: Bool { terms.isEmpty }

  /// Whether it has only words that stand in the text, so that longer ones leave fewer.
  var isPlain: Bool {
    terms.allSatisfy {
      if case .text = $0.kind { !$0.isExcluding } else { false }
    }
  }

  /// Whether a builder has what is wanted.
  func matches(_ builder: Builder, _ text: ListText) -> Bool {
    terms.allSatisfy { term in
      let has =
        switch term.kind {
        case .outcome(let outcome): text.outcome == outcome
        case .isOn: builder.enabled
        case .text(let word): text.contains(word)
        }
      return has != term.isExcluding
    }
  }
}

/// What a filter looks in: all that the list says of a builder, in lower case.
struct ListText {
  /// The outcome of its tests.
  let outcome: TestStanding.Outcome
  private let bytes: [UInt8]

  init(_ builder: Builder, _ records: [TestRecord]) {
    outcome = TestStanding(of: builder, records).outcome
    var text = "\(builder.alias) \(builder.place) "
    for list in [builder.systems, builder.supportedFeatures, builder.mandatoryFeatures] {
      for name in list { text += name + " " }
    }
    // A word that one has begun to type is found as well.
    text += "\(outcome.rawValue) \(builder.enabled ? "on" : "off")"
    bytes = Array(text.lowercased().utf8)
  }

  /// Whether a word stands in it.
  func contains(_ word: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { text in
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
