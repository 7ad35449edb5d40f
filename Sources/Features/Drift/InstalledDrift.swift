import Base
import Builders
import Checks
import Fragments
import Glibc
import Processes

/// How what this machine has installed stands to what is written.
public struct InstalledDrift: Equatable, Sendable {
  /// What differs, in the order of the builders.
  public var differences: [InstalledDifference]
  /// Whether any of the builders is installed at all.
  public var isInstalled: Bool
  /// Machines that Nix has here and that are none of the builders that are on.
  public var others: [String]
  /// How many builders were not compared with ssh's configuration, since there are so many.
  public var unchecked: Int

  /// Creates a description.
  public init(
    differences: [InstalledDifference], isInstalled: Bool, others: [String] = [],
    unchecked: Int = 0
  ) {
    self.differences = differences
    self.isInstalled = isInstalled
    self.others = others
    self.unchecked = unchecked
  }

  /// Looks at this machine: Nix's settings, its machines, and what ssh makes of each builder.
  ///
  /// - Parameter limit: so many builders are compared with ssh's configuration, which takes a
  ///   process for each.
  public static func survey(_ inventory: Inventory, limit: Int = .max) async -> InstalledDrift {
    let installed = await InstalledConfiguration.read()
    let builders = inventory.enabledBuilders
    let written = Set(builders.map { $0.hostName })
    let others = installed.machines.map { $0.url.host }.filter { !written.contains($0) }
    let isInstalled = installed.machines.contains { written.contains($0.url.host) }
    guard isInstalled || builders.isEmpty else {
      return InstalledDrift(differences: [], isInstalled: false, others: others)
    }
    let checked = builders.filter(\.usesHostBlock).prefix(limit)
    let options = await runSideBySide(Array(checked), atOnce: 8) { builder in
      (builder.alias, await SSHOptions.installed(for: builder.alias))
    }
    let byAlias = Dictionary(options) { first, _ in first }
    let files = knownHosts(options.map(\.1))
    var differences = builders.isEmpty ? [] : installed.differences(of: inventory.local)
    for builder in builders {
      let ofMachine = installed.differences(of: builder)
      differences += ofMachine
      guard let options = byAlias[builder.alias] else { continue }
      let ofHost = builder.differences(in: options)
      differences += ofHost
      if ofHost.contains(where: { $0.subject == .hostBlock }) { continue }
      differences += builder.hostKeyDifference(in: files).map { [$0] } ?? []
    }
    return InstalledDrift(
      differences: differences, isInstalled: true, others: others,
      unchecked: builders.count(where: \.usesHostBlock) - checked.count)
  }

  /// All files of known_hosts that ssh looks into for any of the hosts.
  private static func knownHosts(_ options: [SSHOptions]) -> KnownHostsFiles {
    var paths: Set<String> = []
    for options in options {
      for keyword in ["globalknownhostsfile", "userknownhostsfile"] {
        paths.formUnion((options[keyword] ?? "").unicodeScalars.words.strings)
      }
    }
    return KnownHostsFiles(
      paths.sorted().compactMap { try? WholeFile($0.expandingHome, atMost: .hosts).text })
  }
}

extension Builder {
  fileprivate func hostKeyDifference(in files: KnownHostsFiles) -> InstalledDifference? {
    guard let line = knownHostsLine else { return nil }
    let words = line.unicodeScalars.split(separator: " ", maxSplits: 1).strings
    guard words.count == 2, files.accepts(words[1], for: words[0]) == false else { return nil }
    guard let other = files.others(than: words[1], for: words[0]).first else {
      return InstalledDifference(alias, .hostKey, written: "in known_hosts")
    }
    return InstalledDifference(alias, .hostKey, written: words[1], installed: other)
  }
}

extension String {
  /// The path with the home of whoever runs this in place of `~`.
  fileprivate var expandingHome: String {
    guard unicodeScalars.hasPrefix("~/"), let home = getenv("HOME") else { return self }
    return String(cString: home) + String(unicodeScalars.dropFirst())
  }
}
