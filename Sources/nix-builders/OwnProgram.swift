import Base
import Fragments
import Glibc
import Practice
import Screens

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

  /// How it is started again on a folder, as somebody types it who has started it now.
  static func command(on output: OutputDirectory) -> OwnCommand {
    let name = isOnPath ? "nix-builders" : path
    let folder = output.path.string
    // The machines of practice, and with them everything in there, are gone once it ends: what
    // started it has no process on them.
    if let practice = PracticeConnection.inherited(), getppid() == 0 {
      return OwnCommand(words: sudo + [name, "practice"], directory: practice.keptFolder)
    }
    let isStandard = folder == DirectoryOption.standardFolder
    return OwnCommand(words: sudo + [name], directory: isStandard ? nil : folder)
  }

  /// What a person needs who has become root only for this program.
  private static var sudo: [String] {
    let user = getenv("SUDO_UID").map { String(cString: $0) }
    return geteuid() == 0 && user != nil && user != "0" ? ["sudo"] : []
  }

  /// Whether its name alone starts it.
  private static var isOnPath: Bool {
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let found = folders.unicodeScalars.split(separator: ":").map { "\($0)/nix-builders" as String }
      .first { access($0, X_OK) == 0 }
    guard let found, let real = realpath(found, nil) else { return false }
    defer { free(real) }
    return String(cString: real) == path
  }
}
