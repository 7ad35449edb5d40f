import Builders
import Testing

@testable import Checks
@testable import Features
@testable import Fragments
@testable import Nix

extension ImportResult {
  fileprivate var messages: [String] { notes.map(\.description) }
}

/// Imports a module that is written into a folder of its own, without any ssh configuration.
private func importing(
  _ text: String, _ more: [String: String] = [:], into inventory: Inventory = Inventory(),
  _ body: (ImportResult, TemporaryFolder) throws -> Void
) async throws {
  try await TemporaryFolder.with { folder in
    for (name, text) in more { folder.write(text, to: name) }
    let file = folder.write(text, to: "builders.nix")
    try body(
      await Import.read(.module(file), into: inventory, sshConfiguration: "/dev/null"), folder)
  }
}

/// The ways to what NixOS makes of a module.
private let ways =
  "What NixOS makes of it can be imported: from a flake its host, such as .#laptop; on a machine "
  + "that has it /etc/nix/machines or /etc/nix/nix.conf."

@Suite("Import from modules, evaluated by the installed Nix")
struct ModuleImportTests {
  /// A machine with all that is needed, as one writes it.
  private static let machine = #"{ hostName = "forge"; system = "x86_64-linux"; sshKey = "/k"; }"#

  private static var forge: Builder {
    var builder = Builder(
      alias: "forge", address: "forge", systems: ["x86_64-linux"], keyPath: "/k")
    builder.user = "root"
    builder.hostBlock = false
    builder.storeProtocol = .ssh
    builder.account.create = false
    return builder
  }

  @Test(
    "modules in the shapes that people give them",
    arguments: [
      "{ nix.buildMachines = [ @ ]; }",
      "{ nix = { buildMachines = [ @ ]; }; }",
      "{ config, lib, pkgs, ... }: { nix.buildMachines = [ @ ]; }",
      "{ ... }: { config.nix.buildMachines = [ @ ]; }",
      "args: { nix.buildMachines = [ @ ]; }",
      "{ pkgs, extra ? 1, ... }: { nix.buildMachines = [ @ ]; }",
      "{ lib }: { nix.buildMachines = lib.mkForce [ @ ]; }",
      "{ lib, ... }: { nix.buildMachines = lib.mkDefault [ @ ]; }",
      "{ lib, ... }: { config = lib.mkIf true { nix.buildMachines = [ @ ]; }; }",
      "{ lib, ... }: { nix = lib.mkIf true { buildMachines = lib.mkIf true [ @ ]; }; }",
      "{ lib, ... }: { nix.buildMachines = lib.optional true @ ++ lib.optionals false [ 1 ]; }",
      "{ lib, ... }: { nix.buildMachines = [ (lib.mkIf true @) (lib.mkIf false @) ]; }",
      "{ lib, ... }: with lib; { config = mkMerge [ { nix.buildMachines = [ @ ]; } { a = 1; } ]; }",
      "{ lib, ... }: { options.x = lib.mkOption { type = lib.types.str; }; config.nix.buildMachines = [ @ ]; }",
      "[ @ ]",
      "{ buildMachines = [ @ ]; distributedBuilds = true; }",
      "{ nix.buildMachines = map (host: @ // { hostName = host; }) [ \"forge\" ]; }",
      "let forge = @; in { inputs, ... }: { nix.buildMachines = [ forge ]; }",
      "{ imports = [ { nix.buildMachines = [ @ ]; } ]; }",
      "{ imports = [ ({ lib, ... }: { nix.buildMachines = lib.mkBefore [ @ ]; }) ]; }",
    ])
  func shapes(text: String) async throws {
    try await importing(text.replacing("@", with: Self.machine)) { result, _ in
      #expect(result.builders == [Self.forge])
      #expect(result.messages == [])
    }
  }

