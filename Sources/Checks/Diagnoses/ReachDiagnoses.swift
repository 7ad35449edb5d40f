import Builders
import Fragments
import SSH

// Before anybody logs in.
extension Entry {
  /// Curl, which fetches flakes, says the same without "ssh".
  static let unresolvable = Entry([["ssh: Could not resolve hostname "]]) {
    let name = $0.printed.part(between: "ssh: Could not resolve hostname ", and: ": ")
    return .unresolvable(name?.host ?? $0.builder.address)
  }

  /// An older Nix (``NixNeed/port``) hands a port that stands in a store URL to ssh as a part of the name.
  static let portInName = Entry([["ssh: Could not resolve hostname ", ":", ": "]]) {
    // The name ends at the last colon before the reason.
    guard
      let named = $0.printed.line(with: "ssh: Could not resolve hostname ")?
        .part(after: "ssh: Could not resolve hostname "),
      let host = named.part(before: ":").host,
      let port = named.part(between: ":", and: ":")?.number(in: 1...65535)
    else { return nil }
    return .portInName(host, port)
  }

  static let noIPv6Route = Entry(
    [["connect to host ", ":", "Network is unreachable"]]
  ) {
    let address = $0.unconnected("Network is unreachable").address
    return Rules.isIPv6(address) ? .noIPv6Route(address) : nil
  }

  static let unreachable = Entry(
    [["connect to host ", "No route to host"], ["connect to host ", "Network is unreachable"]]
  ) { .unreachable($0.unconnected("No route to host", "Network is unreachable")) }

  static let refused = Entry([["connect to host ", "Connection refused"]]) {
    .refused($0.unconnected("Connection refused"))
  }

  static let noAnswer = Entry([["connect to host ", "timed out"]]) {
    .noAnswer($0.unconnected("timed out"))
  }

  static let hangs = Entry([["timed out during banner exchange"]]) { .hangs($0.builder) }

  static let notSSH = Entry(
    [
      ["Invalid SSH identification string"], ["banner line contains invalid characters"],
      ["banner line 0:"],
    ]
  ) { .notSSH($0.builder) }

  static let hostKeyChanged = Entry(
    [["REMOTE HOST IDENTIFICATION HAS CHANGED"]]
  ) { symptoms in
    .hostKeyChanged(symptoms.unverifiedHost?.host.map(symptoms.machine) ?? symptoms.builder)
  }

  static let hostKeyUnknown = Entry(
    [["Host key verification failed"]]
  ) { symptoms in
    if let jump = symptoms.bastion(symptoms.unverifiedHost) { return .bastionUnknown(jump) }
    return .hostKeyUnknown(symptoms.unverifiedHost?.host.map(symptoms.machine) ?? symptoms.builder)
  }

  static let bastionCannotReach = Entry(
    [["stdio forwarding failed"], ["channel ", ": open failed: "]]
  ) { symptoms in
    symptoms.builder.proxyJump.map { .bastionCannotReach($0, symptoms.builder) }
  }
}

extension Diagnosis {
  static func unresolvable(_ address: String) -> Diagnosis {
    Diagnosis(
      .unresolvable, cause: "Nobody knows the name \(address).",
      remedy: "Look for a slip in the address, or give the IP address instead.",
      command: "getent hosts \(address)", manual: Manual.ssh("HostName"))
  }

  static func portInName(_ host: String, _ port: Int) -> Diagnosis {
    Diagnosis(
      .portInName,
      cause:
        "Nix here is older than \(NixNeed.port.since.text) and takes no port in a store URL: it looks for a machine "
        + "by the name \(host):\(port).",
      remedy: "Let the store URL name a Host block of ssh's configuration, which has: Port \(port)",
      command: "NIX_SSHOPTS=\("-p \(port)") nix store ping --store \("ssh-ng://\(host)")",
      manual: Manual.ssh("Port"))
  }

  static func nameServerSilent(_ address: String) -> Diagnosis {
    Diagnosis(
      .nameServerSilent,
      cause: "This machine's name server did not answer when it was asked for \(address).",
      remedy: "Give the IP address instead, or correct the name server.",
      command: "cat /etc/resolv.conf", manual: Manual.linux("5/resolv.conf"))
  }

  static func noIPv6Route(_ address: String) -> Diagnosis {
    Diagnosis(
      .noIPv6Route,
      cause: "This machine has no IPv6 route to \(address).",
      remedy: "Give an IPv4 address, or a name that has one; or see why IPv6 is not set up here.",
      command: "ip -6 route get \(address)", manual: Manual.linux("8/ip-route"))
  }

