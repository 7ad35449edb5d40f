import Builders
import Fragments

/// How the files and this machine stand to the inventory that is on disk.
public struct Drift: Equatable, Sendable {
  /// The fragments, those of builders that are gone at the end.
  public var files: [FileDrift]
  /// What this machine has installed.
  public var installed: InstalledDrift

  /// Creates a description.
  public init(files: [FileDrift], installed: InstalledDrift) {
    self.files = files
    self.installed = installed
  }

  /// Looks at both.
  ///
  /// - Parameter limit: so many builders are compared with ssh's configuration.
  public static func survey(
    _ inventory: Inventory, in output: OutputDirectory, limit: Int = .max
  ) async throws(OutputError) -> Drift {
    async let installed = InstalledDrift.survey(inventory, limit: limit)
    let files = try await FileDrift.survey(inventory, in: output)
    return Drift(files: files, installed: await installed)
  }

  /// The files that are not as they would be written.
  public var changedFiles: [FileDrift] { files.filter { $0.kind != .asWritten } }

  /// Everything in a sentence; `nil` when there is nothing to say.
  public var summary: String? {
    let parts = [fileSummary, installed.summary].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private var fileSummary: String? {
    let changed = changedFiles
    guard let first = changed.first else { return nil }
    if changed.count == 1 { return "\(first.name) is \(first.kind.adjective)" }
    let kinds = changed.reduce(into: [(String, Int)]()) { kinds, file in
      let adjective = file.kind.adjective
      if let index = kinds.firstIndex(where: { $0.0 == adjective }) {
        kinds[index].1 += 1
      } else {
        kinds.append((adjective, 1))
      }
    }
    let counts = kinds.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    return "of the files \(counts)"
  }
}

extension FileDrift.Kind {
  /// What the file is, in a word or two.
  fileprivate var adjective: String {
    switch self {
    case .asWritten: "as written"
    case .missing: "missing"
    case .olderFormat: "in an older format"
    case .outOfDate: "out of date"
    case .edited, .unreadable: "edited by hand"
    case .obsolete: "of a builder that is gone"
    }
  }
}

extension InstalledDrift {
  /// What differs, in a sentence; `nil` when what is installed is what was written.
  public var summary: String? {
    guard isInstalled else { return "none of the builders is installed on this machine" }
    guard let first = differences.first else { return nil }
    let aliases = Set(differences.map(\.alias))
    if differences.count == 1 || aliases.count == 1 {
      let more = differences.count - 1
      return "installed here, \(first.alias ?? "this machine") differs: \(first.text)"
        + (more > 0 ? ", and \(more) more" : "")
    }
    return "what is installed here differs for \(aliases.count) builders"
  }
}
