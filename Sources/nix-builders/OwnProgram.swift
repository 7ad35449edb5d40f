import Glibc

/// This program itself.
enum OwnProgram {
  /// Its path in full: others look for it on a PATH of their own.
  static var path: String {
    guard let path = realpath("/proc/self/exe", nil) else {
      return CommandLine.arguments.first ?? "nix-builders"
    }
    defer { free(path) }
    return String(cString: path)
  }
}