  @Test("what lib is mostly used for")
  func library() async throws {
    let text = """
      { config, lib, pkgs, ... }:
      let
        inherit (lib) mkMerge mkIf mkDefault mkOverride mkAfter optionalString;
        hosts = lib.genAttrs [ "b" "a" ] (name: { address = "${name}.lan"; cores = 4; });
        common = {
          protocol = "ssh-ng";
          systems = [ pkgs.stdenv.hostPlatform.system ] ++ lib.optional true "i686-linux";
          supportedFeatures = lib.unique (lib.flatten [ "kvm" [ "kvm" "big" ] ]);
        };
      in
      {
        nix.buildMachines = mkMerge [
          (mkAfter [ (common // { hostName = "last"; sshKey = /root/key; maxJobs = mkDefault 7; }) ])
          (lib.mapAttrsToList (name: host: common // {
            hostName = host.address;
            sshUser = optionalString true (lib.toUpper or (x: x) name);
            sshKey = "/root/.ssh/${name}";
            maxJobs = mkOverride 10 host.cores;
            mandatoryFeatures = mkIf false [ "never" ];
            speedFactor = mkMerge [ (mkDefault 9) 2 ];
          }) (lib.filterAttrs (name: _: lib.hasPrefix "a" name) hosts))
        ];
        nix.distributedBuilds = lib.mkForce true;
        nix.settings = { max-jobs = mkDefault 0; builders-use-substitutes = true; };
      }
      """
    try await importing(text) { result, _ in
      #expect(result.messages == [])
      #expect(result.builders.map(\.alias) == ["a.lan", "last"])
      let first = try #require(result.builders.first)
      #expect(first.user == "a")
      #expect(first.keyPath == "/root/.ssh/a")
      #expect(first.maxJobs == 4)
      #expect(first.speedFactor == 2)
      #expect(first.supportedFeatures == ["kvm", "big"])
      #expect(first.mandatoryFeatures == [])
      #expect(first.systems.last == "i686-linux")
      #expect(result.builders.last?.keyPath == "/root/key")
      #expect(result.builders.last?.maxJobs == 7)
      #expect(result.local?.maxJobs == 0)
    }
  }

