import Builders
import Checks

/// What the checks of the draft's builder have found so far.
struct Results: Equatable, Sendable {
  private var entries: [CheckName: Entry] = [:]

  private struct Entry: Equatable, Sendable {
    var result: CheckResult
    /// The builder as it was then.
    var builder: Builder
    var source: BuilderTest.Source
  }

  mutating func note(_ result: CheckResult, of builder: Builder, by source: BuilderTest.Source) {
    entries[result.name] = Entry(result: result, builder: builder, source: source)
  }

  /// The last result of a check, whatever the answers were then.
  subscript(name: CheckName) -> CheckResult? { entries[name]?.result }

  /// The configuration that the last run of a check went by.
  func source(of name: CheckName) -> BuilderTest.Source? { entries[name]?.source }

  /// Whether every one of these was seen working with exactly these answers.
  func allPassed(_ names: [CheckName], for builder: Builder) -> Bool {
    names.allSatisfy { name in
      guard let entry = entries[name], entry.builder == builder else { return false }
      return entry.result.outcome == .passed
    }
  }
}
