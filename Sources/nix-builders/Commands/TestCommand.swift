import ArgumentParser
import Base
import Builders
import Checks
import Features
import Glibc
import Processes
import StateFiles

struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Test builders: the connection and, with --build, whether they really build.",
    discussion: """
      Without --written or --installed it goes by what this machine has installed when that \
      knows the builder as written, else by what would be written; the result says which. \
      The builder list shows when a builder was last tested, also with this command.
      """)

  @OptionGroup var directory: DirectoryOption
  @Argument(help: "The builders; all that are on when none is named.")
  var aliases: [String] = []
  @Flag(help: "Build a probe for each system and feature too.")
  var build = false
  @Option(
    help: ArgumentHelp("Build a fresh variant of this package too.", valueName: "installable"))
  var package: String?
  @Flag(
    help: ArgumentHelp(
      "Measure the way to each builder that passed, and what it can do, and give advice.",
      discussion: """
        This copies 64 MB to the builder, which deletes them again. Over the protocol ssh with a \
        key that serves only Nix it cannot, and keeps them until its garbage is collected.
        """))
  var measure = false
  @Option(
    help: ArgumentHelp(
      "Give each builder so many seconds for the whole of its test.",
      discussion: "Each check has a limit of its own besides: 5 s for a name, 60 s for a probe.",
      valueName: "seconds"))
  var timeout: Int?
  @Flag(
    help: ArgumentHelp(
      "Test only what failed the last time.",
      discussion: "Builders whose last test passed, or that were never tested, are left out."))
  var onlyFailed = false
  @Flag(help: "By what the inventory would write.")
  var written = false
  @Flag(help: "By what this machine has installed.")
  var installed = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if written && installed { throw ValidationError("--written or --installed, not both.") }
    if let timeout, !(1...86_400).contains(timeout) {
      throw ValidationError("--timeout: a number of seconds from 1 to 86400 was expected.")
    }
  }

  func run() async throws {
    ChildProcesses.endOnCrash()
    ChildProcesses.endOnTermination()
    var builders = try directory.inventory().builders(named: aliases)
    let scopes = scopes(of: builders)
    builders = builders.filter { scopes[$0.alias]?.isEmpty == false }
    if onlyFailed, builders.isEmpty { complain("no test of them failed the last time.") }
    let source: BuilderTest.Source? = written ? .written : installed ? .installed : nil
    // A single builder's results are printed as they come.
    let live = !json && builders.count == 1
    async let machine = LocalMachine.inspect()
    var reports = await BuilderTest.sideBySide(builders) { [timeout] builder in
      await TestReport.make(of: builder, by: source, scopes[builder.alias] ?? [], within: timeout) {
        if live { Output.line("\(TestReport.title(builder, $0))") }
      } event: { event in
        if live, case .finished(let result) = event { Output.line("\(result.report)") }
      }
    }
    if measure {
      reports = await TestReport.measure(reports) { builder, measure in
        if isatty(STDERR_FILENO) == 1 { complain("\(builder.alias): measuring \(measure.title)") }
      }
    }
    if json {
      Output.json(TestReport.json(reports) + "\n")
    } else if live {
      for line in reports.first?.measured?.text ?? [] { Output.line("\(line)") }
    } else {
      for report in reports { Output.line("\(report.text)") }
      Output.line(SafeText(TestReport.count(reports)))
    }
    await remember(reports, localNix: await machine.nixVersion)
    if !reports.allSatisfy({ $0.passed }) { throw ExitCode.checkFailed }
    if let package, reports.contains(where: { $0.lacksPackage }) {
      complain("\(package) is not available here: nothing was found out about it on a builder.")
      throw ExitCode.missing
    }
  }

  private func remember(_ reports: [TestReport], localNix: String?) async {
    let output = directory.outputDirectory.path.string
    guard let state = StateDirectory(output: output) else { return }
    let now = Moment.now()
    let tests = reports.flatMap { report in
      report.finishedTests(localNix: localNix).compactMap { test in
        TestRecord(test, at: now).map { (alias: test.builder.alias, record: $0) }
      }
    }
    let failure = await BlockingWork("test history").run { () -> FileLock.Failure? in
      do throws(FileLock.Failure) {
        try TestHistory.add(tests, in: state, about: output)
        return nil
      } catch {
        return error
      }
    }
    if let failure { complain("the tests are not remembered: \(state.path): \(failure)") }
  }

  /// What is tested of each builder, by alias.
  private func scopes(of builders: [Builder]) -> [String: [BuilderTest.Scope]] {
    let all: [(TestRecord.Kind, BuilderTest.Scope)] =
      [(.connection, .connection)] + (build ? [(.build, .builds)] : [])
      + (package.map { [(.package, .package($0))] } ?? [])
    let output = directory.outputDirectory.path.string
    let history = onlyFailed ? StateDirectory(output: output).map { TestHistory(in: $0) } : nil
    let wanted = builders.map { builder in
      let failed = history?[builder.alias].filter { $0.outcome != .passed }.map(\.kind) ?? []
      // What comes after one that failed was not tried then.
      return (builder.alias, all.drop { onlyFailed && !failed.contains($0.0) }.map(\.1))
    }
    return Dictionary(wanted) { first, _ in first }
  }
}
