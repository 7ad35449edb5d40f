import Base

/// Something that goes wrong on the builder: what the checks and their diagnoses are for.
public enum Fault: Equatable, Sendable {
  /// nix-daemon does not run.
  case daemonStopped
  /// Only root may talk to nix-daemon.
  case daemonForRootOnly
  /// The builder shows another host key, as after it was installed anew.
  case hostKeyChanged
  /// Nothing listens on the port.
  case portClosed
  /// The port takes connections and nobody answers there.
  case silent
  /// What the builder sends does not arrive.
  case packetsDropped
  /// The builder's Nix announces no features.
  case noFeatures
  /// The builder's Nix builds for its own system only.
  case noExtraPlatforms
  /// There is no room left for what Nix builds.
  case diskFull
  /// The account may not log in.
  case noShell(user: String)
  /// Nix is not on the PATH of those who log in.
  case noNix
  /// All programs of the builder are killed at once, in the middle of whatever they do.
  case killed
}

extension PracticeConnection {
  /// Lets something go wrong. ``repair()`` undoes all but a changed host key or shell, and
  /// what a killed program had begun.
  public func cause(_ fault: Fault) async throws(PracticeError) {
    let functions = Services.functions(programs)
    try await builder.run("cause \(fault)", functions + "\n" + script(fault))
  }

  private func script(_ fault: Fault) -> String {
    switch fault {
    case .daemonStopped: return "stop_daemon"
    case .daemonForRootOnly: return "chmod 600 /nix/var/nix/daemon-socket/socket"
    case .hostKeyChanged:
      return """
        rm -f /etc/ssh/ssh_host_*
        ssh-keygen -q -t ed25519 -N '' -C root@forge -f /etc/ssh/ssh_host_ed25519_key
        ssh-keygen -q -t ecdsa -N '' -C root@forge -f /etc/ssh/ssh_host_ecdsa_key
        start_sshd
        """
    case .portClosed: return "stop_sshd"
    // The kernel takes connections as long as there is a listener, even one that sleeps.
    case .silent: return "kill -STOP \"$(cat /run/sshd.pid)\""
    case .packetsDropped:
      return """
        ip route add blackhole \(Network.local.v4)/32
        ip route add blackhole \(Network.local.v6)/128 2>/dev/null || :
        """
    case .noFeatures: return withSetting("system-features =")
    case .noExtraPlatforms: return withSetting("extra-platforms =")
    case .diskFull:
      // A size of 0 would be none at all.
      return """
        used=$(df --output=used -k \(Files.store) | tail -n 1)
        mount -o "remount,size=$((used > 4 ? used : 4))k" \(Files.store)
        """
    case .noShell(let user):
      return "usermod --shell \"$(command -v nologin || echo /bin/false)\" -- \(Shell.quoted(user))"
    case .noNix:
      // All that is on the PATH, but for Nix.
      return """
        mkdir -p /run/without-nix
        for place in \(programs.directories.map(Shell.quoted).joined(separator: " ")); do
          cp -sn "$place"/* /run/without-nix/ 2>/dev/null || :
        done
        rm -f /run/without-nix/nix /run/without-nix/nix-*
        echo 'SetEnv PATH=/run/without-nix' >/etc/ssh/environment
        start_sshd
        """
    case .killed: return "kill -KILL -1"
    }
  }

  private func withSetting(_ line: String) -> String {
    """
    echo '\(line) # a fault' >>/etc/nix/nix.conf
    start_daemon
    """
  }

  /// Starts the builder's services anew, as they are configured, and undoes what was caused.
  public func repair() async throws(PracticeError) {
    try await builder.run(
      "repair",
      """
      \(Services.functions(programs))
      ip route del blackhole \(Network.local.v4)/32 2>/dev/null || :
      ip route del blackhole \(Network.local.v6)/128 2>/dev/null || :
      mount -o "remount,size=$(cat \(Services.directory)/store-size)" \(Files.store)
      cp \(Services.directory)/environment /etc/ssh/environment
      sed -i '/# a fault$/d' /etc/nix/nix.conf
      start_daemon
      start_sshd
      """)
  }
}
