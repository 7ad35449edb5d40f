import Base
import Nix
import SSH
import Processes
import Builders
import Fragments
import Glibc

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
    /// These checks of ``connection`` and ``builds``, with those that they need something from.
    case only([CheckName])
  }

  /// Takes what happens; it may suspend, which holds the commands back.
  typealias Report = @Sendable (CheckEvent) async -> Void

  /// The builder that is tested.
  public var builder: Builder
  /// Which configuration the checks go by.
  public var source: Source
  /// The checks that are run; the others are taken for passed. `nil` for all of them.
  var only: Set<CheckName>?
  /// When the whole test has to be over.
  var deadline: Deadline?

  /// Creates a test.
  public init(builder: Builder, source: Source) {
    self.builder = builder
    self.source = source
  }

  /// The checks of a scope, in the order in which they are shown.
  public func names(_ scope: Scope) -> [CheckName] {
    switch scope {
    case .reach: [.resolve, .connect, .hostKey]
    case .login: [.key, .login, .remoteNix, .store, .trusted]
    case .connection: names(.reach) + names(.login)
    case .builds: builder.systems.map { .build(system: $0) } + features.map { .feature($0) }
    case .package: [.package]
    case .only(let wanted): needed(for: wanted)
    }
  }

  /// Supported and mandatory features, each once.
  private var features: [String] {
    builder.supportedFeatures
      + builder.mandatoryFeatures.filter { !builder.supportedFeatures.contains($0) }
  }

  /// Runs the checks of a scope.
  ///
  /// - Parameter report: takes what happens; it may suspend, which holds the commands back.
  /// - Returns: one result for each of ``names(_:)``, in that order.
  public func run(
    _ scope: Scope, report: @escaping @Sendable (CheckEvent) async -> Void
  ) async -> [CheckResult] {
    switch scope {
    case .reach: return await reach(report)
    case .login: return await login(key: key(report), report)
    case .connection:
      async let usable = key(report)
      let reached = await reach(report)
      return reached + (await login(key: usable, after: reached, report))
    case .builds: return await builds(report)
    case .package(let installable):
      return await withConnection(for: [.package], report) { connection, directory in
        [
          await check(.package, report) {
            await PackageBuild.run($0, connection, installable, in: directory)
          }
        ]
      }
    case .only(let wanted): return await runOnly(wanted, report)
    }
  }

  // MARK: - Reach

  private func reach(_ report: @escaping Report) async -> [CheckResult] {
    if let detour = builder.detour {
      // Only that knows the name and can open the port; the host key proves both.
      var results: [CheckResult] = []
      for name in [CheckName.resolve, .connect] {
        results.append(await skip(name, "through \(detour)", report))
      }
      return results + [await hostKey(report)]
    }
    let resolve = await check(.resolve, report) { await Resolve.run($0) }
    guard resolve.outcome == .passed else {
      return [resolve] + (await skip([.connect, .hostKey], after: resolve, report))
    }
    let addresses = Resolve.addresses(in: resolve.evidence)
    let connect = await check(.connect, report) { await Connect.run($0, addresses: addresses) }
    guard connect.outcome == .passed else {
      return [resolve, connect] + (await skip([.hostKey], after: connect, report))
    }
    return [resolve, connect, await hostKey(report)]
  }

  private func hostKey(_ report: @escaping Report) async -> CheckResult {
    await check(.hostKey, report) { await HostKey.run($0, of: self) }
  }

  // MARK: - Login

  private func key(_ report: @escaping Report) async -> CheckResult {
    await check(.key, report) { await Key.run($0) }
  }

  private func login(
    key: CheckResult, after reached: [CheckResult] = [], _ report: @escaping Report
  ) async -> [CheckResult] {
    let names = [CheckName.login, .remoteNix, .store, .trusted].filter(isWanted)
    // Without any of them there is no need for a connection.
    if names.isEmpty { return [key] }
    guard key.outcome == .passed else {
      return [key] + (await skip(names, after: key, report))
    }
    if let failed = reached.first(where: { $0.outcome == .failed || $0.detail == "cancelled" }) {
      return [key] + (await skip(names, after: failed, report))
    }
    let later = await withConnection(for: names, report) { connection, directory in
      await builder.account.restricted
        ? loginRestricted(connection, directory, report)
        : loginFreely(connection, directory, report)
    }
    return [key] + later
  }

  private func loginFreely(
    _ connection: Connection, _ directory: PrivateDirectory, _ report: @escaping Report
  ) async -> [CheckResult] {
    let outcome = Box<Login.Outcome?>(nil)
    let login = await check(.login, report) {
      let (result, found) = await Login.run($0, connection)
      await outcome.set(found)
      return result
    }
    switch await outcome.value {
    case .facts(let facts) where login.outcome == .passed:
      let nix = await check(.remoteNix, report) { await RemoteNix.run($0, facts) }
      guard nix.outcome == .passed else {
        return [login, nix] + (await skip([.store, .trusted], after: nix, report))
      }
      let (store, answer) = await store(connection, facts, report)
      return [login, nix, store]
        + [await trusted(connection, directory, after: store, answer, report)]
    case .withoutPrograms where login.outcome == .passed:
      let nix = await check(.remoteNix, report) {
        await $0.failed("\(builder.storeProgram) is not on the PATH", .noNix(builder))
      }
      return [login, nix] + (await skip([.store, .trusted], after: nix, report))
    case .restricted where login.outcome == .passed:
      let (store, answer) = await store(connection, nil, report)
      return [login, await remoteNix(after: store, answer, report), store]
        + [await trusted(connection, directory, after: store, answer, report)]
    default:
      return [login] + (await skip([.remoteNix, .store, .trusted], after: login, report))
    }
  }

  /// A restricted key serves Nix and nothing else: that the store answers shows the login too.
  private func loginRestricted(
    _ connection: Connection, _ directory: PrivateDirectory, _ report: @escaping Report
  ) async -> [CheckResult] {
    let answer = Box<StoreAnswer?>(nil)
    let login = await check(.login, report) { running in
      let (store, found) = await Store.run(running, connection, facts: nil)
      await answer.set(found)
      if found != nil {
        return await running.passed("\(builder.user)@\(builder.alias), for Nix only")
      }
      return store.diagnosis?.identity == .keyRefused ? await Login.refused(running) : store
    }
    guard login.outcome == .passed, let found = await answer.value else {
      return [login] + (await skip([.remoteNix, .store, .trusted], after: login, report))
    }
    let nix = await remoteNix(after: login, found, report)
    let store = await check(.store, report) {
      await $0.passed("Nix answers at \(connection.machine.url.text)")
    }
    return [login, nix, store]
      + [await trusted(connection, directory, after: store, found, report)]
  }

  private func store(
    _ connection: Connection, _ facts: RemoteFacts?, _ report: @escaping Report
  ) async -> (CheckResult, StoreAnswer?) {
    let answer = Box<StoreAnswer?>(nil)
    let store = await check(.store, report) {
      let (result, found) = await Store.run($0, connection, facts: facts)
      await answer.set(found)
      return result
    }
    return (store, await answer.value)
  }

  private func remoteNix(
    after store: CheckResult, _ answer: StoreAnswer?, _ report: @escaping Report
  ) async -> CheckResult {
    guard store.outcome == .passed, let answer else {
      return await skip(.remoteNix, after: store, report)
    }
    return await check(.remoteNix, report) { await RemoteNix.run($0, answer) }
  }

  private func trusted(
    _ connection: Connection, _ directory: PrivateDirectory, after store: CheckResult,
    _ answer: StoreAnswer?, _ report: @escaping Report
  ) async -> CheckResult {
    guard store.outcome == .passed, let answer else {
      return await skip(.trusted, after: store, report)
    }
    return await check(.trusted, report) {
      await Trusted.run($0, connection, answer, in: directory)
    }
  }

  // MARK: - Builds

  private func builds(_ report: @escaping Report) async -> [CheckResult] {
    let names = names(.builds).filter(isWanted)
    return await withConnection(for: names, report) { connection, directory in
      // The first one alone: when it cannot even begin, neither can the others.
      guard let first = names.first else { return [] }
      let result = await probe(first, connection, directory, report)
      if result.diagnosis?.identity.isOfEveryBuild == true {
        return [result] + (await skip(Array(names.dropFirst()), after: result, report))
      }
      return [result]
        + (await runSideBySide(Array(names.dropFirst()), atOnce: min(2, builder.maxJobs)) {
          await probe($0, connection, directory, report)
        })
    }
  }

  private func probe(
    _ name: CheckName, _ connection: Connection, _ directory: PrivateDirectory,
    _ report: @escaping Report
  ) async -> CheckResult {
    // A builder takes only builds that require all of its mandatory features.
    var probe = Probe(system: builder.systems.first ?? "", features: builder.mandatoryFeatures)
    if case .build(let system) = name { probe.system = system }
    if case .feature(let feature) = name, !probe.features.contains(feature) {
      probe.features.append(feature)
    }
    return await check(name, report) { [probe] in
      await BuildProbe.run($0, connection, probe, in: directory)
    }
  }

  // MARK: - Running

  private func check(
    _ name: CheckName, _ report: @escaping Report,
    _ body: @escaping @Sendable (RunningCheck) async -> CheckResult
  ) async -> CheckResult {
    guard isWanted(name) else { return CheckResult(name: name, outcome: .passed) }
    return await RunningCheck.run(name, of: self, report, body)
  }

  private func isWanted(_ name: CheckName) -> Bool { only?.contains(name) ?? true }

  /// The result of a check that is not tried.
  func skip(
    _ name: CheckName, _ reason: String, _ report: @escaping Report
  ) async -> CheckResult {
    guard isWanted(name) else { return CheckResult(name: name, outcome: .passed) }
    return await RunningCheck.skip(name, reason, report)
  }

  private func skip(
    _ name: CheckName, after failed: CheckResult, _ report: @escaping Report
  ) async -> CheckResult {
    let reason = failed.detail == "cancelled" ? "cancelled" : "needs \(failed.name)"
    return await skip(name, reason, report)
  }

  private func skip(
    _ names: [CheckName], after failed: CheckResult, _ report: @escaping Report
  ) async -> [CheckResult] {
    var results: [CheckResult] = []
    for name in names { results.append(await skip(name, after: failed, report)) }
    return results
  }

  /// Prepares the way to the builder; where there is none, the checks are skipped with the reason.
  private func withConnection(
    for names: [CheckName], _ report: @escaping Report,
    _ body: (Connection, PrivateDirectory) async -> [CheckResult]
  ) async -> [CheckResult] {
    // The diagnosis concerns all of them and stands with the first.
    func skipAll(_ reason: String, _ diagnosis: Diagnosis?) async -> [CheckResult] {
      var results: [CheckResult] = []
      for name in names {
        let cause = results.isEmpty ? diagnosis : nil
        results.append(await RunningCheck.skip(name, reason, diagnosis: cause, report))
      }
      return results
    }
    guard let directory = PrivateDirectory() else {
      return await skipAll("/tmp: \(lastError())", nil)
    }
    defer { directory.remove() }
    switch await way(in: directory) {
    case .open(let connection): return await body(connection, directory)
    case .closed(let reason, let diagnosis): return await skipAll(reason, diagnosis)
    }
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
    let throughBastion = contains { $0.name == .hostKey && $0.outcome == .passed }
    return !isEmpty
      && allSatisfy { result in
        result.outcome == .passed
          || throughBastion && result.outcome == .skipped
            && (result.name == .resolve || result.name == .connect)
      }
  }
}

/// A value that a check hands to those that need it.
private actor Box<Value: Sendable> {
  private(set) var value: Value
  init(_ value: Value) { self.value = value }
  func set(_ value: Value) { self.value = value }
}
