import ArgumentParser
import Base
import Builders
import Checks
import Glibc

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what something means that ssh, sshd or Nix has printed.",
    usage: "ssh root@forge journalctl -u sshd -n 30 | nix-builders explain forge",
    discussion: """
      Reads standard input: what ssh or Nix have said, Nix's internal-json too, or what sshd writes \
      into its log on the builder, which tells why it refuses somebody. No inventory is needed; \
      where there is one, its names are used. Exits with 1 when nothing is recognised.
      """)

  @OptionGroup var directory: DirectoryOption
  @Argument(help: "The builder that it is about; may be left out where the text says so.")
  var alias: String?

  func run() async throws {
    let builders = try inventory()
    guard let diagnosis = Diagnosis.explain(try printed(), of: builders) else {
      complain("nothing in it is known.")
      throw ExitCode.checkFailed
    }
    for line in diagnosis.report { Output.line("\(line)") }
  }

  /// The builders that it may be about.
  private func inventory() throws -> [Builder] {
    if let alias { return try directory.inventory().builders(named: [alias]) }
    return try directory.storedInventory(mayBeMissing: true)?.inventory.builders ?? []
  }

  private func printed() throws -> String {
    do throws(FileFault) {
      let bytes = try WholeFile.rest(of: STDIN_FILENO, atMost: .log)
      return String(decoding: bytes, as: UTF8.self)
    } catch {
      if case .tooLong(let limit) = error {
        complain(
          "standard input is longer than \(limit). Give its last lines, as tail -n 1000 does.")
      } else {
        complain("standard input cannot be read: \(error)")
      }
      throw ExitCode.badData
    }
  }
}
