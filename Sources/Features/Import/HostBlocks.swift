import Base
import Checks
import Fragments
import Glibc
import Processes

/// Asks ssh what its configuration says of hosts.
struct HostBlocks: Sendable {
  /// Why it cannot be asked.
  private(set) var problem: ImportNote?
  private let options: [String]
  private let directory: PrivateDirectory?
  private var elsewhere: SSHOptions?
  private var standard: SSHOptions?

  /// Prepares the questions.
  ///
  /// - Parameters:
  ///   - module: what a module adds to the configuration, read before all else, as NixOS puts it.
  ///   - file: a configuration that stands in for this machine's own.
  static func prepare(module: String, file: String?) async -> HostBlocks {
    var blocks = HostBlocks(module: module, file: file)
    if blocks.problem == nil { await blocks.askForStandards() }
    if blocks.problem == nil, file == nil, geteuid() != 0 {
      blocks.problem = ImportNote(
        .incomplete, at: "ssh's configuration",
        "Root's own could not be read, and it is Nix's daemon, that is root, that logs in. "
          + "Import as root to have its Host blocks too.")
    }
    return blocks
  }

  private init(module: String, file: String?) {
    // ssh would wait for a pipe, and read a device without end.
    if let file, let fault = WholeFile.fault(at: file, atMost: .configuration) {
      (options, directory) = ([], nil)
      problem = ImportNote(.incomplete, at: file, "\(fault) No Host block could be read.")
      return
    }
    guard !module.unicodeScalars.allSatisfy(\.isBlankOrLineEnd) else {
      (options, directory) = (file.map { ["-F", $0] } ?? [], nil)
      return
    }
    directory = PrivateDirectory()
    // ssh would refuse to include a file that others may write; to -F it does not matter.
    let others =
      if let file {
        try? WholeFile(file, atMost: .configuration).text
      } else {
        "Include ~/.ssh/config\nInclude /etc/ssh/ssh_config\n"
      }
    guard let others, let directory,
      let configuration = directory.write("\(module)\nHost *\n\(others)", to: "ssh_config")
    else {
      options = []
      let place = file ?? directory?.path ?? "/tmp"
      problem = ImportNote(.incomplete, at: place, "\(lastError()). No Host block could be read.")
      return
    }
    options = ["-F", configuration]
  }

  /// Removes what was prepared.
  func remove() { directory?.remove() }

  private mutating func askForStandards() async {
    do throws(Refusal) {
      standard = try await ask(["-F", "/dev/null"], ["nix-builders.invalid"])
      elsewhere = try await ask(options, ["nix-builders.invalid"])
    } catch {
      problem = ImportNote(
        .incomplete, at: "ssh's configuration", "No Host block could be read: \(error.reason)")
    }
  }

  /// What the configuration says of the host of a machine; `nil` when that cannot be said.
  func host(of url: StoreURL) async -> SSHHost? {
    guard let elsewhere, let standard, url.storeProtocol != nil else { return nil }
    let port = url.port.map { ["-p", "\($0)"] } ?? []
    guard let found = try? await ask(options, port + ["--", url.destination]) else { return nil }
    return SSHHost(options: found, elsewhere: elsewhere, standard: standard)
  }

  private struct Refusal: Error { var reason: String }

  private func ask(_ options: [String], _ host: [String]) async throws(Refusal) -> SSHOptions {
    let command = Command(["ssh", "-G"] + options + host, timeLimit: TimeLimits.local)
    let result = await command.run()
    switch result.ending {
    case .exited(0): return SSHOptions(printed: result.output)
    case .missing: throw Refusal(reason: "ssh is not installed here.")
    default:
      // It says so of every command that has no terminal.
      let line = result.error.unicodeScalars.filledLines.first {
        !$0.hasPrefix("Pseudo-terminal")
      }
      throw Refusal(reason: line.map(String.init) ?? "ssh did not answer.")
    }
  }
}
