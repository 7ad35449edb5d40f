import Builders
import Fragments
import Testing

@Suite("local.nix")
struct LocalFragmentTests {
  @Test("the article's example, with every setting")
  func article() {
    var inventory = Inventory(builders: [Examples.forge])
    inventory.local.maxJobs = 0
    let fragment = inventory.localFragment()
    #expect(fragment.fileName == "local.nix")
    #expect(
      fragment.text == """
        # The builders of the local machine.
        # Written by nix-builders from builders.json; changes belong there.
        # Digest: e973604774b7b576
        {
          # HostKeyAlias: the host keys below are pinned under the aliases.
          # ConnectTimeout: a builder that is down must not hold every build up.
          # ServerAlive…: a build ends when its builder has vanished for about a minute.
          programs.ssh.extraConfig = ''
            Host forge
              HostName 192.0.2.7
              HostKeyAlias forge
              Port 2222
              User nixremote
              IdentityFile /root/.ssh/forge
              IdentitiesOnly yes
              ConnectTimeout 5
              ServerAliveInterval 15
              ServerAliveCountMax 3

            # What other modules add below is for every host again.
            Host *
          '';
          programs.ssh.knownHosts = {
            forge.publicKey = "\(Examples.hostKey)";
          };

          nix.buildMachines = [
            {
              hostName = "forge";
              protocol = "ssh-ng";
              systems = [
                "x86_64-linux"
                "i686-linux"
              ];
              maxJobs = 3;
              speedFactor = 2;
              supportedFeatures = [
                "nixos-test"
                "benchmark"
                "big-parallel"
                "kvm"
              ];
            }
          ];

          nix.distributedBuilds = true;
          nix.settings.builders-use-substitutes = true;
          nix.settings.max-jobs = 0;
        }

        """)
  }

  @Test("the article's own way: user@address and the key, without a Host block")
  func withoutHostBlock() {
    #expect(Examples.plain.needsHostBlock == nil)
    #expect(Examples.plain.hostBlockText() == "")
    #expect(
      Inventory(builders: [Examples.plain]).localFragment().text == """
        # The builders of the local machine.
        # Written by nix-builders from builders.json; changes belong there.
        # Digest: 4d594fd05a83fb67
        {
          nix.buildMachines = [
            {
              hostName = "192.0.2.7";
              protocol = "ssh-ng";
              sshUser = "nixremote";
              sshKey = "/root/.ssh/forge";
              publicHostKey = "\(Examples.publicHostKey)";
              systems = [ "x86_64-linux" ];
              maxJobs = 3;
              speedFactor = 2;
              supportedFeatures = [
                "nixos-test"
                "benchmark"
                "big-parallel"
                "kvm"
              ];
              mandatoryFeatures = [ "kvm" ];
            }
          ];

          nix.distributedBuilds = true;
          nix.settings.builders-use-substitutes = true;
        }

        """)
  }

  @Test("what user@address cannot say brings the Host block back, with the reason")
  func needed() {
    var builder = Examples.plain
    builder.port = 2222
    #expect(
      builder.needsHostBlock
        == "Up to Nix 2.26 user@address takes no port, so a Host block named forge is written for "
        + "port 2222.")
    #expect(builder.storeURL == "ssh-ng://forge")
    #expect(builder.hostBlockText().contains("  Port 2222\n"))
    #expect(builder.knownHostsLine == "forge \(Examples.hostKey)")
    builder.port = 22
    builder.proxyJump = "me@jump.lan"
    #expect(
      builder.needsHostBlock
        == "Only ssh's own configuration can name a bastion, so a Host block named forge is written "
        + "for me@jump.lan.")
    builder.proxyJump = nil
    builder.address = "2001:db8::1"
    #expect(
      builder.needsHostBlock
        == "Older and newer Nix read an IPv6 address after user@ in different ways, so a Host block "
        + "named forge is written.")
    builder.address = "forge.lan"
    builder.keyPath = "/root/.ssh/100%"
    #expect(
      builder.needsHostBlock
        == "ssh reads % in the path of a key as its own sign, so a Host block named forge is written."
    )
    builder.keyPath = "/root/.ssh/forge"
    #expect(!builder.usesHostBlock)
  }

  @Test("builders that are off are left out; without any, so are the settings")
  func enabled() {
    var builder = Examples.forge
    var inventory = Inventory(builders: [builder, Examples.plain])
    inventory.builders[1].alias = "plain"
    inventory.builders[0].enabled = false
    #expect(!inventory.localFragment().text.contains("Host forge"))
    #expect(inventory.fragments().map(\.fileName) == ["local.nix", "remote-plain.nix"])
    inventory.builders[1].enabled = false
    inventory.local.maxJobs = 0
    builder.enabled = false
    #expect(
      inventory.localFragment().text == """
        # The builders of the local machine: none is enabled.
        # Written by nix-builders from builders.json; changes belong there.
        # Digest: 241c0ec6df4347ea
        { }

        """)
  }

  @Test("the parts that the forms show")
  func parts() {
    var settings = LocalSettings()
    settings.maxJobs = 0
    #expect(
      settings.settingsText() == """
        nix.distributedBuilds = true;
        nix.settings.builders-use-substitutes = true;
        nix.settings.max-jobs = 0;

        """)
    settings.distributedBuilds = false
    settings.buildersUseSubstitutes = false
    settings.maxJobs = nil
    #expect(settings.settingsText() == "")
    var builder = Builder(alias: "pi", address: "pi.lan", systems: ["aarch64-linux"])
    builder.storeProtocol = .ssh
    builder.speedFactor = 0.5
    builder.proxyJump = "jump.lan"
    #expect(
      builder.buildMachineText() == """
        {
          hostName = "pi";
          protocol = "ssh";
          systems = [ "aarch64-linux" ];
          maxJobs = 1;
          speedFactor = 0.5;
        }

        """)
    #expect(
      builder.hostBlockText() == """
        Host pi
          HostName pi.lan
          HostKeyAlias pi
          Port 22
          User nixremote
          IdentityFile /root/.ssh/pi
          IdentitiesOnly yes
          ProxyJump jump.lan
          ConnectTimeout 5
          ServerAliveInterval 15
          ServerAliveCountMax 3

        """)
    #expect(builder.knownHostsLine == nil)
    #expect(builder.storeURL == "ssh://pi")
  }

  @Test("the line of /etc/nix/machines")
  func machineLine() {
    #expect(
      Examples.forge.machineLine
        == "ssh-ng://forge x86_64-linux,i686-linux - 3 2 nixos-test,benchmark,big-parallel,kvm - -")
    #expect(
      Examples.plain.machineLine
        == "ssh-ng://nixremote@192.0.2.7 x86_64-linux /root/.ssh/forge 3 2 "
        + "nixos-test,benchmark,big-parallel,kvm kvm \(Examples.publicHostKey)")
    var builder = Examples.forge
    builder.supportedFeatures = []
    builder.mandatoryFeatures = ["gpu"]
    builder.speedFactor = 2.5
    #expect(builder.machineLine == "ssh-ng://forge x86_64-linux,i686-linux - 3 2.5 gpu gpu -")
  }

  @Test("options of ssh follow the answers, each once, and those of the store stand in the URL")
  func options() {
    var builder = Examples.forge
    builder.sshOptions = [
      "ServerAliveInterval": "0", "ConnectTimeout": "1m", "Compression": "yes",
      "SetEnv": "LANG=C \"NAME=a b\"", "ProxyCommand": "ssh -W %h:%p 'the jump' # not a comment",
    ]
    builder.storeParameters = ["remote-program": "/opt/a b/nix-daemon", "compress": "true"]
    #expect(
      builder.hostBlockText() == """
        Host forge
          HostName 192.0.2.7
          HostKeyAlias forge
          Port 2222
          User nixremote
          IdentityFile /root/.ssh/forge
          IdentitiesOnly yes
          ConnectTimeout 1m
          ServerAliveInterval 0
          ServerAliveCountMax 3
          Compression yes
          ProxyCommand ssh -W %h:%p 'the jump' # not a comment
          SetEnv LANG=C "NAME=a b"

        """)
    let url = "forge?compress=true&remote-program=/opt/a%20b/nix-daemon"
    #expect(builder.storeURL == "ssh-ng://\(url)")
    #expect(
      builder.machineLine
        == "ssh-ng://\(url) x86_64-linux,i686-linux - 3 2 "
        + "nixos-test,benchmark,big-parallel,kvm - -")
    #expect(builder.buildMachineText().contains("hostName = \"\(url)\";"))
    builder.hostBlock = false
    #expect(
      builder.needsHostBlock?.hasPrefix("Up to Nix 2.26 user@address takes no port") == true)
    builder.port = 22
    #expect(
      builder.needsHostBlock
        == "Only ssh's own configuration can say Compression, so a Host block named forge is "
        + "written.")
  }

  @Test("a host key is pinned without its comment")
  func comment() {
    var builder = Examples.plain
    builder.hostKey = "\(Examples.hostKey)  root@forge"
    #expect(builder.knownHostsLine == "192.0.2.7 \(Examples.hostKey)")
    #expect(builder.machineLine == Examples.plain.machineLine)
  }
}
