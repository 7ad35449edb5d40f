import Builders
import Fragments
import Practice
import Screens

/// Applies written fragments to the practice machines, as `nixos-rebuild switch` on both would.
enum PracticeApplication {
  /// - Returns: what was done, line by line.
  static func apply(
    _ alias: String, from output: OutputDirectory
  ) async -> Result<[String], ApplyError> {
    guard let practice = PracticeConnection.inherited() else {
      return .failure(ApplyError(reason: "There are no practice machines here."))
    }
    let remote = "remote-\(alias).nix"
    do {
      try await practice.apply(remoteFragment: output.path.appending(remote).string)
      try await practice.apply(localFragment: output.path.appending("local.nix").string)
    } catch {
      return .failure(ApplyError(reason: "\(error)"))
    }
    return .success([
      "\(remote) on \(practice.builder.hostName): the account, its key and the trust",
      "local.nix on \(practice.local.hostName): the machines, Nix's settings and ssh's",
    ])
  }
}
