import Base

/// The builder as it is before its fragment is applied: it has an administrator, an sshd and Nix,
/// and no account to build with.
enum BuilderSetup {
  /// The account of the person who looks after the builder.
  static let administrator = "admin"
  /// The password of it and of root. Nobody but this computer reaches the builder.
  static let password = "practice"

  /// The accounts and groups that no fragment has to make.
  static let userNames = ["admin", "nobody", "root", "sshd"]
  static let groupNames = ["nogroup", "root", "sshd", "users", "wheel"]

  static func script(_ options: PracticeOptions, programs: Programs) -> String {
    let shell = programs.path(of: "bash") ?? "/bin/bash"
    return """
      \(writing(users(shell: shell), to: "/etc/passwd"))
      \(writing(groups, to: "/etc/group"))
      \(writing(passwords, to: "/etc/shadow"))
      rm -f /etc/gshadow /etc/subuid /etc/subgid
      chmod 600 /etc/shadow
      mkdir -p /home/\(administrator) /etc/ssh/authorized_keys.d
      chown 1000:100 /home/\(administrator)
      chmod 700 /home/\(administrator)

      echo \(options.storeMegabytes)m >\(Services.directory)/store-size
      \(writing(nixConfiguration(options), to: "\(Services.directory)/nix.conf"))
      \(writing("Port \(options.port)\n", to: "\(Services.directory)/ports"))
      \(writing("SetEnv PATH=\(path(programs))\n", to: "\(Services.directory)/environment"))
      \(writing(sshdConfiguration, to: "/etc/ssh/sshd_config"))
      ssh-keygen -q -t ed25519 -N '' -C root@forge -f /etc/ssh/ssh_host_ed25519_key
      ssh-keygen -q -t ecdsa -N '' -C root@forge -f /etc/ssh/ssh_host_ecdsa_key

      : >/etc/NIXOS
      rm -f /etc/os-release
      \(writing("ID=nixos\nPRETTY_NAME=\"NixOS (practice)\"\n", to: "/etc/os-release"))

      # For sudo, where the computer has it.
      echo '127.0.0.2 forge' >>/etc/hosts
      mkdir -p /etc/pam.d
      rm -f /etc/sudoers /etc/sudo.conf
      \(writing(sudoers(programs), to: "/etc/sudoers"))
      chmod 440 /etc/sudoers
      \(writing(sudoAuthentication, to: "/etc/pam.d/sudo"))

      cp \(Services.directory)/nix.conf /etc/nix/nix.conf
      cp \(Services.directory)/ports \(Services.directory)/environment /etc/ssh/
      \(Services.functions(programs))
      # Two that come at once, each with a process of the daemon, would both make the store's database.
      nix-store --init
      start_daemon
      start_sshd
      """
  }

  private static func users(shell: String) -> String {
    """
    root:x:0:0:System administrator:/root:\(shell)
    sshd:x:74:74:SSH privilege separation user:/var/empty:/bin/false
    nobody:x:65534:65534:Unprivileged account:/var/empty:/bin/false
    \(administrator):x:1000:100:Administrator:/home/\(administrator):\(shell)

    """
  }

  private static let groups = """
    root:x:0:
    wheel:x:1:\(administrator)
    sshd:x:74:
    users:x:100:
    nogroup:x:65534:

    """

  /// ``password`` as crypt(3) keeps it.
  private static let hash =
    "$6$practice$T9B3VEIHhurfnCILq9dSJZwpkCmkEDswjLlG86U0e/9dReSWfpc2IYaDn8WR.aucDjl02h2fjFP0zGzMBr6to0"

  // "*" is no password, as distinct from a locked account, which sshd would not let in with a key.
  private static let passwords = """
    root:\(hash):1::::::
    sshd:*:1::::::
    nobody:*:1::::::
    \(administrator):\(hash):1::::::

    """

  private static func nixConfiguration(_ options: PracticeOptions) -> String {
    """
    trusted-users = root
    sandbox = false
    build-users-group =
    substituters =
    extra-platforms = \(options.extraPlatforms.joined(separator: " "))
    system-features = \(options.systemFeatures.joined(separator: " "))

    """
  }

  private static let sshdConfiguration = """
    Include /etc/ssh/ports
    Include /etc/ssh/environment
    HostKey /etc/ssh/ssh_host_ed25519_key
    HostKey /etc/ssh/ssh_host_ecdsa_key
    AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    UsePAM no
    PidFile /run/sshd.pid
    # Only those who look after the builder have a password.
    Match User root,\(administrator)
    PermitRootLogin yes
    PasswordAuthentication yes
    Match all

    """

  private static func sudoers(_ programs: Programs) -> String {
    """
    Defaults secure_path="\(path(programs))"
    Defaults lecture=never
    root ALL=(ALL:ALL) ALL
    %wheel ALL=(ALL:ALL) ALL

    """
  }

  private static let sudoAuthentication = """
    auth required pam_unix.so
    account required pam_unix.so
    session required pam_permit.so

    """

  private static func path(_ programs: Programs) -> String {
    programs.directories.filter {
      $0.unicodeScalars.allSatisfy { !$0.isBlankOrLineEnd && $0 != "\"" }
    }
    .joined(separator: ":")
  }
}
