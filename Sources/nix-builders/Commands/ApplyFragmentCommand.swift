import ArgumentParser
import Base
import Builders
import Checks
import Features
import Fragments
import Glibc
import Processes
import Screens
import SSH

struct ApplyFragmentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Switch a builder, or this machine, to its written fragment.",
    discussion: """
      Over an administrator's login it copies the builder's fragment, imports it where \
      configuration.nix does not do so yet, and runs nixos-rebuild switch, under sudo where the \
      login is not root's. It shows every command and asks before it runs any; a line that \
      configuration.nix would get is shown too, and the old file is kept. What ssh and sudo ask is \
      answered on this terminal. Without a terminal nothing is done unless --yes is given.
      """)

  @Argument(help: "The builder.")
  var alias: String?
  @Flag(help: "This machine, instead of a builder.")
  var here = false
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "An administrator's login: USER@HOST, or a Host of the ssh configuration. By default that of "
        + "root at the builder's address.", valueName: "login"))
  var login: String?
  @Option(
    help: ArgumentHelp(
      "The directory of its configuration.nix, by default /etc/nixos; of this machine the one that "
        + "the output directory lies in.", valueName: "dir"))
  var configuration: String?
  @Flag(help: "Run the commands without asking, and add the import where it is missing.")
  var yes = false
  @OptionGroup var directory: DirectoryOption

  func validate() throws {
    if here == (alias != nil) { throw ValidationError("Either ALIAS or --here is expected.") }
    if here, login != nil { throw ValidationError("--as goes with ALIAS.") }
    if let login, let problem = AdministratorLogin.problem(in: login) {
      throw ValidationError("--as: \(problem)")
    }
    if let configuration, let problem = Rules.folder(configuration) {
      throw ValidationError("--configuration: \(problem)")
    }
  }

  func run() async throws {
    ChildProcesses.endOnCrash()
    Task.detached { PrivateDirectory.removeLeftOvers() }
    ChildProcesses.endOnTermination()
    let inventory = try directory.inventory()
    let builder = try alias.flatMap { try inventory.builders(named: [$0]).first }
    try demandWritten(inventory)
    let plan = plan(for: builder)
    show(plan, plan.steps)
    guard yes || isatty(STDIN_FILENO) == 1 else {
      complain("nothing was done: without a terminal it runs these only with --yes.")
      throw ExitCode.missing
    }
    guard consents("Run these commands?") else { throw ExitCode.checkFailed }
    guard let attended = AttendedApply(plan) else {
      complain("/tmp: \(String(cString: strerror(errno)))")
      throw ExitCode.notWritten
    }
    do {
      try await apply(
        plan, attended, byHand: builder.map { ByHand(on: $0) } ?? ByHand(here: inventory))
    } catch {
      await attended.end()
      throw error
    }
    await attended.end()
    Output.line("✓ Applied \(builder.map { "on \($0.alias)" } ?? "here").")
  }

  // MARK: - Before anything runs

  private var fragmentName: String { alias.map { "remote-\($0).nix" } ?? "local.nix" }

  /// What is applied has to be what the inventory says.
  private func demandWritten(_ inventory: Inventory) throws {
    let plans = try reportingErrors { () throws(OutputError) in
      try directory.outputDirectory.plan(inventory)
    }
    let file = "\(directory.outputDirectory.path.string)/\(fragmentName)"
    switch plans.first(where: { $0.fragment.fileName == fragmentName })?.standing {
    case .current?, .edited?: return
    case .missing?, nil: complain("\(file) is not written yet. nix-builders write does that.")
    case .outdated?, .obsolete?:
      complain("\(file) is not what the inventory says. nix-builders write writes it anew.")
    }
    throw ExitCode.checkFailed
  }

  private func plan(for builder: Builder?) -> ApplyPlan {
    let output = directory.outputDirectory.path.string
    guard let builder else {
      var plan = ApplyPlan(output: output, isRoot: geteuid() == 0)
      if let configuration { plan.useConfiguration(in: configuration) }
      return plan
    }
    var login = AdministratorLogin(login ?? "root@\(builder.address)", of: builder)
    let person = InvokingPerson.find()
    login.person = person.isRoot ? nil : person
    return ApplyPlan(
      builder: builder, login: login, directory: configuration ?? "/etc/nixos", output: output)
  }

  private func show(_ plan: ApplyPlan, _ steps: [ApplyPlan.Step]) {
    for step in steps {
      Output.line("\(step.purpose(for: plan)):")
      Output.line("  \(plan.command(step).text)")
    }
  }

  /// Asks on the terminal; whoever only presses Enter does not consent.
  private func consents(_ question: SafeText) -> Bool {
    if yes { return true }
    Output.prompt("\(question) [y/N] ")
    let answer = readLine()?.unicodeScalars.trimmed
    return ["y", "Y", "yes"].contains { answer?.isExactly($0) == true }
  }

  // MARK: - Running

  private func apply(
    _ plan: ApplyPlan, _ attended: AttendedApply, byHand: ByHand
  ) async throws {
    var plan = plan
    for step in plan.steps {
      Output.line("$ \(plan.command(step).text)")
      let result = await attended.run(step, of: plan)
      // Here the command of the connection leaves it open and ends.
      let isConnected = step == .connect && result.ending == .exited(0)
      if let failure = isConnected ? nil : step.failure(result.ending) {
        throw failed(step, failure)
      }
      guard step == .look else { continue }
      guard let found = ConfigurationLook(output: result.output) else {
        throw failed(step, ConfigurationLook.unreadable)
      }
      if found.rebuild == nil {
        Output.line("What the fragment says is this, to be done as root:\n\n\(byHand.text)")
        throw failed(step, ConfigurationLook.notNixOS)
      }
      if let obstacle = found.obstacle { throw failed(step, obstacle) }
      let before = plan.command(.activate)
      plan.take(found)
      try decide(&plan)
      if plan.command(.activate) != before {
        show(plan, [.activate])
        guard consents("Run this command?") else { throw ExitCode.checkFailed }
      }
    }
  }

  private func failed(_ step: ApplyPlan.Step, _ reason: String) -> ExitCode {
    complain("\(step.title): \(reason).")
    if step != .activate { complain("nothing was changed in the configuration.") }
    return .checkFailed
  }

  /// What becomes of an import that is missing.
  private func decide(_ plan: inout ApplyPlan) throws {
    switch plan.found?.standing(of: plan.importedPath) {
    case .present?, nil: return
    case .addable(let addition)?:
      Output.line("\(plan.configurationFile) does not import it yet. It would get a line:")
      for line in Diff(from: plan.found?.configuration ?? "", to: addition.result)
        .hunks(context: 2).flatMap(\.lines)
      {
        Output.line("  \(line.change == .added ? "+" : " ") \(line: line.text)")
      }
      guard consents("Add the line? The old file stays as configuration.nix.before.") else {
        throw ExitCode.checkFailed
      }
      plan.addsImport = true
    case .unclear?:
      complain(
        """
        \(plan.configurationFile): its list of imports is for you to change. It needs:
          imports = [ \(plan.importedPath) ];
        """)
      if yes { throw ExitCode.checkFailed }
      guard consents("Is it imported by another module?") else { throw ExitCode.checkFailed }
    }
  }
}
