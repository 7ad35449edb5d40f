import Builders
import Fragments
import Testing

@Suite("remote-ALIAS.nix")
struct RemoteFragmentTests {
  @Test("the article's example, with every setting")
  func article() {
    let fragment = Examples.forge.remoteFragment()
    #expect(fragment.fileName == "remote-forge.nix")
    #expect(
      fragment.text == """
        # Lets another machine build on this one, which is forge there.
        # Written by nix-builders from builders.json; changes belong there.
        # Digest: 4826259822b28828
        {
          users.users.nixremote = {
            isSystemUser = true;
            description = "Nix remote builds";
            uid = 500;
            group = "nixremote";
            createHome = false;
            # ssh starts Nix with it: without a shell no build can start.
            useDefaultShell = true;
            openssh.authorizedKeys.keys = [
              "\(Examples.publicKey)"
            ];
          };
          users.groups.nixremote.gid = 500;

          # Lets it copy in what no cache has signed. Whoever Nix trusts can become root.
          nix.settings.trusted-users = [ "nixremote" ];

          # The ports stay as they are: a list of them would replace 22, and 2222 may be forwarded.
          services.openssh.enable = true;
        }

        """)
  }

  @Test("everything that can be asked for")
  func everything() {
    var builder = Examples.plain
    builder.user = "nix.build"
    builder.account.systemUser = false
    builder.account.description = ""
    builder.account.uid = nil
    builder.account.group = "builders"
    builder.account.gid = nil
    builder.account.createHome = true
    builder.account.useDefaultShell = false
    builder.account.authorizedKeys = .keyFiles
    builder.account.keyFile = "/etc/nix-builders/key.pub"
    builder.account.restricted = true
    builder.account.sshdPorts = [22, 2222]
    builder.account.systemFeatures = ["kvm", "gpu"]
    builder.account.emulatedSystems = ["aarch64-linux"]
    #expect(
      builder.accountText() == """
        users.users."nix.build" = {
          isNormalUser = true;
          group = "builders";
          createHome = true;
          useDefaultShell = false;
          # What binds the key to Nix has to stand in that file, before the key:
          # restrict,command="nix-daemon --stdio"
          openssh.authorizedKeys.keyFiles = [ "/etc/nix-builders/key.pub" ];
        };
        users.groups.builders = { };

        """)
    #expect(
      builder.remoteSettingsText() == """
        # Lets it copy in what no cache has signed. Whoever Nix trusts can become root.
        nix.settings.trusted-users = [ "nix.build" ];
        # Replaces the list that NixOS would announce.
        nix.settings.system-features = [
          "kvm"
          "gpu"
        ];

        services.openssh.enable = true;
        # Replaces port 22 and whatever else NixOS would listen on.
        services.openssh.ports = [
          22
          2222
        ];

        boot.binfmt.emulatedSystems = [ "aarch64-linux" ];

        """)
  }

  @Test("an account that exists only gets the key and the trust")
  func existing() {
    var builder = Examples.plain
    builder.user = "alice"
    builder.account.create = false
    builder.account.trusted = false
    #expect(
      builder.accountText() == """
        users.users.alice.openssh.authorizedKeys.keys = [
          "\(Examples.publicKey)"
        ];

        """)
    #expect(builder.remoteSettingsText() == "services.openssh.enable = true;\n")
    builder.account.trusted = true
    #expect(builder.remoteSettingsText().contains(#"trusted-users = [ "alice" ];"#))
  }

  @Test("root is never made")
  func root() {
    var builder = Examples.plain
    builder.user = "root"
    #expect(builder.accountText().hasPrefix("users.users.root.openssh.authorizedKeys.keys = ["))
    #expect(
      builder.remoteSettingsText() == """
        nix.settings.trusted-users = [ "root" ];

        services.openssh.enable = true;

        """)
  }

  @Test("a hardened key is bound to the command of its protocol")
  func restricted() {
    var builder = Examples.plain
    builder.account.restricted = true
    #expect(
      builder.accountText().contains(
        #"    "restrict,command=\"nix-daemon --stdio\" \#(Examples.publicKey)""#))
    builder.storeProtocol = .ssh
    #expect(
      builder.accountText().contains(
        #"    "restrict,command=\"nix-store --serve --write\" \#(Examples.publicKey)""#))
  }

  @Test("a key that does not exist yet is said to be missing")
  func withoutKey() {
    var builder = Examples.plain
    builder.publicKey = nil
    #expect(
      builder.accountText().contains(
        """
          # The key does not exist yet; nix-builders adds it here.
          openssh.authorizedKeys.keys = [ ];
        """))
  }

  @Test("a system user's home is one that can be made")
  func home() {
    var builder = Examples.plain
    builder.account.createHome = true
    #expect(builder.accountText().contains("createHome = true;\n  home = \"/var/lib/nixremote\";"))
    builder.account.systemUser = false
    #expect(!builder.accountText().contains("home ="))
  }

  @Test("previews of answers that are still wrong stay in their place")
  func wrongAnswers() {
    var builder = Examples.plain
    builder.alias = "a\n}\nb"
    builder.user = "x = 1; \"${y}"
    #expect(builder.remoteFragment().text.hasPrefix("# Lets another machine build on this one, wh"))
    #expect(builder.remoteFragment().text.split(separator: "\n")[1].hasPrefix("# Written by"))
    #expect(builder.accountText().hasPrefix(#"users.users."x = 1; \"\${y}" = {"#))
    builder.port = 23
    builder.address = "h\n  ProxyCommand evil"
    #expect(
      builder.hostBlockText().contains("\n  HostName \"h  ProxyCommand evil\"\n"))
    builder.systems = ["a b;c#d"]
    #expect(
      builder.machineLine.hasSuffix(" abcd - 3 2 nixos-test,benchmark,big-parallel,kvm kvm -"))
  }
}
