import Builders
import Checks
import Testing

@testable import Practice

extension MachineTests {
  /// `nix-builders test --measure` on real machines.
  @Suite(.sharedLab) struct Measuring {
    private func well(
      _ change: (inout Builder) -> Void = { _ in }
    ) async throws -> TestedBuilder {
      let lab = try #require(SharedLab.current)
      try await lab.connection.repair()
      var tested = try await TestedBuilder(lab)
      change(&tested.builder)
      try await tested.apply()
      return tested
    }

    @Test("everything is measured, and neither machine keeps anything of it")
    func all() async throws {
      let tested = try await well()
      // The computer's own is seen through an overlay, with what others have left there.
      let folders = "ls -d /tmp/nix-builders-?????? 2>/dev/null || :"
      let before = try await tested.lab.here(folders).split(separator: "\n")
      for source in ["--written", "--installed"] {
        let report = try await tested.test([source, "--measure"])
        #expect(report.passed)
        let measures = try #require(report.measures)
        #expect(measures.missing == [:])
        #expect((measures.roundTripSeconds ?? 0) > 0)
        #expect((measures.roundTripSeconds ?? 1) < 0.1)
        #expect(measures.copiedBytes == 64 << 20)
        #expect((measures.copySeconds ?? 0) > 0)
        #expect((measures.emptyBuildSeconds ?? 0) > 0)
        #expect((measures.processors ?? 0) >= 1)
        // Both machines are this computer; the tests beside this one take what they like of it.
        #expect((measures.speed ?? 0) > 0.1)
        #expect((measures.speed ?? 100) < 10)
        #expect((measures.freeBytes ?? 0) > 1 << 30)
        #expect(measures.totalBytes == 2048 << 20)
        #expect(measures.advice.map(\.id).contains("disk"))
      }
      let left = try await tested.lab.here(folders).split(separator: "\n")
      #expect(Set(left).subtracting(before) == [])
      let kept = "find /nix/store -size +32M | wc -l"
      #expect(try await tested.lab.here(kept) == "0\n")
      #expect(try await tested.lab.there(kept) == "0\n")
    }

    @Test("what a key that serves only Nix leaves unknown is said")
    func restricted() async throws {
      let tested = try await well { $0.account.restricted = true }
      let measures = try #require(try await tested.test(["--installed", "--measure"]).measures)
      #expect(measures.missing.keys.sorted() == ["disk", "processors", "speed"])
      #expect(measures.missing["speed"] == "the key serves Nix and nothing else")
      #expect(measures.copiedBytes == 64 << 20)
      #expect(measures.leftover == nil)
      #expect(try await tested.lab.there("find /nix/store -size +32M | wc -l") == "0\n")
    }

    @Test("over the older protocol the login deletes, and a restricted key leaves it and says so")
    func olderProtocol() async throws {
      let tested = try await well { $0.storeProtocol = .ssh }
      let large = "find /nix/store -size +32M | wc -l"
      let before = try await tested.lab.there(large)
      let free = try #require(try await tested.test(["--installed", "--measure"]).measures)
      #expect(free.missing == [:])
      #expect(free.leftover == nil)
      #expect(try await tested.lab.there(large) == before)
      let restricted = try await well {
        $0.storeProtocol = .ssh
        $0.account.restricted = true
      }
      let measures = try #require(
        try await restricted.test(["--installed", "--measure"]).measures)
      #expect(measures.copiedBytes == 64 << 20)
      #expect(
        measures.leftover?.hasSuffix(
          ": over the protocol ssh, a key that serves only Nix cannot delete") == true)
    }

    @Test("a builder that fails its test is not measured")
    func failed() async throws {
      let tested = try await well()
      try await tested.lab.connection.cause(.portClosed)
      let report = try await tested.test(["--installed", "--measure"])
      #expect(!report.passed)
      #expect(report.measures == nil)
    }

    @Test("nothing large is copied to a builder that has no room")
    func noRoom() async throws {
      let tested = try await well()
      _ = try await tested.lab.there("mount -o remount,size=500m \(Files.store)")
      let measures = try #require(try await tested.test(["--installed", "--measure"]).measures)
      #expect(measures.missing["copy"] == "the builder's disk is nearly full")
      #expect(measures.copiedBytes == nil)
    }
  }
}
