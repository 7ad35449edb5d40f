import Base
import ArgumentParser
import Builders
import Checks
import Glibc

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what something means that ssh, sshd or Nix has printed.",
    usage: "ssh root@forge journalctl -u sshd -n 30 | nix-builders explain forge",
    discussion: """
      Reads standard input. What sshd writes into its log on the builder tells why it refuses \
      somebody; to the one who logs in it does not say. Exits with 1 when nothing is recognised.
      """)

  @OptionGroup var directory: DirectoryOption
  @Argument(help: "The builder that it is about; may be left out when there is only one.")
  var alias: String?

  func run() async throws {
    let builders = try directory.inventory().builders(named: alias.map { [$0] } ?? [])
    guard let builder = builders.first, builders.count == 1 else {
      complain("which builder is it about? nix-builders explain ALIAS")
      throw ExitCode.validationFailure
    }
    let text = try printed()
    guard let diagnosis = Diagnosis.recognise(text, of: builder) else {
      complain("nothing in it is known.")
      throw ExitCode.checkFailed
    }
    for line in diagnosis.report { Output.line("\(line)") }
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
