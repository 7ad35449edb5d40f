import Builders
import Fragments
import Glibc
import Practice
import Testing

@testable import Checks
@testable import Features
@testable import Nix

/// A local machine that knows the one builder under several names, each of which can have a line
/// of its own, and one name under which nobody answers.
struct Lab {
  let machines: PracticeMachines
  let version: NixVersion

  /// What the builder really has, so that whoever gets a build can do it.
  static let features = ["benchmark", "big-parallel", "gpu", "kvm", "nixos-test"]

  /// Makes the machines for a test; where that is impossible the test fails and says why.
  static func with(_ body: (Lab) async throws -> Void) async throws {
    var options = PracticeOptions()
    options.systemFeatures = features
    options.extraPlatforms = ["i686-linux", "aarch64-linux"]
    let machines = try await PracticeMachines.start(options)
    do {
      let version = try #require(await NixVersion.installed())
      let lab = Lab(machines: machines, version: version)
      try await lab.introduce()
      try await body(lab)
      await machines.stop()
    } catch {
      await machines.stop()
      throw error
    }
  }

  /// Lets root of the local machine log in to the builder under each name.
  private func introduce() async throws {
    let key = try await run(
      """
      nix-store --init
      mkdir -p /root/.ssh
      ssh-keygen -q -t ed25519 -N '' -C root@laptop -f /root/.ssh/id
      printf 'forge %s\\n' "$(ssh-keyscan -t ed25519 192.0.2.7 2>/dev/null | sed -n 's/^[^# ]* //p')" \
        >/root/.ssh/known_hosts
      cat >/root/.ssh/config <<'END'
      Host dead
        Port 1
      Host forge* dead
        HostName 192.0.2.7
        HostKeyAlias forge
        User root
        IdentityFile /root/.ssh/id
        ConnectTimeout 5
      END
      cat /root/.ssh/id.pub
      """, on: machines.local)
    _ = try await run(
      "mkdir -p /root/.ssh && echo '\(key.filter { !$0.isNewline })' >/root/.ssh/authorized_keys",
      on: machines.builder)
  }

  /// Runs a shell script and returns what it prints.
  func run(_ script: String, on machine: Machine) async throws -> String {
    let result = await machine.command(["sh", "-eus"], input: Array(script.utf8)).run()
    try #require(result.succeeded, "\(script)\n\(result.output)\(result.error)")
    return result.output
  }

  /// Writes a file on the local machine.
  func write(_ text: String, to path: String) async throws {
    let command = machines.local.command(["tee", path], input: Array(text.utf8))
    try #require(await command.run().succeeded)
  }

  /// Where the local machine's Nix keeps its state, as seen from here.
  var stateDirectory: String { "/proc/\(machines.local.pid)/root/nix/var/nix" }

  /// Takes slots of builders, by their names, as Nix does for builds that it has sent.
  ///
  /// A lock outlives its holder for a moment where another thread has just forked: until the child
  /// has become another program. So this waits until exactly these slots are taken.
  func take(_ slots: [String: Set<Int>]) async throws -> [TakenSlot] {
    let names = ["forge1", "forge2", "forge3"]
    func isSettled(_ wanted: [String: Set<Int>]) -> Bool {
      let busy = busySlots(names)
      return names.allSatisfy { busy["ssh-ng://\($0)"] == wanted[$0] ?? [] }
    }
    try await wait { isSettled([:]) }
    var taken: [TakenSlot] = []
    for (name, numbers) in slots {
      for slot in numbers {
        let file = "\(stateDirectory)/current-load/ssh-ng:__\(name)-\(slot)"
        taken.append(try #require(TakenSlot(path: file), "\(file) cannot be locked"))
      }
    }
    try await wait { isSettled(slots) }
    return taken
  }

  /// Waits until something is so; the test fails when that takes too long.
  func wait(until isSo: () -> Bool) async throws {
    for _ in 0..<400 {
      if isSo() { return }
      try await Task.sleep(for: .milliseconds(25))
    }
    try #require(isSo(), "it took more than 10 seconds")
  }

  /// The slots of the builders in these lines that are taken now.
  func busySlots(_ lines: [String]) -> BusySlots {
    let urls = builders(lines).map(\.url)
    return BusySlots.seen(of: urls, in: stateDirectory) ?? ["unseen": [0]]
  }

  /// The builders in lines of machines, each without `ssh-ng://`.
  private func builders(_ lines: [String]) -> [RouteBuilder] {
    MachinesText.entries(in: setting(lines), of: "builders") { _ in nil }.compactMap {
      RouteBuilder($0, localSystem: "x86_64-linux")
    }
  }

  private func setting(_ lines: [String]) -> String {
    lines.map { "ssh-ng://\($0)" }.joined(separator: "\n")
  }

  /// What a decision rests on.
  func situation(_ lines: [String], _ local: RouteLocal) -> RouteSituation {
    RouteSituation(
      builders: builders(lines), local: local, rules: RouteRules(version: version),
      busySlots: busySlots(lines))
  }

  /// What is decided on a build without requirements.
  func decide(_ lines: [String], maxJobs: Int = 0) -> [RouteVerdict] {
    Route.decide(
      RouteRequest(system: "x86_64-linux"),
      in: situation(lines, RouteLocal(system: "x86_64-linux", maxJobs: maxJobs)))
  }

  /// Decides on a build, lets Nix do it by the same settings, and compares.
  ///
  /// - Parameters:
  ///   - probe: what is built; a fresh one that asks for what the request does unless given.
  ///   - file: the file with what is built where that is no probe, on the local machine.
  ///   - words: further arguments for Nix.
  func compare(
    _ lines: [String], _ request: RouteRequest = RouteRequest(system: "x86_64-linux"),
    _ probe: Probe? = nil, nonce: String? = nil, file: String? = nil, maxJobs: Int = 0,
    features: [String] = [], extraPlatforms: [String] = [], words: [String] = [],
    timeLimit: Duration = .seconds(60)
  ) async throws -> RouteProof {
    let situation = situation(
      lines,
      RouteLocal(
        system: "x86_64-linux", extraPlatforms: extraPlatforms, features: features,
        maxJobs: maxJobs))
    var ownProbe = Probe(system: request.system, features: request.features)
    ownProbe.preferLocalBuild = request.preferLocalBuild
    let probe = probe ?? ownProbe
    let path = file ?? "/tmp/\(probe.nonce).nix"
    if file == nil { try await write(probe.expression, to: path) }
    let command = machines.local.command(
      [
        "nix", "--extra-experimental-features", "nix-command", "build", "-L", "-v", "--no-link",
        "--file", path, "--log-format", "internal-json", "--builders", setting(lines),
        "--max-jobs", "\(maxJobs)", "--option", "system-features",
        features.joined(separator: " "), "--option", "extra-platforms",
        extraPlatforms.joined(separator: " "),
      ] + words, timeLimit: timeLimit)
    let result = await command.run()
    // The hook may let go of its slot a moment later.
    try await wait { busySlots(lines) == situation.busySlots }
    return RouteProof(
      command: command.text, seen: ProbeLog(result.error, nonce: nonce ?? probe.nonce),
      ended: result.ending, verdicts: Route.decide(request, in: situation), situation: situation)
  }
}

/// A slot of a builder that is taken as long as this exists.
final class TakenSlot {
  private let descriptor: Int32

  init?(path: String) {
    let folder = path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    mkdir(folder, 0o755)
    close(open(folder + "/main-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
  }

  deinit { close(descriptor) }
}
