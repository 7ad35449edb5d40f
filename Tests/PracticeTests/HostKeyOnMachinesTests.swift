import Builders
import Checks
import Processes
import Testing
import TestSupport

@testable import Practice

extension MachineTests {
  /// What is on record of a builder's host key, against what it shows.
  @Suite(.sharedLab) struct HostKeysOnMachines {
    private func machines() async throws -> TestedBuilder {
      let lab = try #require(SharedLab.current)
      try await lab.connection.repair()
      return try await TestedBuilder(lab)
    }

    private func hostKeyCheck(
      _ tested: TestedBuilder, environment: [String: String?] = [:]
    ) async throws -> TestOutput.Check {
      let report = try await tested.test(["--written"], environment: environment)
      return try #require(report.checks.first { $0.name == "host-key" })
    }

    @Test("one that a known_hosts has is known: root's, the system's, that of who called sudo")
    func vouching() async throws {
      var tested = try await machines()
      let lab = tested.lab
      let key = try #require(tested.builder.hostKey)
      tested.builder.hostKey = nil
      _ = try await lab.here("id lars || useradd --create-home --uid 4711 lars")
      let unknown = try await hostKeyCheck(tested)
      #expect(!unknown.detail.contains("known_hosts"))
      for file in [
        "/root/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts", "/home/lars/.ssh/known_hosts",
      ] {
        _ = try await lab.here("mkdir -p /home/lars/.ssh")
        try await lab.write("192.0.2.7 \(key)\n", to: file)
        let known = try await hostKeyCheck(tested, environment: ["SUDO_UID": "4711"])
        #expect(known.detail.contains("in known_hosts"), "\(file): \(known)")
        #expect(known.evidence?.contains("\(file) has this key.") == true, "\(known)")
        _ = try await lab.here("rm \(file)")
      }
    }

    @Test("after a new installation the pinned key still counts, whoever has the new one")
    func reinstalled() async throws {
      var tested = try await machines()
      let lab = tested.lab
      try await lab.connection.cause(.hostKeyChanged)
      let changed = try await hostKeyCheck(tested)
      #expect(changed.outcome == "failed")
      #expect(changed.diagnosis == "host-key-changed")
      let new = try await lab.hostKey()
      try await lab.write("192.0.2.7 \(new)\n", to: "/root/.ssh/known_hosts")
      let vouched = try await hostKeyCheck(tested)
      #expect(vouched.outcome == "failed")
      #expect(vouched.evidence?.contains("The inventory has another key.") == true)
      #expect(vouched.evidence?.contains("/root/.ssh/known_hosts has this key.") == true)
      // Another one is accepted, and that is the end of it.
      tested.builder.hostKey = new
      #expect(try await hostKeyCheck(tested).outcome == "passed")
    }

    @Test("an alias with capitals works from the fragments to the drift")
    func capitals() async throws {
      var tested = try await machines()
      let lab = tested.lab
      tested.builder.alias = "Forge"
      tested.builder.account.restricted = false
      try await tested.apply()
      let installed = try await tested.test(["--build"])
      #expect(installed.source == "installed")
      #expect(installed.passed, "\(installed.failed)")
      #expect(try await tested.test(["--written"]).outcomes == TestOutput.connection)
      func run(_ words: String...) async -> Command.Result {
        await lab.local.command([program] + words + ["--directory", "/root"]).run()
      }
      _ = await run("write")
      let check = await run("write", "--check")
      #expect(check.output.contains("installed: as written"), "\(check.output)\(check.error)")
      let route = await run("route", "--system", "x86_64-linux", "--installed", "--prove")
      #expect(route.succeeded, "\(route.output)\(route.error)")
      #expect(route.output.contains("Forge"), "\(route.output)")
      let imported = await run("import")
      #expect(
        imported.error.contains("Forge is the same.")
          || imported.output.contains("Forge is the same."),
        "\(imported.output)\(imported.error)")
    }
  }
}
