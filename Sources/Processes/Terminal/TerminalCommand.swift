import Base
import CProcess
import FoundationEssentials
import Glibc
import SystemPackage

/// A program that runs on a terminal of its own, so that it can ask: ssh for a passphrase, sudo for
/// a password. What it prints comes back as it is.
public struct TerminalCommand: Equatable, Sendable {
  /// The program, looked up on the PATH unless it is a path itself, and its arguments.
  public var words: [String]
  /// Variables that are set, or taken out of the environment with `nil`.
  public var environment: [String: String?]
  /// A file that it reads from standard input, instead of from its terminal.
  public var inputFile: String?
  /// Whether standard output is kept apart from the terminal, to be understood by this program.
  public var capturesOutput: Bool
  /// A file that appears when the program has come to where it stays; `nil` for one that ends.
  public var readyFile: String?
  /// Who runs it, with their home and their agent; `nil` for whoever runs this program.
  public var person: InvokingPerson?
  /// How long it may take; `nil` for as long as it likes.
  public var timeLimit: Duration?

  /// Creates a command.
  public init(
    _ words: [String], environment: [String: String?] = [:], inputFile: String? = nil,
    capturesOutput: Bool = false, readyFile: String? = nil, person: InvokingPerson? = nil,
    timeLimit: Duration? = nil
  ) {
    self.words = words
    self.environment = environment
    self.inputFile = inputFile
    self.capturesOutput = capturesOutput
    self.readyFile = readyFile
    self.person = person
    self.timeLimit = timeLimit
  }

  /// Something that the program waits for on its terminal.
  public struct Question: Equatable, Sendable {
    /// Whether what is typed is not to be seen.
    public var isHidden: Bool

    /// Creates a question.
    public init(isHidden: Bool) { self.isHidden = isHidden }
  }

  /// What happens while it runs.
  public enum Event: Equatable, Sendable {
    /// It has printed something.
    case printed([UInt8])
    /// It waits for an answer; `nil` when it does so no longer.
    case asks(Question?)
    /// It has come to where it stays.
    case ready
  }

  /// What became of it.
  public struct Result: Equatable, Sendable {
    /// How it ended.
    public var ending: Command.Ending
    /// What it printed to standard output, where that was kept apart.
    public var output: String

    /// Creates a result.
    public init(ending: Command.Ending, output: String = "") {
      self.ending = ending
      self.output = output
    }
  }

  /// Runs the command. When this returns, it is over with its whole session: its terminal hangs up,
  /// as when one closes a window. Cancelling the task does that at once.
  ///
  /// - Parameters:
  ///   - typed: what is typed to it.
  ///   - sink: takes what happens; while it suspends, the command is held back.
  public func run(
    typed: TypedInput, sink: @escaping @Sendable (Event) async -> Void
  ) async -> Result {
    if Task.isCancelled { return Result(ending: .cancelled) }
    guard let terminal = PseudoTerminal() else {
      return Result(ending: .notStarted("no terminal is left: \(String(cString: strerror(errno)))"))
    }
    let process: TerminalProcess
    switch TerminalProcess.start(self, on: terminal.path) {
    case .success(let started): process = started
    case .failure(let failure): return Result(ending: failure.ending)
    }
    _ = cprocess_add(process.id)
    let result = await attend(process, terminal, typed, sink)
    cprocess_remove(process.id)
    return result
  }

  private func attend(
    _ process: TerminalProcess, _ terminal: consuming PseudoTerminal, _ typed: TypedInput,
    _ sink: @escaping @Sendable (Event) async -> Void
  ) async -> Result {
    var watch = PromptWatch(now: .now)
    var question: Question?
    var isReady = false
    var output = Capture()
    let end = timeLimit.map { ContinuousClock.now + $0 }
    var isLate = false
    while true {
      // Asked first: what it prints last may come together with its end.
      let isOver = cprocess_has_exited(process.id)
      let (printed, captured) = (terminal.read(), process.readOutput())
      output.append(captured)
      if !printed.isEmpty {
        watch.printed(printed, now: .now)
        await sink(.printed(printed))
      }
      isLate = end.map { ContinuousClock.now > $0 } ?? false
      if Task.isCancelled || isLate || isOver && printed.isEmpty && captured.isEmpty { break }
      if typed.drain({ terminal.write($0) }) { watch.answered() }
      let asked = watch.question(terminal.modes, now: .now)
      if asked != question {
        question = asked
        await sink(.asks(asked))
      }
      if !isReady, let readyFile, access(readyFile, F_OK) == 0 {
        isReady = true
        await sink(.ready)
      }
      // A change of the terminal's modes wakes nobody up; so this looks, more often than anybody
      // would notice.
      if printed.isEmpty, captured.isEmpty { await Self.pause(.milliseconds(20)) }
    }
    let isCancelled = Task.isCancelled
    // Hangs up.
    _ = consume terminal
    let ending = await process.end()
    return Result(
      ending: isCancelled ? .cancelled : isLate ? .timedOut : ending, output: output.text)
  }

