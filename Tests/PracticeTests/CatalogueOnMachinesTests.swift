import Builders
import Checks
import Testing

@testable import Practice

extension MachineTests {
  /// Faults of the builder that ssh and Nix tell of in their own ways.
  @Suite(.sharedLab) struct CatalogueOnMachines {
    /// What is wrong.
    enum Cause: CaseIterable {
      case tooManyConnections, noIPv6Route
      case tooManyFailures, keysNotAccepted, noisyShell, forcedCommand, protocolTooOld
      case noBuildUsers, noSandbox, noSandboxShell, diskFull, storeCorrupt
    }

    /// The check that finds it, and the diagnosis.
    private func expectation(_ cause: Cause) -> (check: String, id: String) {
      switch cause {
      case .tooManyConnections: ("connect", "too-many-connections")
      case .noIPv6Route: ("connect", "no-ipv6-route")
      case .tooManyFailures: ("login", "too-many-failures")
      case .keysNotAccepted: ("login", "keys-not-accepted")
      case .noisyShell: ("login", "noisy-shell")
      case .forcedCommand: ("login", "forced-other")
      case .protocolTooOld: ("login", "protocol-too-old")
      case .noBuildUsers: ("trusted", "no-build-users")
      case .noSandbox: ("trusted", "no-sandbox")
      case .noSandboxShell: ("trusted", "no-sandbox-shell")
      case .diskFull: ("trusted", "disk-full")
      case .storeCorrupt: ("store", "daemon-fails")
      }
    }

    private func bring(_ cause: Cause, to tested: inout TestedBuilder) async throws {
      let lab = tested.lab
      switch cause {
      case .tooManyConnections:
        try await lab.configureSSHD("MaxStartups 1:100:1")
        // One that never logs in, until the next test has begun.
        _ = try await lab.here(
          """
          (setsid bash -c 'exec 3<>/dev/tcp/192.0.2.7/22; exec sleep 60' >/dev/null 2>&1 &)
          sleep 0.5
          """)
      case .noIPv6Route: tested.builder.address = "2001:db8:7::7"
      case .tooManyFailures:
        try await lab.configureSSHD("MaxAuthTries 1")
        _ = try await lab.here(
          """
          ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/other
          sed -i '1i Host *\\n  IdentityFile /root/.ssh/other' /etc/ssh/ssh_config
          """)
      case .keysNotAccepted:
        try await lab.configureSSHD("PubkeyAuthentication no\nKbdInteractiveAuthentication yes")
      case .noisyShell: _ = try await lab.there("echo 'echo Welcome' >/var/empty/.bashrc")
      case .forcedCommand: try await lab.force("echo no entry")
      case .protocolTooOld:
        tested.builder.account.restricted = true
        // The greeting of a daemon from before Nix 2.3: its magic number, and protocol 1.8.
        try await lab.force("printf 'oixd\\0\\0\\0\\0\\010\\001\\0\\0\\0\\0\\0\\0'; sleep 1")
      case .noBuildUsers: try await lab.configureNix("build-users-group = nixbld")
      case .noSandbox:
        try await lab.configureNix("sandbox = true\nsandbox-fallback = false")
        try await lab.startDaemonWithoutNamespaces()
      case .noSandboxShell:
        try await lab.configureNix("sandbox = true\nsandbox-fallback = false\nsandbox-paths =")
      case .diskFull: try await lab.connection.cause(.diskFull)
      case .storeCorrupt:
        _ = try await lab.there(
          "cp /nix/var/nix/db/schema /run/schema; echo unreadable >/nix/var/nix/db/schema")
      }
    }

    @Test("each cause shows its own diagnosis", arguments: Cause.allCases)
    func causes(cause: Cause) async throws {
      let lab = try #require(SharedLab.current)
      try await lab.restore()
      var tested = try await TestedBuilder(lab)
      try await tested.apply()
      try await bring(cause, to: &tested)
      let report = try await tested.test(["--installed"])
      let (check, id) = expectation(cause)
      let failed = try #require(report.failed.first)
      #expect(failed.name == check, "\(report.outcomes)")
      #expect(failed.diagnosis == id, "\(failed)")
    }

