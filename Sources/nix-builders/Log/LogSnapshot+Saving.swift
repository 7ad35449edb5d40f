import Glibc
import Interface

extension LogSnapshot {
  /// Writes the log to a new file.
  ///
  /// - Returns: what went wrong; `nil` when nothing did.
  func save(to path: String) -> String? {
    NewFile.write(to: path) { descriptor in try write(to: descriptor) }
  }
}
