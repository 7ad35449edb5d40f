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
    let folder = output.path
    do {
      let there = try await practice.apply(
        remoteFragment: folder.appending("remote-\(alias).nix").string)
      let here = try await practice.apply(localFragment: folder.appending("local.nix").string)
      return .success(there + here)
    } catch {
      return .failure(ApplyError(reason: "\(error)"))
    }
  }
}
