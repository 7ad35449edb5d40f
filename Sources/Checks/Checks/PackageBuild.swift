import Base
import Builders
import Fragments
import Glibc
import Nix
import Processes
import SSH

extension CheckName {
  /// A real package is built by the builder.
  public static let package = CheckName(kind: "package")
}

/// `package`: a real package is built by the builder, in a variant that nobody has built before.
///
/// What this machine cannot evaluate or fetch says nothing of the builder: the check is skipped then.
enum PackageBuild {
  static let check = Check(
    .package, { _ in "package" }, in: .package,
    run: .there { check, way, _ in
      await run(check, way.connection, check.test.installable ?? "", in: way.directory)
    })

  /// What a result says that is about this machine and not about the builder.
  static let notHere = "not available here"

  static func run(
    _ check: RunningCheck, _ connection: Connection, _ installable: String,
    in directory: PrivateDirectory
  ) async -> CheckResult {
    let variant = PackageVariant(
      installable: installable, system: check.builder.systems.first ?? "")
    // Without a registry or the internet, the nixpkgs of this machine will do as well.
    let expressions = [variant.expression, variant.searchPathExpression].compactMap(\.self)
    var failure: CheckResult?
    for expression in expressions where !Task.isCancelled {
      await check.beginAnew()
      guard let file = directory.write(expression, to: "package.nix") else {
        await check.note("\(directory.path): \(lastError())")
        return await check.failed("the expression could not be written", nil)
      }
      let obstacle: CheckResult
      switch await evaluate(check, connection, file) {
      case .derivation(let path): return await build(check, connection, path)
      case .obstacle(let result): obstacle = result
      }
      let isFetching = obstacle.diagnosis?.identity == .noNixpkgs
      // That there is no <nixpkgs> either is the lesser news.
      if failure == nil || !isFetching { failure = obstacle }
      if !isFetching { break }
    }
    guard let failure else { return await check.failed("cancelled", nil) }
    return notHere(failure)
  }

  private enum Evaluation {
    /// Its derivation is in this machine's store.
    case derivation(String)
    /// Why there is none.
    case obstacle(CheckResult)
  }

  /// Evaluates the package here, which fetches its source. It is done once: nixpkgs takes its time.
  private static func evaluate(
    _ check: RunningCheck, _ connection: Connection, _ file: String
  ) async -> Evaluation {
    let command = connection.nix(
      ["eval", "--raw", "--impure", "--file", file, "drvPath"], timeLimit: nil)
    let result = await check.run(command)
    await check.note("")
    let path = result.output.unicodeScalars.trimmed
    return result.succeeded && path.hasSuffix(".drv")
      ? .derivation(String(path))
      : .obstacle(await check.failed("not evaluated", by: command, result))
  }

  private static func build(
    _ check: RunningCheck, _ connection: Connection, _ derivation: String
  ) async -> CheckResult {
    // Since 2.15 the path of a derivation alone means the file itself; before 2.13 there is no ^.
    let isOld = await NixVersion.installed().map { $0 < NixVersion("2.13") } ?? false
    let result = await BuildProbe.build(
      check, connection, [derivation + (isOld ? "" : "^*")], timeLimit: nil)
    // What it is built from is fetched by this machine too.
    return result.diagnosis?.identity == .noNixpkgs ? notHere(result) : result
  }

  /// The result where the package is at fault, or this machine.
  private static func notHere(_ failure: CheckResult) -> CheckResult {
    var result = failure
    result.outcome = .skipped
    result.detail = notHere
    result.diagnosis = failure.diagnosis ?? .notEvaluated
    return result
  }
}

/// A package with one more variable in its environment, and so another derivation.
struct PackageVariant: Equatable, Sendable {
  /// What one would give to `nix build`: `nixpkgs#hello`, `.#tool`, `/etc/nixos`.
  var installable: String
  var system: String
  var nonce = Probe.freshNonce()

  init(installable: String, system: String) {
    self.installable = installable
    self.system = system
  }

  private var parts: (flake: String, attribute: [String]) {
    let parts = installable.unicodeScalars.split(
      separator: "#", maxSplits: 1, omittingEmptySubsequences: false
    ).strings
    let attribute = parts.count == 2 ? parts[1] : ""
    return (parts[0], attribute.unicodeScalars.split(separator: ".").strings)
  }

  /// The variant, by the flake.
  var expression: String {
    let (flake, attribute) = parts
    return wrapped(
      "builtins.getFlake \(NixString.quoted(Self.absolute(flake)))",
      prefixes: [["packages", system], ["legacyPackages", system], []],
      attribute: attribute.isEmpty ? ["default"] : attribute)
  }

  /// The variant by `<nixpkgs>`, where the flake is nixpkgs.
  var searchPathExpression: String? {
    let (flake, attribute) = parts
    guard flake == "nixpkgs", !attribute.isEmpty else { return nil }
    return wrapped(
      "import <nixpkgs> { system = \(NixString.quoted(system)); }", prefixes: [[]],
      attribute: attribute)
  }

  private func wrapped(_ root: String, prefixes: [[String]], attribute: [String]) -> String {
    func list(_ names: [String]) -> String {
      "[ " + names.map { NixString.quoted($0) + " " }.joined() + "]"
    }
    let paths = prefixes.map { list($0 + attribute) }.joined(separator: " ")
    return """
      let
        root = \(root);
        find = path: set:
          if path == [ ] then set
          else if builtins.isAttrs set && set ? ${builtins.head path}
          then find (builtins.tail path) set.${builtins.head path}
          else null;
        found = builtins.filter (package: package != null)
          (map (path: find path root) [ \(paths) ]);
        package =
          if found == [ ] then throw \(NixString.quoted("nix-builders: \(installable) is not there"))
          else builtins.head found;
        nonce = { NIX_BUILDERS_PROBE = \(NixString.quoted(nonce)); };
      in
      if package ? overrideAttrs then package.overrideAttrs (old:
        if old ? env then { env = old.env // nonce; } else nonce)
      else derivation (package.drvAttrs // nonce)

      """
  }

  /// A path in full, since the expression lies elsewhere.
  private static func absolute(_ flake: String) -> String {
    guard flake.isEmpty || flake.unicodeScalars.first == "." else { return flake }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard realpath(flake.isEmpty ? "." : flake, &buffer) != nil else { return flake }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
