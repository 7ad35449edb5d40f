import Glibc
import StateFiles

/// A state directory of a test's own.
struct TemporaryState {
  let root: String
  let directory: StateDirectory

  /// Makes one, and removes it after the test.
  static func with<Result>(_ body: (TemporaryState) throws -> Result) rethrows -> Result {
    let root = "/tmp/nix-builders-state-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    mkdir(root, 0o755)
    defer { remove(root) }
    return try body(
      TemporaryState(root: root, directory: StateDirectory(root: root, output: "\(root)/output")))
  }

  /// The only file with this name, as text.
  func text(_ name: String) -> String? {
    guard let file = fopen("\(directory.path)/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var text = ""
    var line: UnsafeMutablePointer<CChar>?
    var size = 0
    defer { free(line) }
    while getline(&line, &size, file) >= 0, let line { text += String(cString: line) }
    return text
  }

  /// Writes a file as somebody else might.
  func write(_ text: String, to name: String) {
    guard let file = fopen("\(directory.path)/\(name)", "w") else { return }
    fputs(text, file)
    fclose(file)
  }

  /// The modes of a file, or of the directory itself.
  func modes(_ name: String = "") -> mode_t {
    var status = stat()
    return stat("\(directory.path)/\(name)", &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { remove("\(path)/\(name)") }
      }
      closedir(folder)
    }
    Glibc.remove(path)
  }
}
