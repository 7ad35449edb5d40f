import Builders
import Fragments
import Processes

/// How a file of the output directory stands to what the inventory on disk says.
public struct FileDrift: Equatable, Sendable {
  /// What would be written, and what is there.
  public var plan: OutputDirectory.Plan
  /// How it has come to differ.
  public var kind: Kind

  /// How a file can stand to the inventory.
  public enum Kind: Equatable, Sendable {
    /// It is as it would be written.
    case asWritten
    /// It is not there.
    case missing
    /// It says the same in another layout: another version of this program wrote it.
    case olderFormat
    /// It follows from an inventory that has changed since.
    case outOfDate
    /// It was changed by hand, or by another program; `nil` when nobody has looked what was changed.
    case edited(HandEdit?)
    /// It was changed by hand, and Nix cannot evaluate it for the reason given.
    case unreadable(String)
    /// It belongs to a builder that is gone.
    case obsolete
  }

  /// Creates a description.
  public init(plan: OutputDirectory.Plan, kind: Kind) {
    self.plan = plan
    self.kind = kind
  }

  /// Its name.
  public var name: String { plan.fragment.fileName }

  /// So many files are looked into; of more it is only said that they differ.
  private static let limit = 200

  /// Looks at the files that an inventory on disk has led to.
  public static func survey(
    _ inventory: Inventory, in output: OutputDirectory
  ) async throws(OutputError) -> [FileDrift] {
    let plans = try output.plan(inventory)
    var files = plans.map { FileDrift(plan: $0, kind: .init($0.standing)) }
    let doubtful = files.indices.filter {
      files[$0].plan.standing == .edited || files[$0].plan.standing == .outdated
    }
    let examined = doubtful.prefix(limit).map { files[$0].plan }
    let kinds = await runSideBySide(examined, atOnce: 4) { plan in
      await kind(of: plan, inventory)
    }
    for (index, kind) in zip(doubtful, kinds) { files[index].kind = kind }
    return files
  }

  private static func kind(
    of plan: OutputDirectory.Plan, _ inventory: Inventory
  ) async -> Kind {
    let isEdited = plan.standing == .edited
    switch await FragmentEvaluation.value(of: plan.present ?? "") {
    case .failure(let failure): return isEdited ? .unreadable(failure.reason) : .outOfDate
    case .success(let value):
      let alias = inventory.builders.first { "remote-\($0.alias).nix" == plan.fragment.fileName }
      let edit =
        alias.map { HandEdit(ofRemote: $0.alias, value, in: inventory) }
        ?? HandEdit(ofLocal: value, in: inventory)
      if isEdited { return .edited(edit) }
      return edit.saysTheSame ? .olderFormat : .outOfDate
    }
  }
}

extension FileDrift.Kind {
  fileprivate init(_ standing: OutputDirectory.Standing) {
    switch standing {
    case .missing: self = .missing
    case .current: self = .asWritten
    case .outdated: self = .outOfDate
    case .edited: self = .edited(nil)
    case .obsolete: self = .obsolete
    }
  }

  /// How it stands, in a few words.
  public var text: String {
    switch self {
    case .asWritten: return "as written"
    case .missing: return "missing"
    case .olderFormat: return "older format, says the same"
    case .outOfDate: return "out of date, builders.json has changed since"
    case .edited(nil): return "edited by hand"
    case .edited(let edit?):
      if edit.saysTheSame { return "edited by hand, says the same" }
      let first = (edit.changes + edit.surplus).first ?? ""
      let more = edit.changes.count + edit.surplus.count - 1
      return "edited by hand: \(first)" + (more > 0 ? ", and \(more) more" : "")
    case .unreadable(let reason): return "edited by hand, and Nix cannot read it: \(reason)"
    case .obsolete: return "of a builder that is gone"
    }
  }
}
