import ArgumentParser
import Checks
import Features
import Fragments

struct WriteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write", abstract: "Write the fragments that follow from the inventory.",
    discussion: """
      With --check it tells of each file whether it is as written, edited by hand since (and how), \
      missing or of an older format, and whether this machine has installed what was written. The \
      exit code is 1 when a file differs; what is installed does not count.
      """)

  @OptionGroup var directory: DirectoryOption
  @Flag(help: "Only compare with what is there; exit 1 on a difference.")
  var check = false
  @OptionGroup var writing: WriteOptions

  func run() async throws {
    let output = directory.outputDirectory
    if !check { try directory.recover() }
    let inventory = try directory.inventory()
    guard check else { return try await writing.write(inventory, to: output) }
    let drift = try await Drift.surveyOrExit(inventory, in: output)
    for line in drift.report { Output.line("\(line)") }
    if drift.changedFiles.contains(where: \.isEdited) {
      complain(
        """
        an edit can be taken over in the wizard (d in the builder list); --replace-edited replaces \
        it, and keeps a backup.
        """)
    }
    if output.isInterrupted {
      complain("a writing was interrupted there; nix-builders write finishes it.")
      throw ExitCode.checkFailed
    }
    if !drift.changedFiles.isEmpty { throw ExitCode.checkFailed }
  }
}

extension OutputDirectory.Standing {
  /// The standing in words.
  var text: String {
    switch self {
    case .missing: "missing"
    case .current: "as written"
    case .outdated: "out of date"
    case .edited: "edited by hand"
    case .obsolete: "of a builder that is gone"
    }
  }
}
