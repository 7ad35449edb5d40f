import Checks
import Processes
import Testing

@testable import Practice

/// All tests that make machines, one after the other: each takes both of a small computer's cores.
@Suite(.serialized, .timeLimit(.minutes(5))) struct MachineTests {}

/// The machines of one test.
struct Lab {
  let machines: PracticeMachines
  var connection: PracticeConnection { machines.connection }
  var local: Machine { machines.local }
  var builder: Machine { machines.builder }

  /// Makes machines for a test; where that is impossible the test fails and says why.
  static func with<Result>(
    _ options: PracticeOptions = PracticeOptions(), _ body: (Lab) async throws -> Result
  ) async throws -> Result {
    let lab = Lab(machines: try await PracticeMachines.start(options))
    do {
      let result = try await body(lab)
      await lab.machines.stop()
      return result
    } catch {
      await lab.machines.stop()
      throw error
    }
  }

  /// Runs a shell script on a machine and returns what it prints.
  func run(_ script: String, on machine: Machine) async throws -> String {
    let result = await machine.command(["sh", "-euc", script]).run()
    try #require(result.succeeded, "\(script)\n\(result.output)\(result.error)")
    return result.output
  }

  /// The words in what a script prints on the local machine.
  func here(_ script: String) async throws -> String { try await run(script, on: local) }

  /// The same on the builder.
  func there(_ script: String) async throws -> String { try await run(script, on: builder) }

  /// Writes a file on the local machine.
  func write(_ text: String, to path: String) async throws {
    let command = local.command(["tee", path], input: Array(text.utf8))
    try #require(await command.run().succeeded)
  }

  /// Makes the key that the fragments below speak of; returns its public half.
  func makeKey() async throws -> String {
    let line = try await here(
      """
      ssh-keygen -q -t ed25519 -N '' -C root@laptop -f /root/.ssh/forge
      cat /root/.ssh/forge.pub
      """)
    return line.trimmingSuffix("\n")
  }

  /// The key that the builder shows, as a line of known_hosts without the host.
  func hostKey(port: Int = 22) async throws -> String {
    let line = try await here("ssh-keyscan -p \(port) -t ed25519 192.0.2.7 2>/dev/null")
    return line.split(separator: "\n").first.map { String($0.drop { $0 != " " }.dropFirst()) } ?? ""
  }

  /// Applies a builder's fragment.
  @discardableResult
  func applyRemote(_ text: String) async throws -> [String] {
    try await write(text, to: "/root/remote-forge.nix")
    return try await connection.apply(remoteFragment: "/root/remote-forge.nix")
  }

  /// Applies the local machine's fragment.
  @discardableResult
  func applyLocal(_ text: String) async throws -> [String] {
    try await write(text, to: "/root/local.nix")
    return try await connection.apply(localFragment: "/root/local.nix")
  }

  /// Brings both machines to where builds work.
  func applyBoth(port: Int = 22) async throws {
    try await applyRemote(remoteFragment(key: makeKey()))
    try await applyLocal(localFragment(hostKey: hostKey(port: port), port: port))
  }

  /// Builds a derivation that runs a shell script, on the builder or not at all.
  func build(
    _ script: String = "echo built > $out", system: String = "x86_64-linux",
    features: [String] = [], environment: [String: String?] = [:]
  ) -> Command {
    let expression = """
      derivation {
        name = "probe-${builtins.toString builtins.currentTime}";
        system = "\(system)";
        builder = "/bin/sh";
        args = [ "-c" ''\(script)'' ];
        requiredSystemFeatures = [ \(features.map { "\"\($0)\"" }.joined(separator: " ")) ];
      }
      """
    return local.command(
      [
        "nix", "--extra-experimental-features", "nix-command", "build", "--impure", "--no-link",
        "-L", "--max-jobs", "0", "--expr", expression,
      ], environment: environment)
  }
}

/// What the builder's fragment says in the usual case.
func remoteFragment(key: String, trusted: Bool = true) -> String {
  """
  {
    users.users.nixremote = {
      isSystemUser = true;
      description = "Nix remote builds";
      uid = 500;
      group = "nixremote";
      createHome = false;
      useDefaultShell = true;
      openssh.authorizedKeys.keys = [ "\(key)" ];
    };
    users.groups.nixremote.gid = 500;

    \(trusted ? #"nix.settings.trusted-users = [ "nixremote" ];"# : "")
    services.openssh.enable = true;
  }
  """
}

/// What the local machine's fragment says in the usual case.
func localFragment(hostKey: String, port: Int = 22, address: String = "192.0.2.7") -> String {
  """
  { ... }:
  {
    programs.ssh.extraConfig = ''
      Host forge
        HostName \(address)
        HostKeyAlias forge
        Port \(port)
        User nixremote
        IdentityFile /root/.ssh/forge
        IdentitiesOnly yes
        ConnectTimeout 5
    '';
    programs.ssh.knownHosts.forge.publicKey = "\(hostKey)";
    nix.buildMachines = [
      {
        hostName = "forge";
        protocol = "ssh-ng";
        systems = [ "x86_64-linux" "i686-linux" ];
        maxJobs = 3;
        speedFactor = 2;
        supportedFeatures = [ "nixos-test" "benchmark" "big-parallel" ];
      }
    ];
    nix.distributedBuilds = true;
    nix.settings.builders-use-substitutes = true;
  }
  """
}

extension String {
  func trimmingSuffix(_ suffix: Character) -> String {
    var rest = self[...]
    while rest.last == suffix { rest.removeLast() }
    return String(rest)
  }
}
