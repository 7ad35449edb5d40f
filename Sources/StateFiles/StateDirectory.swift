import Base
import Glibc

/// The folder of what the program remembers of one output directory: nothing that the configuration
/// follows from, and nothing that is missed much when it is gone.
///
/// It lies below the XDG state directory (XDG Base Directory Specification), and nobody else may
/// read it.
public struct StateDirectory: Equatable, Sendable {
  /// Where it is; it is made when the first file is written.
  public let path: String
  private let parents: [String]

  /// Names the folder of an output directory.
  ///
  /// - Parameters:
  ///   - root: the XDG state directory.
  ///   - output: the output directory, in full. It need not exist.
  public init(root: String, output: String) {
    let own = "\(root)/nix-builders"
    parents = [root, own]
    path = "\(own)/\(FNV.digest(resolved(output).utf8))"
  }

  /// Names the folder of an output directory for whoever runs this program; `nil` when they have no
  /// home.
  public init?(output: String) {
    guard let root = Self.root(variable: "XDG_STATE_HOME", home: "HOME") else { return nil }
    self.init(root: root, output: output)
  }

  private static func root(variable: String, home: String) -> String? {
    func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    // A relative path is to be ignored, says the specification. A home that is somebody else's is
    // what sudo leaves there on some systems; root's files do not belong into it.
    if let path = value(variable), path.unicodeScalars.first == "/" { return path }
    if let path = value(home), path.unicodeScalars.first == "/", isOwn(path) {
      return "\(path)/.local/state"
    }
    guard let user = getpwuid(geteuid()) else { return nil }
    let path = String(cString: user.pointee.pw_dir)
    return isOwn(path) ? "\(path)/.local/state" : nil
  }

  private static func isOwn(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_uid == geteuid()
  }

  /// The path of one of its files.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes the folder with mode 700.
  ///
  /// - Returns: whether it is there now and nobody else can write to it.
  func make() -> Bool {
    if isSafe(path) { return true }
    for folder in parents { makeFolders(folder) }
    _ = mkdir(path, 0o700)
    return isSafe(path)
  }

  private func makeFolders(_ folder: String) {
    var path = ""
    for part in folder.unicodeScalars.split(separator: "/") {
      path += "/\(part)"
      _ = mkdir(path, 0o700)
    }
  }

  private func isSafe(_ folder: String) -> Bool {
    var status = stat()
    return lstat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
  }
}

/// A path without symbolic links as far as it exists, so that a folder has one name before and after
/// it is made.
private func resolved(_ path: String) -> String {
  var (there, missing) = (path, "")
  while true {
    if let real = realpath(there, nil) {
      defer { free(real) }
      let root = String(cString: real)
      return (root == "/" ? "" : root) + missing
    }
    let scalars = there.unicodeScalars
    guard let slash = scalars.lastIndex(of: "/"), there != "/" else { return path }
    missing = String(scalars[slash...]) + missing
    there = slash == scalars.startIndex ? "/" : String(scalars[..<slash])
  }
}
