import Builders
import Checks
import Features
import Fragments

extension Drift {
  /// Looks at the files and this machine.
  ///
  /// - Throws: an exit code, after saying what is wrong.
  static func surveyOrExit(
    _ inventory: Inventory, in output: OutputDirectory, limit: Int = .max
  ) async throws -> Drift {
    do throws(OutputError) {
      return try await survey(inventory, in: output, limit: limit)
    } catch {
      complain("\(error)")
      throw error.exitCode
    }
  }

  /// A line for each file, with the difference where it was edited by hand, and what is installed.
  var report: [String] {
    files.flatMap(\.report) + installed.report
  }
}

extension FileDrift {
  /// Whether somebody has changed it by hand.
  var isEdited: Bool { plan.standing == .edited }

  fileprivate var report: [String] {
    let line = "\(name): \(kind.text)"
    guard isEdited, let present = plan.present else { return [line] }
    // From what would be written to what is there: what was added by hand has a +.
    let diff = Diff(from: plan.fragment.text, to: present)
    return [line]
      + diff.hunks(context: 0).flatMap(\.lines).map { line in
        "  \(line.change == .added ? "+" : "-") \(line.text)"
      }
  }
}

extension InstalledDrift {
  fileprivate var report: [String] {
    guard isInstalled else { return ["installed: none of the builders"] }
    if differences.isEmpty { return ["installed: as written"] }
    return differences.map { "installed: \($0.alias ?? "this machine"): \($0.text)" }
  }
}
