import Builders
import Checks
import Fragments
import Glibc
import Nix
import Processes

extension RouteSource {
  /// Builds a probe that asks for exactly what a request did, with the real settings, and looks
  /// whether it goes where the answer says.
  public func prove(_ answer: RouteAnswer) async throws(RouteError) -> RouteProof {
    let request = answer.request
    if let obstacle = obstacle(toProving: request) { throw .notProvable(obstacle) }
    guard let directory = PrivateDirectory() else { throw .noRoom }
    defer { directory.remove() }
    var probe = Probe(system: request.system, features: request.features)
    probe.preferLocalBuild = request.preferLocalBuild
    guard let file = directory.write(probe.expression, to: "probe.nix"),
      let settings = settings(in: directory)
    else { throw .noRoom }
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
      ended: result.ending, verdicts: answer.verdicts, situation: answer.situation)
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
    let options = ["-F", ssh] + Builder.ownConnection.map { "-o\($0)" }
    return (words, ["NIX_SSHOPTS": options.joined(separator: " "), "NIX_REMOTE": nil])
  }

  /// Why a probe cannot show where such a build goes; `nil` when it can.
  public func obstacle(toProving request: RouteRequest) -> String? {
    if request.isBuiltin || request.system == "builtin" {
      return "what Nix does by itself (\(request.system)) cannot be tried with a probe."
    }
    if request.isRebuild { return "a probe is always built afresh, and never again." }
    if case .written = self, geteuid() != 0 {
      return "only root can prove what is not installed: Nix's daemon takes builders from nobody "
        + "else."
    }
    return nil
  }
}
