import Base
import Builders

/// What an import brings into an inventory.
public struct ImportResult: Equatable, Sendable {
  /// The builders that are new, in their order, with aliases that are free.
  public var builders: [Builder] = []
  /// The settings of the local machine, where the import gives any and the inventory has nothing
  /// to lose by them.
  public var local: LocalSettings?
  /// What could not be taken over, and what was taken over otherwise than it stands.
  public var notes: [ImportNote] = []
  /// The inventory that it is for.
  private let inventory: Inventory
  private var aliases: Set<String>
  private var byPlace: [String: [Builder]]

  /// Begins an import into an inventory.
  public init(into inventory: Inventory) {
    self.inventory = inventory
    aliases = Set(inventory.builders.map { $0.alias.lowercased() })
    byPlace = Dictionary(grouping: inventory.builders, by: \.loginPlace)
  }

  /// The inventory with what was imported.
  public var imported: Inventory {
    var whole = inventory
    whole.builders += builders
    if let local { whole.local = local }
    return whole
  }

  /// Notes something.
  public mutating func note(_ kind: ImportNote.Kind, at place: String, _ reason: String) {
    notes.append(ImportNote(kind, at: place, reason))
  }

  /// Takes a machine over, or notes why not.
  public mutating func take(_ machine: ImportedMachine) {
    func place(_ problem: Problem) -> String {
      problem.place.isEmpty ? machine.place : "\(machine.place), \(problem.place)"
    }
    var builder: Builder
    switch machine.builder {
    case .success(let found): builder = found
    case .failure(let problem): return note(.leftOut, at: place(problem), problem.message)
    }
    if let problem = builder.problems().first {
      return note(.leftOut, at: place(problem), problem.message)
    }
    let there = byPlace[builder.loginPlace] ?? []
    if let other = there.first(where: { builder.differences(from: $0, in: machine).isEmpty }) {
      return note(.known, at: machine.place, "\(other.alias) is the same.")
    }
    for remark in machine.remarks { note(.incomplete, at: place(remark), remark.message) }
    let wanted = builder.alias
    builder.alias = freeAlias(for: wanted)
    if let other = there.first {
      let differences = builder.differences(from: other, in: machine).joined(separator: ", ")
      note(
        .incomplete, at: machine.place,
        "\(other.alias) logs in at the same place, with another \(differences). "
          + "This one is taken over as \(builder.alias).")
    } else if builder.alias != wanted {
      note(
        .incomplete, at: machine.place,
        "There is a \(wanted) already, elsewhere. This one is taken over as \(builder.alias).")
    }
    aliases.insert(builder.alias.lowercased())
    byPlace[builder.loginPlace, default: []].append(builder)
    builders.append(builder)
  }

  /// Leaves builders out by choice; each keeps the alias that it was shown with.
  public mutating func keep(where isKept: (Builder) -> Bool) {
    builders = builders.filter(isKept)
  }

  /// Takes settings of the local machine over where the inventory has no builders yet; else its
  /// own settings stand, and what differs is noted.
  public mutating func take(_ settings: ImportedSettings) {
    var found = inventory.local
    if let value = settings.distributedBuilds { found.distributedBuilds = value }
    if let value = settings.buildersUseSubstitutes { found.buildersUseSubstitutes = value }
    if let value = settings.maxJobs { found.maxJobs = value }
    guard found != inventory.local else { return }
    var alone = Inventory()
    alone.local = found
    if let problem = alone.problems().first {
      note(.leftOut, at: "\(settings.place), \(problem.place)", problem.message)
    } else if inventory.builders.isEmpty {
      local = found
    } else {
      note(
        .incomplete, at: settings.place,
        "Its settings of the local machine are others. Those of the inventory stay.")
    }
  }

  /// The alias, with a number where somebody has it already. Names that differ in case only would
  /// be one `Host` to ssh.
  private func freeAlias(for alias: String) -> String {
    var free = alias
    var number = 1
    while aliases.contains(free.lowercased()) {
      number += 1
      free = "\(alias.unicodeScalars.prefix(56))-\(number)"
    }
    return free
  }
}

extension Builder {
  /// Where one ends up with it, the same for all that log in to the same account.
  fileprivate var loginPlace: String {
    "\(user)@\(address.lowercased()):\(port) \(proxyJump ?? "")"
  }

  /// In what they differ, but for the place.
  fileprivate func differences(from other: Builder, in machine: ImportedMachine) -> [String] {
    let hostKeys = Set([pinnedHostKey, other.pinnedHostKey].compactMap(\.self))
    let features = [self, other].map { Set($0.supportedFeatures + $0.mandatoryFeatures) }
    let differences = [
      ("way to get there", !hasSameOptions(as: other)),
      ("list of store parameters", storeParameters != other.storeParameters),
      ("key", keyPath != other.keyPath && !machine.keyIsAssumed),
      ("host key", hostKeys.count > 1),
      ("protocol", storeProtocol != other.storeProtocol),
      ("list of systems", Set(systems) != Set(other.systems)),
      ("number of jobs", maxJobs != other.maxJobs),
      ("speed factor", speedFactor != other.speedFactor),
      ("list of features", features[0] != features[1]),
      ("list of mandatory features", Set(mandatoryFeatures) != Set(other.mandatoryFeatures)),
    ]
    return differences.filter(\.1).map(\.0)
  }

  private func hasSameOptions(as other: Builder) -> Bool {
    func meanings(_ builder: Builder) -> [String: [String]] {
      builder.sshOptions.reduce(into: [:]) { all, option in
        all[option.key] = SSHKeyword(option.key)?.meaning(of: option.value) ?? [option.value]
      }
    }
    return meanings(self) == meanings(other)
  }
}

/// Settings of the local machine that an import has found; `nil` where it says nothing.
public struct ImportedSettings: Equatable, Sendable {
  /// The file they stand in.
  public var place: String
  /// `nix.distributedBuilds`
  public var distributedBuilds: Bool?
  /// `nix.settings.builders-use-substitutes`
  public var buildersUseSubstitutes: Bool?
  /// `nix.settings.max-jobs`
  public var maxJobs: Int?

  /// Creates settings of which none was found.
  public init(place: String) { self.place = place }
}
