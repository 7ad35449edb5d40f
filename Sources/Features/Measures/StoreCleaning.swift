import Builders
import Processes
import SSH

/// Takes out of a builder's store again what a measure has put there.
enum StoreCleaning {
  /// Deletes paths that nothing refers to. Nix lets everybody do that who may use its daemon,
  /// trusted or not, with a restricted key too; only the older protocol, ssh, has no word for it.
  ///
  /// - Returns: why it was not possible; `nil` when they are gone.
  static func delete(
    _ paths: [String], from builder: Builder, _ connection: Connection
  ) async -> String? {
    if paths.isEmpty { return nil }
    let command: Command
    if connection.machine.url.storeProtocol != .ssh {
      command = connection.nix(
        ["store", "delete", "--store", connection.machine.fullURL] + paths,
        timeLimit: TimeLimits.store)
    } else if builder.account.restricted {
      return "over the protocol ssh, a key that serves only Nix cannot delete"
    } else {
      command = connection.ssh(
        "nix-store --delete \(paths.joined(separator: " "))", timeLimit: TimeLimits.store)
    }
    // In a task of its own, since a cancelled one starts nothing.
    let result = await Task { await command.run() }.value
    return result.succeeded ? nil : NotMeasured(result).reason
  }
}
