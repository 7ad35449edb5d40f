import Builders
import Checks
import Interface
import StateFiles
import Terminal

/// What the list says of a builder's last test.
struct LastTest {
  private let builder: Builder
  private let records: [TestRecord]
  private let standing: TestStanding
  private let run: CheckRun?
  private let moment: Moment?
  private let frame: Int

  init(_ builder: Builder, _ run: CheckRun?, _ session: Session) {
    self.builder = builder
    self.run = run
    records = session.tests[builder.alias]
    standing = TestStanding(of: builder, records)
    moment = session.moment
    frame = session.frame
  }

  // MARK: - In the table

  /// The outcome, told by sign and word.
  var outcomeCell: Table.Cell {
    if let run {
      let name = run.runningCheck?.title(for: builder)
      let mark = name == nil ? Mark.waiting : .running
      return Table.Cell("\(mark.sign(frame: frame)) \(name ?? "waiting")", mark.style)
    }
    switch standing.outcome {
    case .off: return Table.Cell("– off", Theme.muted)
    case .untested: return Table.Cell("· not tested", Theme.muted)
    case .changed: return Table.Cell("○ out of date", Theme.warning)
    case .built, .connected: return Table.Cell("✓ \(standing.outcome.rawValue)", Theme.success)
    case .failed, .unapplied, .undecided:
      guard let record = standing.decisive else { return Table.Cell("") }
      let mark = Mark(record.outcome)
      let name = record.check.map(title) ?? standing.outcome.rawValue
      return Table.Cell("\(mark.sign(frame: frame)) \(name)", mark.style)
    }
  }

  /// When that was, or how far a test has come that runs.
  var when: String {
    if let run { return run.hasBegun ? "\(run.passedCount)/\(run.names.count)" : "" }
    return builder.enabled ? age(standing.decisive) : ""
  }

  /// When a build was seen last, for the answers as they are.
  var built: String { age(standing.proof) }

  /// How the last test was made: by which configuration, with which Nix.
  var circumstances: String {
    standing.decisive.map { facts($0).joined(separator: " · ") } ?? ""
  }

  private func age(_ record: TestRecord?) -> String {
    guard let record, let moment else { return "" }
    return record.at.shortSpan(to: moment)
  }

  // MARK: - Below the table

  /// What is below the table: when it was, how it came out, why, and what to do.
  var lines: [StyledLine] {
    if run != nil { return [] }
    guard let record = standing.decisive else {
      guard let last = records.first else { return [] }
      return [
        StyledLine(
          "○ \(builder.alias): \(last.kind.title) \(verdict(last)), and its answers have "
            + "changed since. t tests it again.", Theme.warning, hang: 2)
      ]
    }
    let mark = Mark(record.outcome)
    guard let check = record.check else {
      return [
        StyledLine(
          "\(mark.sign(frame: 0)) \(builder.alias): "
            + ([verdicts(records)] + facts(record)).joined(separator: " · "), Theme.muted, hang: 2)
      ]
    }
    let since = moment.flatMap { record.since.span(to: $0) }.map { ", so for \($0)" } ?? ""
    let cause = record.cause ?? record.detail
    // What went well since takes back nothing of it, but is worth knowing.
    let later = verdicts(records.filter { $0.at > record.at })
    let first = StyledLine(
      "\(mark.sign(frame: 0)) \(builder.alias): \(title(check))\(since). \(cause)", mark.style,
      hang: 2)
    return [first] + (record.remedy.map { [StyledLine("  Do  \($0)", hang: 6)] } ?? [])
      + (later.isEmpty ? [] : [StyledLine("  Since then: \(later)", Theme.muted, hang: 2)])
  }

  /// What kinds of tests came to, the newest first.
  private func verdicts(_ records: [TestRecord]) -> String {
    records.filter { $0.isAbout(builder) }.map { "\($0.kind.title) \(verdict($0))" }
      .joined(separator: ", ")
  }

  private func verdict(_ record: TestRecord) -> String {
    let age = moment.map { " \(record.at.age(at: $0))" } ?? ""
    return (record.outcome == .passed ? "passed" : "failed") + age
  }

  private func facts(_ record: TestRecord) -> [String] {
    let versions = [
      record.localNix.map { "Nix \($0) here" }, record.remoteNix.map { "\($0) there" },
    ].compactMap(\.self).joined(separator: ", ")
    let missing = record.unannounced.joined(separator: ", ")
    return [
      (record.wasInstalled ? BuilderTest.Source.installed : .written).words, versions,
      record.seconds.seconds, missing.isEmpty ? "" : "its Nix does not list \(missing)",
    ].filter { !$0.isEmpty }
  }

  private func title(_ check: String) -> String {
    CheckName(check)?.title(for: builder) ?? check
  }
}

extension TestRecord.Kind {
  /// What was tested, in a word or two.
  var title: String {
    switch self {
    case .connection: "connection"
    case .build: "test build"
    case .package: "package"
    }
  }
}

extension Mark {
  init(_ outcome: TestRecord.Outcome) {
    switch outcome {
    case .passed: self = .passed
    case .failed: self = .failed
    case .notYet: self = .notYet
    case .undecided: self = .undecided
    }
  }
}
