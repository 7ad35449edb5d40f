import ArgumentParser
import Builders
import Checks
import Features
import Processes

struct RouteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "route",
    abstract: "Tell which machine would get a build, and why the others would not.",
    discussion: """
      Goes through the rules of the installed Nix for each builder and for this machine: systems, \
      supported and mandatory features, jobs, speed factors, the order of the list, max-jobs here \
      and preferLocalBuild. Without an installable it asks about a derivation with the system and \
      features that are given; with one they come on top: "what if it also required kvm?".

      It tells of that derivation alone, as if it had to be built and nothing else were being \
      built here; what it depends on is placed by itself, and what a cache has goes nowhere. \
      This machine's system, extra-platforms, system-features and max-jobs are those that \
      "nix config show" tells whoever runs this; kvm is among them where /dev/kvm may be used. \
      Every builder counts as reachable. How many of their jobs are in use is seen by root only, \
      and only for builds that this machine sent; otherwise they count as idle. \
      A derivation without known output paths requires the feature ca-derivations, and the system \
      "builtin" suits every builder.

      In the builder list r asks the same.

      Exit codes: 0 some machine takes it, 1 none does, or a probe went elsewhere.
      """)

  @OptionGroup var directory: DirectoryOption
  @Argument(help: "A flake's attribute, a path in the store, a .drv or a .nix file.")
  var installable: String?
  @Option(help: "The system that the build is for; this machine's own unless given.")
  var system: String?
  @Option(
    name: .customLong("feature"),
    help: ArgumentHelp("A feature that the build requires.", valueName: "feature"))
  var features: [String] = []
  @Flag(help: "Ask about a build that prefers this machine (preferLocalBuild).")
  var preferLocalBuild = false
  @Flag(help: "Ask about building again what is there (nix build --rebuild, --repair).")
  var rebuild = false
  @Flag(help: "By the builders setting of this machine's Nix, not by the inventory.")
  var installed = false
  @Flag(help: "Build a probe that asks for the same, and see where it goes.")
  var prove = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if let problem = system.flatMap(RouteQuestion.problem(ofSystem:))
      ?? features.lazy.compactMap(Rules.feature).first
    {
      throw ValidationError(problem)
    }
    if prove && rebuild {
      throw ValidationError("--prove builds something fresh; --rebuild never does.")
    }
  }

  func run() async throws {
    ChildProcesses.endOnCrash()
    ChildProcesses.endOnTermination()
    let source = installed ? RouteSource.installed : .written(try directory.inventory())
    let question = RouteQuestion(
      installable: installable, system: system, features: features,
      preferLocalBuild: preferLocalBuild, isRebuild: rebuild)
    do {
      let answer = try await source.answer(question)
      if prove, let obstacle = source.obstacle(toProving: answer.request) {
        throw RouteError.notProvable(obstacle)
      }
      var report = RouteReport(answer: answer)
      if !json { Output.line("\(report.text)") }
      if prove {
        let proof = try await source.prove(answer)
        report.proof = proof
        if !json { Output.line("\n\(RouteReport.text(of: proof))") }
      }
      if json { Output.json(report.json + "\n") }
      if !report.passed { throw ExitCode.checkFailed }
    } catch let error as RouteError {
      complain("\(error)")
      throw error.exitCode
    }
  }
}

extension RouteError {
  /// What the program exits with after this error.
  fileprivate var exitCode: ExitCode {
    switch self {
    case .noNix, .noSettings, .notProvable: .missing
    case .notRead, .notOne: .badData
    case .noRoom: .notWritten
    case .cancelled: .interrupted
    }
  }
}
