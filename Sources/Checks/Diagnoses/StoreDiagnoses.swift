import Builders

// Nix's daemon and store on the builder.
extension Diagnosis {
  @Sendable static func protocolTooOld(_ symptoms: Symptoms) -> Diagnosis? {
    guard
      symptoms.says(
        "the Nix daemon version is too old", "Nix daemon protocol version not supported",
        "unsupported 'nix-store --serve' protocol version", "error: invalid operation ")
    else { return nil }
    return Diagnosis(
      id: "protocol-too-old",
      cause: "Nix here and Nix on \(symptoms.builder.alias) do not understand each other: one of "
        + "them is too old for the other.",
      remedy: "Update the older one. The command shows the version, here and there.",
      command: "nix --version; ssh \(symptoms.builder.alias) nix --version",
      manual: Manual.nixPage("release-notes/index"))
  }

  @Sendable static func diskFull(_ symptoms: Symptoms) -> Diagnosis? {
    let full = ["No space left on device", "database or disk is full"]
    guard full.contains(where: { symptoms.says($0) }) else { return nil }
    // What the builder says is passed on with its name, or before Nix gives up with it.
    let there = full.contains { symptoms.hasLine(with: $0, "' on 'ssh") }
    if there || symptoms.says("cannot build on '", "cannot open connection to remote store") {
      return .diskFull(symptoms.builder)
    }
    return Diagnosis(
      id: "disk-full-here", cause: "The disk of Nix's store on this machine is full.",
      remedy: "Delete what nobody needs any more.", command: "nix-collect-garbage",
      manual: Manual.nix("min-free"))
  }

  static func diskFull(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "disk-full", cause: "The disk of Nix's store on \(builder.alias) is full.",
      remedy:
        "On \(builder.alias), delete what nobody needs any more, and let Nix do so by itself: "
        + "nix.settings.min-free = 5000000000;",
      command: "ssh root@\(builder.address) nix-collect-garbage -d",
      manual: Manual.nix("min-free"))
  }

  @Sendable static func noBuildUsers(_ symptoms: Symptoms) -> Diagnosis? {
    let group =
      symptoms.text(between: "error: the group '", and: "' specified in 'build-users-group'")
      ?? symptoms.text(between: "error: the build users group '", and: "' has no members")
    guard let group,
      symptoms.hasLine(with: "build users group", "' on 'ssh")
        || symptoms.hasLine(with: "build-users-group", "' on 'ssh")
    else { return nil }
    let alias = symptoms.builder.alias
    return Diagnosis(
      id: "no-build-users",
      cause: "Nix on \(alias) runs builds as the users of the group \(group), and there are none.",
      remedy: "On \(alias), make the group and its users; NixOS and Nix's installer do so. With an "
        + "empty build-users-group builds run as root.",
      command: "getent group \(group)", manual: Manual.nix("build-users-group"))
  }

  @Sendable static func noSandbox(_ symptoms: Symptoms) -> Diagnosis? {
    // The last is all that versions up to 2.8 or so say, and they say it of nothing else.
    guard
      symptoms.hasLine(with: "namespaces that are required for sandboxing", "' on 'ssh")
        || symptoms.hasLine(with: "cannot perform a sandboxed build", "' on 'ssh")
        || symptoms.hasLine(with: "error: unable to start build process", "' on 'ssh")
    else { return nil }
    let alias = symptoms.builder.alias
    return Diagnosis(
      id: "no-sandbox",
      cause: "Nix on \(alias) cannot make a sandbox: its kernel, or the container it runs in, does "
        + "not allow the namespaces.",
      remedy: "On \(alias), allow them (a container with --privileged, or the sysctl), or do "
        + "without: nix.settings.sandbox = false;",
      command: "sysctl -w user.max_user_namespaces=15000", manual: Manual.nix("sandbox"))
  }

  @Sendable static func noSandboxShell(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("executing '/bin/sh': No such file or directory") else { return nil }
    let alias = symptoms.builder.alias
    return Diagnosis(
      id: "no-sandbox-shell",
      cause: "There is no /bin/sh in the sandbox of Nix on \(alias). NixOS has one there; without "
        + "it no build can start that needs a shell.",
      remedy: "On \(alias), put a shell that needs no libraries into its nix.conf: "
        + "sandbox-paths = /bin/sh=/usr/bin/busybox",
      command: "nix config show sandbox-paths", manual: Manual.nix("sandbox-paths"))
  }

  /// The other side's certificate is from the future, to this machine.
  @Sendable static func clockBehind(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("certificate is not yet valid") else { return nil }
    return Diagnosis(
      id: "clock-behind",
      cause: "A certificate is not valid yet, by the clock of the machine that fetched something: "
        + "that clock is behind.",
      remedy: "Set the clock, and let it be kept: services.timesyncd.enable = true;",
      command: "timedatectl", manual: Manual.nixOS("services.timesyncd.enable"))
  }

  /// - Parameter seconds: by how much the builder's clock is ahead.
  static func clockDiffers(_ builder: Builder, seconds: Int) -> Diagnosis {
    let distance = seconds.magnitude
    let time = distance < 120 ? "\(distance) s" : "\((distance + 30) / 60) min"
    return Diagnosis(
      id: "clock-differs",
      cause: "The clock of \(builder.alias) is \(time) \(seconds > 0 ? "ahead of" : "behind") this "
        + "machine's. Certificates and time stamps in builds suffer from that.",
      remedy: "Set the wrong one, and let it be kept: services.timesyncd.enable = true;",
      command: "timedatectl", manual: Manual.nixOS("services.timesyncd.enable"))
  }
}
