import Builders
import Checks
import Testing

@testable import Practice

extension MachineTests {
  /// What can be wrong on the local machine itself.
  @Suite(.sharedLab) struct InstalledFaults {
    /// Machines on which everything works.
    private func well(
      _ change: (inout TestedBuilder) async throws -> Void = { _ in }
    ) async throws -> TestedBuilder {
      let lab = try #require(SharedLab.current)
      try await lab.connection.repair()
      _ = try await lab.here("rm -rf /root/.config/nix; rm -f /root/.ssh/config")
      var tested = try await TestedBuilder(lab)
      try await change(&tested)
      try await tested.apply()
      return tested
    }

    private func first(_ report: TestOutput) -> String? {
      report.checks.lazy.compactMap(\.diagnosis).first
    }

    @Test("a builder that Nix does not list is told apart from one that it does not look for")
    func buildersSetting() async throws {
      let tested = try await well()
      let lab = tested.lab
      _ = try await lab.here("echo 'builders =' >>/etc/nix/nix.conf")
      #expect(first(try await tested.test(["--installed"])) == "distributed-builds-off")
      _ = try await lab.here("echo 'builders = ssh://other x86_64-linux' >>/etc/nix/nix.conf")
      let other = try await tested.test(["--installed"])
      #expect(first(other) == "builders-overridden")
      #expect(other.checks.compactMap(\.cause).first?.contains("/etc/nix/nix.conf sets") == true)
      _ = try await lab.here("mv /etc/nix/machines /root/machines")
      #expect(first(try await tested.test(["--installed"])) == "not-installed")
    }

    @Test("what overrides builders is named: the environment, or a user's file")
    func overridden() async throws {
      let tested = try await well()
      let variable = try await tested.test(
        ["--installed"], environment: ["NIX_CONFIG": "builders ="])
      #expect(first(variable) == "builders-overridden")
      #expect(variable.checks.compactMap(\.cause).first?.contains("NIX_CONFIG") == true)
      _ = try await tested.lab.here(
        "mkdir -p /root/.config/nix; echo 'builders = ' >/root/.config/nix/nix.conf")
      let file = try await tested.test(["--installed"])
      #expect(first(file) == "builders-overridden")
      #expect(
        file.checks.compactMap(\.cause).first?.contains("/root/.config/nix/nix.conf") == true)
    }

    @Test("a fraction as speed factor, where this machine's Nix takes none")
    func fractionalSpeed() async throws {
      let tested = try await well { $0.builder.speedFactor = 2.5 }
      let isTooOld = try await tested.lab.here("nix --version").contains(" 2.8.")
      for source in ["--written", "--installed"] {
        let report = try await tested.test([source, "--build"])
        #expect(first(report) == (isTooOld ? "fractional-speed" : nil), "\(report)")
      }
    }

    @Test("a Host block that is missing, and one that another comes before")
    func hostBlocks() async throws {
      let tested = try await well()
      let lab = tested.lab
      _ = try await lab.here("cp /etc/ssh/ssh_config /root/ssh_config")
      _ = try await lab.here("sed -i 's/^Host forge$/Host elsewhere/' /etc/ssh/ssh_config")
      #expect(try await tested.test(["--installed"]).failed.first?.diagnosis == "no-host-block")
      _ = try await lab.here("cp /root/ssh_config /etc/ssh/ssh_config")
      try await lab.write("Host *\n  User somebody\n", to: "/root/.ssh/config")
      let shadowed = try await tested.test(["--installed"])
      #expect(shadowed.failed.first?.diagnosis == "alias-shadowed")
      #expect(shadowed.failed.first?.cause?.contains("User nixremote, installed somebody") == true)
    }

