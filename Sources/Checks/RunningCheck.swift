import Base
import Builders
import Nix
import Processes
import SSH

/// One check while it runs: its commands are shown, what they print is shown and kept.
struct RunningCheck: Sendable {
  let name: CheckName
  let test: BuilderTest
  var builder: Builder { test.builder }
  private let report: @Sendable (CheckEvent) async -> Void
  private let begin = ContinuousClock.now
  private let kept = Kept()

  private init(
    _ name: CheckName, _ test: BuilderTest,
    _ report: @escaping @Sendable (CheckEvent) async -> Void
  ) {
    self.name = name
    self.test = test
    self.report = report
  }

  /// Runs a check from its beginning to its end.
  static func run(
    _ name: CheckName, of test: BuilderTest,
    _ report: @escaping @Sendable (CheckEvent) async -> Void,
    _ body: @Sendable (RunningCheck) async -> CheckResult
  ) async -> CheckResult {
    if Task.isCancelled { return await skip(name, test.deadline, report) }
    await report(.started(name))
    let check = RunningCheck(name, test, report)
    var result = await body(check)
    if Task.isCancelled, result.outcome != .passed {
      if let deadline = test.deadline, deadline.isOver {
        result.giveUp(deadline)
      } else {
        result.outcome = .skipped
        result.detail = "cancelled"
        result.diagnosis = nil
      }
    }
    await report(.finished(result))
    return result
  }

  /// The result of a check that was to begin when the run had ended already.
  private static func skip(
    _ name: CheckName, _ deadline: Deadline?,
    _ report: @Sendable (CheckEvent) async -> Void
  ) async -> CheckResult {
    guard let deadline, deadline.isOver else { return await skip(name, "cancelled", report) }
    guard deadline.tell() else { return await skip(name, "no time left", report) }
    var result = CheckResult(name: name, outcome: .failed)
    result.giveUp(deadline)
    await report(.finished(result))
    return result
  }

  /// The result of a check that is not tried.
  static func skip(
    _ name: CheckName, _ reason: String, diagnosis: Diagnosis? = nil,
    _ report: @Sendable (CheckEvent) async -> Void
  ) async -> CheckResult {
    let result = CheckResult(
      name: name, outcome: .skipped, detail: reason, diagnosis: diagnosis)
    await report(.finished(result))
    return result
  }

  // MARK: - Commands

  /// Runs a command, showing and keeping what it prints.
  func run(_ command: Command) async -> Command.Result {
    await report(.command(name, command.text))
    return await command.run { _, bytes in await show(bytes) }
  }

  /// Runs a command that is no news to anybody, such as the computing of a fingerprint.
  func runQuietly(_ command: Command) async -> Command.Result { await command.run() }

  /// Runs a Nix command with `--log-format internal-json`, showing and keeping its log in the way
  /// Nix would print it.
  func runNix(_ command: Command) async -> (result: Command.Result, builds: [NixBuild]) {
    await report(.command(name, command.text))
    let log = Log()
    let result = await command.run { stream, bytes in
      if stream == .error { await show(log.take(bytes)) }
    }
    await show(log.rest())
    return (result, await log.builds)
  }

  private func show(_ bytes: [UInt8]) async {
    guard !bytes.isEmpty else { return }
    await kept.append(bytes)
    await report(.output(name, bytes))
  }

  /// Keeps and shows something that no command printed.
  func note(_ text: String) async { await show(Array("\(text)\n".utf8)) }

  /// Forgets what was shown so far: it was about another try.
  func beginAnew() async { await kept.clear() }

  /// All that was shown so far.
  var evidence: String {
    get async { await kept.capture.text }
  }

  // MARK: - Results

  /// - Parameter warning: something that it works in spite of.
  func passed(
    _ detail: String, finding: Finding? = nil, warning: Diagnosis? = nil
  ) async -> CheckResult {
    await result(.passed, detail, warning, finding)
  }

  func undecided(
    _ detail: String, _ diagnosis: Diagnosis? = nil, finding: Finding? = nil
  ) async -> CheckResult {
    await result(.undecided, detail, diagnosis, finding)
  }

  func notYet(_ detail: String, _ diagnosis: Diagnosis) async -> CheckResult {
    await result(.notYet, detail, diagnosis, nil)
  }

  func failed(
    _ detail: String, _ diagnosis: Diagnosis?, finding: Finding? = nil
  ) async -> CheckResult {
    await result(.failed, detail, diagnosis, finding)
  }

  /// The failure of a command: its cause is looked for in the evidence.
  func failed(_ detail: String, by command: Command, _ ended: Command.Result) async -> CheckResult {
    switch ended.ending {
    case .missing:
      return await failed("\(command.words.first ?? "") is missing here", .missingTool(command))
    case .timedOut:
      let isStuck = command.words.first == "nix" && LocalDaemon.answer == .busy
      let cause = await cause ?? (isStuck ? .daemonStuck : .tookTooLong(command))
      let seconds = Int(command.timeLimit?.components.seconds ?? 0)
      var result = await failed("gave up after \(seconds) s", cause)
      result.gaveUpAfter = seconds
      return result
    case .printedTooMuch(let limit):
      return await failed("printed more than \(limit)", .printsTooMuch(command, limit))
    case .notStarted(let reason):
      await note(reason)
      return await failed("\(command.words.first ?? "") could not be started", nil)
    case .exited, .signalled, .cancelled:
      return await failed(detail, await cause)
    }
  }

