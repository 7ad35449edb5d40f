import Glibc

/// One writing of several files, disturbed: a builder gets another name, account and number of jobs,
/// for which `builders.json` and `local.nix` are replaced, one fragment is new and one goes.
struct Writing {
  private let old: [String: String]
  private let new: [String: String]

  /// The calls by which the program looks at files and changes them.
  static let reading = [
    "openat", "read", "pread64", "newfstatat", "fstat", "close", "getdents64", "lseek", "flock",
    "fcntl",
  ]
  static let changing = [
    "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat", "renameat2",
    "unlink",
    "unlinkat", "link", "linkat", "symlink", "mkdir", "fchmod", "fchown", "lchown", "chmod",
    "ftruncate",
  ]

  private static let inventory = """
    { "builders": [
      { "alias": "a", "address": "192.0.2.1", "systems": ["x86_64-linux"] },
      { "alias": "b", "address": "192.0.2.2", "systems": ["x86_64-linux"] },
      { "alias": "c", "address": "192.0.2.3", "systems": ["aarch64-linux"] } ] }
    """
  private static let change = [
    "edit", "b", "--alias", "bb", "--max-jobs", "7", "--account-uid", "777", "--write",
    "--remove-obsolete",
  ]

  init() {
    (old, new) = Folder.with { folder in
      Self.prepare(folder)
      let old = Self.files(folder)
      _ = Attempt(
        [Self.program] + Self.change + ["--directory", folder.output],
        environment: Self.environment(folder)
      ).run(in: folder)
      return (old, Self.files(folder))
    }
  }

  /// Writes with an injection of strace's, and looks at what is there then.
  ///
  /// - Returns: whether the injection took place.
  func disturbed(by injection: String, of call: String, _ tally: inout Tally) -> Bool {
    Folder.with { folder in
      Self.prepare(folder)
      let trace = "\(folder.path)/trace"
      let what = "inject=\(call):\(injection)"
      let result = Attempt(
        ["strace", "-f", "-y", "-qq", "-o", trace, "-e", "trace=\(call)", "-e", what, Self.program]
          + Self.change + ["--directory", folder.output], environment: Self.environment(folder)
      ).run(in: folder)
      let lines = (folder.read("trace") ?? "").split(separator: "\n")
      let isKill = injection.hasPrefix("signal=KILL")
      if isKill {
        guard lines.contains(where: { $0.contains("killed by SIGKILL") }) else { return false }
      } else {
        guard let line = lines.first(where: { $0.contains("(INJECTED)") }) else { return false }
        // No disk fails what goes to a pipe or to a counter of the kernel's.
        if !line.contains(folder.path) { return true }
      }
      var counted = result
      if isKill, counted.ending == .signalled(SIGKILL) { counted.ending = .exited(137) }
      tally.count(counted, what)
      let said = result.error.isEmpty ? "" : "\n  it said: \(result.error)"
      // After a kill the next one that writes there finishes what was begun, if that was decided.
      if isKill { _ = Attempt.program("enable", "a", in: folder) }
      let files = Self.files(folder)
      if files != old && files != new {
        tally.fail("\(what): some files are old, some new: \(differing(files))\(said)")
      } else if result.ending == .exited(0), files != new {
        tally.fail("\(what): it said that it has written, and has not")
      }
      let again = Attempt(
        [Self.program, "write", "--directory", folder.output],
        environment: Self.environment(folder)
      ).run(in: folder)
      if again.ending != .exited(0) {
        tally.fail("\(what): the next write ended with \(again.ending): \(again.error)")
      }
      let next = Self.files(folder)
      if next != old && next != new {
        tally.fail("\(what): the next write did not make the set whole: \(differing(next))")
      }
      let left = Folder.names(in: folder.output).filter {
        !next.keys.contains($0) && !$0.hasSuffix(".bak")
      }
      if !left.isEmpty { tally.fail("\(what): left behind: \(left)") }
      return true
    }
  }

  private func differing(_ files: [String: String]) -> String {
    Set(files.keys).union(old.keys).sorted().map { name in
      let text = files[name]
      return name + (text == old[name] ? " old" : text == new[name] ? " new" : " broken")
    }.joined(separator: ", ")
  }

  private static var program: String { "\(Attempt.program)/nix-builders" }

  /// Nix itself is left out of the way, so that what is disturbed is the program.
  private static func environment(_ folder: Folder) -> [String] {
    ["PATH=\(folder.path)/bin:/usr/bin:/bin"]
  }

  private static func prepare(_ folder: Folder) {
    mkdir("\(folder.path)/bin", 0o755)
    for name in ["nix", "nix-instantiate"] { symlink("/bin/true", "\(folder.path)/bin/\(name)") }
    folder.write(inventory, to: "out/builders.json")
    _ = Attempt(
      [program, "edit", "a", "--max-jobs", "1", "--write", "--directory", folder.output],
      environment: environment(folder)
    ).run(in: folder)
  }

  private static func files(_ folder: Folder) -> [String: String] {
    folder.written.filter {
      ($0.key.hasSuffix(".nix") || $0.key.hasSuffix(".json")) && !$0.key.hasPrefix(".")
    }
  }
}
