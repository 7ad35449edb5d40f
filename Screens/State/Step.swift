/// The screens of the program.
public enum Step: Hashable, CaseIterable, Sendable {
  /// The inventory is being read.
  case opening
  /// What this is for, while there is no builder yet.
  case welcome
  /// The builder list.
  case builders
  /// How files and machine stand to what was written.
  case drift
  /// Which machine would get a build.
  case route
  /// What is measured of a builder.
  case measures
  /// Builders that were written down elsewhere.
  case importing
  /// The host keys of several builders.
  case hostKeys
  /// What of a builder is to be edited.
  case edit
  /// Alias, address, port.
  case address
  /// What else ssh and Nix are told about the way.
  case options
  /// Can it be reached?
  case reach
  /// How does one log in today?
  case administrator
  /// What does the builder say of itself?
  case facts
  /// The account and the key.
  case access
  /// Can one log in?
  case login
  /// Systems, features, jobs.
  case capabilities
  /// Does it keep what is claimed?
  case probe
  /// The local machine's settings.
  case local
  /// The account on the builder.
  case account
  /// The fragments before they are written.
  case review
  /// What was written, and how to apply it.
  case apply
  /// A fragment is applied by the program itself.
  case applying
  /// What somebody else needs to apply a builder's fragment.
  case handOver
  /// The connection test.
  case connection
  /// The test build.
  case build
  /// What is proven.
  case summary

  /// The order of the first-time wizard.
  static let order: [Step] = [
    .address, .reach, .administrator, .facts, .access, .login, .capabilities, .probe, .local,
    .account, .review, .apply,
    .connection, .build, .summary,
  ]

  /// The strip at the top names these; some stand for several screens.
  static let strip = [
    "address", "reach", "access", "log in", "capabilities", "probe", "settings", "write", "prove",
  ]

  /// Its place in the strip; `nil` for screens outside of the wizard.
  var stripIndex: Int? {
    switch self {
    case .opening, .welcome, .builders, .drift, .route, .measures, .importing, .hostKeys, .edit,
      .options:
      nil
    case .address: 0
    case .reach, .administrator, .facts: 1
    case .access: 2
    case .login: 3
    case .capabilities: 4
    case .probe: 5
    case .local, .account: 6
    case .review, .apply, .applying, .handOver: 7
    case .connection, .build, .summary: 8
    }
  }
}