  /// What the evidence shows, and a closer look where it leaves something open. That takes no
  /// login.
  private var cause: Diagnosis? {
    get async {
      guard !Task.isCancelled else { return nil }
      let known = Diagnosis.recognise(await evidence, of: builder)
      if known?.identity == .hungUp, let words = await parting {
        await note("\(builder.address): \(words)")
        return Diagnosis.recognise(words, of: builder) ?? known
      }
      guard test.source == .installed else { return known }
      if known?.identity.isOfConnection == true,
        let fault = await InstalledConfiguration.fault(of: builder)
      {
        return fault
      }
      return known == nil || known?.identity == .daemonSilent ? await faultOfDaemon ?? known : known
    }
  }

  /// Where Nix's daemon could not even begin: what its ssh says does not come through to here.
  private var faultOfDaemon: Diagnosis? {
    get async {
      guard Printed(await evidence).says("cannot build on 'ssh"), let daemon = LocalDaemon.running
      else {
        return nil
      }
      return daemon.difference.map { .daemonDiffers(builder, $0) } ?? .daemonCannotConnect(builder)
    }
  }

  /// What the port says to one who only connects, where it hangs up again; ssh does not show it.
  private var parting: String? {
    get async {
      // ssh names the address that it had connected to.
      guard builder.detour == nil,
        let line = Printed(await evidence).line(with: "Connection ", " by ", " port "),
        let address = line.part(between: " by ", and: " port ")?.host,
        case .turnedAway(let words) = await Greeting.read(
          from: address, port: builder.port, within: TimeLimits.connect), !words.isEmpty
      else { return nil }
      return words
    }
  }

  private func result(
    _ outcome: CheckResult.Outcome, _ detail: String, _ diagnosis: Diagnosis?, _ finding: Finding?
  ) async -> CheckResult {
    return CheckResult(
      name: name, outcome: outcome, seconds: begin.duration(to: .now).seconds, detail: detail,
      diagnosis: diagnosis,
      evidence: await evidence, finding: finding)
  }

  private actor Kept {
    var capture = Capture()
    func append(_ bytes: [UInt8]) { capture.append(bytes) }
    func clear() { capture = Capture() }
  }

  /// Nix's log on its way to being readable.
  private actor Log {
    private var parser = NixLogParser()
    private var renderer = NixLogRenderer()
    private(set) var builds: [NixBuild] = []

    func take(_ bytes: [UInt8]) -> [UInt8] {
      var events: [NixLogEvent] = []
      parser.feed(bytes) { events.append($0) }
      return render(events)
    }

    func rest() -> [UInt8] {
      var events: [NixLogEvent] = []
      parser.finish { events.append($0) }
      return render(events)
    }

    private func render(_ events: [NixLogEvent]) -> [UInt8] {
      var text: [UInt8] = []
      for event in events {
        renderer.append(event, to: &text)
        if case .started(_, _, _, .build(let derivation, let machine)) = event, !machine.isEmpty {
          builds.append(NixBuild(derivation: derivation, machine: machine))
        }
      }
      return text
    }
  }
}

/// A build that Nix gave to a machine.
struct NixBuild: Equatable, Sendable {
  var derivation: String
  /// The machine's store URL.
  var machine: String
}

extension Diagnosis {
  static func missingTool(_ command: Command) -> Diagnosis {
    let tool = command.words.first ?? ""
    return Diagnosis(
      .missingTool, cause: "\(tool) is not installed on this machine.",
      remedy: tool.unicodeScalars.hasPrefix("nix") ? "Install Nix." : "Install OpenSSH.",
      manual: Manual.nixPage("installation/index"))
  }

  static func printsTooMuch(_ command: Command, _ limit: FileLimit) -> Diagnosis {
    Diagnosis(
      .printsTooMuch,
      cause: "More than \(limit) was printed where a few lines are expected, so the command was "
        + "stopped. A start-up file of the account's shell, or sshd's banner, may print without end.",
      remedy: "See what a login prints, and silence it.", command: "\(command) | head",
      manual: Manual.remoteBuilds)
  }

  static func tookTooLong(_ command: Command) -> Diagnosis {
    Diagnosis(
      .timedOut,
      cause: "The command had not ended after \(command.timeLimit?.components.seconds ?? 0) "
        + "seconds, and was stopped.",
      remedy: "The builder may be overloaded, or busy with as many builds as it takes at once. "
        + "Try the command by hand.",
      command: ShellCommand(command), manual: Manual.remoteBuilds)
  }
}