  static func unreachable(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .unreachable, cause: "There is no way to \(builder.address) from here.",
      remedy: "See whether the builder is switched on and in this network, or a VPN is missing.",
      command: "ip route get \(builder.address)", manual: Manual.linux("8/ip-route"))
  }

  static func refused(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .refused,
      cause: "\(builder.address) is there, but nothing listens on port \(builder.port).",
      remedy: "On \(builder.alias), turn sshd on: services.openssh.enable = true; "
        + "or correct the port.",
      command: "systemctl status sshd", manual: Manual.nixOS("services.openssh.enable"))
  }

  static func noAnswer(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .noAnswer,
      cause: "Nothing answers at \(builder.address) port \(builder.port): "
        + "the builder is off, or a firewall drops the packets.",
      remedy: "Switch it on, or open the port on the way: "
        + "networking.firewall.allowedTCPPorts = [ \(builder.port) ];",
      command: "ping -c 3 \(builder.address)",
      manual: Manual.nixOS("networking.firewall.allowedTCPPorts"))
  }

  static func hangs(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .hangs,
      cause: "Port \(builder.port) is open, but whoever listens there never says a word.",
      remedy: "It may be another program, a forwarded port whose other end is down, or an "
        + "overloaded machine. Look at sshd on \(builder.alias).",
      command: "journalctl -u sshd -n 20", manual: Manual.ssh("ConnectTimeout"))
  }

  static func notSSH(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .notSSH, cause: "Another program than an ssh server listens on port \(builder.port).",
      remedy: "Correct the port. On \(builder.alias), sshd's ports are shown by the command.",
      command: "ss -tlnp | grep sshd", manual: Manual.ssh("Port"))
  }

  static func hostKeyChanged(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .hostKeyChanged,
      cause: "\(builder.alias) shows another host key than the one on record: it was installed "
        + "anew, or this is another machine.",
      remedy: "Compare the fingerprint with what \(builder.alias) itself says, and accept the new "
        + "key only if they are the same.",
      command: "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
      manual: Manual.openSSH("ssh", "VERIFYING_HOST_KEYS"))
  }

  static func hostKeyUnknown(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .unknownHostKey,
      cause: "Nobody here has seen the host key of \(builder.alias) before, or it stands in "
        + "known_hosts under another name.",
      remedy: "Compare the fingerprint with what \(builder.alias) itself says, then accept it in "
        + "the wizard.",
      command: "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
      manual: Manual.openSSH("ssh", "VERIFYING_HOST_KEYS"))
  }

  static func hostKeyNotAccepted(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .hostKeyNotAccepted,
      cause: "The host key of \(builder.alias) is not accepted yet.",
      remedy: "Accept it in the wizard: nix-builders, then \(builder.alias), Address, reach.",
      manual: Manual.openSSH("ssh", "VERIFYING_HOST_KEYS"))
  }

  static func bastionCannotReach(_ jump: String, _ builder: Builder) -> Diagnosis {
    Diagnosis(
      .bastionCannotReach,
      cause: "The bastion \(jump) is fine, but gets no connection to \(builder.address) port "
        + "\(builder.port).",
      remedy: "The address has to be the one that the bastion sees.",
      command: "ssh -J \(jump) -p \(builder.port) \(builder.address) true",
      manual: Manual.ssh("ProxyJump"))
  }

  static func bastionRefuses(_ jump: String) -> Diagnosis {
    Diagnosis(
      .bastionRefuses, cause: "The bastion \(jump) does not let root in.",
      remedy: "Let root's key in there. The key belongs in a Host block of root's ssh "
        + "configuration for the bastion, without a passphrase.",
      command: "sudo ssh \(Self.firstHop(jump)) true", manual: Manual.ssh("ProxyJump"))
  }

  static func bastionUnknown(_ jump: String) -> Diagnosis {
    Diagnosis(
      .bastionUnknown,
      cause: "Root here does not know the host key of the bastion \(jump). It is not the builder "
        + "whose key is in question.",
      remedy: "Log in to it as root once, compare the fingerprint, and say yes.",
      command: "sudo ssh \(Self.firstHop(jump)) true", manual: Manual.ssh("ProxyJump"))
  }

  /// The first of several bastions, the way ssh takes it for a destination.
  private static func firstHop(_ jump: String) -> String {
    let hop = jump.utf8.prefix { $0 != UInt8(ascii: ",") }
    return "ssh://" + String(decoding: hop, as: UTF8.self)
  }

  /// What failed on the way through a bastion, where the builder itself was not even asked.
  static func bastion(_ jump: String, _ evidence: String, _ builder: Builder) -> Diagnosis? {
    let printed = Printed(evidence)
    if printed.says("Permission denied (") { return .bastionRefuses(jump) }
    if printed.says("Host key verification failed") { return .bastionUnknown(jump) }
    var builder = builder
    builder.proxyJump = jump
    return .recognise(evidence, of: builder)
  }
}
