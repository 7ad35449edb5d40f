import Builders
import Processes
import SSH

// The account on the builder, and Nix there.
extension Entry {
  private static let socket = "cannot connect to socket at"

  static let noLogin = Entry([["This account is currently not available"]]) {
    .noLogin($0.builder)
  }

  /// In the words of the shells: bash and dash, zsh, csh, fish.
  static let noNix = Entry(
    ["nix-daemon", "nix-store"].flatMap { program in
      [
        ["\(program): command not found"], ["\(program): not found"],
        ["command not found: \(program)"], ["\(program): Command not found"],
        ["nknown command", program], ["\(program): No such file or directory"],
      ]
    }
  ) { .noNix($0.builder) }

  /// The shell of an account does not even find `sh`: its PATH is empty, or leads nowhere.
  static let noShell = Entry(
    [
      ["exec: sh: not found"], ["sh: command not found"], ["sh: not found"],
      ["command not found: sh"], ["sh: Command not found"], ["nknown command", "sh"],
    ]
  ) { .noNix($0.builder) }

  /// Nix 2.34 shows its own greeting after what the shell had printed.
  static let noisyShell = Entry(
    [["protocol mismatch, got '"]], along: [["oixd"]]
  ) { symptoms in
    let noise = symptoms.printed.part(between: "protocol mismatch, got '", and: "\n")
    return .noisyShell(symptoms.builder, noise: noise ?? Printed(""))
  }

  /// What other versions print fits both causes.
  static let otherProgram = Entry([["protocol mismatch, got '"]]) { symptoms in
    symptoms.printed.part(between: "protocol mismatch, got '", and: "'\n").map {
      .otherProgram(symptoms.builder, answer: $0)
    }
  }

  static let socketForbidden = Entry([[socket, "Permission denied"]]) {
    .socketForbidden($0.builder)
  }

  static let daemonGone = Entry(
    [[socket, "Connection refused"], [socket, "No such file or directory"]]
  ) { .daemonGone($0.builder) }

  static let daemonFails = Entry(
    [["splicing data from daemon socket"], ["unexpected EOF from daemon socket"]]
  ) { .daemonFails($0.builder) }

  /// Newer versions on the builder do not say which of the two it is; to an older one here they say
  /// nothing.
  static let daemonSilent = Entry(
    [["cannot open connection to remote store"]],
    along: [["Nix daemon disconnected unexpectedly"], ["error: unexpected end-of-file"]]
  ) { .daemonSilent($0.builder) }

  static let commandDisabled = Entry(
    [["experimental Nix feature '", "' is disabled"]]
  ) {
    $0.printed.part(between: "experimental Nix feature '", and: "' is disabled")?.word.map {
      .commandDisabled($0)
    }
  }
}

extension Diagnosis {
  static func noLogin(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .noLogin,
      cause: "The account \(builder.user) on \(builder.alias) has no shell (nologin), and without "
        + "one sshd cannot start Nix.",
      remedy: "On \(builder.alias): users.users.\(builder.user).useDefaultShell = true;",
      command: "getent passwd \(builder.user)",
      manual: Manual.nixOS("users.users._name_.useDefaultShell"))
  }

  static func noNix(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .noNix,
      cause: "\(builder.storeProgram) is not on the PATH of \(builder.user) on \(builder.alias): "
        + "Nix is not installed there, or only login shells know where it is.",
      remedy: "Install Nix, or set the PATH for shells that are not login shells. "
        + "The command shows what ssh gets.",
      command: "ssh \(builder.alias) 'echo $PATH'", manual: Manual.nixPage("installation/index"))
  }

  static func noisyShell(_ builder: Builder, noise: Printed) -> Diagnosis {
    Diagnosis(
      .noisyShell,
      cause: "A start-up file of \(builder.user)'s shell on \(builder.alias) prints "
        + "“\(noise.phrase)”, which Nix takes for its answer.",
      remedy: "Let it print only in interactive shells, in ~/.bashrc for instance: "
        + "[[ $- == *i* ]] || return",
      command: "ssh \(builder.alias) true", manual: Manual.remoteBuilds)
  }

  static func otherProgram(_ builder: Builder, answer: Printed) -> Diagnosis {
    Diagnosis(
      .otherProgram,
      cause: "Not Nix but something else answers: “\(answer.phrase)”. The key is bound to "
        + "another command, or a start-up file of the shell prints.",
      remedy: "On \(builder.alias), look at command=\"…\" before the key in authorized_keys; and "
        + "let start-up files print only in interactive shells.",
      command: "ssh \(builder.alias) true", manual: Manual.authorizedKeys)
  }

  static func forcedCommand(_ builder: Builder, answer: Printed) -> Diagnosis {
    Diagnosis(
      .forcedCommand,
      cause: "On \(builder.alias) the key is bound to another command, which answers "
        + "“\(answer.phrase)”.",
      remedy: "Take command=\"…\" away from the key in authorized_keys, or let it be "
        + "\(builder.storeCommand).",
      command: "ssh \(builder.alias) true", manual: Manual.authorizedKeys)
  }

  static func socketForbidden(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .notInGroup,
      cause: "\(builder.user) may not open the socket of Nix's daemon on \(builder.alias).",
      remedy: "On \(builder.alias), add the user to the socket's group (nix-users on Debian).",
      command: "usermod -aG nix-users \(builder.user)",
      manual: Manual.nixPage("installation/multi-user"))
  }

  static func daemonGone(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .daemonGone, cause: "Nix's daemon does not run on \(builder.alias).",
      remedy: "Start it there.", command: "systemctl restart nix-daemon.socket nix-daemon",
      manual: Manual.nixPage("command-ref/nix-daemon"))
  }

  static func daemonFails(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .daemonFails,
      cause: "Nix's daemon on \(builder.alias) took the connection and broke it off. It cannot "
        + "open its store, or it crashed.",
      remedy: "Its log on \(builder.alias) tells why.",
      command: "journalctl -u nix-daemon -n 30", manual: Manual.nixPage("command-ref/nix-daemon"))
  }

  static func daemonSilent(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .daemonSilent,
      cause: "Nix's daemon on \(builder.alias) does not answer: it does not run, or "
        + "\(builder.user) may not open its socket, or it cannot open its store.",
      remedy: "On \(builder.alias), see whether it runs, what its log says, and who may open "
        + "/nix/var/nix/daemon-socket/socket.",
      command: "systemctl status nix-daemon.socket nix-daemon",
      manual: Manual.nixPage("command-ref/nix-daemon"))
  }

  static func commandDisabled(_ feature: String) -> Diagnosis {
    Diagnosis(
      .experimentalFeature,
      cause: "Nix has its experimental feature \(feature) turned off.",
      remedy: "Turn it on: nix.settings.experimental-features = [ \"nix-command\" \"flakes\" ];",
      manual: Manual.nix("experimental-features"))
  }
}

extension Builder {
  /// The program on the builder that Nix starts through ssh.
  var storeProgram: String { storeProtocol == .sshNG ? "nix-daemon" : "nix-store" }

  /// That program with its arguments.
  var storeCommand: String {
    storeProtocol == .sshNG ? "nix-daemon --stdio" : "nix-store --serve --write"
  }
}
