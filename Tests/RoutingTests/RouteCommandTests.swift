import Builders
import Testing
import TestSupport

@testable import Checks
@testable import Processes

/// The command itself, on the local machine.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RouteCommandTests {
  /// Gives Nix of the local machine these builders and settings.
  private func install(_ lines: [String], _ settings: String, _ lab: Lab) async throws {
    try await lab.write(
      lines.map { "ssh-ng://\($0)\n" }.joined(), to: "/etc/nix/machines")
    _ = try await lab.run(
      """
      grep -v '^builders' /etc/nix/nix.conf >/tmp/nix.conf || :
      { cat /tmp/nix.conf; echo 'builders = @/etc/nix/machines'; echo '\(settings)'; } \
        >/etc/nix/nix.conf
      """, on: lab.machines.local)
  }

  private func route(_ words: [String], _ lab: Lab) async -> Command.Result {
    await lab.machines.local.command([program, "route"] + words).run()
  }

  @Test("by what is installed, in words, and proven")
  func installed() async throws {
    try await Lab.with { lab in
      try await install(
        [
          "forge1 x86_64-linux - 2 1 kvm", "forge2 x86_64-linux,aarch64-linux - 4 2 kvm,gpu",
          "forge3 x86_64-linux - 8 9 gpu gpu",
        ], "max-jobs = 0\nsystem-features = benchmark", lab)
      let slots = try await lab.take(["forge2": [0, 1, 2]])
      defer { withExtendedLifetime(slots) {} }
      let result = await route(["--installed", "--feature", "kvm", "--prove"], lab)
      let verdicts = """
        x86_64-linux with kvm
          ✓ ssh-ng://forge1 takes it: 0 jobs in use at speed factor 1 is less load than \
        ssh-ng://forge2's 3 at 2.
          · ssh-ng://forge2 is next, if ssh-ng://forge1 cannot be reached.
          – ssh-ng://forge3 does not get it: it does not have kvm; it takes only builds that \
        require gpu.
          – This machine does not get it: max-jobs is 0; it does not have kvm.

        """
      #expect(result.output.hasPrefix(verdicts), "\(result.output)\(result.error)")
      #expect(
        result.output.hasSuffix("\n  ✓ It was built on ssh-ng://forge1, as Nix's rules say.\n"))
      #expect(result.ending == .exited(0))
    }
  }

  @Test("what nobody takes exits 1, and Nix agrees")
  func nobody() async throws {
    try await Lab.with { lab in
      try await install(["forge1 x86_64-linux"], "max-jobs = 1", lab)
      let result = await route(["--installed", "--feature", "quantum", "--prove", "--json"], lab)
      let object = try #require(JSONValue(text: result.output)?.object, "\(result)")
      #expect(object["taken"] == .bool(false))
      #expect(object["loadKnown"] == .bool(true))
      #expect(object["proof"]?.object?["agrees"] == .bool(true))
      #expect(object["proof"]?.object?["place"] == .string("nowhere"))
      #expect(result.ending == .exited(1))
    }
  }

  @Test("an installable is read for what its derivation asks")
  func installable() async throws {
    try await Lab.with { lab in
      try await install(
        ["forge1 x86_64-linux - 1 1 kvm", "forge2 aarch64-linux - 1 1 kvm,gpu"], "max-jobs = 1",
        lab)
      try await lab.write(
        """
        derivation {
          name = "wanted"; system = "aarch64-linux"; builder = "/bin/sh";
          requiredSystemFeatures = [ "kvm" ];
        }
        """, to: "/root/wanted.nix")
      let drv =
        try await lab.run("nix-instantiate /root/wanted.nix", on: lab.machines.local)
        .split(separator: "\n").last.map(String.init) ?? ""
      for installable in ["/root/wanted.nix", drv] {
        let result = await route(["--installed", installable], lab)
        let lines = result.output.split(separator: "\n").prefix(2)
        #expect(
          lines == [
            "aarch64-linux with kvm",
            "  ✓ ssh-ng://forge2 takes it: no other builder fits and has a free slot.",
          ], "\(installable): \(result)")
      }
      // What if it also required this, or were for another system?
      let more = await route(["--installed", drv, "--feature", "gpu"], lab)
      #expect(more.output.hasPrefix("aarch64-linux with kvm and gpu\n  ✓ ssh-ng://forge2 takes it"))
      let other = await route(["--installed", drv, "--system", "x86_64-linux"], lab)
      #expect(other.output.hasPrefix("x86_64-linux with kvm\n  ✓ ssh-ng://forge1 takes it"))

      try await lab.write(
        """
        derivation {
          name = "here"; system = "x86_64-linux"; builder = "/bin/sh"; __structuredAttrs = true;
          preferLocalBuild = true;
        }
        """, to: "/root/here.nix")
      let here = await route(["--installed", "/root/here.nix"], lab)
      #expect(
        here.output.hasPrefix(
          "x86_64-linux, here if possible\n  ✓ This machine takes it: the derivation asks"))
      let missing = await route(["--installed", "/root/missing.nix"], lab)
      #expect(missing.ending == .exited(65))
      #expect(missing.error.contains("/root/missing.nix: Nix shows no derivation of it."))
    }
  }

  @Test("by the inventory, as it would be written, and proven without its being installed")
  func inventory() async throws {
    try await Lab.with { lab in
      let hostKey = try await lab.run(
        "cut -d' ' -f2- /root/.ssh/known_hosts", on: lab.machines.local
      ).filter { !$0.isNewline }
      func builder(_ alias: String, speed: Double, enabled: Bool = true) -> Builder {
        var builder = Builder(
          alias: alias, address: "192.0.2.7", systems: ["x86_64-linux"], keyPath: "/root/.ssh/id")
        builder.user = "root"
        builder.hostKey = hostKey
        builder.speedFactor = speed
        builder.enabled = enabled
        return builder
      }
      var inventory = Inventory(builders: [
        builder("slow", speed: 1), builder("quick", speed: 3),
        builder("off", speed: 9, enabled: false),
      ])
      inventory.local.maxJobs = 0
      func write() async throws {
        _ = try await lab.run("mkdir -p /root/nb", on: lab.machines.local)
        try await lab.write(
          String(decoding: InventoryFile.encode(inventory), as: UTF8.self),
          to: "/root/nb/builders.json")
      }
      try await write()
      let result = await route(["--directory", "/root/nb", "--prove"], lab)
      #expect(
        result.output.hasPrefix(
          """
          x86_64-linux
            ✓ quick takes it: no builder has less to do, and its speed factor 3 is higher than \
          slow's 1.
            · slow is next, if quick cannot be reached.
            – off does not get it: it is off.
            – This machine does not get it: max-jobs is 0.

          """), "\(result)")
      #expect(
        result.output.hasSuffix("\n  ✓ It was built on ssh-ng://quick, as Nix's rules say.\n"),
        "\(result)")
      #expect(result.ending == .exited(0))

      // One that is down: Nix goes on to the next.
      inventory.builders[1].port = 1
      try await write()
      let down = await route(["--directory", "/root/nb", "--prove"], lab)
      #expect(
        down.output.contains(
          "✗ It was built on ssh-ng://slow. By Nix's rules quick gets it. "
            + "Nix could not reach ssh-ng://quick."), "\(down)")
      #expect(down.ending == .exited(1))

      inventory.local.distributedBuilds = false
      inventory.local.maxJobs = 1
      try await write()
      let off = await route(["--directory", "/root/nb", "--prove"], lab)
      #expect(off.output.contains("✓ This machine takes it: Nix is told of no builders."))
      #expect(
        off.output.hasSuffix("\n  ✓ It was built on this machine, as Nix's rules say.\n"),
        "\(off)")
    }
  }

  @Test("wrong usage is named")
  func usage() async throws {
    let folder = try #require(PrivateDirectory())
    defer { folder.remove() }
    func run(_ words: [String]) async -> Command.Result {
      await Command(["env", program, "route"] + words, timeLimit: .seconds(20)).run()
    }
    #expect(await run(["--system", "x86"]).ending == .exited(64))
    #expect(await run(["--feature", "a b"]).ending == .exited(64))
    #expect(await run(["--rebuild", "--prove"]).ending == .exited(64))
    #expect(await run(["--directory", folder.path]).ending == .exited(69))
    let builtin = await run(["--installed", "--system", "builtin", "--prove"])
    #expect(builtin.ending == .exited(69))
    #expect(builtin.error.contains("cannot be tried with a probe"))
  }
}

extension JSONValue {
  fileprivate var object: [String: JSONValue]? {
    if case .object(let object) = self { object } else { nil }
  }
}
