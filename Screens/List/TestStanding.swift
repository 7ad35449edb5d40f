import Builders
import Interface
import StateFiles
import Terminal

/// What the remembered tests of a builder come to, for the answers that it has now.
///
/// The last test decides, but for one thing: that a connection works takes back no system or feature
/// that could not be built since. Only another test build does.
struct TestStanding {
  /// What is said of a builder in a word; a filter knows these words.
  enum Outcome: String, CaseIterable {
    /// A build was seen over there.
    case built
    /// The way to Nix over there was seen working, and nothing was built.
    case connected
    /// Something was seen failing.
    case failed
    /// It does not know the key yet: its fragment is not applied.
    case unapplied
    /// Nobody has accepted its host key.
    case undecided
    /// Its answers have changed since it was tested.
    case changed
    /// It was never tested.
    case untested
    /// Nix does not use it.
    case off

    /// A word by which a list is filtered; `nil` for all others.
    init?(word: some StringProtocol) { self.init(rawValue: String(word)) }
  }

  /// The outcome in a word.
  let outcome: Outcome
  /// The test that decides; `nil` where none counts.
  let decisive: TestRecord?
  /// The last test with a build that went well; `nil` where there is none.
  let proof: TestRecord?

  /// - Parameter records: all that is remembered of the builder, the newest first.
  init(of builder: Builder, _ records: [TestRecord]) {
    let valid = records.isEmpty ? [] : records.filter { $0.isAbout(builder) }
    proof = valid.first { $0.outcome == .passed && $0.kind != .connection }
    let failedBuild = valid.first { $0.kind == .build && $0.outcome != .passed }
    let newest = valid.first
    decisive = newest?.outcome == .passed ? failedBuild ?? newest : newest
    outcome =
      if !builder.enabled {
        .off
      } else if let decisive {
        Outcome(decisive)
      } else {
        records.isEmpty ? .untested : .changed
      }
  }
}

extension TestStanding.Outcome {
  fileprivate init(_ record: TestRecord) {
    switch record.outcome {
    case .passed: self = record.kind == .connection ? .connected : .built
    case .failed: self = .failed
    case .notYet: self = .unapplied
    case .undecided: self = .undecided
    }
  }
}
