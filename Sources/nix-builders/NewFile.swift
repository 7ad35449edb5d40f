import Glibc
import SystemPackage

/// A file that a person names for something to be saved to. One that is there is left alone.
enum NewFile {
  /// Writes bytes.
  ///
  /// - Returns: what went wrong; `nil` when nothing did.
  static func write(_ bytes: [UInt8], to path: String) -> String? {
    write(to: path) { descriptor in
      _ = try FileDescriptor(rawValue: descriptor).writeAll(bytes)
    }
  }

  /// Writes what a body has.
  ///
  /// - Returns: what went wrong; `nil` when nothing did.
  static func write(to path: String, _ body: (Int32) throws -> Void) -> String? {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = open(path, flags, 0o644)
    guard descriptor >= 0 else { return "\(path): \(String(cString: strerror(errno)))" }
    defer { close(descriptor) }
    do {
      try body(descriptor)
      return nil
    } catch {
      return "\(path): \(error)"
    }
  }
}
