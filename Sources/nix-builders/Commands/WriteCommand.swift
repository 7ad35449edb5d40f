import ArgumentParser
import Builders
import Checks
import Fragments

struct WriteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write", abstract: "Write the fragments that follow from the inventory.")

  @OptionGroup var directory: DirectoryOption
  @Flag(help: "Only compare with what is there; exit 1 on a difference.")
  var check = false
  @Flag(help: "Replace files that were edited by hand too; a backup is kept.")
  var replaceEdited = false
  @Flag(help: "Remove fragments of builders that are gone; a backup is kept.")
  var removeObsolete = false

  func run() async throws {
    let inventory = try directory.inventory()
    let output = directory.outputDirectory
    let plans = try reportingErrors { () throws(OutputError) in try output.plan(inventory) }
    if check {
      for plan in plans { print("\(plan.fragment.fileName): \(plan.standing.text)") }
      if plans.contains(where: { $0.standing != .current }) { throw ExitCode.checkFailed }
      return
    }
    for plan in plans where plan.standing != .obsolete {
      if let problem = await FragmentParse.problem(in: plan.fragment.text) {
        complain("\(plan.fragment.fileName) does not parse, so nothing was written.\n\(problem)")
        throw ExitCode.checkFailed
      }
    }
    let obsolete = plans.filter { $0.standing == .obsolete }
    let edited = plans.filter { $0.standing == .edited }
    if !edited.isEmpty, !replaceEdited { try refuse(edited) }
    let written = try reportingErrors { () throws(OutputError) in
      try output.write(
        inventory, replaceEdited: Set(edited.map(\.fragment.fileName)),
        removeObsolete: removeObsolete ? Set(obsolete.map(\.fragment.fileName)) : [])
    }
    if !removeObsolete {
      for plan in obsolete {
        complain(
          "\(plan.fragment.fileName) is \(plan.standing.text). --remove-obsolete removes it.")
      }
    }
    for name in written { print(output.path.appending(name)) }
  }

  private func refuse(_ edited: [OutputDirectory.Plan]) throws {
    var standardError = StandardError()
    for plan in edited {
      complain("\(plan.fragment.fileName) was edited by hand. Writing it would do this:")
      for line in Diff(from: plan.present ?? "", to: plan.fragment.text).lines {
        switch line.change {
        case .same: break
        case .added: print("  + \(line.text)", to: &standardError)
        case .removed: print("  - \(line.text)", to: &standardError)
        }
      }
    }
    complain("Nothing was written. With --replace-edited these edits are replaced.")
    throw ExitCode.checkFailed
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
