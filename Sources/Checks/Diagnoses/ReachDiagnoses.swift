import Builders

// Before anybody logs in.
extension Diagnosis {
  @Sendable static func unresolvable(_ symptoms: Symptoms) -> Diagnosis? {
    // Curl, which fetches flakes, says the same without "ssh".
    guard symptoms.says("ssh: Could not resolve hostname ") else { return nil }
    // Up to Nix 2.26 a port in the store URL ends up in the name.
    let name = symptoms.text(between: "ssh: Could not resolve hostname ", and: ": ")
    return .unresolvable(name ?? symptoms.builder.address)
  }

  static func unresolvable(_ address: String) -> Diagnosis {
    Diagnosis(
      id: "unresolvable", cause: "Nobody knows the name \(address).",
      remedy: "Look for a slip in the address, or give the IP address instead.",
      command: "getent hosts \(address)", manual: Manual.ssh("HostName"))
  }

  static func nameServerSilent(_ address: String) -> Diagnosis {
    Diagnosis(
      id: "name-server-silent",
      cause: "This machine's name server did not answer when it was asked for \(address).",
      remedy: "Give the IP address instead, or correct the name server.",
      command: "cat /etc/resolv.conf", manual: Manual.linux("5/resolv.conf"))
  }

  @Sendable static func noIPv6Route(_ symptoms: Symptoms) -> Diagnosis? {
    guard let line = symptoms.line(with: "connect to host ", "Network is unreachable"),
      let address = line.text(between: "connect to host ", and: " port "), address.contains(":")
    else { return nil }
    return .noIPv6Route(address)
  }

  static func noIPv6Route(_ address: String) -> Diagnosis {
    Diagnosis(
      id: "no-ipv6-route",
      cause: "This machine has no IPv6 route to \(address).",
      remedy: "Give an IPv4 address, or a name that has one; or see why IPv6 is not set up here.",
      command: "ip -6 route get \(address)", manual: Manual.linux("8/ip-route"))
  }

  @Sendable static func unreachable(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("No route to host", "Network is unreachable") else { return nil }
    return .unreachable(symptoms.builder)
  }

  static func unreachable(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "unreachable", cause: "There is no way to \(builder.address) from here.",
      remedy: "See whether the builder is switched on and in this network, or a VPN is missing.",
      command: "ip route get \(builder.address)", manual: Manual.linux("8/ip-route"))
  }

  @Sendable static func refused(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.hasLine(with: "connect to host", "Connection refused") else { return nil }
    return .refused(symptoms.builder)
  }

  static func refused(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "refused",
      cause: "\(builder.address) is there, but nothing listens on port \(builder.port).",
      remedy: "On \(builder.alias), turn sshd on: services.openssh.enable = true; "
        + "or correct the port.",
      command: "systemctl status sshd", manual: Manual.nixOS("services.openssh.enable"))
  }

  @Sendable static func noAnswer(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.hasLine(with: "connect to host", "timed out") else { return nil }
    return .noAnswer(symptoms.builder)
  }

  static func noAnswer(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "no-answer",
      cause: "Nothing answers at \(builder.address) port \(builder.port): "
        + "the builder is off, or a firewall drops the packets.",
      remedy: "Switch it on, or open the port on the way: "
        + "networking.firewall.allowedTCPPorts = [ \(builder.port) ];",
      command: "ping -c 3 \(builder.address)",
      manual: Manual.nixOS("networking.firewall.allowedTCPPorts"))
  }

  @Sendable static func hangs(_ symptoms: Symptoms) -> Diagnosis? {
    symptoms.says("timed out during banner exchange") ? .hangs(symptoms.builder) : nil
  }

  static func hangs(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "hangs",
      cause: "Port \(builder.port) is open, but whoever listens there never says a word.",
      remedy: "It may be another program, a forwarded port whose other end is down, or an "
        + "overloaded machine. Look at sshd on \(builder.alias).",
      command: "journalctl -u sshd -n 20", manual: Manual.ssh("ConnectTimeout"))
  }

  @Sendable static func notSSH(_ symptoms: Symptoms) -> Diagnosis? {
    guard
      symptoms.says(
        "Invalid SSH identification string", "banner line contains invalid characters",
        "banner line 0:")
    else { return nil }
    return .notSSH(symptoms.builder)
  }

  static func notSSH(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "not-ssh", cause: "Another program than an ssh server listens on port \(builder.port).",
      remedy: "Correct the port. On \(builder.alias), sshd's ports are shown by the command.",
      command: "ss -tlnp | grep sshd", manual: Manual.ssh("Port"))
  }

  @Sendable static func hostKeyChanged(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("REMOTE HOST IDENTIFICATION HAS CHANGED") else { return nil }
    return .hostKeyChanged(symptoms.builder)
  }

  static func hostKeyChanged(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "host-key-changed",
      cause: "\(builder.alias) shows another host key than the one on record: it was installed "
        + "anew, or this is another machine.",
      remedy: "Compare the fingerprint with what \(builder.alias) itself says, and accept the new "
        + "key only if they are the same.",
      command: "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
      manual: Manual.openSSH("ssh", "VERIFYING_HOST_KEYS"))
  }

  @Sendable static func hostKeyUnknown(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("Host key verification failed") else { return nil }
    return .hostKeyUnknown(symptoms.builder)
  }

  static func hostKeyUnknown(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "unknown-host-key",
      cause: "Nobody here has seen the host key of \(builder.alias) before, or it stands in "
        + "known_hosts under another name.",
      remedy: "Compare the fingerprint with what \(builder.alias) itself says, then accept it in "
        + "the wizard.",
      command: "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
      manual: Manual.openSSH("ssh", "VERIFYING_HOST_KEYS"))
  }

  static func hostKeyNotAccepted(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "host-key-not-accepted",
      cause: "The host key of \(builder.alias) is not accepted yet.",
      remedy: "Accept it in the wizard: nix-builders, then \(builder.alias), Address, reach.",
      manual: Manual.openSSH("ssh", "VERIFYING_HOST_KEYS"))
  }

  /// What failed on the way through a bastion.
  static func bastion(_ jump: String, _ evidence: String, _ builder: Builder) -> Diagnosis? {
    if Symptoms(evidence, of: builder).says("stdio forwarding failed", "open failed: ") {
      return Diagnosis(
        id: "bastion-cannot-reach",
        cause: "The bastion \(jump) is fine, but gets no connection to \(builder.address) port "
          + "\(builder.port).",
        remedy: "The address has to be the one that the bastion sees.",
        command: "ssh \(jump) nc -zv \(builder.address) \(builder.port)",
        manual: Manual.ssh("ProxyJump"))
    }
    if Symptoms(evidence, of: builder).says("Permission denied (", "Host key verification failed") {
      return Diagnosis(
        id: "bastion-refuses",
        cause: "The bastion \(jump) does not let root in, or its host key is not known to root.",
        remedy: "Log in to it as root once; its key belongs in a Host block of root's ssh "
          + "configuration, without a passphrase.",
        command: "sudo ssh \(jump) true", manual: Manual.ssh("ProxyJump"))
    }
    // What is left is about the way to the bastion itself.
    var bastion = builder
    let host = jump.split(separator: ",").first ?? jump[...]
    let parts = host.split(separator: "@").last?.split(separator: ":") ?? []
    bastion.alias = String(host)
    bastion.address = parts.first.map(String.init) ?? jump
    bastion.port = parts.count == 2 ? Int(parts[1]) ?? 22 : 22
    return .recognise(evidence, of: bastion)
  }
}
