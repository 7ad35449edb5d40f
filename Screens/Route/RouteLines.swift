import Builders
import Checks
import Features
import Interface

/// A sentence about where a build goes, with the sign before it.
public struct RouteLine: Equatable, Sendable {
  /// The sign; `nil` for a remark.
  public var mark: Mark?
  /// The sentence.
  public var sentence: String

  /// Both in one line.
  public var text: String { (mark.map { "\($0.sign(frame: 0)) " } ?? "") + sentence }
}

extension RouteAnswer {
  /// What becomes of each machine, the one that gets the build first.
  public var lines: [RouteLine] {
    var lines = verdicts.map { RouteLine(mark: Mark($0.outcome), sentence: $0.sentence) }
    if !isTaken { lines.insert(RouteLine(mark: .failed, sentence: "No machine takes it."), at: 0) }
    if situation.busySlots == nil {
      lines.append(
        RouteLine(
          sentence: "Only root sees which jobs are in use; here all builders count as idle."))
    }
    return lines
  }
}

extension RouteProof {
  /// The outcome.
  public var line: RouteLine {
    RouteLine(mark: !agrees ? .failed : hasFailed ? .notYet : .passed, sentence: sentence)
  }

  /// Whether it went to a machine and was not built there.
  private var hasFailed: Bool {
    switch place {
    case .local, .builder: !built
    case .nowhere, .unknown, .waiting: false
    }
  }

  /// Nix's own words, line by line, where the outcome does not speak for itself.
  public var words: [String] {
    agrees && built ? [] : log.split(whereSeparator: \.isNewline).map(String.init)
  }
}

extension Mark {
  /// The sign of what becomes of a machine.
  init(_ outcome: RouteVerdict.Outcome) {
    switch outcome {
    case .takes: self = .passed
    case .waits: self = .notYet
    case .next: self = .waiting
    case .ruledOut: self = .skipped
    }
  }
}
