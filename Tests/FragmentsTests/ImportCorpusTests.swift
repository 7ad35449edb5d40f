import Builders
import Fragments
import Testing

@testable import Checks
@testable import Features

/// Configurations as people have them, each with what becomes of it.
@Suite("Import of whole configurations")
struct ImportCorpusTests {
  struct Example: Sendable, CustomTestStringConvertible {
    /// What it is.
    var name: String
    /// Its files.
    var files: [String: String]
    /// What is imported, below the folder of the files.
    var source: String
    /// The configuration of ssh on this machine.
    var ssh = ""
    /// Each builder: alias, login, store URL, key, jobs, and the options of ssh.
    var builders: [String]
    /// What is noted, without the folder.
    var notes: [String] = []

    var testDescription: String { name }
  }

  /// A builder in a line.
  private static func line(_ builder: Builder) -> String {
    let options = builder.sshOptions.sorted { $0.key < $1.key }.map { " | \($0) \($1)" }.joined()
    return "\(builder.alias) \(builder.place) \(builder.storeURL) \(builder.keyPath) "
      + "\(builder.maxJobs)\(builder.account.create ? " makes" : "")\(options)"
  }

  /// A note without the folder, and without the place that each Nix tells in another way.
  private static func text(_ note: String, in folder: String) -> String {
    let text = note.replacing("\(folder)/", with: "")
    guard let start = text.firstRange(of: ", at "), let end = text.firstRange(of: "). ") else {
      return text
    }
    return String(text[..<start.lowerBound] + text[end.lowerBound...])
  }

