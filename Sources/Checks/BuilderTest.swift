import Base
import Builders
import Fragments
import Glibc
import Nix
import Processes
import SSH

/// A run of checks on one builder.
///
/// Checks that do not need each other run side by side; those that need one that failed are
/// skipped. What needs what stands in ``CheckTable``. Cancelling the task ends every command with its process group at once.
public struct BuilderTest: Sendable {
  /// Which configuration the checks go by.
  public enum Source: Equatable, Sendable {
    /// What the inventory would write: a temporary ssh configuration and `--builders`.
    case written
    /// What this machine has installed.
    case installed

    /// The configuration in words.
    public var words: String {
      switch self {
      case .written: "as it would be written"
      case .installed: "as installed"
      }
    }
  }

  /// Which checks are run.
  public enum Scope: Equatable, Sendable {
    /// The port and the host key, without a login.
    case reach
    /// The key, and Nix behind it.
    case login
    /// Both of the above.
    case connection
    /// A probe for each system and feature, without the connection's checks.
    case builds
    /// A variant of this installable that was never built, such as `nixpkgs#hello`.
    case package(String)
    /// These checks of ``connection`` and ``builds``, with those that they need something from.
    case only([CheckName])
  }

  /// Takes what happens; it may suspend, which holds the commands back.
  typealias Report = @Sendable (CheckEvent) async -> Void

  /// The builder that is tested.
  public var builder: Builder
  /// Which configuration the checks go by.
  public var source: Source
  /// The package that is built, such as `nixpkgs#hello`; `nil` where none is.
  var installable: String?
  /// When the whole test has to be over.
  var deadline: Deadline?

  /// Creates a test.
  public init(builder: Builder, source: Source) {
    self.builder = builder
    self.source = source
  }

  /// The checks of a scope, in the order in which they are shown.
  public func names(_ scope: Scope) -> [CheckName] { stages(scope).flatMap(\.self) }

  /// The checks of a scope, stage after stage: when one has failed, the later ones are not tried.
  func stages(_ scope: Scope) -> [[CheckName]] {
    func names(_ parts: Check.Part...) -> [CheckName] { CheckTable.names(parts, for: builder) }
    switch scope {
    case .reach: return [names(.reach)]
    case .login: return [names(.login)]
    case .connection: return [names(.reach, .login)]
    case .builds: return [names(.builds)]
    case .package: return [names(.package)]
    case .only(let wanted):
      let needed = CheckTable.closure(of: wanted)
      return [names(.reach, .login), names(.builds)].map { $0.filter(needed.contains) }
    }
  }

  /// Runs the checks of a scope.
  ///
  /// - Parameter report: takes what happens; it may suspend, which holds the commands back.
  /// - Returns: one result for each of ``names(_:)``, in that order.
  public func run(
    _ scope: Scope, report: @escaping @Sendable (CheckEvent) async -> Void
  ) async -> [CheckResult] {
    await run([scope], report: report)
  }

  /// The way to the builder, or why there is none.
  package enum Way {
    case open(Connection)
    case closed(String, Diagnosis?)
  }

  /// Prepares the way to the builder.
  package func way(in directory: PrivateDirectory) async -> Way {
    guard geteuid() == 0 else { return .closed("needs root", .notRoot(builder)) }
    var connection: Connection?
    switch source {
    case .written:
      guard builder.hostKey != nil else {
        return .closed("needs an accepted host key", .hostKeyNotAccepted(builder))
      }
      connection = Connection(written: builder, in: directory)
    case .installed:
      let setting = await NixSettings.installed()?.builders ?? ""
      let machines = NixMachine.all(inSetting: setting)
      guard let machine = machines.first(where: { $0.isLine(of: builder) }) else {
        let reason = InstalledConfiguration.reasonMissing(builder, setting: setting)
        return .closed("not installed here", reason)
      }
      connection = Connection(installed: machine, of: builder, in: directory)
    }
    return connection.map(Way.open) ?? .closed("\(directory.path): \(lastError())", nil)
  }
}

extension [CheckResult] {
  /// Whether the builder was seen working: nothing failed and nothing was left out, except for what
  /// only a bastion can do, which the host key then proves.
  public var allPassed: Bool {
    let passed = Set(lazy.filter { $0.outcome == .passed }.map(\.name))
    return !isEmpty
      && allSatisfy { result in
        if result.outcome == .passed { return true }
        guard result.outcome == .skipped,
          let shownBy = CheckTable.check(ofKind: result.name.kind)?.exemption?.shownBy
        else { return false }
        return passed.contains(shownBy)
      }
  }
}

extension [CheckResult] {
  /// Whether a real package was asked for and is not available on this machine, which says nothing
  /// of the builder.
  public var lackPackage: Bool {
    contains { $0.name == .package && $0.outcome == .skipped && $0.detail == PackageBuild.notHere }
  }

  /// What was found of the builder itself: a package that this machine has not got left aside.
  public var ofBuilder: [CheckResult] {
    lackPackage ? filter { $0.name != .package } : self
  }
}
