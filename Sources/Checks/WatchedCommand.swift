import Base
import CProcess
import Glibc
import Subprocess
import SystemPackage

/// A command of the user's own whose log is watched. It runs in a session of its own, and all that
/// it prints goes into one pipe.
public struct WatchedCommand: Sendable {
  /// The end of the pipe that is to be read; it ends when nobody writes any more.
  public let log: Int32
  private let group: pid_t
  private let ending: Task<Command.Ending, Never>

  /// Starts a command. Nix is told to print its internal-json.
  ///
  /// - Throws: ``StartError``
  public static func start(_ words: [String]) async throws(StartError) -> WatchedCommand {
    let name = words.first ?? ""
    // The command must not hold the end that is read.
    guard let pipe = try? FileDescriptor.pipe(options: .closeOnExec) else {
      throw StartError(program: name, reason: lastError())
    }
    let started = AsyncStream<pid_t>.makeStream()
    let run = Task {
      let ending = await Self.run(Self.askingForJSON(words), printingTo: pipe.writeEnd) {
        started.continuation.yield($0)
      }
      started.continuation.finish()
      return ending
    }
    var processes = started.stream.makeAsyncIterator()
    if let process = await processes.next() {
      return WatchedCommand(log: pipe.readEnd.rawValue, group: process, ending: run)
    }
    try? pipe.readEnd.close()
    switch await run.value {
    case .notStarted(let reason): throw StartError(program: name, reason: reason)
    default: throw StartError(program: name, reason: "there is no such program")
    }
  }

  private static func run(
    _ words: [String], printingTo descriptor: FileDescriptor, started: (pid_t) -> Void
  ) async -> Command.Ending {
    var options = PlatformOptions()
    options.createSession = true
    let configuration = Configuration(
      executable: Command.executable(words.first ?? ""),
      arguments: Arguments(Array(words.dropFirst())), platformOptions: options)
    do {
      let outcome = try await Subprocess.run(
        configuration, input: .none,
        // The pipe is to end with the command.
        output: .fileDescriptor(descriptor, closeAfterSpawningProcess: true),
        error: .combinedWithOutput
      ) { execution in
        let group = execution.processIdentifier.value
        _ = cprocess_add(group)
        started(group)
        return group
      }
      cprocess_remove(outcome.closureResult)
      return Command.Ending(outcome.terminationStatus)
    } catch {
      return Command.ending(of: error)
    }
  }

  /// Nix tells what goes on where only in this format, which has the lines of the builds anyway; the
  /// option -L, wherever it stands, would ask for another one again.
  static func askingForJSON(_ words: [String]) -> [String] {
    guard let program = words.first?.unicodeScalars.split(separator: "/").strings.last,
      ["nix", "nix-build"].contains(program)
    else { return words }
    // From there on they are another program's.
    let end = words.firstIndex { ["--", "-c", "--command"].contains($0) } ?? words.endIndex
    let own = words[1..<end]
    if own.contains("--log-format") { return words }
    let asked = own.compactMap { program == "nix" ? withoutBuildLogs($0) : $0 }
    return [words[0], "--log-format", "internal-json"] + asked + words[end...]
  }

  /// - Returns: `nil` for an option that asks for nothing else.
  private static func withoutBuildLogs(_ word: String) -> String? {
    if word == "--print-build-logs" { return nil }
    // Several short options may stand in one word.
    let scalars = word.unicodeScalars
    guard scalars.first == "-", scalars.dropFirst().allSatisfy(\.isLetterOrDigit),
      scalars.contains("L")
    else { return word }
    let rest = String(scalars.filter { $0 != "L" })
    return rest == "-" ? nil : rest
  }

  /// Interrupts it, as Ctrl-C does.
  public func interrupt() { kill(-group, SIGINT) }

  /// Ends it: an interrupted Nix ends its builds in order, what stays is killed.
  public func end() async {
    interrupt()
    let killer = Task { [group] in
      guard (try? await Task.sleep(for: .seconds(3))) != nil else { return }
      kill(-group, SIGKILL)
    }
    _ = await ending.value
    killer.cancel()
  }

  /// Waits until it has ended.
  ///
  /// - Returns: its exit status, as a shell would tell it.
  public func status() async -> Int32 {
    switch await ending.value {
    case .exited(let status): status
    case .signalled(let signal): 128 + signal
    case .timedOut, .printedTooMuch, .cancelled, .missing, .notStarted: 127
    }
  }

  /// Why a command could not be started.
  public struct StartError: Error, CustomStringConvertible {
    /// The program.
    public var program: String
    /// What went wrong, in words.
    public var reason: String

    /// Both, as a sentence.
    public var description: String { "\(program): \(reason)" }
  }
}
