import Builders
import Checks
import FoundationEssentials
import Fragments
import Testing
import TestSupport

@testable import Practice

extension MachineTests {
  /// `nix-builders test` on the local machine, against a builder with whatever is wrong.
  @Suite struct ChecksOfBuilders {
    /// What the command said of one check.
    private struct Check: Decodable {
      var name: String
      var outcome: String
      var detail: String
      var diagnosis: String?
      var remedy: String?
      var evidence: String?
    }

    private struct Report: Decodable {
      struct Entry: Decodable {
        var source: String
        var passed: Bool
        var checks: [Check]
      }
      var builders: [Entry]
    }

    /// A lab with its builder as the wizard would know it, and what is to be wrong with it.
    private struct Case {
      var lab: Lab
      var builder: Builder

      /// Makes key and builder; nothing is applied yet.
      init(_ lab: Lab) async throws {
        self.lab = lab
        builder = lab.connection.suggestedBuilder
        builder.publicKey = try await lab.makeKey()
        builder.hostKey = try await lab.hostKey(port: builder.port)
      }

      private var inventory: Inventory { Inventory(builders: [builder]) }

      func applyRemote() async throws { try await lab.applyRemote(builder.remoteFragment().text) }
      func applyLocal() async throws { try await lab.applyLocal(inventory.localFragment().text) }

      /// Runs `nix-builders test`, and looks that it leaves nothing running.
      func test(_ words: String...) async throws -> Report.Entry {
        let text = String(decoding: InventoryFile.encode(inventory), as: UTF8.self)
        try await lab.write(text, to: "/root/builders.json")
        let command = lab.local.command(
          [program, "test", "--directory", "/root", "--json"] + words, timeLimit: .seconds(120))
        let result = await command.run()
        try #require(result.output.hasPrefix("{"), "\(result.error)")
        let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        let entry = try #require(report.builders.first)
        #expect(result.ending == .exited(entry.passed ? 0 : 1), "\(result.error)")
        let left = try await lab.here(
          """
          own=$(readlink /proc/self/ns/net)
          for process in /proc/[0-9]*; do
            [ "$(readlink $process/ns/net)" != "$own" ] || cat $process/comm
          done 2>/dev/null
          """)
        let programs = left.split(separator: "\n").filter { !["bash", "sh", "cat"].contains($0) }
        #expect(programs == [], "left running")
        return entry
      }
    }

    private func outcomes(_ entry: Report.Entry) -> [String] {
      entry.checks.map { "\($0.name) \($0.outcome)" }
    }

    private static let connection = [
      "resolve passed", "connect passed", "host-key passed", "key passed", "login passed",
      "remote-nix passed", "store passed", "trusted passed",
    ]

    @Test("a builder that is well passes everything, first as written and then as installed")
    func well() async throws {
      try await Lab.with { lab in
        let well = try await Case(lab)
        try await well.applyRemote()
        let builds = [
          "build x86_64-linux passed", "build i686-linux passed", "feature nixos-test passed",
          "feature benchmark passed", "feature big-parallel passed",
        ]
        let written = try await well.test("--build")
        #expect(written.source == "written")
        #expect(outcomes(written) == Self.connection + builds)
        try await well.applyLocal()
        let installed = try await well.test("--build")
        #expect(installed.source == "installed")
        #expect(outcomes(installed) == Self.connection + builds)
        #expect(installed.passed)
      }
    }

    @Test(
      "so does one by another address, on another port",
      arguments: ["2001:db8::7", "forge.example", "forge6.example"])
    func addresses(address: String) async throws {
      var options = PracticeOptions()
      options.port = 2222
      try await Lab.with(options) { lab in
        var well = try await Case(lab)
        well.builder.address = address
        try await well.applyRemote()
        try await well.applyLocal()
        let installed = try await well.test()
        #expect(installed.source == "installed")
        #expect(outcomes(installed) == Self.connection)
      }
    }

    @Test("so does one whose key serves Nix and nothing else")
    func restricted() async throws {
      try await Lab.with { lab in
        var well = try await Case(lab)
        well.builder.account.restricted = true
        try await well.applyRemote()
        #expect(outcomes(try await well.test()) == Self.connection)
      }
    }

    @Test("before its fragment is applied the key is refused")
    func notYet() async throws {
      try await Lab.with { lab in
        let entry = try await Case(lab).test()
        #expect(entry.checks.first { $0.outcome == "failed" }?.name == "login")
        #expect(entry.checks.first { $0.outcome == "failed" }?.diagnosis == "key-refused")
        #expect(entry.checks.suffix(3).map(\.outcome) == ["skipped", "skipped", "skipped"])
      }
    }

    @Test(
      "each fault has its own diagnosis",
      arguments: [
        (Fault.portClosed, "connect", "refused"),
        (.silent, "connect", "hangs"),
        (.packetsDropped, "connect", "no-answer"),
        (.hostKeyChanged, "host-key", "host-key-changed"),
        (.noShell(user: "nixremote"), "login", "nologin"),
        (.noNix, "remote-nix", "no-nix"),
        (.daemonStopped, "store", "daemon-gone"),
        (.daemonForRootOnly, "store", "not-in-group"),
      ])
    func faults(fault: Fault, check: String, diagnosis: String) async throws {
      try await Lab.with { lab in
        let broken = try await Case(lab)
        try await broken.applyRemote()
        try await lab.connection.cause(fault)
        let entry = try await broken.test()
        let failed = entry.checks.filter { $0.outcome == "failed" }
        #expect(failed.map(\.name) == [check])
        #expect(failed.first?.diagnosis == diagnosis)
        #expect(failed.first?.remedy?.isEmpty == false)
      }
    }

