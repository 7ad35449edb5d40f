import Builders
import Checks
import Interface
import StateFiles
import Terminal

/// What the list says of a builder's last test.
struct LastTest {
  private let builder: Builder
  private let records: [TestRecord]
  private let run: CheckRun?
  private let moment: Moment?
  private let frame: Int

  init(_ builder: Builder, _ run: CheckRun?, _ session: Session) {
    self.builder = builder
    self.run = run
    records = session.tests[builder.alias]
    moment = session.moment
    frame = session.frame
  }

  /// The cell in the table: the outcome and its age.
  var cell: Table.Cell {
    if let run {
      let name = run.runningCheck?.title(for: builder)
      let mark = name == nil ? Mark.waiting : .running
      return Table.Cell("\(mark.sign(frame: frame)) \(name ?? "waiting")", mark.style)
    }
    if !builder.enabled { return Table.Cell("off", Theme.muted) }
    guard let record = records.first else { return Table.Cell("not tested", Theme.muted) }
    if !record.isAbout(builder) { return Table.Cell("○ out of date", Theme.warning) }
    let mark = Mark(record.outcome)
    let sign = mark.sign(frame: frame)
    guard let check = record.check else {
      let age = moment.map { record.at.age(at: $0) } ?? ""
      return Table.Cell("\(sign) \(age)", mark.style)
    }
    // What failed matters more than when.
    let age = moment.map { record.at.span(to: $0) ?? "now" }.map { ", \($0)" } ?? ""
    return Table.Cell("\(sign) \(title(check))\(age)", mark.style)
  }

  /// What is below the table: when it was, how it came out, why, and what to do.
  var lines: [StyledLine] {
    if run != nil { return [] }
    guard let record = records.first else { return [] }
    if !record.isAbout(builder) {
      return [
        StyledLine(
          "○ \(builder.alias): \(record.kind.title) \(verdict(record)), and its answers have "
            + "changed since. t tests it again.", Theme.warning, hang: 2)
      ]
    }
    let mark = Mark(record.outcome)
    guard let check = record.check else {
      return [
        StyledLine(
          "\(mark.sign(frame: 0)) \(builder.alias): "
            + ([verdicts] + facts(record)).joined(separator: " · "), Theme.muted, hang: 2)
      ]
    }
    let since = moment.flatMap { record.since.span(to: $0) }.map { ", so for \($0)" } ?? ""
    let cause = record.cause ?? record.detail
    let first = StyledLine(
      "\(mark.sign(frame: 0)) \(builder.alias): \(title(check))\(since). \(cause)", mark.style,
      hang: 2)
    return [first] + (record.remedy.map { [StyledLine("  Do  \($0)", hang: 6)] } ?? [])
  }

  /// All kinds of tests, the newest first.
  private var verdicts: String {
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
