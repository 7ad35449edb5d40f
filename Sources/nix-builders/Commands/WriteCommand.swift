import ArgumentParser
import Fragments

struct WriteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write", abstract: "Write the fragments that follow from the inventory.")

  @OptionGroup var directory: DirectoryOption
  @Flag(help: "Only compare with what is there; exit 1 on a difference.")
  var check = false
  @OptionGroup var writing: WriteOptions

  func run() async throws {
    let inventory = try directory.inventory()
    let output = directory.outputDirectory
    guard check else { return try await writing.write(inventory, to: output) }
    let plans = try reportingErrors { () throws(OutputError) in try output.plan(inventory) }
    for plan in plans { print("\(plan.fragment.fileName): \(plan.standing.text)") }
    if plans.contains(where: { $0.standing != .current }) { throw ExitCode.checkFailed }
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
