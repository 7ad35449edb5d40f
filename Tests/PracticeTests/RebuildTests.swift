import Testing
import TestSupport

@testable import Practice

extension MachineTests {
  @Suite("nixos-rebuild on the machines of practice") struct RebuildTests {
    private func options() -> PracticeOptions {
      var options = PracticeOptions()
      options.program = program
      return options
    }

    @Test("makes what configuration.nix and its imports say")
    func imports() async throws {
      try await Lab.with(options()) { lab in
        let said = try await lab.there(
          """
          printf '{ users.users.ada = { isNormalUser = true; uid = 2000; }; }' >/etc/nixos/ada.nix
          printf '{ imports = [ ./more.nix ]; nix.settings.trusted-users = [ "ada" ]; }' \
            >/etc/nixos/trust.nix
          printf '{ nix.settings.trusted-users = [ "bob" ]; }' >/etc/nixos/more.nix
          sed -i '5a./ada.nix ./trust.nix' /etc/nixos/configuration.nix
          nixos-rebuild switch
          id -u ada
          grep ^extra-trusted-users /etc/nix/nix.conf
          """)
        #expect(
          said == """
            building the system configuration...
            activating the configuration...
            account ada (uid 2000) with 0 authorized keys
            nix.conf: extra-trusted-users = bob ada
            sshd is on, its ports are as they were
            2000
            extra-trusted-users = bob ada

            """)
      }
    }

    @Test("is for root, and fails with what Nix says")
    func failures() async throws {
      try await Lab.with(options()) { lab in
        func failure(_ script: String) async -> String {
          let result = await lab.builder.command(["sh", "-c", script]).run()
          #expect(result.ending == .exited(1))
          return result.error
        }
        #expect(
          await failure("setpriv --reuid 1000 --clear-groups nixos-rebuild switch")
            .contains("only root may switch the configuration"))
        #expect(await failure("nixos-rebuild boot").contains("not: boot"))
        #expect(
          await failure(
            """
            echo '{ imports = [ ./no.nix ]; }' >/x.nix
            nixos-rebuild switch -I nixos-config=/x.nix
            """
          ).contains("/no.nix"))
        #expect(
          await failure(
            """
            echo '{ imports = [ ./y.nix ]; services.openssh.enable = true; }' >/x.nix
            echo '{ services.openssh.enable = false; }' >/y.nix
            nixos-rebuild switch -I nixos-config=/x.nix
            """
          ).contains(".services.openssh.enable has conflicting definitions"))
      }
    }

    @Test("is not there unless it is asked for")
    func absent() async throws {
      try await Lab.with { lab in
        #expect(await !lab.builder.command(["test", "-e", Rebuild.directory]).run().succeeded)
      }
    }
  }
}