    @Test(
      "so has each wrong answer about the way there",
      arguments: [
        ("no-such-host.example", 22, "resolve", "unresolvable"),
        ("192.0.2.99", 22, "connect", "unreachable"),
        ("203.0.113.1", 22, "connect", "unreachable"),
        ("192.0.2.7", 23, "connect", "refused"),
      ])
    func addressFaults(address: String, port: Int, check: String, diagnosis: String) async throws {
      try await Lab.with { lab in
        var broken = try await Case(lab)
        broken.builder.address = address
        broken.builder.port = port
        let entry = try await broken.test()
        let failed = entry.checks.filter { $0.outcome == "failed" }
        #expect(failed.map(\.name) == [check])
        #expect(failed.first?.diagnosis == diagnosis)
      }
    }

    @Test(
      "so has each thing that is wrong with the key",
      arguments: [
        ("chmod 644 /root/.ssh/forge", "key", "key-open-modes"),
        ("ssh-keygen -q -p -P '' -N secret -f /root/.ssh/forge", "key", "key-passphrase"),
        ("rm /root/.ssh/forge", "key", "key-missing"),
        ("cp /root/.ssh/forge.pub /root/.ssh/forge", "key", "key-is-public"),
        (
          "rm /root/.ssh/forge*; ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/forge", "key",
          "key-not-recorded"
        ),
      ])
    func keyFaults(script: String, check: String, diagnosis: String) async throws {
      try await Lab.with { lab in
        let broken = try await Case(lab)
        try await broken.applyRemote()
        _ = try await lab.here(script)
        let entry = try await broken.test()
        let failed = entry.checks.filter { $0.outcome == "failed" }
        #expect(failed.map(\.name) == [check])
        #expect(failed.first?.diagnosis == diagnosis)
      }
    }

    @Test("an account that is not trusted is told apart")
    func untrusted() async throws {
      try await Lab.with { lab in
        var broken = try await Case(lab)
        broken.builder.account.trusted = false
        try await broken.applyRemote()
        let entry = try await broken.test()
        let failed = entry.checks.filter { $0.outcome == "failed" }
        #expect(failed.map(\.name) == ["trusted"])
        #expect(failed.first?.diagnosis == "untrusted")
      }
    }

    @Test("claims that the builder cannot keep are named, and the others pass")
    func claims() async throws {
      try await Lab.with { lab in
        var broken = try await Case(lab)
        broken.builder.systems.append("riscv64-linux")
        broken.builder.supportedFeatures = ["benchmark", "kvm"]
        try await broken.applyRemote()
        let entry = try await broken.test("--build")
        #expect(
          outcomes(entry) == Self.connection + [
            "build x86_64-linux passed", "build i686-linux passed", "build riscv64-linux failed",
            "feature benchmark passed", "feature kvm failed",
          ])
        let diagnoses = entry.checks.filter { $0.outcome == "failed" }.map(\.diagnosis)
        #expect(diagnoses == ["system-not-offered", "feature-not-offered"])
      }
    }

    @Test("what the fragment announces and emulates is there after it is applied")
    func announced() async throws {
      try await Lab.with { lab in
        var well = try await Case(lab)
        well.builder.systems.append("riscv64-linux")
        well.builder.supportedFeatures = ["benchmark", "kvm"]
        well.builder.account.emulatedSystems = ["riscv64-linux"]
        well.builder.account.systemFeatures = ["benchmark", "kvm"]
        try await well.applyRemote()
        let entry = try await well.test("--build")
        #expect(entry.passed, "\(outcomes(entry))")
      }
    }

    @Test("a builder that dies in the middle of a build is told apart")
    func killed() async throws {
      try await Lab.with { lab in
        let broken = try await Case(lab)
        try await broken.applyRemote()
        // To Nix here a build is not over before this hook is.
        _ = try await lab.there(
          """
          printf '#!/bin/sh\\ntouch /run/building\\nsleep 60\\n' >/run/hook
          chmod +x /run/hook
          echo 'post-build-hook = /run/hook' >>/etc/nix/nix.conf
          """)
        try await lab.connection.repair()
        async let tested = broken.test("--build")
        _ = try await lab.there("until [ -e /run/building ]; do sleep 0.05; done")
        try await lab.connection.cause(.killed)
        let entry = try await tested
        let failed = entry.checks.filter { $0.outcome == "failed" }
        #expect(failed.first?.diagnosis == "builder-went-away")
      }
    }

    @Test("a full disk is told apart from a build that fails")
    func diskFull() async throws {
      try await Lab.with { lab in
        let broken = try await Case(lab)
        try await broken.applyRemote()
        try await lab.connection.cause(.diskFull)
        let entry = try await broken.test("--build")
        let failed = entry.checks.filter { $0.outcome == "failed" }
        #expect(failed.first?.diagnosis == "disk-full")
        #expect(failed.first?.evidence?.contains("No space left on device") == true)
      }
    }
  }
}
