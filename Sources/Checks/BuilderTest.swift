import Builders
import Fragments

/// A run of checks on one builder.
///
/// Checks that do not depend on each other run side by side; those that need one that failed are
/// skipped. Cancelling the task ends every command with its process group at once.
public struct BuilderTest: Sendable {
  /// Which configuration the checks go by.
  public enum Source: Equatable, Sendable {
    /// What the inventory would write: a temporary ssh configuration and `--builders`.
    case written
    /// What this machine has installed.
    case installed
  }

  /// Which checks are run.
  public enum Scope: Equatable, Sendable {
    /// `resolve`, `connect`, `host-key`.
    case reach
    /// `key`, `login`, `remote-nix`, `store`, `trusted`.
    case login
    /// Both of the above.
    case connection
    /// A probe for each system and feature, without the connection's checks.
    case builds
    /// A variant of this installable that was never built, such as `nixpkgs#hello`.
    case package(String)
  }

  /// The builder that is tested.
  public var builder: Builder
  /// Which configuration the checks go by.
  public var source: Source

  /// Creates a test.
  public init(builder: Builder, source: Source) {
    self.builder = builder
    self.source = source
  }

  /// The checks of a scope, in the order in which they are shown.
  public func names(_ scope: Scope) -> [CheckName] { [] }

  /// Runs the checks of a scope.
  ///
  /// - Parameter report: takes what happens; it may suspend, which holds the commands back.
  /// - Returns: one result for each of ``names(_:)``, in that order.
  public func run(
    _ scope: Scope, report: @escaping @Sendable (CheckEvent) async -> Void
  ) async -> [CheckResult] { [] }
}
