import Builders

/// All checks, in the order in which they are shown.
enum CheckTable {
  static let checks: [Check] = [
    Resolve.check, Connect.check, HostKey.check,
    Key.check, Login.check, RemoteNix.check, Store.check, Trusted.check,
    BuildProbe.ofSystems, BuildProbe.ofFeatures,
    PackageBuild.check,
  ]

  private static let byKind = Dictionary(uniqueKeysWithValues: checks.map { ($0.kind, $0) })

  /// The check of a kind; `nil` when there is none.
  static func check(ofKind kind: String) -> Check? { byKind[kind] }

  /// The checks of a builder that belong to some parts.
  static func names(_ parts: [Check.Part], for builder: Builder) -> [CheckName] {
    parts.flatMap { part in
      checks.filter { $0.part == part }.flatMap { $0.names(for: builder) }
    }
  }

  /// Some checks, and those that hand them something.
  static func closure(of wanted: [CheckName]) -> Set<CheckName> {
    var closure: Set<CheckName> = []
    var open = wanted
    while let name = open.popLast() {
      guard closure.insert(name).inserted else { continue }
      open += check(ofKind: name.kind)?.needs.filter(\.handsOn).map(\.name) ?? []
    }
    return closure
  }
}
