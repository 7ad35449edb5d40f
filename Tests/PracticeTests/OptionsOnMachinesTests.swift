import Builders
import Checks
import Processes
import Testing
import TestSupport

@testable import Practice

extension MachineTests {
  /// What a Host block and a store URL say beyond the way to the builder, on real machines.
  @Suite(.sharedLab) struct Options {
    @Test("connections that are kept open neither prove anything nor stay behind")
    func sharedConnections() async throws {
      var tested = try await TestedBuilder(try #require(SharedLab.current))
      tested.builder.sshOptions = [
        "ControlMaster": "auto", "ControlPath": "/root/.ssh/shared-%C", "ControlPersist": "10m",
      ]
      try await tested.lab.applyRemote(tested.builder.remoteFragment().text)
      // That nothing is left running is looked at by this.
      let report = try await tested.test(["--written", "--build"])
      #expect(report.passed, "\(report.failed)")
    }

    @Test("a build ends when its builder has vanished")
    func keepalive() async throws {
      let lab = try #require(SharedLab.current)
      var tested = try await TestedBuilder(lab)
      tested.builder.sshOptions = ["ServerAliveInterval": "1", "ServerAliveCountMax": "2"]
      try await tested.apply()
      let (lines, send) = AsyncStream.makeStream(of: Void.self)
      var build = lab.build("echo begun; exec /bin/sleep 1000")
      build.timeLimit = .seconds(120)
      let running = Task { [build] in
        let result = await build.run { _, bytes in
          if String(decoding: bytes, as: UTF8.self).contains("begun") { send.yield() }
        }
        send.finish()
        return result
      }
      for await _ in lines { break }
      try await lab.connection.cause(.packetsDropped)
      let result = await running.value
      try await lab.connection.repair()
      #expect(result.ending == .exited(1), "\(result)")
      #expect(await lab.build("echo again > $out").run().succeeded)
    }

    @Test("machines --reachable prints lines that work before anything is installed")
    func reachable() async throws {
      let lab = try #require(SharedLab.current)
      var tested = try await TestedBuilder(lab)
      tested.builder.storeParameters = ["compress": "true"]
      try await lab.applyRemote(tested.builder.remoteFragment().text)
      _ = try await lab.here("rm -f /etc/ssh/ssh_config /etc/ssh/ssh_known_hosts")
      let machines = try await tested.machines()
      #expect(machines.error == "")
      let start =
        "ssh-ng://nixremote@192.0.2.7?compress=true&ssh-key=/root/.ssh/forge"
        + "&base64-ssh-public-host-key="
      #expect(machines.output.hasPrefix(start), "\(machines.output)")
      let built = await lab.build(builders: machines.output).run()
      #expect(built.succeeded, "\(built.error)")

      // What a line cannot say is said instead.
      tested.builder.sshOptions = ["Compression": "yes"]
      let compressed = try await tested.machines()
      #expect(compressed.output == machines.output)
      #expect(
        compressed.error
          == "nix-builders: forge: its line does not say Compression, which only ssh's configuration can.\n"
      )
      tested.builder.hostKey = nil
      let unpinned = try await tested.machines()
      #expect(unpinned.output == "")
      #expect(
        unpinned.error
          == "nix-builders: forge: left out, since ssh here does not know forge yet, and no host key is accepted "
          + "yet. Install local.nix first.\n")

      // Installed, the alias is enough.
      tested = try await TestedBuilder(lab)
      try await tested.apply()
      let installed = try await tested.machines()
      #expect(installed.output.hasPrefix("ssh-ng://forge x86_64-linux"), "\(installed)")
      #expect(await lab.build(builders: installed.output).run().succeeded)
    }
  }
}

extension TestedBuilder {
  /// What `nix-builders machines --reachable` prints.
  fileprivate func machines() async throws -> Command.Result {
    try await writeInventory()
    return await lab.local.command(
      [program, "machines", "--reachable", "--directory", "/root"], timeLimit: .seconds(60)
    ).run()
  }
}

extension Lab {
  /// Builds a derivation by a list of builders.
  fileprivate func build(builders: String) -> Command {
    var command = build("echo built > $out")
    command.words += ["--builders", builders]
    return command
  }
}
