import Builders
import FoundationEssentials
import Fragments
import Glibc
import Nix
import Processes

/// How ssh and Nix are told to reach a builder, by what is written or by what is installed.
package struct Connection: Sendable {
  /// The builder's line of /etc/nix/machines.
  package let machine: NixMachine
  /// What ssh is given before the destination.
  package let sshOptions: [String]
  /// What is set in the environment of Nix.
  let nixEnvironment: [String: String?]
  /// How much longer than usual connecting may take, by the builder's ConnectTimeout.
  private let patience: Duration

  /// By a temporary ssh configuration in a private folder; `nil` when it could not be written.
  package init?(written builder: Builder, in directory: PrivateDirectory) {
    guard
      let knownHosts = directory.write("\(builder.knownHostsLine ?? "")\n", to: "known_hosts"),
      let file = directory.write(
        builder.temporaryConfiguration(knownHostsPath: knownHosts), to: "ssh_config"),
      let machine = try? NixMachine(builder.machineLine)
    else { return nil }
    self.machine = machine
    sshOptions = ["-F", file] + builder.sshOptionsWithoutHostBlock
    // Root's Nix builds by itself then, and does not ask the daemon, which would not know.
    nixEnvironment = ["NIX_SSHOPTS": Self.nixOptions(["-F", file]), "NIX_REMOTE": nil]
    patience = builder.patience
  }

  /// By this machine's own configuration. Without a Host block the connection's details are the
  /// line's and the store URL's; `nil` when the line's host key could not be written down.
  package init?(installed machine: NixMachine, of builder: Builder, in directory: PrivateDirectory)
  {
    self.machine = machine
    var options = builder.sshOptionsWithoutHostBlock
    if let key = machine.publicHostKey.flatMap({ Data(base64Encoded: $0) }) {
      // Nix gives it to ssh in the same way.
      let line = "\(machine.url.host) \(String(decoding: key, as: UTF8.self))\n"
      guard let file = directory.write(line, to: "known_hosts") else { return nil }
      options += ["-o", "UserKnownHostsFile=\(file)"]
    }
    sshOptions = options
    // When users build it is the daemon that logs in, with its own environment.
    var environment: [String: String?] = LocalDaemon.answers ? ["NIX_REMOTE": "daemon"] : [:]
    let own = getenv("NIX_SSHOPTS").map { [String(cString: $0)] } ?? []
    environment["NIX_SSHOPTS"] = Self.nixOptions(own)
    nixEnvironment = environment
    patience = builder.patience
  }

  private static func nixOptions(_ words: [String]) -> String {
    (words + Builder.ownConnection.map { "-o\($0)" }).joined(separator: " ")
  }

  /// A login that runs a command on the builder. Of what its configuration says it changes only
  /// what would make it ask, or lean on another connection.
  package func ssh(_ command: String, timeLimit: Duration) -> Command {
    let strict =
      ["-T"]
      + (["BatchMode=yes", "StrictHostKeyChecking=yes"] + Builder.ownConnection)
      .flatMap { ["-o", $0] }
    let url = machine.url
    let place = (url.port.map { ["-p", "\($0)"] } ?? []) + ["--", url.destination]
    return Command(
      ["ssh"] + sshOptions + strict + place + [command], timeLimit: timeLimit + patience,
      outputLimit: .answer)
  }

  /// Builds something on the builder alone, with a log for ``NixLogReader``.
  package func build(_ what: [String], timeLimit: Duration?) -> Command {
    nix(
      ["build", "-L", "-v", "--no-link", "--json", "--impure"] + what
        + ["--max-jobs", "0", "--builders", machine.text]
        + ["--log-format", "internal-json"], timeLimit: timeLimit)
  }

  /// A Nix command with this connection.
  package func nix(_ words: [String], timeLimit: Duration?) -> Command {
    Command(
      ["nix", "--extra-experimental-features", "nix-command flakes"] + words,
      environment: nixEnvironment, timeLimit: timeLimit.map { $0 + patience })
  }
}

extension Builder {
  /// What a `Host` block would say, for ssh's command line; the port is 22 where there is none.
  fileprivate var sshOptionsWithoutHostBlock: [String] {
    usesHostBlock ? [] : ["-i", keyPath, "-o", "IdentitiesOnly=yes", "-o", "ConnectTimeout=5"]
  }
}
