import Builders
import Checks
import Interface
import Terminal

/// What was seen of a builder in a session, and what follows from it.
struct Summary {
  /// What may be said of the builder.
  enum Verdict: Equatable {
    /// All that it claims was seen as installed.
    case builds
    /// All that it claims was seen, but not as this machine has it installed.
    case wouldBuild
    /// Something that it claims was not seen.
    case notProven
  }

  /// What is to be done next.
  enum NextStep: Equatable {
    /// The answers are not in the files yet.
    case write
    /// A fragment has to get to work.
    case apply(ApplyTarget)
    /// The tests.
    case test
  }

  private let builder: Builder
  private let results: Results
  private let session: Session

  init(_ session: Session) {
    builder = session.draft.builder
    results = session.results
    self.session = session
  }

  // MARK: - What was seen

  private var test: BuilderTest { BuilderTest(builder: builder, source: .written) }
  private var claims: [CheckName] { test.names(.builds) }

  private func entry(_ name: CheckName) -> Results.Entry? { results.entry(of: name, for: builder) }
  private func outcome(_ name: CheckName) -> CheckResult.Outcome? { entry(name)?.result.outcome }

  /// What the builder claims and was seen keeping, by the configuration it was seen with.
  private func seen(_ source: BuilderTest.Source) -> [CheckName] {
    claims.filter { outcome($0) == .passed && entry($0)?.source == source }
  }

  /// What the builder claims and was not seen keeping.
  private var open: [CheckName] { claims.filter { outcome($0) != .passed } }

  /// What was tried and did not work, whatever it was.
  private var failed: [CheckName] {
    (test.names(.connection) + claims + [.package]).filter { name in
      switch outcome(name) {
      case .failed, .notYet, .undecided: true
      case .passed, .skipped, nil: false
      }
    }
  }

  /// What may be said.
  var verdict: Verdict {
    if !open.isEmpty || claims.isEmpty { return .notProven }
    if seen(.installed) == claims { return .builds }
    // Once it is installed, that is what counts.
    return session.applied.contains(.here) ? .notProven : .wouldBuild
  }

  /// The verdict in words.
  var heading: String {
    switch verdict {
    case .builds: "\(builder.alias) builds for this machine."
    case .wouldBuild: "\(builder.alias) would build once it is installed here."
    case .notProven: "\(builder.alias) is not proven."
    }
  }

  // MARK: - What follows

  private var isWritten: Bool { session.saved.builder(builder.alias) == builder }

  /// What is to be done next; `nil` when nothing is.
  var nextStep: NextStep? {
    if !isWritten { return .write }
    switch verdict {
    case .builds: return nil
    case .wouldBuild: return .apply(.here)
    case .notProven:
      let there = ApplyTarget.there(builder.alias)
      let isExpected = failed.contains { outcome($0) == .notYet }
      return isExpected && !session.applied.contains(there) ? .apply(there) : .test
    }
  }

  /// The next step in words.
  private var nextText: String? {
    switch nextStep {
    case .write: "write these answers; the files do not have them yet"
    case .apply(.here): "apply local.nix here, then test it as installed"
    case .apply(.there(let alias)):
      session.isCaredForByOthers(alias)
        ? "have the owner of \(alias) apply its fragment, then test it"
        : "apply remote-\(alias).nix on \(alias), then test it"
    case .test:
      failed.isEmpty ? "test it" : "mend what failed, then test it again"
    case nil: nil
    }
  }

  /// What to type to see it at work: a build as installed, else the test by what is written; `nil`
  /// where no file has these answers yet.
  var command: String? {
    if !isWritten { return nil }
    switch verdict {
    case .builds: return TrialBuild(on: builder, among: session.saved.builders).command
    case .wouldBuild:
      return session.ownCommand.line("test", builder.alias, "--build", "--written")
    case .notProven: return session.ownCommand.line("test", builder.alias, "--build")
    }
  }

  // MARK: - Lines

  /// What is shown below the heading.
  var lines: [StyledLine] {
    var lines: [StyledLine] = []
    func add(_ title: String, _ text: String, _ style: Style = Theme.plain) {
      let padding = String(repeating: " ", count: max(1, 21 - title.count))
      lines.append(StyledLine(title + padding + text, style, hang: 21))
    }
    for source in [BuilderTest.Source.installed, .written] where !seen(source).isEmpty {
      let names = seen(source).map(title).joined(separator: ", ")
      add(
        source == .installed ? "proven as installed" : "proven as written", "✓ \(names)",
        Theme.success)
    }
    switch (outcome(.package), entry(.package)) {
    case (.passed, let package?):
      add("a real package", "✓ built by \(builder.alias), \(package.source.words)", Theme.success)
    case (.skipped, let package?):
      let reason = package.result.diagnosis?.cause ?? package.result.detail
      add("a real package", "○ not tried: \(reason)")
    default: break
    }
    for name in failed {
      guard let result = entry(name)?.result else { continue }
      let mark = Mark(result.outcome)
      let reason = result.diagnosis?.cause ?? result.detail
      add("failed", "\(mark.sign(frame: 0)) \(title(name)): \(reason)", mark.style)
    }
    for (reason, names) in untried {
      add(
        "not tried",
        "○ \(names.map(title).joined(separator: ", "))" + (reason.map { ": \($0)" } ?? ""))
    }
    if verdict == .notProven, open.isEmpty {
      add("missing", "○ a test as installed; what was seen is older than that")
    }
    if !circumstances.isEmpty { add("seen with", circumstances) }
    lines.append(StyledLine(""))
    if let nextText { add("Next", nextText, Theme.strong) }
    if let command { add(verdict == .notProven ? "Test it" : "Try it", command) }
    add("Open again", session.ownCommand.line())
    add("Files", session.directory)
    if let note = session.practiceFilesNote { add("", note) }
    return lines
  }

  /// Claims that nobody has tried, together with why not.
  private var untried: [(reason: String?, names: [CheckName])] {
    var groups: [(reason: String?, names: [CheckName])] = []
    for name in open where !failed.contains(name) {
      let reason = entry(name)?.result.detail
      if let index = groups.firstIndex(where: { $0.reason == reason }) {
        groups[index].names.append(name)
      } else {
        groups.append((reason, [name]))
      }
    }
    return groups
  }

  private func title(_ name: CheckName) -> String { name.title(for: builder) }

  /// What it was seen with.
  private var circumstances: String {
    var there: String?
    if case .capabilities(let capabilities)? = entry(.remoteNix)?.result.finding {
      there = capabilities.nixVersion
    }
    let parts: [String?] = [
      session.machine?.nixVersion.map { "Nix \($0) here" }, there.map { "\($0) there" },
      builder.storeProtocol.rawValue, outcome(.trusted) == .passed ? "trusted" : nil,
    ]
    return claims.contains { outcome($0) == .passed }
      ? parts.compactMap(\.self).joined(separator: " · ") : ""
  }
}
