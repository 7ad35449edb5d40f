import Builders
import Testing

@testable import Checks
@testable import Features
@testable import Nix

/// What does not fit into the grid: builders that do not answer, what is built again, what Nix does
/// by itself, and builds that really run meanwhile.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SpecialCaseTests {
  @Test("with builders that do not answer, the next one gets it, and the proof says why")
  func unreachable() async throws {
    try await Lab.with { lab in
      let lines = [
        "dead x86_64-linux - 1 9", "forge1 x86_64-linux - 1 1", "forge2 x86_64-linux - 1 3",
      ]
      let proof = try await lab.compare(lines)
      #expect(proof.place == .builder("ssh-ng://forge2"))
      #expect(proof.unreachable == ["ssh-ng://dead"])
      #expect(!proof.agrees)
      #expect(
        proof.sentence == "It was built on ssh-ng://forge2. By Nix's rules ssh-ng://dead gets it. "
          + "Nix could not reach ssh-ng://dead.")
      #expect(
        lab.decide(lines).map(\.sentence).prefix(3) == [
          "ssh-ng://dead takes it: no builder has less to do, and its speed factor 9 is higher "
            + "than ssh-ng://forge2's 3.",
          "ssh-ng://forge2 is next, if ssh-ng://dead cannot be reached.",
          "ssh-ng://forge1 is next, if ssh-ng://forge2 cannot be reached.",
        ])
    }
  }

  @Test("when no builder answers, this machine is next")
  func noneReachable() async throws {
    try await Lab.with { lab in
      let lines = ["dead x86_64-linux"]
      #expect(
        lab.decide(lines, maxJobs: 1).last?.sentence
          == "This machine is next, if no builder can be reached.")
      let here = try await lab.compare(lines, maxJobs: 1)
      #expect(here.place == .local)
      #expect(lab.decide(lines).last?.sentence == "This machine does not get it: max-jobs is 0.")
      let nowhere = try await lab.compare(lines)
      #expect(nowhere.place == .nowhere)
    }
  }

  @Test("a full builder is waited for when the others do not answer, unless this machine can build")
  func fullAndUnreachable() async throws {
    try await Lab.with { lab in
      let lines = ["dead x86_64-linux", "forge1 x86_64-linux"]
      let slots = try await lab.take(["forge1": [0]])
      defer { withExtendedLifetime(slots) {} }
      let here = try await lab.compare(lines, maxJobs: 1)
      #expect(here.place == .local)
      let waiting = try await lab.compare(lines, timeLimit: .seconds(3))
      #expect(waiting.place == .waiting)
    }
  }

  @Test("a build that runs on a builder counts as its load")
  func realLoad() async throws {
    try await Lab.with { lab in
      let lines = ["forge1 x86_64-linux - 2 1", "forge2 x86_64-linux - 2 1"]
      #expect(lab.decide(lines).first?.name == "ssh-ng://forge1")
      try await lab.write(
        """
        derivation {
          name = "long"; system = "x86_64-linux"; builder = "/bin/sh";
          args = [ "-c" "while [ ! -e /tmp/enough ]; do sleep 0.1; done; echo > $out" ];
          PATH = builtins.getEnv "PATH";
        }
        """, to: "/tmp/long.nix")
      let long = lab.machines.local.command(
        [
          "nix", "--extra-experimental-features", "nix-command", "build", "--no-link", "--impure",
          "--file", "/tmp/long.nix", "--max-jobs", "0", "--builders",
          "ssh-ng://forge1 x86_64-linux - 2 1",
        ])
      async let ended = long.run()
      try await lab.wait { lab.busySlots(lines)["ssh-ng://forge1"] == [0] }
      #expect(
        lab.decide(lines).first?.sentence == "ssh-ng://forge2 takes it: 0 jobs in use at speed "
          + "factor 1 is less load than ssh-ng://forge1's 1 at 1.")
      let proof = try await lab.compare(lines)
      #expect(proof.place == .builder("ssh-ng://forge2"))
      _ = try await lab.run("touch /tmp/enough", on: lab.machines.builder)
      let result = await ended
      #expect(result.succeeded, "\(result.error)")
      try await lab.wait { lab.busySlots(lines) == BusySlots() }
    }
  }

  @Test("what is built again stays here, but with max-jobs 0 before 2.34")
  func rebuild() async throws {
    try await Lab.with { lab in
      let lines = ["forge1 x86_64-linux"]
      var request = RouteRequest(system: "x86_64-linux")
      let probe = Probe(system: "x86_64-linux", features: [])
      let first = try await lab.compare(lines, request, probe)
      try #require(first.built, "\(first.log)")
      request.isRebuild = true
      let here = try await lab.compare(lines, request, probe, maxJobs: 1, words: ["--rebuild"])
      #expect(here.place == .local)
      #expect(here.agrees, "\(here.sentence)\n\(here.log)")
      let none = try await lab.compare(lines, request, probe, words: ["--rebuild"])
      let leaves = lab.version < NixVersion("2.34")
      #expect(none.place == (leaves ? .builder("ssh-ng://forge1") : .nowhere))
      #expect(none.agrees, "\(none.sentence)\n\(none.log)")
    }
  }

  @Test("what Nix does by itself goes to any builder, and here when it asks for that")
  func builtin() async throws {
    try await Lab.with { lab in
      for machine in [lab.machines.local, lab.machines.builder] {
        _ = try await lab.run("printf content >/tmp/source", on: machine)
      }
      func fetch(_ preferLocalBuild: Bool, maxJobs: Int) async throws -> RouteProof {
        let nonce = Probe.freshNonce()
        let file = "/tmp/\(nonce).nix"
        try await lab.write(
          """
          derivation {
            name = "source-\(nonce)"; system = "builtin"; builder = "builtin:fetchurl";
            url = "file:///tmp/source"; urls = [ "file:///tmp/source" ]; unpack = false;
            executable = false; preferLocalBuild = \(preferLocalBuild);
            outputHashMode = "flat"; outputHashAlgo = "sha256";
            outputHash = builtins.hashString "sha256" "content";
          }
          """, to: file)
        return try await lab.compare(
          ["forge1 aarch64-linux"],
          RouteRequest(system: "builtin", preferLocalBuild: preferLocalBuild, isBuiltin: true),
          nonce: nonce, file: file, maxJobs: maxJobs)
      }
      let anywhere = try await fetch(false, maxJobs: 1)
      #expect(anywhere.place == .builder("ssh-ng://forge1"))
      #expect(anywhere.agrees && anywhere.built, "\(anywhere.log)")
      let here = try await fetch(true, maxJobs: 1)
      #expect(here.place == .local)
      #expect(here.agrees && here.built, "\(here.log)")
      let noJobs = try await fetch(true, maxJobs: 0)
      #expect(noJobs.place == .builder("ssh-ng://forge1"))
      #expect(noJobs.agrees && noJobs.built, "\(noJobs.log)")
    }
  }
}
