import Fragments
import Processes

extension SSHOptions {
  /// What ssh here makes of a host.
  package static func installed(for host: String) async -> SSHOptions {
    let command = Command(["ssh", "-G", "--", host], timeLimit: TimeLimits.local)
    return SSHOptions(printed: await command.run().output)
  }
}
