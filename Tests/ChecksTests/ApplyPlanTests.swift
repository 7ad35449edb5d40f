import Builders
import Checks
import Features
import Processes
import SSH
import Testing

/// The commands that apply a fragment.
@Suite struct ApplyPlanTests {
  private func plan(
    _ login: String, directory: String = "/etc/nixos", _ change: (inout Builder) -> Void = { _ in }
  ) -> ApplyPlan {
    var builder = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    change(&builder)
    return ApplyPlan(
      builder: builder, login: AdministratorLogin(login, of: builder), directory: directory,
      output: "/etc/nixos/nix-builders")
  }

  private static let module = "{\n  imports = [\n    ./hardware-configuration.nix\n  ];\n}\n"

  @Test("as root")
  func root() {
    let plan = plan("root@192.0.2.7")
    #expect(
      plan.steps.map { plan.command($0).text } == [
        "ssh -M -N root@192.0.2.7",
        "ssh root@192.0.2.7 'command -v nixos-rebuild; echo @files; ls -A /etc/nixos; "
          + "echo @configuration; cat /etc/nixos/configuration.nix'",
        "ssh root@192.0.2.7 'cat >.remote-forge.nix' </etc/nixos/nix-builders/remote-forge.nix",
        "ssh -t root@192.0.2.7 'install -m 644 .remote-forge.nix /etc/nixos/remote-forge.nix "
          + "&& nixos-rebuild switch && rm .remote-forge.nix'",
      ])
  }

  @Test("with sudo, a port, a bastion, another directory, and the import that is added")
  func sudo() {
    var plan = plan("ada@192.0.2.7", directory: "/srv/my nixos") {
      $0.port = 2222
      $0.proxyJump = "me@bastion"
    }
    plan.found = ConfigurationLook(
      rebuild: "/run/current-system/sw/bin/nixos-rebuild", configuration: Self.module)
    plan.addsImport = true
    #expect(
      plan.command(.activate).text
        == #"ssh -t -p 2222 -J me@bastion ada@192.0.2.7 "#
        + #""sudo install -m 644 .remote-forge.nix '/srv/my nixos/remote-forge.nix' "#
        + #"&& sudo sed -i.before --follow-symlinks '2a\    ./remote-forge.nix' "#
        + #"'/srv/my nixos/configuration.nix' && sudo nixos-rebuild switch "#
        + #"-I nixos-config='/srv/my nixos/configuration.nix' && rm .remote-forge.nix""#)
  }

  @Test("at another address ssh's own configuration holds")
  func otherAddress() {
    let plan = plan("admin@forge.lan") { $0.port = 2222 }
    #expect(plan.command(.connect).text == "ssh -M -N admin@forge.lan")
    #expect(plan.login?.hostKey == nil)
  }

  @Test("on this machine")
  func here() {
    var plan = ApplyPlan(output: "/etc/nixos/nix-builders", isRoot: false)
    #expect(plan.steps == [.look, .activate])
    #expect(plan.command(.activate).text == "sudo nixos-rebuild switch")
    plan.found = ConfigurationLook(rebuild: "/bin/nixos-rebuild", configuration: Self.module)
    plan.addsImport = true
    #expect(
      plan.command(.activate).text
        == #"sudo sed -i.before --follow-symlinks '2a\    ./nix-builders/local.nix' "#
        + "/etc/nixos/configuration.nix && sudo nixos-rebuild switch")
  }

  @Test("a flake in a git repository")
  func flake() {
    var plan = plan("root@192.0.2.7", directory: "/srv/nixos")
    plan.found = ConfigurationLook(
      rebuild: "/bin/nixos-rebuild", files: [".git", "flake.nix", "configuration.nix"],
      configuration: Self.module)
    #expect(
      plan.command(.activate).text
        == "ssh -t root@192.0.2.7 'install -m 644 .remote-forge.nix /srv/nixos/remote-forge.nix "
        + "&& git -C /srv/nixos add --intent-to-add ./remote-forge.nix "
        + "&& nixos-rebuild switch --flake /srv/nixos && rm .remote-forge.nix'")
  }

  @Test("the connection's options are added when it runs")
  func shared() throws {
    let connection = try #require(AdministratorConnection())
    defer { connection.remove() }
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0M8cPWlaLyjqxz5k1VZH0vH1mQ0W8yWQfL4uPZq1aB"
    let plan = plan("root@192.0.2.7") { $0.hostKey = key }
    let words = plan.command(.copy).terminalCommand(over: connection).words
    #expect(words.first == "ssh")
    #expect(words.suffix(2) == ["root@192.0.2.7", "cat >.remote-forge.nix"])
    #expect(words.contains("StrictHostKeyChecking=yes"))
    #expect(words.contains("HostKeyAlias=192.0.2.7"))
    #expect(words.contains { $0.hasPrefix("ControlPath=/tmp/nix-builders-") })
    #expect(plan.command(.connect).terminalCommand(over: connection).readyFile?.isEmpty == false)
  }

  @Test(
    "a login is checked as it is typed",
    arguments: [
      ("root@192.0.2.7", true), ("forge", true), ("my_host", true), ("ada@2001:db8::7", true),
      ("", false), ("a@b@c", false), ("-oProxyCommand=x", false), ("root@-x", false),
      ("ro ot@forge", false), ("root@", false),
    ])
  func logins(text: String, isFine: Bool) {
    #expect((AdministratorLogin.problem(in: text) == nil) == isFine)
  }

  @Test("what was looked at is read, whatever the shell says before it")
  func look() throws {
    let output = """
      Welcome to forge
      /run/current-system/sw/bin/nixos-rebuild
      @files
      configuration.nix
      flake.nix
      .git
      @configuration
      { imports = [ ./remote-forge.nix ]; }

      """
    let look = try #require(ConfigurationLook(output: output))
    #expect(look.rebuild == "/run/current-system/sw/bin/nixos-rebuild")
    #expect(look.isGitFlake)
    #expect(look.standing(of: "./remote-forge.nix") == .present)
    let bare = try #require(ConfigurationLook(output: "@files\n@configuration\n"))
    #expect(bare.rebuild == nil)
    #expect(bare.configuration == nil)
    #expect(bare.standing(of: "./remote-forge.nix") == .unclear)
    #expect(ConfigurationLook(output: "This account is not available.\n") == nil)
  }

  // MARK: - The configuration of this machine

  /// What the look of this machine prints, for a configuration at a place.
  private func found(
    _ place: String, files: String = "configuration.nix", _ text: String = Self.module
  ) throws -> ConfigurationLook {
    try #require(
      ConfigurationLook(
        output: "/bin/nixos-rebuild\n@place\n\(place)\n@files\n\(files)\n@configuration\n\(text)"))
  }

  @Test("a configuration that lies elsewhere imports the fragment by its whole path")
  func elsewhere() throws {
    var plan = ApplyPlan(output: "/home/ada/builders", isRoot: true)
    plan.take(try found("/etc/nixos/configuration.nix"))
    #expect(plan.configurationFile == "/etc/nixos/configuration.nix")
    #expect(plan.importedPath == "/home/ada/builders/local.nix")
    plan.addsImport = true
    #expect(
      plan.command(.activate).text
        == #"sed -i.before --follow-symlinks '2a\    /home/ada/builders/local.nix' "#
        + "/etc/nixos/configuration.nix && nixos-rebuild switch")
    plan.take(try found("/srv/nixos/laptop.nix", files: "laptop.nix"))
    #expect(plan.configurationFile == "/srv/nixos/laptop.nix")
    #expect(
      plan.command(.activate).text.hasSuffix(
        "nixos-rebuild switch -I nixos-config=/srv/nixos/laptop.nix"))
    plan.take(try found("/home/ada/configuration.nix"))
    #expect(plan.importedPath == "./builders/local.nix")
  }

  @Test("a flake may read what lies outside of it only where it is told so, and git is not asked")
  func flakeElsewhere() throws {
    var plan = ApplyPlan(output: "/home/ada/builders", isRoot: true)
    plan.take(try found("/etc/nixos/flake.nix", files: ".git\nflake.nix", ""))
    #expect(plan.found?.configuration == nil)
    #expect(plan.found?.obstacle == nil)
    #expect(plan.command(.activate).text == "nixos-rebuild switch --impure")
  }

  @Test("where there is no configuration it is said, and where there is no NixOS that")
  func noConfiguration() throws {
    #expect(
      try found("", files: "", "").obstacle
        == "no configuration was found: not beside the fragments, not by nixos-config in "
        + "NIX_PATH, not as /etc/nixos/configuration.nix or flake.nix")
    let look = try #require(ConfigurationLook(output: "@place\n\n@files\n@configuration\n"))
    #expect(look.obstacle == "there is no nixos-rebuild: it does not run NixOS")
  }

  @Test("the look finds the configuration by the shell of this machine")
  func search() async throws {
    let folder = "/tmp/nb-look-\(UInt32.random(in: 0 ... .max))"
    let plan = ApplyPlan(output: "\(folder)/a/builders", isRoot: true)
    func look(_ prepare: String, nixPath: String) async throws -> ConfigurationLook {
      let script = try #require(plan.command(.look).script)
      let result = await Command(
        ["sh", "-c", "mkdir -p \(folder)/a/builders \(folder)/b; \(prepare)\n\(script)"],
        environment: ["NIX_PATH": nixPath], timeLimit: .seconds(20)
      ).run()
      return try #require(ConfigurationLook(output: result.output))
    }
    let byPath = try await look(
      "echo '{ } # b' >\(folder)/b/x.nix", nixPath: "nixos-config=\(folder)/b/x.nix")
    #expect(byPath.place == "\(folder)/b/x.nix")
    #expect(byPath.configuration == "{ } # b\n")
    let beside = try await look(
      "echo '{ } # a' >\(folder)/a/configuration.nix", nixPath: "nixos-config=\(folder)/b/x.nix")
    #expect(beside.place == "\(folder)/a/configuration.nix")
    #expect(beside.configuration == "{ } # a\n")
    _ = await Command(["rm", "-r", folder], timeLimit: .seconds(5)).run()
  }

  // MARK: - The way

  @Test("today's login goes the builder's way, and with the key that was typed")
  func way() throws {
    var builder = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    builder.sshOptions = ["ProxyCommand": "nc %h %p", "SetEnv": "A=1"]
    #expect(
      ApplyCommand(login: AdministratorLogin("root@192.0.2.7", of: builder), script: "true").text
        == "ssh -o 'ProxyCommand=nc %h %p' root@192.0.2.7 true")
    // Another machine has another way.
    #expect(
      ApplyCommand(login: AdministratorLogin("root@other", of: builder), script: "true").text
        == "ssh root@other true")
    let typed = try SSHDestination("ssh -i ~/k -o SetEnv=A=1 -o Ciphers=aes128-ctr ada@192.0.2.7")
    let login = AdministratorLogin(typed, home: "/home/ada")
    #expect(
      ApplyCommand(login: login, script: "true").text
        == "ssh -i /home/ada/k -o Ciphers=aes128-ctr ada@192.0.2.7 true")
    #expect(try SSHDestination("ssh -i ~bob/k x").identityFile(home: "/home/ada") == "~bob/k")
  }

  @Test(
    "a path that cannot stand in Nix as it is is not written into anything",
    arguments: ["/x/a b/local.nix", "/x/o'x/local.nix", "/x/$(reboot)/local.nix", "/x/é/local.nix"])
  func unusualPath(path: String) {
    let look = ConfigurationLook(
      rebuild: "/bin/nixos-rebuild", files: ["configuration.nix"],
      configuration: "{\n  imports = [\n    ./hardware.nix\n  ];\n}\n")
    #expect(look.standing(of: path) == .unclear)
    #expect(look.standing(of: "/x/a/local.nix") != .unclear)
  }
}
