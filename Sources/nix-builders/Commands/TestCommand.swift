import ArgumentParser
import Builders
import Checks
import Glibc
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
  @Flag(help: "By what the inventory would write.")
  var written = false
  @Flag(help: "By what this machine has installed.")
  var installed = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if written && installed { throw ValidationError("--written or --installed, not both.") }
  }

  func run() async throws {
    ChildProcesses.endOnCrash()
    ChildProcesses.endOnTermination()
    let builders = try directory.inventory().builders(named: aliases)
    let source: BuilderTest.Source? = written ? .written : installed ? .installed : nil
    // A single builder's results are printed as they come.
    let live = !json && builders.count == 1
    async let machine = LocalMachine.inspect()
    var reports = await BuilderTest.sideBySide(builders) { [scopes] builder in
      await TestReport.make(of: builder, by: source, scopes) { event, source in
        guard live else { return }
        if case .started(.resolve) = event { print(TestReport.title(builder, source)) }
        if case .finished(let result) = event { print(result.report) }
      }
    }
    if measure {
      reports = await TestReport.measure(reports) { builder, measure in
        if isatty(STDERR_FILENO) == 1 { complain("\(builder.alias): measuring \(measure.title)") }
      }
    }
    if json {
      print(TestReport.json(reports))
    } else if live {
      for line in reports.first?.measured?.text ?? [] { print(line) }
    } else {
      for report in reports { print(report.text) }
    }
    remember(reports, localNix: await machine.nixVersion)
    if !reports.allSatisfy({ $0.passed }) { throw ExitCode.checkFailed }
  }

  private func remember(_ reports: [TestReport], localNix: String?) {
    let output = directory.outputDirectory.path.string
    guard let state = StateDirectory(output: output) else { return }
    let now = Moment.now()
    let tests = reports.flatMap { report in
      report.finishedTests(localNix: localNix).compactMap { test in
        TestRecord(test, at: now).map { (alias: test.builder.alias, record: $0) }
      }
    }
    TestHistory.add(tests, in: state, about: output)
  }

  private var scopes: [BuilderTest.Scope] {
    [.connection] + (build ? [.builds] : []) + (package.map { [.package($0)] } ?? [])
  }
}
