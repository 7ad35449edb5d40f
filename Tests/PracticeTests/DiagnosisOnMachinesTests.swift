import Builders
import Checks
import Testing

@testable import Practice

extension MachineTests {
  /// Each cause of a failure on real machines, by what is installed there: `test --json` names it,
  /// within its time, and leaves no process behind.
  @Suite(.sharedLab) struct DiagnosesOnMachines {
    /// What is wrong.
    enum Cause: CaseIterable {
      case nameUnknown, nameServerSilent, portClosed, noRoute, packetsDropped, silent
      case hostKeyChanged
      case keyRefused, keyPassphrase, keyOpenModes
      case noShell, noNix, daemonStopped, daemonForRootOnly, untrusted
      case systemNotOffered, featureNotOffered
    }

    /// The check that finds it, and the diagnosis.
    private func expectation(_ cause: Cause) -> (check: String, id: String) {
      switch cause {
      case .nameUnknown: ("resolve", "unresolvable")
      case .nameServerSilent: ("resolve", "name-server-silent")
      case .portClosed: ("connect", "refused")
      case .noRoute: ("connect", "unreachable")
      case .packetsDropped: ("connect", "no-answer")
      case .silent: ("connect", "hangs")
      case .hostKeyChanged: ("host-key", "host-key-changed")
      case .keyRefused: ("login", "key-refused")
      case .keyPassphrase: ("key", "key-passphrase")
      case .keyOpenModes: ("key", "key-open-modes")
      case .noShell: ("login", "nologin")
      case .noNix: ("remote-nix", "no-nix")
      case .daemonStopped: ("store", "daemon-gone")
      case .daemonForRootOnly: ("store", "not-in-group")
      case .untrusted: ("trusted", "untrusted")
      case .systemNotOffered: ("build riscv64-linux", "system-not-offered")
      case .featureNotOffered: ("feature kvm", "feature-not-offered")
      }
    }

    /// How many seconds a check may take: its time-out, and what it takes to end its programs.
    private func limit(_ check: String) -> Double {
      switch check {
      case "resolve", "connect": 6
      case "host-key": 9
      case "key", "login", "remote-nix": 16
      case "store": 21
      default: 61
      }
    }

    private func bring(_ cause: Cause, to tested: inout TestedBuilder) async throws {
      let lab = tested.lab
      switch cause {
      case .nameUnknown: tested.builder.address = "no-such-host.example"
      case .nameServerSilent:
        tested.builder.address = "forge.silent.example"
        _ = try await lab.here(
          """
          echo 'nameserver \(Network.builder.v4)' >/etc/resolv.conf
          sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf
          """)
        try await lab.connection.cause(.packetsDropped)
      case .portClosed: try await lab.connection.cause(.portClosed)
      case .noRoute: tested.builder.address = "203.0.113.1"
      case .packetsDropped: try await lab.connection.cause(.packetsDropped)
      case .silent: try await lab.connection.cause(.silent)
      case .hostKeyChanged: try await lab.connection.cause(.hostKeyChanged)
      case .keyRefused: _ = try await lab.there("rm /etc/ssh/authorized_keys.d/nixremote")
      case .keyPassphrase:
        _ = try await lab.here("ssh-keygen -q -p -P '' -N secret -f /root/.ssh/forge")
      case .keyOpenModes: _ = try await lab.here("chmod 644 /root/.ssh/forge")
      case .noShell: try await lab.connection.cause(.noShell(user: "nixremote"))
      case .noNix: try await lab.connection.cause(.noNix)
      case .daemonStopped: try await lab.connection.cause(.daemonStopped)
      case .daemonForRootOnly: try await lab.connection.cause(.daemonForRootOnly)
      case .untrusted:
        _ = try await lab.there("sed -i /nixremote/d /etc/nix/nix.conf")
        try await lab.connection.repair()
      case .systemNotOffered: tested.builder.systems.append("riscv64-linux")
      case .featureNotOffered: tested.builder.supportedFeatures = ["kvm"]
      }
    }

    /// A builder that is well.
    private func well() async throws -> TestedBuilder {
      let lab = try #require(SharedLab.current)
      try await lab.connection.repair()
      _ = try await lab.here(
        """
        : >/etc/resolv.conf
        sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf
        """)
      return try await TestedBuilder(lab)
    }

    @Test("each cause shows its own diagnosis, in time", arguments: Cause.allCases)
    func causes(cause: Cause) async throws {
      var tested = try await well()
      let (check, id) = expectation(cause)
      if check.contains(" ") { try await bring(cause, to: &tested) }
      try await tested.apply()
      if !check.contains(" ") { try await bring(cause, to: &tested) }
      let report = try await tested.test(["--installed"] + (check.contains(" ") ? ["--build"] : []))
      #expect(report.failed.map(\.name) == [check], "\(report.outcomes)")
      let failed = try #require(report.failed.first)
      #expect(failed.diagnosis == id, "\(failed)")
      #expect(failed.seconds < limit(check))
      #expect(failed.cause?.isEmpty == false)
      #expect(failed.remedy?.isEmpty == false)
    }

    @Test("a builder that is killed in the middle of a build is told apart, at once")
    func killed() async throws {
      let tested = try await well()
      let lab = tested.lab
      try await tested.apply()
      // To Nix here a build is not over before this hook is.
      _ = try await lab.there(
        """
        printf '#!/bin/sh\\ntouch /run/building\\nsleep 60\\n' >/run/hook
        chmod +x /run/hook
        rm -f /run/building
        echo 'post-build-hook = /run/hook # a fault' >>/etc/nix/nix.conf
        """)
      try await lab.connection.cause(.noFeatures)
      async let report = tested.test(["--installed", "--build"])
      _ = try await lab.there("until [ -e /run/building ]; do sleep 0.05; done")
      let begin = ContinuousClock.now
      try await lab.connection.cause(.killed)
      let failed = try await report.failed
      #expect(failed.first?.diagnosis == "builder-went-away")
      #expect(ContinuousClock.now - begin < .seconds(20))
    }
  }
}
