import Builders
import Checks
import SSH

/// The answers that the forms are about: one builder, and the local machine's settings.
public struct Draft: Equatable, Sendable {
  /// The builder that is set up or edited.
  public var builder: Builder
  /// The local machine's settings.
  public var local: LocalSettings
  /// The login that came with the address, where that was typed or chosen as ssh takes it. Its host
  /// may be a name of the person's own ssh configuration; it is the builder in any case.
  public var givenLogin: AdministratorLogin?
  /// What was typed about the way to the builder, and what it filled in; `nil` while that is the
  /// address and nothing more.
  var way: TypedWay?
  /// The way as it stands in its field.
  var destination: String

  /// Creates a draft.
  public init(builder: Builder, local: LocalSettings) {
    self.builder = builder
    self.local = local
    destination = builder.address
  }
}

// What a form asks in other words than the inventory's.
extension Draft {
  /// Whether the local machine builds nothing itself: `max-jobs = 0`.
  var buildsOnlyRemotely: Bool {
    get { local.maxJobs == 0 }
    set { local.maxJobs = newValue ? 0 : nil }
  }
}