  /// In a task of its own, since in a cancelled one nothing sleeps.
  package static func pause(_ time: Duration) async {
    await Task { try? await Task.sleep(for: time) }.value
  }
}

/// The process of a command with a terminal: the first of a session.
struct TerminalProcess {
  /// Its id, and that of its session.
  let id: pid_t
  /// Where its standard output is read, where that is kept apart.
  private let output: FileDescriptor?

  struct Failure: Error {
    var ending: Command.Ending
  }

  /// Starts a command. The terminal becomes that of its session because it opens it first.
  static func start(
    _ command: TerminalCommand, on terminal: String
  ) -> Swift.Result<TerminalProcess, Failure> {
    var pipe: (readEnd: FileDescriptor, writeEnd: FileDescriptor)?
    if command.capturesOutput {
      pipe = try? FileDescriptor.pipe(options: .closeOnExec)
      guard let pipe else { return .failure(failure(errno)) }
      _ = fcntl(pipe.readEnd.rawValue, F_SETFL, O_NONBLOCK)
    }
    defer { try? pipe?.writeEnd.close() }
    let words = command.words.map { strdup($0) } + [nil]
    let variables = command.variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    let id = start(command, on: terminal, output: pipe?.writeEnd.rawValue ?? -1) {
      cprocess_start_on_terminal($0, words, variables)
    }
    if id < 0 {
      let error = errno
      try? pipe?.readEnd.close()
      return .failure(failure(error, missing: command.inputFile))
    }
    return .success(TerminalProcess(id: id, output: pipe?.readEnd))
  }

  /// Puts together what a program is started with, as C has it.
  private static func start(
    _ command: TerminalCommand, on terminal: String, output: Int32,
    _ body: (UnsafePointer<cprocess_start>) -> pid_t
  ) -> pid_t {
    let texts = [terminal, command.inputFile, command.person?.home].map {
      $0.flatMap { strdup($0) }
    }
    defer { for text in texts { free(text) } }
    let groups = command.person?.groups ?? []
    return groups.withUnsafeBufferPointer { groups in
      var start = cprocess_start(
        terminal: texts[0], input: texts[1], output: output, person: nil)
      guard let person = command.person, person.isOther else { return body(&start) }
      var other = cprocess_person(
        user: person.userID, group: person.groupID, groups: groups.baseAddress,
        group_count: groups.count, home: texts[2])
      return withUnsafePointer(to: &other) {
        start.person = $0
        return body(&start)
      }
    }
  }

  private static func failure(_ error: Int32, missing file: String? = nil) -> Failure {
    // Nobody says whether the program or its input is not there.
    if error == ENOENT, let file, access(file, R_OK) != 0 {
      return Failure(ending: .notStarted("\(file): \(String(cString: strerror(errno)))"))
    }
    if error == ENOENT { return Failure(ending: .missing) }
    return Failure(ending: .notStarted(String(cString: strerror(error))))
  }

  /// What came on standard output meanwhile.
  func readOutput() -> [UInt8] { output.map { readAvailable(from: $0.rawValue) } ?? [] }

  /// Waits for its end, which its terminal's hanging up brings about, and ends what is left of its
  /// session.
  func end() async -> Command.Ending {
    let deadline = ContinuousClock.now + TimeLimits.untilKilled
    kill(-id, SIGHUP)
    while !cprocess_has_exited(id), ContinuousClock.now < deadline {
      await TerminalCommand.pause(.milliseconds(2))
    }
    // The first process is not waited for before, so that its id, and with it the session's, cannot
    // have gone to anybody else.
    // One that the kernel does not let go of is not waited for.
    for _ in 0..<500 {
      let others = Self.processes(ofSession: id)
      if others.isEmpty { break }
      for process in others { kill(process, SIGKILL) }
      await TerminalCommand.pause(.milliseconds(2))
    }
    try? output?.close()
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
  }

  /// Those that still run. A session may have several process groups.
  private static func processes(ofSession session: pid_t) -> [pid_t] {
    fileNames(in: "/proc").compactMap { pid_t($0) }.filter { process in
      guard
        let text = (try? WholeFile("/proc/\(process)/stat", atMost: .process).text)?.unicodeScalars,
        let name = text.lastIndex(of: ")")
      else { return false }
      // Behind the name: state, parent, group, session.
      let fields = text[name...].words.strings
      return fields.count > 4 && fields[4] == "\(session)" && fields[1] != "Z"
    }
  }
}

extension TerminalCommand {
  /// The environment. The agent of whoever runs this is welcome here; a window that asks is not,
  /// since what is asked is asked in this program.
  fileprivate var variables: [String: String] {
    var variables = ProcessInfo.processInfo.environment
    for name in ["SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "SUDO_ASKPASS"] { variables[name] = nil }
    // A log takes lines, not a picture that is painted over.
    variables["TERM"] = "dumb"
    if let person, person.isOther {
      for (name, value) in person.variables { variables[name] = value }
    }
    for (name, value) in environment { variables[name] = value }
    return variables
  }
}
