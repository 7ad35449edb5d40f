import Builders

// The account on the builder, and Nix there.
extension Diagnosis {
  @Sendable static func noLogin(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("This account is currently not available") else { return nil }
    return .noLogin(symptoms.builder)
  }

  static func noLogin(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "nologin",
      cause: "The account \(builder.user) on \(builder.alias) has no shell (nologin), and without "
        + "one sshd cannot start Nix.",
      remedy: "On \(builder.alias): users.users.\(builder.user).useDefaultShell = true;",
      command: "getent passwd \(builder.user)",
      manual: Manual.nixOS("users.users._name_.useDefaultShell"))
  }

  @Sendable static func noNix(_ symptoms: Symptoms) -> Diagnosis? {
    let program = symptoms.builder.storeProgram
    let complaints = ["not found", "Unknown command", "No such file or directory"]
    guard complaints.contains(where: { symptoms.hasLine(with: program, $0) }) else { return nil }
    return .noNix(symptoms.builder)
  }

  static func noNix(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "no-nix",
      cause: "\(builder.storeProgram) is not on the PATH of \(builder.user) on \(builder.alias): "
        + "Nix is not installed there, or only login shells know where it is.",
      remedy: "Install Nix, or set the PATH for shells that are not login shells. "
        + "The command shows what ssh gets.",
      command: "ssh \(builder.alias) 'echo $PATH'", manual: Manual.nixPage("installation/index"))
  }

  /// Nix 2.34 shows its own greeting after what the shell had printed.
  @Sendable static func noisyShell(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("protocol mismatch, got '"), symptoms.says("oixd") else { return nil }
    let noise = symptoms.text(between: "protocol mismatch, got '", and: "\n")
    return .noisyShell(symptoms.builder, noise: noise ?? "")
  }

  static func noisyShell(_ builder: Builder, noise: String) -> Diagnosis {
    Diagnosis(
      id: "noisy-shell",
      cause: "A start-up file of \(builder.user)'s shell on \(builder.alias) prints "
        + "“\(firstLine(of: noise))”, which Nix takes for its answer.",
      remedy: "Let it print only in interactive shells, in ~/.bashrc for instance: "
        + "[[ $- == *i* ]] || return",
      command: "ssh \(builder.alias) true", manual: Manual.remoteBuilds)
  }

  /// What other versions print fits both causes.
  @Sendable static func otherProgram(_ symptoms: Symptoms) -> Diagnosis? {
    guard let answer = symptoms.text(between: "protocol mismatch, got '", and: "'\n")
    else { return nil }
    return .otherProgram(symptoms.builder, answer: answer)
  }

  static func otherProgram(_ builder: Builder, answer: String) -> Diagnosis {
    Diagnosis(
      id: "other-program",
      cause: "Not Nix but something else answers: “\(firstLine(of: answer))”. The key is bound to "
        + "another command, or a start-up file of the shell prints.",
      remedy: "On \(builder.alias), look at command=\"…\" before the key in authorized_keys; and "
        + "let start-up files print only in interactive shells.",
      command: "ssh \(builder.alias) true", manual: Manual.authorizedKeys)
  }

  static func forcedCommand(_ builder: Builder, answer: String) -> Diagnosis {
    Diagnosis(
      id: "forced-other",
      cause: "On \(builder.alias) the key is bound to another command, which answers "
        + "“\(firstLine(of: answer))”.",
      remedy: "Take command=\"…\" away from the key in authorized_keys, or let it be "
        + "\(builder.storeCommand).",
      command: "ssh \(builder.alias) true", manual: Manual.authorizedKeys)
  }

  @Sendable static func socketForbidden(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.hasLine(with: "cannot connect to socket at", "Permission denied")
    else { return nil }
    return .socketForbidden(symptoms.builder)
  }

  static func socketForbidden(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "not-in-group",
      cause: "\(builder.user) may not open the socket of Nix's daemon on \(builder.alias).",
      remedy: "On \(builder.alias), add the user to the socket's group (nix-users on Debian).",
      command: "usermod -aG nix-users \(builder.user)",
      manual: Manual.nixPage("installation/multi-user"))
  }

  @Sendable static func daemonGone(_ symptoms: Symptoms) -> Diagnosis? {
    guard
      symptoms.hasLine(with: "cannot connect to socket at", "Connection refused")
        || symptoms.hasLine(with: "cannot connect to socket at", "No such file or directory")
    else { return nil }
    return .daemonGone(symptoms.builder)
  }

  static func daemonGone(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "daemon-gone", cause: "Nix's daemon does not run on \(builder.alias).",
      remedy: "Start it there.", command: "systemctl restart nix-daemon.socket nix-daemon",
      manual: Manual.nixPage("command-ref/nix-daemon"))
  }

  @Sendable static func daemonFails(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("splicing data from daemon socket", "unexpected EOF from daemon socket")
    else { return nil }
    return Diagnosis(
      id: "daemon-fails",
      cause: "Nix's daemon on \(symptoms.builder.alias) took the connection and broke it off. It "
        + "cannot open its store, or it crashed.",
      remedy: "Its log on \(symptoms.builder.alias) tells why.",
      command: "journalctl -u nix-daemon -n 30", manual: Manual.nixPage("command-ref/nix-daemon"))
  }

  /// Newer versions on the builder do not say which of the two it is; to an older one here they say
  /// nothing.
  @Sendable static func daemonSilent(_ symptoms: Symptoms) -> Diagnosis? {
    guard
      symptoms.says("cannot open connection to remote store"),
      symptoms.says("Nix daemon disconnected unexpectedly", "error: unexpected end-of-file")
    else { return nil }
    return .daemonSilent(symptoms.builder)
  }

  static func daemonSilent(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "daemon-silent",
      cause: "Nix's daemon on \(builder.alias) does not answer: it does not run, or "
        + "\(builder.user) may not open its socket.",
      remedy: "On \(builder.alias), see whether it runs, and who may open "
        + "/nix/var/nix/daemon-socket/socket.",
      command: "systemctl status nix-daemon.socket nix-daemon",
      manual: Manual.nixPage("command-ref/nix-daemon"))
  }

  @Sendable static func commandDisabled(_ symptoms: Symptoms) -> Diagnosis? {
    guard let feature = symptoms.text(between: "experimental Nix feature '", and: "' is disabled")
    else { return nil }
    return Diagnosis(
      id: "experimental-feature",
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

func firstLine(of text: String) -> String {
  String(text.drop { $0.isNewline }.prefix { !$0.isNewline }.prefix(60))
}
