import ArgumentParser
import Base
import Builders
import Checks
import Features
import Fragments

/// What may happen to files that writing finds in its way.
struct WriteOptions: ParsableArguments {
  @Flag(help: "Replace files that were edited by hand too; a backup is kept.")
  var replaceEdited = false
  @Flag(help: "Remove fragments of builders that are gone; a backup is kept.")
  var removeObsolete = false

  /// Writes an inventory and its fragments, and prints the paths of the files that were changed.
  ///
  /// - Throws: an exit code, after saying what is wrong.
  func write(
    _ inventory: Inventory, to output: OutputDirectory, previous: OutputDirectory.Previous = .any
  ) async throws {
    let plans = try reportingErrors { () throws(OutputError) in try output.plan(inventory) }
    let problems = await PlanReading.problems(in: plans, of: inventory)
    for (plan, problem) in zip(plans, problems) {
      guard let problem else { continue }
      complain("\(plan.fragment.fileName) \(problem)")
      complain("Nothing was written.")
      throw ExitCode.checkFailed
    }
    let obsolete = plans.filter { $0.standing == .obsolete }
    let edited = plans.filter { $0.standing == .edited }
    if !edited.isEmpty, !replaceEdited { try refuse(edited) }
    let written = try reportingErrors { () throws(OutputError) in
      try output.write(
        inventory, replaceEdited: Set(edited.map(\.fragment.fileName)),
        removeObsolete: removeObsolete ? Set(obsolete.map(\.fragment.fileName)) : [],
        previous: previous)
    }
    if !removeObsolete {
      for plan in obsolete {
        complain(
          "\(plan.fragment.fileName) is \(plan.standing.text). --remove-obsolete removes it.")
      }
    }
    for name in written { Output.line("\(line: output.path.appending(name).string)") }
  }

  private func refuse(_ edited: [OutputDirectory.Plan]) throws {
    for plan in edited {
      complain("\(plan.fragment.fileName) was edited by hand. Writing it would do this:")
      for line in Diff(from: plan.present ?? "", to: plan.fragment.text).lines {
        switch line.change {
        case .same: break
        case .added: Output.errorLine("  + \(line: line.text)")
        case .removed: Output.errorLine("  - \(line: line.text)")
        }
      }
    }
    complain("Nothing was written. With --replace-edited these edits are replaced.")
    throw ExitCode.checkFailed
  }
}
