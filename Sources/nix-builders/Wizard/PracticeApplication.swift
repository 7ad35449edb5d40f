import Fragments
import Screens

/// Applies written fragments to the practice machines.
enum PracticeApplication {
  static func apply(
    _ alias: String, from output: OutputDirectory
  ) async -> Result<[String], ApplyError> {
    .failure(ApplyError(reason: "This is not practice."))
  }
}
