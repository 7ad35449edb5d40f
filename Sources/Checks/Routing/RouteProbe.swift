import Builders
import Fragments
import Glibc

extension RouteSource {
  /// Builds a probe that asks for exactly what a request does, with the real settings, and looks
  /// where it goes.
  ///
  /// - Parameters:
  ///   - request: what was asked for; neither a rebuild nor `builtin`.
  ///   - verdicts: what was decided in the situation.
  /// - Returns: `nil` when the files of the probe could not be written.
  public func prove(
    _ request: RouteRequest, _ verdicts: [RouteVerdict], in situation: RouteSituation
  ) async -> RouteProof? {
    guard let directory = PrivateDirectory() else { return nil }
    defer { directory.remove() }
    var probe = Probe(system: request.system, features: request.features)
    probe.preferLocalBuild = request.preferLocalBuild
    guard let file = directory.write(probe.expression, to: "probe.nix"),
      let settings = settings(in: directory)
    else { return nil }
    let words = [
      "nix", "--extra-experimental-features", "nix-command", "build", "-L", "-v", "--no-link",
      "--file", file, "--log-format", "internal-json",
      // Nobody has it, and a cache that does not answer takes its time.
      "--option", "substituters", "",
    ]
    let command = Command(
      words + settings.words, environment: settings.environment, timeLimit: TimeLimits.probe)
    let result = await command.run()
    return RouteProof(
      command: command.text, seen: ProbeLog(result.error, nonce: probe.nonce),
      ended: result.ending, verdicts: verdicts, situation: situation)
  }

  /// What of Nix's settings and environment has to differ from what is installed.
  private func settings(
    in directory: PrivateDirectory
  ) -> (words: [String], environment: [String: String?])? {
    guard case .written(let inventory) = self else { return ([], [:]) }
    let builders = inventory.local.distributedBuilds ? inventory.enabledBuilders : []
    let knownHosts = builders.map { "\($0.knownHostsLine ?? "")\n" }.joined()
    guard let knownHostsPath = directory.write(knownHosts, to: "known_hosts"),
      let ssh = directory.write(
        builders.map { $0.temporaryConfiguration(knownHostsPath: knownHostsPath) }.joined(),
        to: "ssh_config")
    else { return nil }
    var words = ["--builders", builders.map(\.machineLine).joined(separator: "\n")]
    if let jobs = inventory.local.maxJobs { words += ["--max-jobs", "\(jobs)"] }
    // Root's Nix builds by itself then, and does not ask the daemon, which would not know.
    return (words, ["NIX_SSHOPTS": "-F \(ssh)", "NIX_REMOTE": nil])
  }

  /// Whether this program may prove it: only root can tell Nix of builders that are not installed.
  public var canProve: Bool {
    if case .installed = self { true } else { geteuid() == 0 }
  }
}
