import Builders

// What this machine has installed.
extension Entry {
  static let sshConfigurationModes = Entry([["Bad owner or permissions on /"]]) {
    let path = $0.printed.part(after: "Bad owner or permissions on ")?.part(before: "\n").path
    return .sshConfigurationModes(path)
  }
}

extension Diagnosis {
  /// - Parameter path: the file; `nil` where its name is not one to repeat.
  static func sshConfigurationModes(_ path: String?) -> Diagnosis {
    Diagnosis(
      .sshConfigurationModes,
      cause:
        "ssh here does not read \(path ?? "a file of its configuration"), and so does nothing at "
        + "all: it belongs to somebody else, or others may write to it.",
      remedy:
        "Give it to whoever logs in, which for Nix's daemon is root, and take the others' right "
        + "to write away.",
      command: path.map { "chown root: \($0) && chmod go-w \($0)" },
      manual: Manual.openSSH("ssh_config", "FILES"))
  }

  static let daemonStuck = Diagnosis(
    .daemonStuck,
    cause: "Nix's daemon on this machine takes no connection: as many wait for it as may, and it "
      + "serves none of them.",
    remedy: "Start it again. Builds that it runs end with that.",
    command: "systemctl restart nix-daemon", manual: Manual.nixPage("command-ref/nix-daemon"))

  static func distributedBuildsOff(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .distributedBuildsOff,
      cause: "/etc/nix/machines lists \(builder.alias), but Nix does not look there: its builders "
        + "setting is empty.",
      remedy: "nix.distributedBuilds = true; on this machine, and switch.",
      command: "nixos-rebuild switch", manual: Manual.nixOS("nix.distributedBuilds"))
  }

  /// - Parameter place: what sets it, such as a file.
  static func buildersOverridden(_ builder: Builder, by place: String) -> Diagnosis {
    Diagnosis(
      .buildersOverridden,
      cause: "/etc/nix/machines lists \(builder.alias), but \(place) sets builders to something "
        + "else.",
      remedy: "Take that away, or let it be: builders = @/etc/nix/machines",
      command: "nix config show builders", manual: Manual.nix("builders"))
  }

  /// - Parameter owner: whose own configuration has the block, where that was seen.
  static func noHostBlock(_ builder: Builder, owner: String?) -> Diagnosis {
    let has = owner.map {
      " Only \($0)'s own ~/.ssh/config has it, which Nix's daemon never reads."
    }
    return Diagnosis(
      .noHostBlock,
      cause: "ssh's configuration for root has no Host block \(builder.alias)." + (has ?? ""),
      remedy: "Import ./nix-builders/local.nix in this machine's configuration and switch: its "
        + "programs.ssh.extraConfig holds for everybody.",
      command: "nixos-rebuild switch", manual: Manual.nixOS("programs.ssh.extraConfig"))
  }

  static func aliasShadowed(
    _ builder: Builder, _ differences: [InstalledDifference]
  ) -> Diagnosis {
    let list = differences.map(\.text).joined(separator: "; ")
    return Diagnosis(
      .aliasShadowed,
      cause: "Another part of ssh's configuration comes before the Host block \(builder.alias) and "
        + "says otherwise: \(list).",
      remedy:
        "ssh takes the first value that it finds. Move or narrow the block that comes before; "
        + "the command shows which ones apply, with file and line.",
      command:
        "ssh -vG \(builder.alias) 2>&1 | grep -E 'Applying|^(hostname|port|user|identityfile) '",
      manual: Manual.openSSH("ssh_config", "DESCRIPTION"))
  }

  static func hostKeyOfOtherPort(_ builder: Builder, file: String, port: Int) -> Diagnosis {
    Diagnosis(
      .hostKeyOtherPort,
      cause: "\(file) has this very key for port \(port) of \(builder.address), and for port "
        + "\(builder.port) none: ssh keeps them apart.",
      remedy: "If both are the same machine, accept the key; it is then pinned under the alias, "
        + "whatever the port.",
      command: "ssh-keygen -F \(builder.address) -f \(file)",
      manual: Manual.openSSH("sshd.8", "SSH_KNOWN_HOSTS_FILE_FORMAT"))
  }

  static func keyInAgent(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyInAgent,
      cause: "The private half of \(path) is in your ssh-agent and not in a file; Nix's daemon has "
        + "no agent.",
      remedy: "Take a key that is in a file and has no passphrase: let the wizard create one.",
      command: "ssh-keygen -t ed25519 -N '' -f /root/.ssh/nix-builder",
      manual: Manual.openSSH("ssh-agent"))
  }

  static func keyHiddenFromDaemon(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyHidden,
      cause: "\(path) is there, but Nix's daemon does not see it: its service hides that folder "
        + "(ProtectHome), or has another file system in its place.",
      remedy: "Put the key where services may look, such as /etc/nix, and correct the path.",
      command: "systemctl show nix-daemon -p ProtectHome,InaccessiblePaths,BindPaths",
      manual: Manual.linux("5/systemd.exec"))
  }

  static func daemonCannotConnect(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .daemonCannotConnect,
      cause: "Nix's daemon on this machine gets no connection to \(builder.alias).",
      remedy: "What its ssh says is in the daemon's own log. It may lack ssh on its PATH, or a way "
        + "out.",
      command: "journalctl -u nix-daemon -n 20",
      manual: Manual.nixPage("command-ref/nix-daemon"))
  }

  /// - Parameter difference: what the daemon has otherwise.
  static func daemonDiffers(_ builder: Builder, _ difference: String) -> Diagnosis {
    Diagnosis(
      .daemonDiffers,
      cause: "To Nix's daemon \(builder.alias) looks different than to root's own ssh: "
        + "\(difference).",
      remedy: "What the daemon is to know belongs in the configuration of the whole machine: "
        + "programs.ssh.extraConfig.",
      command: "systemctl show nix-daemon -p Environment,ProtectHome",
      manual: Manual.nixOS("programs.ssh.extraConfig"))
  }
}
