import Base
import Builders
import Checks
import Features
import FoundationEssentials
import Interface
import Screens
import StateFiles

/// What the test of one builder has found.
struct TestReport: Sendable {
  var builder: Builder
  var source: BuilderTest.Source
  var results: [CheckResult]
  /// What was measured, when that was asked for.
  var measured: MeasureReport?

  /// Whether all that was tried of the builder went well. A package that this machine cannot fetch
  /// says nothing of it.
  var passed: Bool { results.ofBuilder.allPassed }
  /// Whether the package that was asked for is not available on this machine.
  var lacksPackage: Bool { results.lackPackage }

  /// Tests a builder, scope after scope.
  ///
  /// - Parameters:
  ///   - limit: how many seconds all of it may take; `nil` for as long as each check may.
  ///   - begun: takes which configuration it goes by.
  static func make(
    of builder: Builder, by source: BuilderTest.Source?, _ scopes: [BuilderTest.Scope],
    within limit: Int?, begun: (BuilderTest.Source) -> Void,
    event: @escaping @Sendable (CheckEvent) -> Void
  ) async -> TestReport {
    let test = await BuilderTest.test(of: builder, by: source)
    begun(test.source)
    let results = await test.run(scopes, within: limit) { event($0) }
    return TestReport(builder: builder, source: test.source, results: results)
  }

  /// The tests of each kind, to be remembered.
  func finishedTests(localNix: String?) -> [FinishedTest] {
    let test = BuilderTest(builder: builder, source: source)
    let names: [(TestRecord.Kind, [CheckName])] = [
      (.connection, test.names(.connection)), (.build, test.names(.builds)),
      (.package, [.package]),
    ]
    return names.map { kind, names in
      let results = results.filter { names.contains($0.name) }
      return FinishedTest(
        kind: kind, builder: builder, source: source, results: results,
        seconds: results.reduce(0) { $0 + $1.seconds }, localNix: localNix)
    }
  }

  /// Measures the builders that passed, one after the other: they may share a line.
  static func measure(
    _ reports: [TestReport], next: @escaping @Sendable (Builder, Measure) -> Void
  ) async -> [TestReport] {
    var reports = reports
    var measured: [(index: Int, measures: Measures)] = []
    for (index, report) in reports.enumerated() where report.passed {
      let test = BuilderTest(builder: report.builder, source: report.source)
      measured.append((index, await test.measure { measure, _ in next(report.builder, measure) }))
    }
    let advice = Advice.make(
      measured.map { (reports[$0.index].builder, $0.measures) },
      nixVersion: await LocalMachine.inspect().nixVersion)
    for ((index, measures), advice) in zip(measured, advice) {
      reports[index].measured = MeasureReport(
        builder: reports[index].builder, measures: measures, advice: advice)
    }
    return reports
  }

  // MARK: - Text

  static func title(_ builder: Builder, _ source: BuilderTest.Source) -> String {
    "\(builder.alias) (\(source.words))"
  }

  var text: String {
    ([Self.title(builder, source)] + results.map(\.report) + (measured?.text ?? []))
      .joined(separator: "\n")
  }

  // MARK: - JSON

  /// The object of `test --json`.
  static func json(_ reports: [TestReport]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let object = ["builders": reports.map(Entry.init)]
    // Every value is a string, a number or a boolean, so nothing can go wrong.
    guard let data = try? encoder.encode(object) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }

  private struct Entry: Encodable {
    var alias: String
    var source: String
    var passed: Bool
    var checks: [Check]
    var measures: MeasureReport?

    init(_ report: TestReport) {
      alias = report.builder.alias
      source = report.source == .written ? "written" : "installed"
      passed = report.passed
      checks = report.results.map(Check.init)
      measures = report.measured
    }
  }

  private struct Check: Encodable {
    var name: String
    var outcome: String
    var seconds: Double
    var detail: String
    var diagnosis: Diagnosis?
    var evidence: String?

    enum Keys: String, CodingKey {
      case name, outcome, seconds, detail, remedy, diagnosis, cause, command, manual, evidence
    }

    init(_ result: CheckResult) {
      name = result.name.description
      outcome = result.outcome.jsonName
      seconds = (result.seconds * 1000).rounded() / 1000
      detail = result.detail
      diagnosis = result.diagnosis
      evidence = result.outcome == .passed ? nil : result.evidence
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(name, forKey: .name)
      try container.encode(outcome, forKey: .outcome)
      try container.encode(seconds, forKey: .seconds)
      try container.encode(detail, forKey: .detail)
      try container.encode(diagnosis?.remedy, forKey: .remedy)
      try container.encodeIfPresent(diagnosis?.id, forKey: .diagnosis)
      try container.encodeIfPresent(diagnosis?.cause, forKey: .cause)
      try container.encodeIfPresent(diagnosis?.command, forKey: .command)
      try container.encodeIfPresent(diagnosis?.manual, forKey: .manual)
      try container.encodeIfPresent(evidence, forKey: .evidence)
    }
  }
}

extension CheckResult.Outcome {
  /// What `test --json` calls it: there nobody can be asked, and nothing is yet to come.
  fileprivate var jsonName: String {
    switch self {
    case .passed: "passed"
    case .failed, .notYet, .undecided: "failed"
    case .skipped: "skipped"
    }
  }
}

extension CheckResult {
  /// The result for reading, with what to do when it failed.
  var report: String {
    let time = outcome == .skipped ? "" : fixed(seconds) + " s"
    var lines = [
      "  \(Mark(outcome).sign(frame: 0)) " + padded("\(name)", 22) + padded(detail, 46) + " " + time
    ]
    if let diagnosis {
      lines += diagnosis.report.map { "      \($0)" }
    }
    if outcome == .failed {
      lines += evidence.unicodeScalars.filledLines.map { "      | \($0)" }
    }
    return lines.joined(separator: "\n")
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.unicodeScalars.count))
  }

  private func fixed(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100)." + (fraction < 10 ? "0" : "") + "\(fraction)"
  }
}

extension TestReport {
  /// How many builders passed, and which did not.
  static func count(_ reports: [TestReport]) -> String {
    let failed = reports.filter { !$0.passed }.map(\.builder.alias)
    let passed = "\(reports.count - failed.count) of \(reports.count) builders passed"
    return failed.isEmpty ? "\(passed)." : "\(passed). Not: \(failed.joined(separator: ", "))."
  }
}
