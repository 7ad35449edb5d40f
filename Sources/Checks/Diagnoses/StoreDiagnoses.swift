import Builders

// Nix's daemon and store on the builder.
extension Entry {
  static let protocolTooOld = Entry(
    [
      ["the Nix daemon version is too old"], ["Nix daemon protocol version not supported"],
      ["unsupported 'nix-store --serve' protocol version"], ["error: invalid operation "],
    ]
  ) { .protocolTooOld($0.builder) }

  private static let full = ["No space left on device", "database or disk is full"]
  private static let diskOfBuilds = ["/tmp/", "/nix/var/nix/builds/"]

  /// What the builder says is passed on with its name, or before Nix gives up with it.
  static let diskFull = Entry(
    full.map { [$0] },
    along: full.map { [$0, "' on 'ssh"] }
      + [["cannot build on '"], ["cannot open connection to remote store"]],
    unless: diskOfBuilds.flatMap { place in full.map { [$0, place] } } + full.map { ["> ", $0] }
  ) { .diskFull($0.builder) }

  /// The build ran, and what it has printed says so; or Nix had looked after it failed.
  static let buildDiskFull = Entry(
    full.map { ["> ", $0] } + diskOfBuilds.flatMap { place in full.map { [$0, place] } }
      + [["caused by lack of free disk space"]],
    along: [["' on 'ssh"], ["cannot build on 'ssh"]]
  ) { .buildDiskFull($0.builder) }

  static let diskFullHere = Entry(
    full.map { [$0] } + [["caused by lack of free disk space"]]
  ) { _ in .diskFullHere }

  static let storeCorrupt = Entry(
    [
      ["database disk image is malformed"], ["file is not a database"],
      ["cannot open SQLite database"], ["current Nix store schema is version"],
      ["' is corrupt", "nix/db"],
    ]
  ) { .storeCorrupt($0.builder) }

  static let noBuildUsers = Entry(
    [["build users group", "' on 'ssh"], ["build-users-group", "' on 'ssh"]]
  ) {
    let group =
      $0.printed.part(between: "error: the group '", and: "' specified in 'build-users-group'")
      ?? $0.printed.part(between: "error: the build users group '", and: "' has no members")
    guard let name = group?.user else { return nil }
    return .noBuildUsers($0.builder, group: name)
  }

  /// The last is all that versions up to 2.8 or so say, and they say it of nothing else.
  static let noSandbox = Entry(
    [
      ["namespaces that are required for sandboxing", "' on 'ssh"],
      ["cannot perform a sandboxed build", "' on 'ssh"],
      ["error: unable to start build process", "' on 'ssh"],
    ]
  ) { .noSandbox($0.builder) }

  static let noSandboxShell = Entry(
    [["executing '/bin/sh': No such file or directory"]]
  ) { .noSandboxShell($0.builder) }

  static let clockBehind = Entry([["certificate is not yet valid"]]) { _ in
    .clockBehind
  }
}

extension Diagnosis {
  static func protocolTooOld(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .protocolTooOld,
      cause:
        "Nix here and Nix on \(builder.alias) do not understand each other: one of them is too "
        + "old for the other.",
      remedy: "Update the older one. The command shows the version, here and there.",
      command: "nix --version; ssh \(builder.alias) nix --version",
      manual: Manual.nixPage("release-notes/index"))
  }

  static func diskFull(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .diskFull, cause: "The disk of Nix's store on \(builder.alias) is full.",
      remedy:
        "On \(builder.alias), delete what nobody needs any more, and let Nix do so by itself: "
        + "nix.settings.min-free = 5000000000;",
      command: "ssh root@\(builder.address) nix-collect-garbage -d",
      manual: Manual.nix("min-free"))
  }

  static func buildDiskFull(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .buildDiskFull,
      cause: "A disk of \(builder.alias) is full: the one that builds run on, or that of Nix's "
        + "store. The build could not write.",
      remedy: "The command shows which. Make room there, or on \(builder.alias) let builds run "
        + "elsewhere: nix.settings.build-dir, or TMPDIR of nix-daemon before Nix 2.22.",
      command: "ssh root@\(builder.address) df -h /nix/store /nix/var/nix/builds /tmp",
      manual: Manual.nix("build-dir"))
  }

  static let diskFullHere = Diagnosis(
    .diskFullHere, cause: "The disk of Nix's store on this machine is full.",
    remedy: "Delete what nobody needs any more.", command: "nix-collect-garbage",
    manual: Manual.nix("min-free"))

  static func storeCorrupt(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .storeCorrupt, cause: "The database of Nix's store on \(builder.alias) cannot be read.",
      remedy:
        "See what its daemon says there. After a power cut, checking the file system and then "
        + "the store may mend it: nix-store --verify --check-contents --repair",
      command: "ssh root@\(builder.address) journalctl -u nix-daemon -n 30",
      manual: Manual.nixPage("command-ref/nix-store/verify"))
  }

  static func noBuildUsers(_ builder: Builder, group: String) -> Diagnosis {
    Diagnosis(
      .noBuildUsers,
      cause:
        "Nix on \(builder.alias) runs builds as the users of the group \(group), and there are "
        + "none.",
      remedy: "On \(builder.alias), make the group and its users; NixOS and Nix's installer do so. "
        + "With an empty build-users-group builds run as root.",
      command: "getent group \(group)", manual: Manual.nix("build-users-group"))
  }

  static func noSandbox(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .noSandbox,
      cause: "Nix on \(builder.alias) cannot make a sandbox: its kernel, or the container it runs "
        + "in, does not allow the namespaces.",
      remedy:
        "On \(builder.alias), allow them (a container with --privileged, or the sysctl), or do "
        + "without: nix.settings.sandbox = false;",
      command: "sysctl -w user.max_user_namespaces=15000", manual: Manual.nix("sandbox"))
  }

  static func noSandboxShell(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .noSandboxShell,
      cause: "There is no /bin/sh in the sandbox of Nix on \(builder.alias). NixOS has one there; "
        + "without it no build can start that needs a shell.",
      remedy: "On \(builder.alias), put a shell that needs no libraries into its nix.conf: "
        + "sandbox-paths = /bin/sh=/usr/bin/busybox",
      command: "nix config show sandbox-paths", manual: Manual.nix("sandbox-paths"))
  }

  /// The other side's certificate is from the future, to this machine.
  static let clockBehind = Diagnosis(
    .clockBehind,
    cause:
      "A certificate is not valid yet, by the clock of the machine that fetched something: that "
      + "clock is behind.",
    remedy: "Set the clock, and let it be kept: services.timesyncd.enable = true;",
    command: "timedatectl", manual: Manual.nixOS("services.timesyncd.enable"))

  /// - Parameter seconds: by how much the builder's clock is ahead.
  static func clockDiffers(_ builder: Builder, seconds: Int) -> Diagnosis {
    let distance = seconds.magnitude
    let time = distance < 120 ? "\(distance) s" : "\((distance + 30) / 60) min"
    return Diagnosis(
      .clockDiffers,
      cause: "The clock of \(builder.alias) is \(time) \(seconds > 0 ? "ahead of" : "behind") this "
        + "machine's. Certificates and time stamps in builds suffer from that.",
      remedy: "Set the wrong one, and let it be kept: services.timesyncd.enable = true;",
      command: "timedatectl", manual: Manual.nixOS("services.timesyncd.enable"))
  }
}
