import Builders
import Checks
import Processes
import Testing
import TestSupport

@testable import Practice

extension MachineTests {
  /// `facts` on the second machine, over the logins that people have.
  @Suite struct FactsCommands {
    /// Machines on which nobody has a key, and lars has used sudo: his ssh knows the builder as
    /// smithy, by a Host block and a key of his own.
    private func withLars(_ body: (Lab) async throws -> Void) async throws {
      var options = PracticeOptions()
      options.givesAdministratorKey = false
      try await Lab.with(options) { lab in
        _ = try await lab.here(
          """
          echo 'lars:x:1234:1234:Lars:/home/lars:/bin/sh' >>/etc/passwd
          echo 'lars:x:1234:' >>/etc/group
          mkdir -p /home/lars/.ssh /etc/nixos/nix-builders
          ssh-keygen -q -t ed25519 -N '' -f /home/lars/.ssh/smithy
          printf 'Host smithy\\n HostName 192.0.2.7\\n User root\\n IdentityFile ~/.ssh/smithy\\n%s\\n' \
            ' StrictHostKeyChecking accept-new' >/home/lars/.ssh/config
          chown -R 1234:1234 /home/lars
          """)
        let key = try await lab.here("cat /home/lars/.ssh/smithy.pub")
        try await lab.authorize(key)
        let inventory = """
          { "version": 1, "builders": [
            { "alias": "forge", "address": "192.0.2.7", "systems": ["x86_64-linux"],
              "hostKey": "\(try await lab.hostKey())" } ] }
          """
        try await lab.write(inventory, to: "/etc/nixos/nix-builders/builders.json")
        try await body(lab)
      }
    }

    private func facts(
      _ lab: Lab, as login: String, isLars: Bool = true, _ options: String...
    ) async -> Command.Result {
      await lab.local.command(
        ["env"] + (isLars ? ["SUDO_UID=1234"] : []) + [program, "facts", "forge", "--as", login]
          + options
      ).run()
    }

    @Test("ssh runs as the person who used sudo: with their Host block and their key")
    func person() async throws {
      try await withLars { lab in
        let result = await facts(lab, as: "smithy", isLars: true, "--json")
        #expect(result.ending == .exited(0), "\(result.error)")
        #expect(result.output.contains(#""user":"root""#))
        #expect(result.output.contains(#""sudo":"root""#))
        #expect(result.output.contains(#""kind":"nixos""#))
        #expect(result.output.contains(#""account":{"exists":false,"name":"nixremote"}"#))
        // Root knows no smithy, and has no key.
        let unknown = await facts(lab, as: "smithy", isLars: false)
        #expect(unknown.ending == .exited(1))
        #expect(unknown.error.contains("Could not resolve hostname smithy"))
        let refused = await facts(lab, as: "root@192.0.2.7", isLars: false)
        #expect(refused.ending == .exited(1))
        #expect(refused.error.contains("Permission denied"))
        #expect(refused.error.contains("without a terminal nothing can be asked"))
      }
    }

    @Test("an account that is not root tells too what sshd allows, and which line keeps Nix out")
    func sudo() async throws {
      try await withLars { lab in
        let login = "admin@192.0.2.7"
        _ = try await lab.here(
          "printf 'Host 192.0.2.7\\n IdentityFile ~/.ssh/smithy\\n' >>/home/lars/.ssh/config")
        let free = await facts(lab, as: login)
        #expect(free.ending == .exited(0), "\(free.error)")
        #expect(free.output.contains("✓ sshd"))
        #expect(free.output.contains("lets nixremote in; 10 sessions a connection"))
        #expect(
          free.output.contains("asks admin for a password") || free.output.contains("there is none")
        )
        _ = try await lab.there("echo 'AllowUsers root admin' >>/etc/ssh/sshd_config")
        let shut = await facts(lab, as: login)
        #expect(shut.output.contains("✗ sshd"))
        #expect(shut.output.contains("keeps nixremote out"))
        #expect(shut.output.contains("/etc/ssh/sshd_config:"))
        #expect(shut.output.contains("AllowUsers root admin)"))
      }
    }

    @Test("what follows is taken over into the inventory, and only when one says so")
    func takeOver() async throws {
      try await withLars { lab in
        let file = "/etc/nixos/nix-builders/builders.json"
        let before = try await lab.here("cat \(file)")
        _ = await facts(lab, as: "smithy")
        #expect(try await lab.here("cat \(file)") == before)
        let result = await facts(lab, as: "smithy", isLars: true, "--take-over")
        #expect(result.ending == .exited(0), "\(result.error)")
        let after = try await lab.here("cat \(file)")
        #expect(after.contains("\"aarch64-linux\""))
        #expect(after.contains("\"big-parallel\""))
        #expect(try await !lab.here("ls /etc/nixos/nix-builders").contains(".nix"))
      }
    }

    @Test("without an administrator's login the builder's own account is asked")
    func ownAccount() async throws {
      try await Lab.with { lab in
        try await lab.applyBoth()
        let inventory = """
          { "version": 1, "builders": [
            { "alias": "forge", "address": "192.0.2.7", "systems": ["x86_64-linux"],
              "hostKey": "\(try await lab.hostKey())" } ] }
          """
        _ = try await lab.here("mkdir -p /etc/nixos/nix-builders")
        try await lab.write(inventory, to: "/etc/nixos/nix-builders/builders.json")
        let command = lab.local.command([program, "facts", "forge"])
        let result = await command.run()
        #expect(result.ending == .exited(0), "\(result.error)")
        #expect(result.output.contains("NixOS (practice)"))
        #expect(result.output.contains("builders.json says otherwise."))
      }
    }
  }
}

extension Lab {
  /// Lets a key in as root and as the administrator.
  fileprivate func authorize(_ key: String) async throws {
    _ = try await there(
      """
      for home in /root /home/admin; do
        mkdir -p -m 700 $home/.ssh
        printf '%s' '\(key)' >>$home/.ssh/authorized_keys
      done
      chown -R admin /home/admin/.ssh
      """)
  }
}
