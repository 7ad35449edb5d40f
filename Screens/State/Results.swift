import Builders
import Checks

/// What the checks of the draft's builder have found so far.
struct Results: Equatable, Sendable {
  private var entries: [CheckName: Entry] = [:]

  /// The last result of a check.
  struct Entry: Equatable, Sendable {
    var result: CheckResult
    /// The builder as it was then.
    var builder: Builder
    /// The configuration that it went by.
    var source: BuilderTest.Source
  }

  mutating func note(_ result: CheckResult, of builder: Builder, by source: BuilderTest.Source) {
    entries[result.name] = Entry(result: result, builder: builder, source: source)
  }

  /// The last result of a check, whatever the answers were then.
  subscript(name: CheckName) -> CheckResult? { entries[name]?.result }

  /// The last result of a check, if it is about exactly these answers.
  func entry(of name: CheckName, for builder: Builder) -> Entry? {
    entries[name].flatMap { $0.builder == builder ? $0 : nil }
  }
}
