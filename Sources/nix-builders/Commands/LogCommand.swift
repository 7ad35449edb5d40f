import ArgumentParser
import Base
import Checks
import Glibc
import Nix
import Processes
import Screens
import Terminal

struct LogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Watch a build: what is going on where, and the log of all or of one build.",
    discussion: """
      Runs a command and reads what it prints; nix and nix-build are told to print internal-json. \
      The exit status is the command's own:
        nix-builders log -- nix build .#hello

      Or reads Nix's internal-json or what it prints for people, from a file or a pipe:
        nix build -L --log-format internal-json |& nix-builders log

      The status of the build itself does not come through a pipe. So the exit status is 1 then \
      when the log tells of a build that failed or of an error, and 0 otherwise. Without a terminal \
      it prints the log as text, and the summary.
      """)

  @Argument(help: "A file with a log; standard input when none is named.")
  var file: String?

  @Flag(help: "Leave when the log ends.")
  var quitAtEnd = false

  @Argument(parsing: .postTerminator, help: "A command to run and to watch.")
  var command: [String] = []

  func validate() throws {
    if file != nil, !command.isEmpty {
      throw ValidationError("a file or a command was expected, not both.")
    }
  }

  @MainActor func run() async throws {
    guard !command.isEmpty else {
      let descriptor = try input()
      let name = file?.unicodeScalars.split(separator: "/").strings.last
      let source = LogViewer.Source(name: name, isLive: !isRegularFile(descriptor))
      let outcome = watch(source, descriptor, interrupt: LogEffects.interruptOthers)
      throw report(outcome)
    }
    ChildProcesses.endOnCrash()
    ChildProcesses.endOnTermination()
    let watched: WatchedCommand
    do {
      watched = try await WatchedCommand.start(InternalJSON.asking(command))
    } catch {
      complain("\(error)")
      throw ExitCode.missing
    }
    let source = LogViewer.Source(name: command.joined(separator: " "), isLive: true)
    let outcome = watch(source, watched.log) { watched.interrupt() }
    guard outcome.hasEnded else {
      await watched.end()
      throw report(outcome)
    }
    let status = await watched.status()
    _ = report(outcome)
    throw outcome.log.activities.isInterrupted ? ExitCode.interrupted : ExitCode(status)
  }

  // MARK: - Where it comes from

  private func input() throws -> Int32 {
    guard let file, file != "-" else {
      if isatty(STDIN_FILENO) == 1 {
        throw ValidationError(
          """
          Nothing is piped in. Name a file, or:
            nix-builders log -- nix build
            nix build -L --log-format internal-json |& nix-builders log
          """)
      }
      return STDIN_FILENO
    }
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    var status = stat()
    if descriptor < 0 || fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT == S_IFDIR {
      let fault = descriptor < 0 ? errno : EISDIR
      complain("\(file): \(String(cString: strerror(fault)))")
      throw ExitCode.missing
    }
    return descriptor
  }

  private func isRegularFile(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private var hasKeys: Bool {
    if isatty(STDIN_FILENO) == 1 { return true }
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    if terminal >= 0 { close(terminal) }
    return terminal >= 0
  }

  /// The local time of day, in seconds.
  private func timeOfDay() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var local = tm()
    localtime_r(&now.tv_sec, &local)
    let seconds = Int(local.tm_hour) * 3600 + Int(local.tm_min) * 60 + Int(local.tm_sec)
    return Double(seconds) + Double(now.tv_nsec) / 1e9
  }

  // MARK: - Watching

  /// What became of watching.
  private struct Outcome {
    var log: BuildLog
    /// Why the log could not be read to its end.
    var problem: String?
    /// What ended the viewer; `nil` where there was none.
    var ending: EventLoop.Ending?

    var hasEnded: Bool { log.activities.ended != nil }
  }

  /// Shows the log on the terminal, or prints it where there is none.
  @MainActor private func watch(
    _ source: LogViewer.Source, _ descriptor: Int32, interrupt: @escaping @Sendable () -> Void
  ) -> Outcome {
    if isatty(STDOUT_FILENO) == 1, hasKeys {
      let viewer = LogViewer(source: source, timeOfDay: timeOfDay(), quitsAtEnd: quitAtEnd)
      if let outcome = show(viewer, descriptor, interrupt) { return outcome }
    }
    let (log, problem) = PlainOutput.print(from: descriptor, isTimed: source.isLive)
    return Outcome(log: log, problem: problem)
  }

  /// Shows the log until the person leaves; the terminal is given back before this returns.
  ///
  /// - Returns: `nil` when the terminal cannot be used.
  @MainActor private func show(
    _ viewer: LogViewer, _ descriptor: Int32, _ interrupt: @escaping @Sendable () -> Void
  ) -> Outcome? {
    let keys: Terminal.KeySource =
      isatty(STDIN_FILENO) == 1 ? .standardInput : .controllingTerminal
    guard var terminal = try? Terminal(keysFrom: keys) else { return nil }
    var viewer = viewer
    viewer.hasClipboard = terminal.hasClipboard
    let effects = LogEffects(pipe: LogPipe(descriptor: descriptor), interrupt: interrupt)
    effects.start()
    let ending = EventLoop.run(&viewer, on: &terminal, mailbox: effects.mailbox) {
      effects.perform($0)
    }
    return Outcome(log: viewer.log, problem: viewer.problem, ending: ending)
  }

  /// Prints what it came to.
  ///
  /// - Returns: what the program exits with, as far as the log tells.
  private func report(_ outcome: Outcome) -> ExitCode {
    let summary = LogSummary(outcome.log).text
    // What was printed before it stands above it.
    if !summary.isEmpty { Output.line("\(outcome.ending == nil ? "\n" : "")\(summary)") }
    switch outcome.ending {
    case .quit? where !outcome.hasEnded: return .interrupted
    case .signal(let number)?: return ExitCode(128 + number)
    case .terminalLost?: return ExitCode(128 + SIGHUP)
    case .quit?, nil: break
    }
    if let problem = outcome.problem {
      complain("the log could not be read to its end: \(problem)")
      return .badData
    }
    if outcome.log.activities.isInterrupted { return .interrupted }
    return outcome.log.activities.hasFailed ? .checkFailed : .success
  }
}