    @Test("a host key that is known for another port is recognised")
    func hostKey() async throws {
      let tested = try await well { tested in
        let key = try #require(tested.builder.hostKey)
        try await tested.lab.write("192.0.2.7 \(key)\n", to: "/root/.ssh/known_hosts")
        tested.builder.port = 2222
        tested.builder.account.sshdPorts = [22, 2222]
        tested.builder.hostKey = nil
      }
      let report = try await tested.test(["--written"])
      #expect(report.failed.first?.name == "host-key")
      #expect(report.failed.first?.diagnosis == "host-key-other-port")
      _ = try await tested.lab.here("sed -i 's/^192.0.2.7/[192.0.2.7]:23/' /root/.ssh/known_hosts")
      let other = try await tested.test(["--written"])
      #expect(other.failed.first?.diagnosis == "host-key-other-port")
      #expect(other.failed.first?.cause?.contains("port 23 of 192.0.2.7") == true)
    }

    @Test("a key that only an agent has is told apart from one that nobody has")
    func agent() async throws {
      let tested = try await well()
      let lab = tested.lab
      let agent = try await lab.here(
        """
        ssh-agent -a /root/agent | sed -n 's/.*PID=\\([0-9]*\\);.*/\\1/p'
        SSH_AUTH_SOCK=/root/agent ssh-add -q /root/.ssh/forge
        rm /root/.ssh/forge
        """
      ).trimmingSuffix("\n")
      let environment = ["SSH_AUTH_SOCK": "/root/agent"]
      let report = try await tested.test(["--installed"], environment: environment)
      #expect(report.failed.first?.diagnosis == "key-in-agent")
      _ = try await lab.here("kill \(agent); rm -f /root/agent")
      let without = try await tested.test(["--installed"])
      #expect(without.failed.first?.diagnosis == "key-missing")
      #expect(without.failed.first?.cause?.contains("only the public half") == true)
    }

    /// Runs Nix's daemon on the local machine.
    ///
    /// - Parameter start: the command that becomes the daemon.
    private func withDaemon(
      _ start: String, on lab: Lab, _ body: () async throws -> Void
    ) async throws {
      let pid = try await lab.here(
        """
        setsid \(start) </dev/null >/dev/null 2>&1 &
        until grep -q ' 00010000 .*socket$' /proc/net/unix; do sleep 0.01; done
        echo $!
        """
      ).trimmingSuffix("\n")
      let result: Result<Void, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      _ = try await lab.here("kill \(pid); rm -f /nix/var/nix/daemon-socket/socket")
      try result.get()
    }

    @Test("builds go through Nix's daemon where there is one, and pass")
    func daemon() async throws {
      let tested = try await well()
      try await withDaemon("nix-daemon", on: tested.lab) {
        let report = try await tested.test(["--installed", "--build"])
        #expect(report.passed, "\(report.failed)")
      }
    }

    @Test("a key that the daemon does not see is told of before anybody logs in")
    func hiddenKey() async throws {
      let tested = try await well()
      let hidden = "unshare --mount sh -c 'mount -t tmpfs tmpfs /root/.ssh; exec nix-daemon'"
      try await withDaemon(hidden, on: tested.lab) {
        let report = try await tested.test(["--installed"])
        #expect(report.failed.map(\.name) == ["key"])
        #expect(report.failed.first?.diagnosis == "key-hidden")
      }
    }

    @Test("an ssh configuration that the daemon has and root's shell has not is told of")
    func daemonDiffers() async throws {
      let tested = try await well()
      try await withDaemon("env NIX_SSHOPTS='-p 23' nix-daemon", on: tested.lab) {
        let report = try await tested.test(["--installed", "--build"])
        #expect(report.failed.first?.diagnosis == "daemon-differs")
        #expect(report.failed.first?.cause?.contains("NIX_SSHOPTS=-p 23") == true)
      }
    }

    @Test("a daemon that has no ssh is told apart from a builder that cannot be reached")
    func daemonWithoutSSH() async throws {
      let tested = try await well()
      let start = "env PATH=/nowhere $(command -v nix-daemon)"
      try await withDaemon(start, on: tested.lab) {
        let report = try await tested.test(["--installed", "--build"])
        #expect(report.failed.first?.diagnosis == "daemon-cannot-connect", "\(report.failed)")
      }
    }
  }
}
