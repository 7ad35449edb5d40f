import Builders
import Fragments
import Glibc
import Testing

@testable import Checks
@testable import Features
@testable import Nix
@testable import Processes

@Suite("What a route rests on") struct RouteReadingTests {
  func request(_ json: String) -> RouteRequest? {
    RouteRequest.derivations(inJSON: json)?.first.flatMap { RouteRequest(derivation: $0) }
  }

  // MARK: - Derivations

  @Test("a derivation as 2.8 shows it")
  func oldFormat() {
    let json = """
      {"/nix/store/a-x.drv":{"outputs":{"out":{"path":"/nix/store/b-x"}},"inputSrcs":[],
      "inputDrvs":{},"system":"x86_64-linux","builder":"/bin/sh","args":[],
      "env":{"requiredSystemFeatures":"kvm  big-parallel\\n","preferLocalBuild":"1"}}}
      """
    #expect(
      request(json)
        == RouteRequest(
          system: "x86_64-linux", features: ["kvm", "big-parallel"], preferLocalBuild: true))
  }

  @Test("a derivation as 2.33 and later show it")
  func newFormat() {
    let json = """
      {"version":4,"derivations":{"a-x.drv":{"name":"x","version":4,
      "outputs":{"out":{"path":"b-x"}},"inputs":{"srcs":[],"drvs":{}},"system":"aarch64-linux",
      "builder":"/bin/sh","args":[],"env":{"preferLocalBuild":""}}}}
      """
    #expect(request(json) == RouteRequest(system: "aarch64-linux"))
  }

  @Test("structured attributes, in the environment or beside it")
  func structured() {
    let expected = RouteRequest(
      system: "x86_64-linux", features: ["kvm", "gpu"], preferLocalBuild: true)
    let old = #"""
      {"/a.drv":{"outputs":{"out":{"path":"/b"}},"system":"x86_64-linux","builder":"/bin/sh",
      "env":{"__json":"{\"requiredSystemFeatures\":[\"kvm\",\"gpu\"],\"preferLocalBuild\":true}"}}}
      """#
    #expect(request(old) == expected)
    let new = """
      {"/a.drv":{"outputs":{"out":{"path":"/b"}},"system":"x86_64-linux","builder":"/bin/sh",
      "structuredAttrs":{"requiredSystemFeatures":["kvm","gpu"],"preferLocalBuild":true},
      "env":{"requiredSystemFeatures":"not-this"}}}
      """
    #expect(request(new) == expected)
  }

  @Test(
    "outputs whose path only the build will tell require ca-derivations",
    arguments: [
      (#"{"path":"/nix/store/b"}"#, false),
      (#"{"hash":"00","hashAlgo":"sha256","path":"/nix/store/b"}"#, false),
      (#"{"hash":"sha256-AA=","method":"flat"}"#, false),
      (#"{"hashAlgo":"r:sha256"}"#, true),
      (#"{"hashAlgo":"sha256","method":"nar","impure":true}"#, true),
      ("{}", true),
    ])
  func contentAddressed(output: String, required: Bool) {
    let json = """
      {"/a.drv":{"outputs":{"out":\(output)},"system":"x86_64-linux","builder":"/bin/sh","env":{}}}
      """
    #expect(request(json)?.features == (required ? ["ca-derivations"] : []))
  }

  @Test("a builder within Nix is known")
  func builtin() {
    let json = """
      {"/a.drv":{"outputs":{"out":{"path":"/b"}},"system":"builtin","builder":"builtin:fetchurl",
      "env":{"preferLocalBuild":"1"}}}
      """
    #expect(
      request(json) == RouteRequest(system: "builtin", preferLocalBuild: true, isBuiltin: true))
    #expect(RouteRequest.derivations(inJSON: "{}")?.count == 0)
    #expect(RouteRequest.derivations(inJSON: "error") == nil)
  }

  @Test("what Nix cannot evaluate is told in its words")
  func notRead() async throws {
    let folder = try #require(PrivateDirectory())
    defer { folder.remove() }
    let file = try #require(folder.write("{ a = ; }", to: "bad.nix"))
    do throws(RouteError) {
      _ = try await RouteRequest.read(file)
      Issue.record("it was read")
    } catch {
      #expect("\(error)".hasPrefix("\(file): Nix shows no derivation of it."))
      #expect("\(error)".contains("syntax error"))
    }
  }

  // MARK: - Settings

  @Test("Nix's settings are read with their types")
  func settings() throws {
    let json = """
      {"system":{"value":"x86_64-linux"},"builders":{"value":"@/etc/nix/machines"},
      "max-jobs":{"value":8},"system-features":{"value":["kvm","nixos-test"]},
      "extra-platforms":{"value":["i686-linux"]},"build-hook":{"value":["nix","__build-remote"]},
      "external-builders":{"value":[{"systems":["aarch64-linux"],"program":"/x","args":[]}]}}
      """
    let settings = try #require(NixSettings(json: json))
    #expect(settings.maxJobs == 8)
    #expect(settings.systemFeatures == ["kvm", "nixos-test"])
    #expect(settings.extraPlatforms == ["i686-linux"])
    #expect(settings.externalSystems == ["aarch64-linux"])
    #expect(settings.hasBuildHook)
    #expect(NixSettings(json: #"{"build-hook":{"value":""}}"#)?.hasBuildHook == false)
    #expect(NixSettings(json: "{}")?.hasBuildHook == true)
  }

  @Test("the installed Nix tells them too")
  func installedSettings() async throws {
    let settings = try #require(await NixSettings.installed())
    #expect(settings.systemFeatures.contains("big-parallel"))
    #expect(settings.maxJobs >= 0)
  }

  @Test("the rules follow the version")
  func rules() {
    let old = RouteRules(version: NixVersion("2.19.7"))
    #expect(old == RouteRules(wholeSpeedFactors: true, rebuildsStayHere: false))
    let middle = RouteRules(version: NixVersion("2.20.0"))
    #expect(middle == RouteRules(wholeSpeedFactors: false, rebuildsStayHere: false))
    #expect(RouteRules(version: NixVersion("2.34.0")) == RouteRules())
  }

  @Test("a line of machines becomes a builder")
  func line() throws {
    func builder(_ text: String) throws -> RouteBuilder? {
      let entry = try #require(
        MachinesText.entries(in: text, of: "builders", reading: readMachinesFile).first)
      return RouteBuilder(entry, localSystem: "x86_64-linux")
    }
    #expect(
      try builder("ssh-ng://forge i686-linux,aarch64-linux - 3 2.5 kvm,gpu gpu c3No")
        == RouteBuilder(
          name: "ssh-ng://forge", url: "ssh-ng://forge", systems: ["i686-linux", "aarch64-linux"],
          maxJobs: 3, speedFactor: 2.5, supportedFeatures: ["kvm", "gpu"],
          mandatoryFeatures: ["gpu"]))
    #expect(
      try builder("pi")
        == RouteBuilder(name: "ssh://pi", url: "ssh://pi", systems: ["x86_64-linux"]))
    let faulty = try #require(try builder("pi - - many"))
    #expect(faulty.name == "builders:1")
    #expect(faulty.fault == "column 4 (jobs): \"many\" is not a whole number from 0")
    #expect(
      try builder("pi - - 1 -1")?.fault
        == "column 5 (speed factor): \"-1\" is not a number from 0")
    #expect(try builder("@/no/such/file") == nil)
  }

  // MARK: - Load

  @Test(
    "a slot's file is known by its store URL",
    arguments: [
      ("ssh-ng:__forge-0", "ssh-ng://forge", 0), ("ssh-ng:__forge-12", "ssh-ng://forge", 12),
      ("ssh-ng:__forge-1-0", "ssh-ng://forge-1", 0), ("ssh-ng:__forge-1-0", "ssh-ng://forge", nil),
      ("ssh-ng:__forge.upload-lock", "ssh-ng://forge", nil), ("main-lock", "ssh-ng://forge", nil),
      ("ssh:__pi?a=1&b=2-3", "ssh://pi?b=2&a=1", 3),
    ] as [(String, String, Int?)])
  func slotNames(name: String, url: String, slot: Int?) {
    #expect(BusySlots.slot(inName: name, of: url) == slot)
  }

  @Test("the slots that somebody has locked are busy, and none is locked afterwards")
  func load() throws {
    try #require(geteuid() == 0, "this needs root")
    let state = try #require(PrivateDirectory())
    let current = state.path + "/current-load"
    #expect(BusySlots.seen(of: ["ssh-ng://a"], in: state.path) == BusySlots())
    mkdir(current, 0o700)
    defer {
      for name in fileNames(in: current) { unlink("\(current)/\(name)") }
      rmdir(current)
      state.remove()
    }
    var descriptors: [String: Int32] = [:]
    for name in ["main-lock", "ssh-ng:__a-0", "ssh-ng:__a-1", "ssh-ng:__a-2", "ssh-ng:__b-0"] {
      let descriptor = open("\(current)/\(name)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      descriptors[name] = descriptor
      try #require(descriptor >= 0)
    }
    defer { for descriptor in descriptors.values { close(descriptor) } }
    func lock(_ name: String) -> Bool {
      descriptors[name].map { flock($0, LOCK_EX | LOCK_NB) == 0 } ?? false
    }
    try #require(lock("ssh-ng:__a-1") && lock("ssh-ng:__b-0"))
    #expect(
      BusySlots.seen(of: ["ssh-ng://a", "ssh-ng://b", "ssh-ng://c"], in: state.path)
        == ["ssh-ng://a": [1], "ssh-ng://b": [0]])
    #expect(lock("main-lock") && lock("ssh-ng:__a-0") && lock("ssh-ng:__a-2"))
    // Nix is looking for a slot, and does not come to an end.
    #expect(BusySlots.seen(of: ["ssh-ng://a"], in: state.path) == nil)
  }

  // MARK: - Probes

  @Test("a log tells where a build went, also when the builder says so itself")
  func placeOfBuild() {
    func log(_ version: String, _ name: String, _ nonce: String) -> ProbeLog {
      ProbeLog(
        String(decoding: Transcripts.bytes(version, "\(name).err"), as: UTF8.self), nonce: nonce)
    }
    for version in ["nix-2.8.0", "nix-2.34.8"] {
      #expect(log(version, "build-good-json", ".drv").place == .builder("ssh-ng://forge"))
      #expect(log(version, "build-good-json", "no such nonce").place == nil)
    }
    let here =
      #"@nix {"action":"start","id":1,"level":3,"parent":0,"text":"building","type":105,"#
      + #""fields":["/nix/store/a-probe-1-abc.drv","",1,1]}"#
    #expect(ProbeLog(here + "\n", nonce: "abc").place == .local)
  }

  @Test("a log tells who could not be reached, and that Nix had to wait")
  func unreachable() {
    let lines = #"""
      @nix {"action":"msg","level":0,"msg":"cannot build on 'ssh-ng://a': error: no"}
      @nix {"action":"start","id":1,"level":1,"parent":0,"text":"waiting for a machine to build 'x'","type":111}

      """#
    let log = ProbeLog(lines, nonce: "abc")
    #expect(log.unreachable == ["ssh-ng://a"])
    #expect(log.waited)
    #expect(log.refusal == .unknown)
  }

  @Test("a proof says whether Nix did what its rules say")
  func proof() {
    let situation = RouteSituation(
      builders: [
        RouteBuilder(name: "a", url: "ssh-ng://a", systems: ["x86_64-linux"]),
        RouteBuilder(name: "b", url: "ssh-ng://b", systems: ["x86_64-linux"]),
      ], local: RouteLocal(system: "aarch64-linux"))
    func proof(_ system: String, _ log: String, _ ended: Command.Ending) -> RouteProof {
      RouteProof(
        command: "nix", seen: ProbeLog(log, nonce: "abc"), ended: ended,
        verdicts: Route.decide(RouteRequest(system: system), in: situation), situation: situation)
    }
    func building(_ machine: String) -> String {
      #"@nix {"action":"start","id":1,"level":3,"parent":0,"text":"building","type":105,"#
        + #""fields":["/nix/store/a-probe-1-abc.drv","\#(machine)",1,1]}"# + "\n"
    }
    let asSaid = proof("x86_64-linux", building("ssh-ng://a"), .exited(0))
    #expect(asSaid.agrees && asSaid.built)
    #expect(asSaid.sentence == "It was built on ssh-ng://a, as Nix's rules say.")
    let missing = #"@nix {"action":"msg","level":0,"msg":"cannot build on 'ssh-ng://a': error"}"#
    let elsewhere = proof("x86_64-linux", missing + "\n" + building("ssh-ng://b"), .exited(0))
    #expect(!elsewhere.agrees)
    #expect(
      elsewhere.sentence == "It was built on ssh-ng://b. By Nix's rules a gets it. "
        + "Nix could not reach ssh-ng://a.")
    let failed = proof("aarch64-linux", building(""), .exited(1))
    #expect(failed.agrees && !failed.built)
    #expect(failed.sentence == "It went to this machine and failed there, as Nix's rules say.")
    let refused = proof(
      "riscv64-linux", "error: a 'riscv64-linux' with features {} is required to build '/x'\n",
      .exited(1))
    #expect(refused.agrees)
    #expect(refused.sentence == "No machine took it, as Nix's rules say.")
    let broken = proof("riscv64-linux", "error: the group 'nixbld' does not exist\n", .exited(1))
    #expect(!broken.agrees)
    #expect(broken.sentence == "Nix failed before it looked for a machine.")
  }
}
