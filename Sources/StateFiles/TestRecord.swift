import Builders
import Checks

/// What is remembered of a test of a builder.
public struct TestRecord: Equatable, Sendable, Codable {
  /// What was tested.
  public enum Kind: String, CaseIterable, Codable, Sendable {
    /// The way to Nix on the builder.
    case connection
    /// Probes of each system and feature.
    case build
    /// A real package.
    case package
  }

  /// How it came out.
  public enum Outcome: String, Codable, Sendable {
    /// All was seen working.
    case passed
    /// Something was seen failing.
    case failed
    /// The builder's fragment is not applied yet.
    case notYet
    /// Nobody has accepted the host key yet.
    case undecided
  }

  /// What was tested.
  public var kind: Kind
  /// When it ended.
  public var at: Moment
  /// Since when tests of this kind have come out like this.
  public var since: Moment
  /// How it came out.
  public var outcome: Outcome
  /// The check that did not go well, as ``CheckName`` describes it; `nil` when all did.
  public var check: String?
  /// What that check said, such as `port 22 is closed`.
  public var detail: String
  /// The likely cause; `nil` when it passed or nobody knows.
  public var cause: String?
  /// What to do about it.
  public var remedy: String?
  /// How long the checks took together, in seconds.
  public var seconds: Double
  /// Whether it went by what this machine had installed, and not by what would be written.
  public var wasInstalled: Bool
  /// The version of Nix on this machine.
  public var localNix: String?
  /// The version of Nix on the builder.
  public var remoteNix: String?
  /// Claimed systems and features that the builder's Nix did not list.
  public var unannounced: [String]
  /// The ``Builders/Builder/fingerprint`` of the builder as it was then.
  public var fingerprint: String

  /// Whether it is about the builder as it is now.
  public func isAbout(_ builder: Builder) -> Bool { fingerprint == builder.fingerprint }
}

/// A test that has ended, before anybody has looked at the clock.
public struct FinishedTest: Equatable, Sendable {
  /// What was tested.
  public var kind: TestRecord.Kind
  /// The builder as it was tested.
  public var builder: Builder
  /// Which configuration it went by.
  public var source: BuilderTest.Source
  /// The results of all checks.
  public var results: [CheckResult]
  /// How long it took, in seconds.
  public var seconds: Double
  /// The version of Nix on this machine.
  public var localNix: String?

  /// Creates a description.
  public init(
    kind: TestRecord.Kind, builder: Builder, source: BuilderTest.Source, results: [CheckResult],
    seconds: Double, localNix: String?
  ) {
    self.kind = kind
    self.builder = builder
    self.source = source
    self.results = results
    self.seconds = seconds
    self.localNix = localNix
  }
}

extension TestRecord {
  /// Takes down a test; `nil` when it was stopped before anything was found out.
  public init?(_ test: FinishedTest, at moment: Moment) {
    let trouble = test.results.first { [.failed, .notYet, .undecided].contains($0.outcome) }
    switch trouble?.outcome {
    case .failed?: outcome = .failed
    case .notYet?: outcome = .notYet
    case .undecided?: outcome = .undecided
    default:
      guard test.results.allPassed else { return nil }
      outcome = .passed
    }
    kind = test.kind
    at = moment
    since = moment
    check = trouble?.name.description
    detail = trouble?.detail ?? ""
    cause = trouble?.diagnosis?.cause
    remedy = trouble?.diagnosis?.remedy
    seconds = test.seconds
    wasInstalled = test.source == .installed
    localNix = test.localNix
    fingerprint = test.builder.fingerprint
    let capabilities = test.results.lazy.compactMap { result -> RemoteCapabilities? in
      if case .capabilities(let capabilities)? = result.finding { capabilities } else { nil }
    }.first
    remoteNix = capabilities?.nixVersion
    unannounced = capabilities.map { test.builder.claims(missingIn: $0) } ?? []
  }
}

extension Builder {
  /// Systems and features that it claims and the builder's Nix does not list. A Nix that lists none
  /// at all was not understood, and says nothing.
  fileprivate func claims(missingIn capabilities: RemoteCapabilities) -> [String] {
    func missing(_ claims: [String], _ listed: [String]) -> [String] {
      listed.isEmpty ? [] : claims.filter { !listed.contains($0) }
    }
    let mandatory = mandatoryFeatures.filter { !supportedFeatures.contains($0) }
    return missing(systems, capabilities.systems)
      + missing(supportedFeatures + mandatory, capabilities.features)
  }
}