    @Test("what a refused login looks like to sshd is explained from its log")
    func explained() async throws {
      let lab = try #require(SharedLab.current)
      let faults: [(change: String, undo: String, id: String)] = [
        ("usermod -l other nixremote", "usermod -l nixremote other", "There is no account"),
        (
          "echo 'AllowUsers admin' >>/etc/ssh/sshd_config", "sed -i '$d' /etc/ssh/sshd_config",
          "AllowUsers says so"
        ),
        ("usermod -L nixremote", "usermod -p '*' nixremote", "is locked"),
        (
          "chmod 666 /etc/ssh/authorized_keys.d/nixremote",
          "chmod 644 /etc/ssh/authorized_keys.d/nixremote", "may write to"
        ),
        (
          "mv /etc/ssh/authorized_keys.d/nixremote /run/key",
          "mv /run/key /etc/ssh/authorized_keys.d/nixremote", "the key is not among"
        ),
      ]
      try await lab.restore()
      let tested = try await TestedBuilder(lab)
      try await tested.apply()
      for fault in faults {
        _ = try await lab.there(fault.change)
        try await lab.connection.repair()
        let report = try await tested.test(["--installed"])
        #expect(report.failed.first?.diagnosis == "key-refused")
        let log = try await lab.there("cat /var/log/sshd.log")
        let explained = try await tested.explain(log)
        #expect(explained.output.contains(fault.id), "\(log)\(explained)")
        _ = try await lab.there(fault.undo)
      }
      let nothing = try await tested.explain("all is well\n")
      #expect(nothing.ending == .exited(1))
      #expect(nothing.error == "nix-builders: nothing in it is known.\n")
    }

    @Test("a clock that is wrong is told of, and the login works in spite of it")
    func clock() async throws {
      let lab = try #require(SharedLab.current)
      try await lab.restore()
      let tested = try await TestedBuilder(lab)
      try await tested.apply()
      // The machines share their kernel's clock; to the account it is another one.
      _ = try await lab.there(
        """
        mkdir -p /run/clock
        printf '#!/bin/sh\\nPATH=${PATH#*:} exec date -d "-1 hour" "$@"\\n' >/run/clock/date
        chmod +x /run/clock/date
        echo 'PATH=/run/clock:$PATH' >/var/empty/.bashrc
        """)
      let report = try await tested.test(["--installed"])
      #expect(report.passed)
      let login = report.checks.first { $0.name == "login" }
      #expect(login?.diagnosis == "clock-differs")
      #expect(
        login?.cause?.hasPrefix("The clock of forge is 60 min behind this machine's.") == true)
    }
  }
}

extension Lab {
  /// Undoes what the tests of the catalogue have changed beside the fragments.
  fileprivate func restore() async throws {
    _ = try await there(
      """
      sed -i '/# a fault/,$d' /etc/ssh/sshd_config
      rm -f /var/empty/.bashrc
      rm -f /etc/ssh/authorized_keys.d/nixremote
      if [ -e /run/schema ]; then mv /run/schema /nix/var/nix/db/schema; fi
      if [ -s /run/nix-daemon.pid ]; then kill "$(cat /run/nix-daemon.pid)" 2>/dev/null || :; fi
      """)
    try await connection.repair()
  }

  /// Adds lines to sshd's configuration.
  fileprivate func configureSSHD(_ lines: String) async throws {
    // The first value counts.
    _ = try await there(
      """
      { echo '\(lines)'; cat /etc/ssh/sshd_config; } >/run/sshd_config
      cp /etc/ssh/sshd_config /run/sshd_config.before
      cp /run/sshd_config /etc/ssh/sshd_config
      """)
    try await connection.repair()
    _ = try await there("cp /run/sshd_config.before /etc/ssh/sshd_config")
  }

  /// Adds lines to Nix's configuration on the builder, until the fragment is applied again.
  fileprivate func configureNix(_ lines: String) async throws {
    _ = try await there("echo '\(lines)' >>/etc/nix/nix.conf")
    try await connection.repair()
  }

  /// Binds the key to a command.
  fileprivate func force(_ command: String) async throws {
    let key = try await here("cat /root/.ssh/forge.pub").trimmingSuffix("\n")
    let path = "/etc/ssh/authorized_keys.d/nixremote"
    let line = #"command="\#(command)" \#(key)"#
    let written = await builder.command(["tee", path], input: Array("\(line)\n".utf8)).run()
    try #require(written.succeeded)
  }

  /// Lets the builder's daemon run as in a container that allows nothing.
  fileprivate func startDaemonWithoutNamespaces() async throws {
    _ = try await there(
      """
      kill "$(cat /run/nix-daemon.pid)"
      while kill -0 "$(cat /run/nix-daemon.pid)" 2>/dev/null; do sleep 0.01; done
      mkdir -p /run/again
      mountpoint -q /run/again || mount --rbind / /run/again
      setsid setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin chroot /run/again \
        nix-daemon </dev/null >/var/log/nix-daemon.log 2>&1 &
      echo $! >/run/nix-daemon.pid
      until grep -q ' 00010000 .*socket$' /proc/net/unix; do sleep 0.01; done
      """)
  }
}
