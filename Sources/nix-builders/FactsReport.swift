import Base
import Builders
import Checks
import FoundationEssentials

/// What a builder says of itself, for reading and for scripts.
enum FactsReport {
  /// Line by line, and below it what follows.
  static func text(_ answer: FactsQuestion.Answer, _ builder: Builder) -> String {
    let facts = Fact.all(answer.facts, of: builder, clock: answer.clockDifference)
    let width = facts.map { $0.title.utf8.count }.max() ?? 0
    var lines: [String] = []
    for fact in facts {
      let sign = fact.warning == nil ? "✓" : fact.isFatal ? "✗" : "○"
      let gap = String(repeating: " ", count: width - fact.title.utf8.count)
      lines.append("\(sign) \(fact.title)\(gap)  \(fact.detail)")
      lines += (fact.warning?.report ?? []).map { "    \($0)" }
    }
    let answers = FactAnswers(answer.facts, for: builder)
    let differences = answers.differences(from: builder).compactMap(answers.text)
    if !differences.isEmpty {
      lines.append(
        "builders.json says otherwise. What follows from it: "
          + differences.joined(separator: ", "))
    }
    return lines.joined(separator: "\n")
  }

  /// The object of `facts --json`.
  static func json(_ answer: FactsQuestion.Answer, _ builder: Builder) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let report = Report(answer, builder)
    guard let data = try? encoder.encode(report) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }

  private struct Report: Encodable {
    var alias: String
    var system: String?
    var machine: String?
    var kind: String?
    var nixVersion: String?
    var processors: Int?
    var memory: Int?
    var space: Int?
    var systems: [String]
    var emulatedSystems: [String]
    var features: [String]
    var kvm: String
    var user: String?
    var sudo: String?
    var account: Account?
    var clockDifference: Int?
    var warnings: [Warning]

    struct Account: Encodable {
      var name: String
      var exists: Bool
    }

    struct Warning: Encodable {
      var diagnosis: String
      var cause: String
      var remedy: String
    }

    init(_ answer: FactsQuestion.Answer, _ builder: Builder) {
      let facts = answer.facts
      alias = builder.alias
      system = facts.system.name
      machine = facts.machine
      kind = facts.system.kind?.rawValue
      nixVersion = facts.nixVersion
      processors = facts.capabilities.processors
      memory = facts.memory
      space = facts.space
      systems = facts.capabilities.systems
      emulatedSystems = facts.emulatedSystems
      features = facts.capabilities.features
      kvm = facts.kvm.rawValue
      user = facts.user
      sudo = facts.sudo?.rawValue
      account = facts.account.map { Account(name: $0.name, exists: $0.exists) }
      clockDifference = answer.clockDifference
      warnings = Fact.all(facts, of: builder, clock: answer.clockDifference).compactMap(\.warning)
        .map { Warning(diagnosis: $0.id, cause: $0.cause, remedy: $0.remedy) }
    }
  }
}
