import Checks
import Testing

@testable import Practice

extension MachineTests {
  @Suite struct Applying {
    private let login = "ssh -o BatchMode=yes forge nix --version"

    @Test("before anything is applied nobody has the account")
    func before() async throws {
      try await Lab.with { lab in
        _ = try await lab.makeKey()
        try await lab.applyLocal(localFragment(hostKey: lab.hostKey()))
        let result = await lab.local.command(["sh", "-c", login]).run()
        #expect(result.ending == .exited(255))
        #expect(result.error.contains("nixremote@192.0.2.7: Permission denied (publickey)"))
      }
    }

    @Test("what was made is told")
    func summary() async throws {
      try await Lab.with { lab in
        let key = try await lab.makeKey()
        let remote = try await lab.applyRemote(remoteFragment(key: key))
        #expect(
          remote == [
            "forge: account nixremote (uid 500) with 1 authorized key",
            "forge: group nixremote (gid 500)",
            "forge: nix.conf: extra-trusted-users = nixremote",
            "forge: sshd is on, its ports are as they were",
          ])
        let local = try await lab.applyLocal(localFragment(hostKey: lab.hostKey()))
        #expect(
          local == [
            "laptop: /etc/nix/machines: 1 builder",
            "laptop: nix.conf: builders-use-substitutes = true",
            "laptop: /etc/ssh/ssh_config: what programs.ssh says",
            "laptop: /etc/ssh/ssh_known_hosts: 1 host key",
          ])
      }
    }

    @Test("the fragments let root log in and build", arguments: [22, 2222])
    func both(port: Int) async throws {
      var options = PracticeOptions()
      options.port = port
      try await Lab.with(options) { lab in
        try await lab.applyBoth(port: port)
        #expect(try await lab.here(login).hasPrefix("nix (Nix) "))
        let account = try await lab.there("id nixremote; getent passwd nixremote")
        #expect(account.hasPrefix("uid=500(nixremote) gid=500(nixremote) groups=500(nixremote)\n"))
        #expect(account.contains(":Nix remote builds:/var/empty:"))
        let result = await lab.build().run()
        #expect(result.succeeded, "\(result.error)")
        #expect(result.error.contains("on 'ssh-ng://forge'"))
      }
    }

    @Test("builds for every announced feature and system, and for no other")
    func features() async throws {
      try await Lab.with { lab in
        try await lab.applyBoth()
        let line = "ssh-ng://forge x86_64-linux,i686-linux,aarch64-linux - 2 1 benchmark,kvm"
        let configuration = ["NIX_CONFIG": "builders = \(line)"]
        for (system, features) in [
          ("i686-linux", []), ("aarch64-linux", []), ("x86_64-linux", ["benchmark"]),
        ] {
          let build = lab.build(system: system, features: features, environment: configuration)
          let result = await build.run()
          #expect(result.succeeded, "\(system) \(features): \(result.error)")
        }
        let result = await lab.build(features: ["kvm"], environment: configuration).run()
        #expect(result.ending == .exited(1))
        #expect(result.error.contains("{kvm}"))
      }
    }

    @Test("an account that is not trusted cannot build what nobody has signed")
    func untrusted() async throws {
      try await Lab.with { lab in
        try await lab.applyBoth()
        let key = try await lab.here("cat /root/.ssh/forge.pub").trimmingSuffix("\n")
        try await lab.applyRemote(remoteFragment(key: key, trusted: false))
        #expect(try await lab.here(login).hasPrefix("nix (Nix) "))
        let result = await lab.build().run()
        if result.succeeded {
          // Newer versions let it build, and say so.
          let store = try await lab.here(
            """
            nix --extra-experimental-features nix-command store info --json \
              --store ssh-ng://forge 2>/dev/null
            """)
          #expect(store.contains(#""trusted":false"#))
        } else {
          #expect(result.error.contains("you are not privileged to build input-addressed"))
        }
      }
    }

    @Test("what an earlier fragment made is gone")
    func again() async throws {
      try await Lab.with { lab in
        try await lab.applyBoth()
        try await lab.applyRemote(
          """
          {
            users.users.other = {
              isNormalUser = true;
              openssh.authorizedKeys.keys = [ ];
            };
          }
          """)
        let accounts = try await lab.there("cut -d: -f1 /etc/passwd; ls /etc/ssh/authorized_keys.d")
        #expect(accounts == "root\nsshd\nnobody\nadmin\nother\nother\n")
        let home = try await lab.there("id -gn other; stat -c '%U %a' /home/other")
        #expect(home == "users\nother 700\n")
        let result = await lab.local.command(["sh", "-c", login]).run()
        #expect(result.ending == .exited(255))
        // The same one twice changes nothing.
        let key = try await lab.here("cat /root/.ssh/forge.pub").trimmingSuffix("\n")
        for _ in 1...2 { try await lab.applyRemote(remoteFragment(key: key)) }
        #expect(try await lab.here(login).hasPrefix("nix (Nix) "))
      }
    }

    @Test("a key can come from a file on the builder, and an account that is there can get one")
    func keyFiles() async throws {
      try await Lab.with { lab in
        let key = try await lab.makeKey()
        try await lab.applyLocal(localFragment(hostKey: lab.hostKey()))
        let fragment = """
          { config, ... }: {
            users.users.admin.openssh.authorizedKeys.keyFiles = [ "/etc/forge.pub" ];
            users.users.root.openssh.authorizedKeys.keys = [ "\(key)" ];
          }
          """
        await #expect(throws: PracticeError.self) { try await lab.applyRemote(fragment) }
        _ = try await lab.there("printf '%s' '\(key)' >/etc/forge.pub")
        try await lab.applyRemote(fragment)
        #expect(try await lab.here("ssh -o BatchMode=yes admin@forge whoami") == "admin\n")
        #expect(try await lab.here("ssh -o BatchMode=yes root@forge whoami") == "root\n")
      }
    }

    @Test("without a shell nobody gets in, and a restricted key does nothing but serve Nix")
    func shells() async throws {
      try await Lab.with { lab in
        try await lab.applyBoth()
        let key = try await lab.here("cat /root/.ssh/forge.pub").trimmingSuffix("\n")
        let usual = remoteFragment(key: key)
        try await lab.applyRemote(
          usual.replacing("useDefaultShell = true", with: "useDefaultShell = false"))
        let refused = await lab.local.command(["sh", "-c", login]).run()
        #expect(refused.ending == .exited(1))
        #expect(refused.output.contains("not available"))
        let command = #"restrict,command=\"nix-daemon --stdio\" "#
        try await lab.applyRemote(usual.replacing("ssh-ed25519", with: command + "ssh-ed25519"))
        let result = await lab.build().run()
        #expect(result.succeeded, "\(result.error)")
      }
    }

    @Test("sshd listens where the fragment says, or not at all")
    func sshd() async throws {
      try await Lab.with { lab in
        let listening = "grep -c ' 00000000:0000 0A ' /proc/net/tcp || :"
        try await lab.applyRemote("{ services.openssh.ports = [ 22 2200 ]; }")
        #expect(try await lab.there(listening) == "2\n")
        #expect(try await lab.hostKey(port: 2200).hasPrefix("ssh-ed25519 "))
        try await lab.applyRemote("{ }")
        #expect(try await lab.there(listening) == "1\n")
        try await lab.applyRemote("{ services.openssh.enable = false; }")
        #expect(try await lab.there(listening) == "0\n")
      }
    }

    @Test("the local machine's files are those that NixOS would write")
    func localFiles() async throws {
      try await Lab.with { lab in
        try await lab.applyLocal(
          """
          {
            nix.buildMachines = [
              {
                hostName = "forge";
                protocol = "ssh-ng";
                systems = [ "x86_64-linux" "i686-linux" ];
                maxJobs = 3;
                speedFactor = 1.5;
                supportedFeatures = [ "kvm" ];
                mandatoryFeatures = [ "gpu" ];
              }
              {
                hostName = "192.0.2.7";
                sshUser = "nixremote";
                sshKey = "/root/.ssh/forge";
                system = "x86_64-linux";
                publicHostKey = "c3NoLWVk";
              }
            ];
            nix.distributedBuilds = true;
            nix.settings = { builders-use-substitutes = true; max-jobs = 0; };
            programs.ssh.knownHosts."forge" = {
              extraHostNames = [ "192.0.2.7" ];
              publicKey = "ssh-ed25519 AAAA";
            };
          }
          """)
        #expect(
          try await lab.here("cat /etc/nix/machines") == """
            ssh-ng://forge x86_64-linux,i686-linux - 3 1.500000 kvm,gpu gpu -
            ssh://nixremote@192.0.2.7 x86_64-linux /root/.ssh/forge 1 1 - - c3NoLWVk

            """)
        #expect(
          try await lab.here("cat /etc/ssh/ssh_known_hosts") == "forge,192.0.2.7 ssh-ed25519 AAAA\n"
        )
        let settings = try await lab.here(
          """
          nix --extra-experimental-features nix-command show-config 2>/dev/null |
            grep -E '^(builders|builders-use-substitutes|max-jobs) ='
          """)
        #expect(
          settings == """
            builders = @/etc/nix/machines
            builders-use-substitutes = true
            max-jobs = 0

            """)
      }
    }

    @Test("without distributedBuilds Nix has no builders")
    func notDistributed() async throws {
      try await Lab.with { lab in
        try await lab.applyBoth()
        let fragment = try await lab.here("cat /root/local.nix")
        try await lab.applyLocal(
          fragment.replacing("distributedBuilds = true", with: "distributedBuilds = false"))
        let result = await lab.build().run()
        #expect(result.ending == .exited(1))
        #expect(!result.error.contains("forge"))
      }
    }

    @Test(
      "a fragment that NixOS would refuse is refused, with the option's name",
      arguments: [
        ("{ users.users.a = { isSystemUser = true; }; }", "users.users.a.group"),
        ("{ users.users.a = { group = \"users\"; }; }", "exactly one of isSystemUser"),
        ("{ users.users.a = { isNormalUser = true; isSystemUser = true; }; }", "exactly one of"),
        ("{ users.users.a = { isSystemUser = true; group = \"b\"; }; }", "no group b"),
        ("{ users.users.a.openssh.authorizedKeys.files = [ ]; }", "authorizedKeys.files"),
        ("{ users.users.admin.isNormalUser = true; }", "users.users.admin"),
        ("{ users.users.root.openssh.authorizedKeys.keys = [ \"a\\nb\" ]; }", "keys[0]: one line"),
        ("{ nix.settings.no-such-setting = 1; }", "no-such-setting"),
        ("{ nix.settings.max-jobs = \"many\"; }", "max-jobs"),
        ("{ services.openssh.ports = 22; }", "services.openssh.ports: a list"),
        ("{ networking.firewall.enable = false; }", "networking: practice does not know"),
        ("{ pkgs, ... }: { nix.settings.a = pkgs.hello; }", "needs pkgs"),
        ("{ users = ; }", "syntax error"),
      ])
    func refused(fragment: String, reason: String) async throws {
      try await Lab.with { lab in
        let error = await #expect(throws: PracticeError.self) {
          try await lab.applyRemote(fragment)
        }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
      }
    }

    @Test(
      "so is one for the local machine",
      arguments: [
        ("{ nix.buildMachines = [ { hostName = \"a\"; } ]; }", "either system or systems"),
        ("{ nix.buildMachines = [ { system = \"a\"; } ]; }", "[0].hostName: it is not set"),
        ("{ nix.buildMachines = [ { hostname = \"a\"; } ]; }", "nix.buildMachines[0].hostname"),
        ("{ programs.ssh.knownHosts.a = { }; }", "programs.ssh.knownHosts.a.publicKey"),
        ("{ users.users = { }; }", "users: practice does not know"),
      ])
    func refusedHere(fragment: String, reason: String) async throws {
      try await Lab.with { lab in
        let error = await #expect(throws: PracticeError.self) { try await lab.applyLocal(fragment) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
      }
    }
  }
}
