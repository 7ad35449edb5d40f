import Base
import CProcess
import Glibc
import Subprocess
import SystemPackage

/// A program that is run once, in a session and process group of its own, without a terminal, and
/// in an environment in which nothing can ask a question.
public struct Command: Equatable, Sendable {
  /// The program, looked up on the PATH unless it is a path itself, and its arguments.
  public var words: [String]
  /// Variables that are set, or taken out of the environment with `nil`.
  public var environment: [String: String?]
  /// What it reads from standard input; `nil` for nothing.
  public var input: [UInt8]?
  /// How long it may take; `nil` for as long as it likes.
  public var timeLimit: Duration?
  /// How much it may print on each stream, all of which is kept then; `nil` for as much as it likes,
  /// of which a huge middle is left out.
  public var outputLimit: FileLimit?
  /// As whom it runs; `nil` for whoever runs this program.
  public var person: InvokingPerson?

  /// Creates a command.
  public init(
    _ words: [String], environment: [String: String?] = [:], input: [UInt8]? = nil,
    timeLimit: Duration?, outputLimit: FileLimit? = nil, as person: InvokingPerson? = nil
  ) {
    self.words = words
    self.environment = environment
    self.input = input
    self.timeLimit = timeLimit
    self.outputLimit = outputLimit
    self.person = person
  }

  /// One of the two streams that a program prints to.
  public enum Stream: Sendable {
    /// Standard output.
    case output
    /// Standard error.
    case error
  }

  /// How a command ended.
  public enum Ending: Equatable, Sendable {
    /// It exited with this status.
    case exited(Int32)
    /// A signal that was not ours ended it.
    case signalled(Int32)
    /// It took too long and was killed.
    case timedOut
    /// It printed too much and was killed.
    case printedTooMuch(FileLimit)
    /// The task was cancelled, and the command killed.
    case cancelled
    /// There is no such program.
    case missing
    /// It could not be started.
    case notStarted(String)
  }

  /// What became of a command.
  public struct Result: Equatable, Sendable {
    /// How it ended.
    public var ending: Ending
    /// What it printed to standard output, without the middle where it is huge.
    public var output: String
    /// What it printed to standard error, without the middle where it is huge.
    public var error: String

    /// Creates a result.
    public init(ending: Ending, output: String, error: String) {
      self.ending = ending
      self.output = output
      self.error = error
    }

    /// Whether it exited with status 0.
    public var succeeded: Bool { ending == .exited(0) }
  }

  /// The command as one would type it into a shell.
  public var text: String {
    let variables = environment.sorted { $0.key < $1.key }.compactMap { name, value in
      value.map { "\(name)=\(Shell.quoted($0))" }
    }
    return (variables + [Shell.line(words)]).joined(separator: " ")
  }

  /// Runs the command. It is over, with its whole process group, when this returns; cancelling
  /// the task ends it at once.
  ///
  /// - Parameter sink: takes the bytes as they come; while it suspends, the command is held back.
  public func run(
    sink: @escaping @Sendable (Stream, [UInt8]) async -> Void = { _, _ in }
  ) async -> Result {
    guard !Task.isCancelled else { return Result(ending: .cancelled, output: "", error: "") }
    // Not in a task group: in optimised builds Swift 6.3.1 hands back garbage from a group whose
    // children return results as large as this one.
    let work = Task { await runToTheEnd(sink) }
    let timer = timeLimit.map { limit in
      Task {
        guard (try? await Task.sleep(for: limit)) != nil else { return false }
        work.cancel()
        return true
      }
    }
    var result = await withTaskCancellationHandler {
      await work.value
    } onCancel: {
      work.cancel()
    }
    timer?.cancel()
    if result.ending == .cancelled, await timer?.value == true { result.ending = .timedOut }
    if let person { result.ending = person.ending(of: result) }
    return result
  }

  private func runToTheEnd(
    _ sink: @escaping @Sendable (Stream, [UInt8]) async -> Void
  ) async -> Result {
    let kept = Kept(limit: outputLimit)
    do {
      let status =
        if let input {
          try await Subprocess.run(
            configuration,
            input: .fileDescriptor(Self.file(of: input), closeAfterSpawningProcess: true),
            output: .sequence, error: .sequence
          ) { await $0.stream(into: kept, sink) }.terminationStatus
        } else {
          try await Subprocess.run(
            configuration, input: .none, output: .sequence, error: .sequence
          ) { await $0.stream(into: kept, sink) }.terminationStatus
        }
      let ending = Task.isCancelled ? .cancelled : Ending(status)
      return await kept.result(ending)
    } catch {
      return await kept.result(Command.ending(of: error))
    }
  }

