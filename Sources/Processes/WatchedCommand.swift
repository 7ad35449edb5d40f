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

  /// Starts a command.
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
      let ending = await Self.run(words, printingTo: pipe.writeEnd) {
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