  @Test("files that it imports are read too, each on its own")
  func imports() async throws {
    let more = [
      "more.nix": "{ nix.buildMachines = [ (@ // { hostName = \"two\"; }) ]; }"
        .replacing("@", with: Self.machine),
      "hardware.nix": """
      { config, modulesPath, ... }:
      {
        imports = [ (modulesPath + "/installer/scan/not-detected.nix") ./builders.nix ];
        boot.initrd.x = config.no.such.thing;
      }
      """,
      "broken.nix": "{ nix.buildMachines = ; }",
    ]
    let text = """
      { inputs, ... }:
      {
        imports = [ ./more.nix ./hardware.nix ./broken.nix ./missing.nix inputs.other.module ];
        nix.buildMachines = [ @ ];
      }
      """
    try await importing(text.replacing("@", with: Self.machine), more) { result, folder in
      #expect(result.builders.map(\.alias) == ["forge", "two"])
      #expect(
        Set(result.messages) == [
          "\(folder.path)/builders.nix: Without the rest of NixOS Nix cannot tell imports[4], "
            + "hardware.nix: imports[0] (only NixOS or the flake knows it). \(ways)",
          "\(folder.path)/builders.nix: imports: \(folder.path)/missing.nix cannot be read: No such "
            + "file or directory.",
          result.messages.first { $0.contains("broken.nix: Nix cannot evaluate it: ") } ?? "",
        ])
      #expect(result.messages.contains { $0.contains("syntax error") })
    }
  }

  @Test("values that need the rest of NixOS are named once, with the ways, and spoil no others")
  func unevaluable() async throws {
    let text = """
      { config, lib, secrets, ... }:
      {
        nix.buildMachines = [
          @
          (@ // { hostName = "two"; sshKey = config.sops.secrets.key.path; })
          (@ // { hostName = config.networking.hostName; })
          (@ // { hostName = "four"; sshUser = secrets.user; })
          (@ // { hostName = "five"; maxJobs = lib.strangeFunction 3; })
        ];
        nix.settings.max-jobs = config.x;
      }
      """
    try await importing(text.replacing("@", with: Self.machine)) { result, folder in
      #expect(result.builders.map(\.alias) == ["forge", "two", "five"])
      let place = "\(folder.path)/builders.nix"
      let found = result.messages.map { message in
        guard let start = message.firstRange(of: ", at /"), let end = message.firstRange(of: "). ")
        else { return message }
        return String(message[..<start.lowerBound] + message[end.lowerBound...])
      }
      #expect(
        Set(found) == [
          "\(place): Without the rest of NixOS Nix cannot tell nix.buildMachines[2].hostName, "
            + "nix.buildMachines[3].sshUser, nix.buildMachines[1].sshKey, "
            + "nix.buildMachines[4].maxJobs and 1 more (attribute 'networking' missing). \(ways)",
          "\(place): nix.buildMachines[1], key: No key is named, and none of root's own was found. "
            + "/root/.ssh/two stands for it.",
        ])
      #expect(result.messages.contains { $0.contains(", at \(place):6:") })
    }
  }

  @Test("what is wrong with a machine is said with its option")
  func wrong() async throws {
    let text = """
      {
        nix.buildMachines = [
          { hostName = "forge"; }
          (@ // { maxJobs = "3"; sshkey = "/typo"; })
          "forge"
          (@ // { systems = [ "x86" ]; system = null; })
        ];
      }
      """
    try await importing(text.replacing("@", with: Self.machine)) { result, folder in
      #expect(result.builders == [])
      let place = "\(folder.path)/builders.nix: nix.buildMachines"
      #expect(
        result.messages == [
          "\(place)[1], sshkey: nix.buildMachines has no such option.",
          "\(place)[0], systems: system or systems is missing, and NixOS needs one.",
          "\(place)[1], maxJobs: a whole number from 0 was expected.",
          "\(place)[2]: An attribute set was expected.",
          "\(place)[3], systems[0]: \"x86\" is not a system. They look like x86_64-linux.",
        ])
    }
  }

  @Test("a file without builders, a broken one and one that is not there are told apart")
  func nothing() async throws {
    try await importing("{ services.openssh.enable = true; }") { result, folder in
      #expect(
        result.messages == ["\(folder.path)/builders.nix: It defines no nix.buildMachines."])
      #expect(result.notes.first?.kind == .leftOut)
    }
    try await importing("{ nix.buildMachines = [ }") { result, folder in
      let start = "\(folder.path)/builders.nix: Nix cannot evaluate it: syntax error, unexpected"
      #expect(result.messages.count == 1)
      #expect(result.messages.first?.hasPrefix(start) == true)
    }
    for path in ["/no/such.nix", "/no/such", "/no/such.conf"] {
      let source = ImportSource(path)
      let result = await Import.read(source, into: Inventory())
      #expect(
        result.messages == ["\(path): It cannot be read: No such file or directory."])
      #expect(result.notes.first?.kind == .missing)
    }
  }

  @Test("a folder is read by its default.nix")
  func folder() async throws {
    try await TemporaryFolder.with { folder in
      folder.write("{ nix.buildMachines = [ \(Self.machine) ]; }", to: "default.nix")
      #expect(ImportSource(folder.path) == .module(folder.path))
      let result = await Import.read(
        ImportSource(folder.path), into: Inventory(), sshConfiguration: "/dev/null")
      #expect(result.builders == [Self.forge])
    }
  }

  @Test("of a trace only the last error and its place are told")
  func reason() {
    #expect(
      NixEvaluation.reason(
        in: "error:\n       … while calling the 'map' builtin\n         at /a.nix:1:2:\n\n"
          + "       error: attribute 'x' missing\n       at /b.nix:3:4:\n            2| {\n")
        == "attribute 'x' missing, at /b.nix:3:4")
    #expect(
      NixEvaluation.reason(in: "error: file 'nixpkgs' was not found\n")
        == "file 'nixpkgs' was not found")
    #expect(
      NixEvaluation.reason(in: "error: attribute 'x' missing\n\n       at /a.nix:1:2:\n")
        == "attribute 'x' missing, at /a.nix:1:2")
    #expect(NixEvaluation.reason(in: "") == "Nix did not say why.")
  }
}

@Suite("Import from machines and ssh's configuration")
struct MachinesImportTests {
  /// What NixOS writes into /etc/nix/machines, by its own module's text.
  private static let nixOS = """
    [
      {
        hostName = "192.0.2.7"; protocol = "ssh-ng"; sshUser = "nixremote";
        sshKey = "/root/.ssh/forge"; systems = [ "x86_64-linux" "i686-linux" ]; system = null;
        maxJobs = 3; speedFactor = 2.5; supportedFeatures = [ "kvm" "big-parallel" ];
        mandatoryFeatures = [ "benchmark" ]; publicHostKey = "\(Examples.publicHostKey)";
      }
      {
        hostName = "anvil"; protocol = "ssh"; sshUser = null; sshKey = null;
        systems = [ "c-d" ]; system = "aarch64-linux"; maxJobs = 1; speedFactor = 1;
        supportedFeatures = [ ]; mandatoryFeatures = [ ]; publicHostKey = null;
      }
    ]
    """