  @Test("each is taken over, and nothing of it is lost without a word", arguments: examples)
  func example(example: Example) async throws {
    try await TemporaryFolder.with { folder in
      for (name, text) in example.files {
        folder.write(text.replacing("@FOLDER@", with: folder.path), to: name)
      }
      let config = folder.write(example.ssh, to: "ssh_config")
      let isText = example.source.contains("://")
      let result = await Import.read(
        ImportSource(isText ? example.source : "\(folder.path)/\(example.source)"),
        into: Inventory(), sshConfiguration: config)
      #expect(result.builders.map(Self.line) == example.builders)
      #expect(
        result.notes.map { Self.text($0.description, in: folder.path) } == example.notes)
      #expect(result.builders.allSatisfy { $0.problems().isEmpty })
    }
  }

  private static let examples = [
    Example(
      name: "a module with a Host block for a slow link",
      files: [
        "machine.nix": """
        { config, pkgs, ... }:
        {
          nix.distributedBuilds = true;
          nix.settings.builders-use-substitutes = true;
          nix.buildMachines = [
            {
              hostName = "attic";
              systems = [ "x86_64-linux" "aarch64-linux" ];
              protocol = "ssh-ng";
              maxJobs = 8;
              supportedFeatures = [ "kvm" "big-parallel" ];
            }
          ];
          programs.ssh.extraConfig = ''
            Host attic
              HostName attic.home.arpa
              Port 2202
              User builder
              IdentityFile /etc/ssh/attic
              IdentitiesOnly yes
              ConnectTimeout 60
              ServerAliveInterval 15
          '';
        }
        """
      ], source: "machine.nix",
      builders: [
        "attic builder@attic.home.arpa:2202 ssh-ng://attic /etc/ssh/attic 8 | ConnectTimeout 60"
      ]),
    Example(
      name: "a remote program in hostName",
      files: [
        "builders.nix": """
        [
          {
            hostName = "nas.example?remote-program=/opt/nix/bin/nix-daemon&compress=true";
            sshUser = "admin";
            sshKey = "/root/.ssh/nas";
            protocol = "ssh-ng";
            system = "aarch64-linux";
          }
        ]
        """
      ], source: "builders.nix",
      builders: [
        "nas.example admin@nas.example ssh-ng://admin@nas.example?compress=true"
          + "&remote-program=/opt/nix/bin/nix-daemon /root/.ssh/nas 1"
      ]),
    Example(
      name: "a tunnel, by a ProxyCommand in this machine's ssh configuration",
      files: ["machines": "ssh-ng://deep x86_64-linux /root/.ssh/deep 4 1 kvm - -\n"],
      source: "machines",
      ssh: """
        Host deep
          HostName deep.internal
          User nix
          ProxyCommand /usr/bin/tunnel access ssh --hostname %h
        """,
      builders: [
        "deep nix@deep.internal ssh-ng://deep /root/.ssh/deep 4 "
          + "| ProxyCommand /usr/bin/tunnel access ssh --hostname %h"
      ],
      notes: [
        "machines:1, ssh's configuration: ProxyCommand is kept, and runs a command on this machine, "
          + "as root: /usr/bin/tunnel access ssh --hostname %h"
      ]),
    Example(
      name: "shared connections, and a host key that nobody looks at",
      files: ["machines": "ssh://quick x86_64-linux /root/.ssh/quick 2\n"], source: "machines",
      ssh: """
        Host quick
          HostName 192.0.2.44
          ControlMaster auto
          ControlPersist 10m
          StrictHostKeyChecking no
          UserKnownHostsFile /dev/null
          LogLevel ERROR
        """,
      builders: [
        "quick root@192.0.2.44 ssh://quick /root/.ssh/quick 2 | ControlMaster auto "
          + "| ControlPersist 600 | LogLevel ERROR"
      ],
      notes: [
        "machines:1, ssh's configuration: StrictHostKeyChecking false is left out. The accepted host "
          + "key is pinned, and ssh takes no other.",
        "machines:1, ssh's configuration: UserKnownHostsFile /dev/null is left out. The accepted "
          + "host key is pinned, and ssh takes no other.",
      ]),
    Example(
      name: "a virtual machine on this one, with a key alias",
      files: [
        "machines":
          "ssh-ng://builder@linux-builder aarch64-linux /etc/nix/builder_ed25519 4 - kvm,benchmark\n"
      ], source: "machines",
      ssh: """
        Host linux-builder
          Hostname localhost
          HostKeyAlias linux-builder
          Port 31022
        """,
      builders: [
        "linux-builder builder@localhost:31022 ssh-ng://linux-builder /etc/nix/builder_ed25519 4"
      ]),
    Example(
      name: "a Mac that builds for macOS only",
      files: ["machines": "ssh-ng://nix@mini.lan aarch64-darwin,x86_64-darwin /root/.ssh/mini 6\n"],
      source: "machines",
      builders: ["mini.lan nix@mini.lan ssh-ng://nix@mini.lan /root/.ssh/mini 6"],
      notes: [
        "machines:1, systems: It builds only for macOS, so no NixOS module is written for it. There "
          + "the account, its key and the trust are set up by hand."
      ]),
    Example(
      name: "a key from the secrets of the rest of NixOS",
      files: [
        "remote.nix": """
        { config, lib, inputs, ... }:
        lib.mkIf (config.networking.hostName != "big") {
          nix.buildMachines = [
            { hostName = "big"; system = "x86_64-linux"; sshKey = config.age.secrets.big.path; }
          ];
        }
        """
      ], source: "remote.nix", builders: [],
      notes: [
        "remote.nix: Without the rest of NixOS Nix cannot tell nix.buildMachines, "
          + "programs.ssh.extraConfig, programs.ssh.knownHosts, nix.extraOptions and 4 more "
          + "(attribute 'networking' missing). What NixOS makes of it can be "
          + "imported: from a flake its host, such as .#laptop; on a machine that has it "
          + "/etc/nix/machines or /etc/nix/nix.conf."
      ]),
    Example(
      name: "a nix.conf with entries, a file and a setting",
      files: [
        "nix.conf": """
        # Managed by hand.
        max-jobs = 2
        builders = ssh-ng://nix@one x86_64-linux /k1 ; ssh://two?compress=true i686-linux /k2 3 ; @@FOLDER@/more
        builders-use-substitutes = true
        !include local.conf
        """,
        "local.conf": "max-jobs = 0 # all of it elsewhere\n",
        "more": "three aarch64-linux /k3\n",
      ], source: "nix.conf",
      builders: [
        "one nix@one ssh-ng://nix@one /k1 1", "two root@two ssh://root@two?compress=true /k2 3",
        "three root@three ssh://root@three /k3 1",
      ]),
    Example(
      name: "the text of a builders setting", files: [:],
      source:
        "ssh://mac x86_64-darwin,x86_64-linux /k ; ssh-ng://root@box:2222 x86_64-linux /k 8 2",
      builders: ["mac root@mac ssh://root@mac /k 1", "box root@box:2222 ssh-ng://box /k 8"]),
    Example(
      name: "a machines file of many hands",
      files: [
        "machines": """
        # the old one
        \tssh://old\tx86_64-linux\t/root/.ssh/old 1 1 - - -   # in the cellar

        arm.example aarch64-linux,armv7l-linux /root/.ssh/arm 4 1 big-parallel ; local
        ssh-ng://nix@[2001:db8::5] x86_64-linux /root/.ssh/six x
        """
      ], source: "machines",
      builders: [
        "old root@old ssh://root@old /root/.ssh/old 1",
        "arm.example root@arm.example ssh://root@arm.example /root/.ssh/arm 4",
      ],
      notes: [
        "machines:4, entry 2: local is not reached over ssh.",
        "machines:5, column 4 (jobs): \"x\" is not a whole number from 0.",
      ]),
    Example(
      name: "builders in nix.settings and in extraOptions",
      files: [
        "default.nix": """
        { lib, ... }:
        {
          imports = [ ./other.nix ];
          nix.settings.builders = lib.mkForce "ssh-ng://a x86_64-linux /a; ssh-ng://b x86_64-linux /b";
          nix.settings.max-jobs = "auto";
        }
        """,
        "other.nix": """
        {
          nix.extraOptions = ''
            builders-use-substitutes = true
            keep-outputs = true
          '';
        }
        """,
      ], source: "default.nix",
      builders: ["a root@a ssh-ng://root@a /a 1", "b root@b ssh-ng://root@b /b 1"]),
    Example(
      name: "an old cipher, an environment and a certificate",
      files: ["machines": "ssh://relic i686-linux /root/.ssh/relic\n"], source: "machines",
      ssh: """
        Host relic
          HostKeyAlgorithms +ssh-rsa
          PubkeyAcceptedAlgorithms +ssh-rsa
          SetEnv LANG=C NIX_PATH=/nix
          CertificateFile /root/.ssh/relic-cert.pub
          AddressFamily inet
          IdentityFile /root/.ssh/other
        """,
      builders: [
        "relic root@relic ssh://relic /root/.ssh/relic 1 | AddressFamily inet "
          + "| CertificateFile /root/.ssh/relic-cert.pub | HostKeyAlgorithms +ssh-rsa "
          + "| PubkeyAcceptedAlgorithms +ssh-rsa | SetEnv LANG=C NIX_PATH=/nix"
      ]),
    Example(
      name: "one that this program has written",
      files: [
        "local.nix": Inventory(builders: [written]).localFragment().text,
        "remote-forge.nix": written.remoteFragment().text,
      ], source: "local.nix",
      builders: [
        "forge nixremote@192.0.2.7:2222 ssh-ng://forge?compress=true /root/.ssh/forge 3 makes "
          + "| Compression yes"
      ]),
  ]

  private static let written: Builder = {
    var builder = Examples.forge
    builder.sshOptions = ["Compression": "yes"]
    builder.storeParameters = ["compress": "true"]
    return builder
  }()

  @Test(
    "the host of a flake is evaluated whole", arguments: ["laptop", "nixosConfigurations.laptop"])
  func flake(host: String) async throws {
    try await TemporaryFolder.with { folder in
      folder.write(
        """
        {
          outputs = _: {
            nixosConfigurations.laptop.config = {
              nix.buildMachines = [
                {
                  hostName = "forge"; protocol = "ssh-ng"; system = null; systems = [ "x86_64-linux" ];
                  sshUser = null; sshKey = null; maxJobs = 4; speedFactor = 1; publicHostKey = null;
                  supportedFeatures = [ ]; mandatoryFeatures = [ ]; later = throw "unused";
                }
              ];
              nix.distributedBuilds = true;
              nix.settings = { max-jobs = "auto"; builders-use-substitutes = true; };
              nix.extraOptions = "";
              programs.ssh.extraConfig = "Host forge\\n  HostName 192.0.2.7\\n  User nix\\n  IdentityFile /k\\n";
              programs.ssh.knownHosts.forge = {
                hostNames = [ "forge" ]; publicKey = "\(Examples.hostKey)"; publicKeyFile = null;
              };
              system.build.toplevel = throw "not asked for";
            };
          };
        }
        """, to: "flake.nix")
      let result = await Import.read(
        ImportSource("\(folder.path)#\(host)"), into: Inventory(), sshConfiguration: "/dev/null")
      #expect(result.notes == [])
      #expect(result.builders.map(Self.line) == ["forge nix@192.0.2.7 ssh-ng://forge /k 4"])
      #expect(result.builders.first?.hostKey == Examples.hostKey)
      #expect(result.local == nil)
      let none = await Import.read(
        ImportSource("\(folder.path)#desktop"), into: Inventory(), sshConfiguration: "/dev/null")
      #expect(none.builders == [])
      #expect(none.notes.map(\.kind) == [.leftOut])
      #expect(none.notes.first?.reason.contains("does not provide attribute") == true)
    }
  }

  @Test(
    "what a text names",
    arguments: [
      ("/no/machines", .machines("/no/machines")), ("/no/nix.conf", .configuration("/no/nix.conf")),
      ("/no/x.nix", .module("/no/x.nix")), ("/etc", .module("/etc")),
      ("ssh://a", .setting("ssh://a")), ("@/etc/nix/machines", .setting("@/etc/nix/machines")),
      ("a x86_64-linux", .setting("a x86_64-linux")),
    ] as [(String, ImportSource)])
  func source(text: String, source: ImportSource) {
    #expect(ImportSource(text) == source)
  }

  @Test(
    "the hosts of flakes",
    arguments: [(".#laptop", "."), ("#laptop", "."), ("/x?y#laptop", "/x?y")])
  func flakeHost(text: String, flake: String) throws {
    guard case .flake(let host) = ImportSource(text) else {
      Issue.record("\(text) is none")
      return
    }
    #expect(host.flake == flake)
    #expect(
      host.attributes == [
        "nixosConfigurations.\"laptop\".config", "darwinConfigurations.\"laptop\".config",
      ])
  }
}