  /// A file in memory alone. Through a pipe, a program that does not read all it is given would end
  /// this one (SIGPIPE).
  private static func file(of input: [UInt8]) throws -> FileDescriptor {
    let descriptor = cprocess_open_memory()
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    let file = FileDescriptor(rawValue: descriptor)
    do {
      try file.writeAll(input)
      try file.seek(offset: 0, from: FileDescriptor.SeekOrigin.start)
      return file
    } catch {
      try? file.close()
      throw error
    }
  }

  static func ending(of error: any Error) -> Ending {
    if Task.isCancelled { return .cancelled }
    guard let error = error as? SubprocessError else { return .notStarted("\(error)") }
    return error.code == .executableNotFound ? .missing : .notStarted("\(error)")
  }

  /// A program, looked up on the PATH unless it is a path itself.
  static func executable(_ program: String) -> Executable {
    program.unicodeScalars.contains("/") ? .path(FilePath(program)) : .name(program)
  }

  private var configuration: Configuration {
    // Its own session: no terminal to ask on. Root's daemon has no agent and no askpass either, so
    // a key that needs them has to fail here too.
    var variables: [Environment.Key: String?] = [
      "LC_ALL": "C", "SSH_ASKPASS": nil, "SSH_ASKPASS_REQUIRE": nil, "SSH_AUTH_SOCK": nil,
    ]
    let other = person.flatMap { $0.isOther ? $0 : nil }
    for (name, value) in (other?.variables ?? [:]).merging(environment, uniquingKeysWith: { $1 }) {
      if let key = Environment.Key(rawValue: name) { variables[key] = .some(value) }
    }
    var options = PlatformOptions()
    options.createSession = true
    options.teardownSequence = [
      .send(
        signal: .terminate, toProcessGroup: true,
        allowedDurationToNextStep: TimeLimits.untilKilled)
    ]
    let words = person?.starting(words) ?? words
    return Configuration(
      executable: Self.executable(words.first ?? ""),
      arguments: Arguments(Array(words.dropFirst())),
      environment: .inherit.updating(variables), platformOptions: options)
  }

  /// What a command has printed so far.
  fileprivate actor Kept {
    private let limit: FileLimit?
    private var output: Capture
    private var error: Capture
    private var counts: [Stream: Int] = [:]
    private var isTooMuch = false

    init(limit: FileLimit?) {
      self.limit = limit
      let capture = limit.map { Capture(half: $0.bytes) } ?? Capture()
      (output, error) = (capture, capture)
    }

    /// - Returns: whether that is not too much yet.
    func append(_ bytes: [UInt8], from stream: Stream) -> Bool {
      if isTooMuch { return false }
      if let limit {
        counts[stream, default: 0] += bytes.count
        isTooMuch = counts[stream, default: 0] > limit.bytes
      }
      switch stream {
      case .output: output.append(bytes)
      case .error: error.append(bytes)
      }
      return !isTooMuch
    }

    func result(_ ending: Ending) -> Result {
      let ending = limit.flatMap { isTooMuch ? .printedTooMuch($0) : nil } ?? ending
      return Result(ending: ending, output: output.text, error: error.text)
    }
  }
}

extension Command.Ending {
  init(_ status: TerminationStatus) {
    switch status {
    case .exited(let code): self = .exited(code)
    case .signaled(let signal): self = .signalled(signal)
    }
  }
}

extension Execution where Output == SequenceOutput, Error == SequenceOutput {
  /// Passes on all that the program prints, and ends what is left of its process group.
  fileprivate func stream(
    into kept: Command.Kept, _ sink: @escaping @Sendable (Command.Stream, [UInt8]) async -> Void
  ) async {
    let group = processIdentifier.value
    _ = cprocess_add(group)
    defer { cprocess_remove(group) }
    let streams: [(Command.Stream, SubprocessOutputSequence)] = [
      (.output, standardOutput), (.error, standardError),
    ]
    await withTaskGroup(of: Void.self) { tasks in
      for (stream, sequence) in streams {
        tasks.addTask {
          // A stream that cannot be read any more has ended, whatever the reason.
          var buffers = sequence.makeAsyncIterator()
          while let buffer = try? await buffers.next() {
            let bytes = buffer.withUnsafeBytes { Array($0) }
            if await kept.append(bytes, from: stream) {
              await sink(stream, bytes)
            } else {
              kill(-group, SIGKILL)
            }
          }
        }
      }
    }
    // Streams also end when the program exits while a descendant still holds them. That one must
    // not survive. The program itself is not waited for before this closure returns, so its id,
    // and with it the group's, cannot have gone to anybody else.
    while !cprocess_has_exited(group) {
      // In a task of its own, since in a cancelled one nothing sleeps.
      await Task { try? await Task.sleep(for: .milliseconds(1)) }.value
    }
    kill(-group, SIGKILL)
  }
}
