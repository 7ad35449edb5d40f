import Checks
import Processes
import SSH
import Testing

@testable import Practice

extension MachineTests {
  @Suite struct Faults {
    /// What a login and a build say when something is wrong, and whether both work once it is
    /// repaired.
    private func symptoms(
      of fault: Fault, repairable: Bool = true
    ) async throws -> (login: Command.Result, build: Command.Result) {
      try await Lab.with { lab in
        try await lab.applyBoth()
        try await lab.connection.cause(fault)
        let login = await lab.local.command([
          "ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=2", "forge", "nix", "--version",
        ]).run()
        let build = await lab.build(environment: ["NIX_SSHOPTS": "-o ConnectTimeout=2"]).run()
        if repairable {
          try await lab.connection.repair()
          let after = await lab.build("echo repaired > $out").run()
          #expect(after.succeeded, "\(after.error)")
        }
        return (login, build)
      }
    }

    @Test("nix-daemon stopped")
    func daemonStopped() async throws {
      let (login, build) = try await symptoms(of: .daemonStopped)
      #expect(login.succeeded)
      #expect(!build.succeeded)
      #expect(build.error.contains("cannot connect to socket at"))
      #expect(build.error.contains("Connection refused"))
    }

    @Test("nix-daemon for root only")
    func daemonForRootOnly() async throws {
      let (login, build) = try await symptoms(of: .daemonForRootOnly)
      #expect(login.succeeded)
      #expect(build.error.contains("cannot connect to socket at"))
      #expect(build.error.contains("Permission denied"))
    }

    @Test("another host key")
    func hostKeyChanged() async throws {
      let (login, build) = try await symptoms(of: .hostKeyChanged, repairable: false)
      #expect(login.error.contains("REMOTE HOST IDENTIFICATION HAS CHANGED"))
      #expect(!build.succeeded)
    }

    @Test("nothing on the port")
    func portClosed() async throws {
      let (login, build) = try await symptoms(of: .portClosed)
      #expect(login.error.contains("port 22: Connection refused"))
      #expect(!build.succeeded)
    }

    @Test("a port at which nobody answers")
    func silent() async throws {
      let (login, build) = try await symptoms(of: .silent)
      #expect(login.error.contains("Connection timed out during banner exchange"))
      #expect(!build.succeeded)
    }

    @Test("packets that get lost")
    func packetsDropped() async throws {
      let (login, build) = try await symptoms(of: .packetsDropped)
      #expect(login.error.contains("port 22: Connection timed out"))
      #expect(!build.succeeded)
    }

    @Test("no shell")
    func noShell() async throws {
      let (login, build) = try await symptoms(of: .noShell(user: "nixremote"), repairable: false)
      #expect(login.output.contains("not available"))
      #expect(!build.succeeded)
    }

    @Test("no Nix")
    func noNix() async throws {
      let (login, build) = try await symptoms(of: .noNix)
      #expect(login.ending == .exited(127))
      #expect(login.error.contains("nix: command not found"))
      #expect(!build.succeeded)
    }

    @Test("a full disk")
    func diskFull() async throws {
      let (login, build) = try await symptoms(of: .diskFull)
      #expect(login.succeeded)
      #expect(!build.succeeded)
      #expect(build.error.contains("No space left on device"), "\(build.error)")
    }

    @Test("features and systems that are not there")
    func claims() async throws {
      try await Lab.with { lab in
        try await lab.applyBoth()
        try await lab.connection.cause(.noFeatures)
        let feature = await lab.build(features: ["benchmark"]).run()
        #expect(!feature.succeeded)
        #expect(feature.error.contains("with features {benchmark} is required to build"))
        try await lab.connection.cause(.noExtraPlatforms)
        let system = await lab.build(system: "i686-linux").run()
        #expect(!system.succeeded)
        #expect(system.error.contains("a 'i686-linux' with features"))
        try await lab.connection.repair()
        #expect(await lab.build(features: ["benchmark"]).run().succeeded)
        #expect(await lab.build(system: "i686-linux").run().succeeded)
      }
    }

    @Test("killed in the middle of a build")
    func killed() async throws {
      try await Lab.with { lab in
        try await lab.applyBoth()
        let (lines, continuation) = AsyncStream.makeStream(of: Void.self)
        async let ended = lab.build(
          "PATH=/usr/bin:/bin:/run/current-system/sw/bin; echo it has begun; sleep 600"
        ).run { stream, bytes in
          let text = String(decoding: bytes, as: UTF8.self)
          if text.contains("it has begun") { continuation.yield() }
        }
        for await _ in lines { break }
        try await lab.connection.cause(.killed)
        let build = await ended
        #expect(!build.succeeded)
        let services = "grep -lE '^(sshd|nix-daemon)$' /proc/[0-9]*/comm || echo none"
        #expect(try await lab.there(services) == "none\n")
        try await lab.connection.repair()
        #expect(await lab.build().run().succeeded)
      }
    }
  }
}
