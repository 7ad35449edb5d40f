import ArgumentParser
import Glibc
import Screens
import Terminal

struct LogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Watch a build: what is going on where, and the log of all or of one build.",
    discussion: """
      Reads Nix's internal-json or what it prints for people, from a file or a pipe:
        nix build -L --log-format internal-json |& nix-builders log

      The status of the build itself does not come through a pipe. So the exit status is 1 when \
      the log tells of a build that failed or of an error, and 0 otherwise. Without a terminal it \
      prints the log as text, and the summary.
      """)

  @Argument(help: "A file with a log; standard input when none is named.")
  var file: String?

  @Flag(help: "Leave when the log ends.")
  var quitAtEnd = false

  @MainActor func run() async throws {
    let descriptor = try input()
    let isLive = !isRegularFile(descriptor)
    let name = file.flatMap { $0.split(separator: "/").last.map(String.init) }
    if isatty(STDOUT_FILENO) == 1, hasKeys {
      let viewer = LogViewer(
        source: LogViewer.Source(name: name, isLive: isLive), timeOfDay: timeOfDay(),
        quitsAtEnd: quitAtEnd)
      if let (viewer, ending) = show(viewer, descriptor) { return try part(viewer, ending) }
    }
    let (log, problem) = PlainOutput.print(from: descriptor, isTimed: isLive)
    try conclude(log, problem)
  }

  // MARK: - Where it comes from

  private func input() throws -> Int32 {
    guard let file, file != "-" else {
      if isatty(STDIN_FILENO) == 1 {
        throw ValidationError(
          """
          Nothing is piped in. Name a file, or:
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

  // MARK: - On the terminal

  /// Shows the log until the person leaves; the terminal is given back before this returns.
  ///
  /// - Returns: `nil` when the terminal cannot be used.
  @MainActor private func show(
    _ viewer: LogViewer, _ descriptor: Int32
  ) -> (LogViewer, EventLoop.Ending)? {
    let source: Terminal.KeySource =
      isatty(STDIN_FILENO) == 1 ? .standardInput : .controllingTerminal
    guard var terminal = try? Terminal(keysFrom: source) else { return nil }
    var viewer = viewer
    let effects = LogEffects(pipe: LogPipe(descriptor: descriptor))
    effects.start()
    let ending = EventLoop.run(&viewer, on: &terminal, mailbox: effects.mailbox) {
      effects.perform($0)
    }
    return (viewer, ending)
  }

  private func part(_ viewer: LogViewer, _ ending: EventLoop.Ending) throws {
    let summary = LogSummary(viewer.log).text
    if !summary.isEmpty { print(summary) }
    switch ending {
    case .quit where !viewer.hasEnded: throw ExitCode.interrupted
    case .quit: try conclude(viewer.log, viewer.problem, isSummed: true)
    case .signal(let number): throw ExitCode(128 + number)
    case .terminalLost: throw ExitCode(128 + SIGHUP)
    }
  }

  private func conclude(
    _ log: BuildLog, _ problem: String?, isSummed: Bool = false
  ) throws {
    let summary = isSummed ? "" : LogSummary(log).text
    if !summary.isEmpty { print("\n" + summary) }
    if let problem {
      complain("the log could not be read to its end: \(problem)")
      throw ExitCode.badData
    }
    if log.activities.hasFailed { throw ExitCode.checkFailed }
  }
}
