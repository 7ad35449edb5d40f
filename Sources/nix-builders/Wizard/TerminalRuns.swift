import Checks
import Features
import Processes
import Screens
import SSH
import Synchronization
import Terminal

/// Commands that run on terminals of their own, and the connections that they share.
final class TerminalRuns: Sendable {
  private let typed = Mutex<[Int: TypedInput]>([:])
  private let connections = Mutex<[Int: AdministratorConnection]>([:])

  /// Runs a command and tells what happens.
  ///
  /// - Parameter connection: the run that opens the connection which it goes over.
  func perform(
    _ command: ApplyCommand, run: Int, connection: Int?, _ mailbox: Mailbox<Screens.Message>
  ) async {
    let input = TypedInput()
    typed.withLock { $0[run] = input }
    if connection == run {
      connections.withLock { $0[run] = AdministratorConnection(for: command.login?.person) }
    }
    let shared = connection.flatMap { number in connections.withLock { $0[number] } }
    let result = await command.terminalCommand(over: shared).run(typed: input) { event in
      await mailbox.send(.terminal(run: run, event))
    }
    typed.withLock { $0[run] = nil }
    if connection == run { connections.withLock { $0.removeValue(forKey: run) }?.remove() }
    await mailbox.send(.terminalEnded(run: run, result))
  }

  /// Types a line to a command.
  func type(_ line: TypedLine, run: Int) {
    typed.withLock { $0[run] }?.type(line)
  }

  /// The program ends, and the commands with it.
  func finish() {
    let left = connections.withLock { connections in
      defer { connections = [:] }
      return connections.values
    }
    for connection in left { connection.remove() }
  }
}
