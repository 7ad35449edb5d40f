import Base
import Glibc
import Processes

/// The names of `Host` blocks in the ssh configurations of this machine.
enum SSHConfigurationNames {
  private static let depth = 4
  private static let fileLimit = 64

  /// All that hold for somebody, each once, in the order of the files.
  static func all(of person: InvokingPerson) -> [String] {
    var reader = Reader()
    let folder = "\(person.home)/.ssh"
    reader.read("\(folder)/config", base: folder, depth: depth)
    reader.read("/etc/ssh/ssh_config", base: "/etc/ssh", depth: depth)
    return reader.names
  }

  private struct Reader {
    var names: [String] = []
    private var seen: Set<String> = []
    private var files: Set<String> = []

    mutating func read(_ path: String, base: String, depth: Int) {
      guard depth > 0, files.count < fileLimit, files.insert(path).inserted,
        let text = try? WholeFile(path, atMost: .configuration).text
      else { return }
      let (names, includes) = HostNames.inConfiguration(text)
      self.names += names.filter { seen.insert($0).inserted }
      for include in includes {
        for file in Self.expanded(include, base: base) {
          read(file, base: base, depth: depth - 1)
        }
      }
    }

    /// The files that `Include` means: patterns of glob(7), below the folder of the configuration.
    private static func expanded(_ pattern: String, base: String) -> [String] {
      var path = "\(base)/\(pattern)"
      if pattern.unicodeScalars.hasPrefix("/") { path = pattern }
      // Below ~/.ssh is the person's, who is meant by ~ too.
      if pattern.unicodeScalars.hasPrefix("~/") {
        path = "\(base)/../\(String(pattern.unicodeScalars.dropFirst(2)))"
      }
      var found = glob_t()
      defer { globfree(&found) }
      guard glob(path, 0, nil, &found) == 0 else { return [] }
      return (0..<Int(found.gl_pathc)).prefix(fileLimit).compactMap { index in
        found.gl_pathv[index].map { String(cString: $0) }
      }
    }
  }
}