  /// The lines, by the expression of nixos/modules/config/nix-remote-build.nix.
  private func nixOSLines() async -> String {
    let expression = """
      let
        inherit (builtins) concatStringsSep;
        optionalString = condition: text: if condition then text else "";
        names = list: if list == [ ] then "-" else concatStringsSep "," list;
      in
      concatStringsSep "" (map (machine:
        (concatStringsSep " " [
          "${optionalString (machine.protocol != null) "${machine.protocol}://"}${
            optionalString (machine.sshUser != null) "${machine.sshUser}@"
          }${machine.hostName}"
          (if machine.system != null then machine.system else names machine.systems)
          (if machine.sshKey != null then machine.sshKey else "-")
          (toString machine.maxJobs)
          (toString machine.speedFactor)
          (names (machine.supportedFeatures ++ machine.mandatoryFeatures))
          (names machine.mandatoryFeatures)
          (if machine.publicHostKey != null then machine.publicHostKey else "-")
        ]) + "\\n") \(Self.nixOS))
      """
    let result = await run(
      "nix-instantiate", "--store", "dummy://", "--eval", "--json", "-E", expression)
    guard case .string(let text)? = JSONValue(text: result.output) else { return result.error }
    return text
  }

  @Test("what NixOS writes is imported to the same columns")
  func nixOSFormat() async throws {
    let lines = await nixOSLines()
    #expect(
      lines == """
        ssh-ng://nixremote@192.0.2.7 x86_64-linux,i686-linux /root/.ssh/forge 3 2.500000 \
        kvm,big-parallel,benchmark benchmark \(Examples.publicHostKey)
        ssh://anvil aarch64-linux - 1 1 - - -

        """)
    try await TemporaryFolder.with { folder in
      let config = folder.write("Host anvil\n  User nix\n  IdentityFile /root/key\n", to: "config")
      let file = folder.write(lines, to: "machines")
      let result = await Import.read(
        ImportSource(file), into: Inventory(), sshConfiguration: config)
      // The speed is one that not every Nix reads.
      let nix = try #require(await NixVersion.installed())
      let isRead = NixNeed.fractionalSpeed.isMet(by: nix)
      #expect(result.notes.map(\.kind) == (isRead ? [] : [.unreadable]))
      #expect(
        result.builders.map(\.machineLine) == [
          "ssh-ng://nixremote@192.0.2.7 x86_64-linux,i686-linux /root/.ssh/forge 3 2.5 "
            + "kvm,big-parallel,benchmark benchmark \(Examples.publicHostKey)",
          "ssh://anvil aarch64-linux - 1 1 - - -",
        ])
      #expect(result.builders.first?.supportedFeatures == ["kvm", "big-parallel"])
      #expect(result.builders.first?.mandatoryFeatures == ["benchmark"])
      #expect(result.builders.last?.user == "nix")
      #expect(result.builders.last?.keyPath == "/root/key")
      // The same entries as a module are the same builders.
      let module = folder.write("{ nix.buildMachines = \(Self.nixOS); }", to: "module.nix")
      let other = await Import.read(
        ImportSource(module), into: Inventory(), sshConfiguration: config)
      #expect(other.builders == result.builders)
      #expect(other.notes.map(\.kind) == result.notes.map(\.kind))
    }
  }

  @Test("Host blocks are those that ssh finds, with patterns, files within and global options")
  func hostBlocks() async throws {
    try await TemporaryFolder.with { folder in
      let inner = folder.write("Host forge\n  HostName 192.0.2.7\n  Port 2222\n", to: "inner")
      let config = folder.write(
        """
        Include \(inner)
        Host f*
          IdentityFile ~/.ssh/f-%h
          ProxyJump me@jump.lan:22
        Host odd
          ProxyCommand nc %h %p
        Host *
          User everyone
          ControlPath ~/.ssh/cm-%C
          ServerAliveInterval 7
        """, to: "config")
      let file = folder.write(
        """
        ssh-ng://forge x86_64-linux
        ssh-ng://root@forge:22 x86_64-linux
        ssh-ng://odd x86_64-linux /k
        ssh-ng://192.0.2.9 x86_64-linux /k
        ssh-ng://a/b x86_64-linux /k
        """, to: "machines")
      let result = await Import.read(
        .machines(file), into: Inventory(), sshConfiguration: config)
      #expect(result.builders.map(\.alias) == ["forge", "forge-2", "odd", "192.0.2.9", "a"])
      #expect(result.builders.map(\.hostBlock) == [true, true, true, false, false])
      #expect(
        result.builders.map(\.place) == [
          "everyone@192.0.2.7:2222", "root@192.0.2.7", "everyone@odd", "everyone@192.0.2.9",
          "everyone@a",
        ])
      #expect(result.builders.first?.keyPath == "/root/.ssh/f-192.0.2.7")
      #expect(result.builders.first?.proxyJump == "me@jump.lan:22")
      // What would be overridden by the block that is written is kept from wherever it was set.
      let alive = ["ServerAliveInterval": "7"]
      #expect(
        result.builders.map(\.sshOptions) == [
          alive, alive, alive.merging(["ProxyCommand": "nc %h %p"]) { $1 }, [:], [:],
        ])
      #expect(
        result.messages == [
          "\(file):2: There is a forge already, elsewhere. This one is taken over as forge-2.",
          "\(file):3, ssh's configuration: ProxyCommand is kept, and runs a command on this machine, "
            + "as root: nc %h %p",
          "\(file):5, store URL: /b is left out; ssh has no use for a path.",
        ])
    }
  }

  @Test("a module's own Host blocks and host keys come with it, before those that are installed")
  func ownHostBlocks() async throws {
    try await TemporaryFolder.with { folder in
      let config = folder.write(
        "Host forge\n  Port 1\n  ConnectTimeout 9\nHost anvil\n  Port 2\n", to: "config")
      let local = Inventory(builders: [Examples.forge]).localFragment().text
      folder.write(local, to: "local.nix")
      let module = folder.write(
        """
        {
          imports = [ ./local.nix ];
          nix.buildMachines = [ { hostName = "anvil"; system = "a-b"; sshKey = "/k"; } ];
        }
        """, to: "machines.nix")
      let result = await Import.read(
        .module(module), into: Inventory(), sshConfiguration: config)
      #expect(result.messages == [])
      #expect(result.builders.map(\.alias) == ["anvil", "forge"])
      #expect(result.builders.first?.port == 2)
      var forge = Examples.forge
      // The account and the public key stand in the builder's own fragment, which is not there yet.
      forge.publicKey = nil
      forge.account.create = false
      forge.account.uid = nil
      forge.account.gid = nil
      #expect(result.builders.last == forge)
      folder.write(Examples.forge.remoteFragment().text, to: "remote-forge.nix")
      let whole = await Import.read(.module(module), into: Inventory(), sshConfiguration: config)
      #expect(whole.messages == [])
      #expect(whole.builders.last == Examples.forge)
      let broken = folder.write("{ users = ; }", to: "remote-forge.nix")
      let without = await Import.read(.module(module), into: Inventory(), sshConfiguration: config)
      #expect(
        without.messages == [
          "\(broken): Nix could not evaluate it, so the account is the usual one."
        ])
      #expect(without.builders.last == forge)
    }
  }

  @Test("a public key beside the private one is taken")
  func publicKey() async throws {
    try await TemporaryFolder.with { folder in
      folder.write("\(Examples.publicKey)\n", to: "key.pub")
      folder.write("no key\n", to: "other.pub")
      let file = folder.write(
        "forge a-b \(folder.path)/key\nanvil a-b \(folder.path)/other\n", to: "machines")
      let result = await Import.read(
        .machines(file), into: Inventory(), sshConfiguration: "/dev/null")
      #expect(result.builders.map(\.publicKey) == [Examples.publicKey, nil])
    }
  }

  @Test("a configuration that ssh refuses is named once, and the machines are taken without it")
  func badConfiguration() async throws {
    try await TemporaryFolder.with { folder in
      let config = folder.write("Host a\n  Foo bar\n", to: "config")
      let file = folder.write("forge a-b /k\nanvil a-b /k\n", to: "machines")
      let result = await Import.read(
        .machines(file), into: Inventory(), sshConfiguration: config)
      #expect(result.builders.map(\.alias) == ["forge", "anvil"])
      #expect(result.builders.map(\.hostBlock) == [false, false])
      #expect(
        result.messages == [
          "ssh's configuration: No Host block could be read: \(config): line 2: Bad configuration "
            + "option: foo"
        ])
    }
  }

  @Test("a machine without systems builds for what this machine builds for")
  func ownSystem() async throws {
    try await TemporaryFolder.with { folder in
      let file = folder.write("forge - /k\n", to: "machines")
      let result = await Import.read(
        .machines(file), into: Inventory(), sshConfiguration: "/dev/null")
      let own = await run(
        "nix-instantiate", "--store", "dummy://", "--eval", "-E", "builtins.currentSystem")
      #expect(result.builders.first?.systems == [own.output.filter { $0 != "\"" && $0 != "\n" }])
    }
  }
}
