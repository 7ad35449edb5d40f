import Builders
import Testing

@testable import Checks
@testable import SSH

/// What a builder says of itself: what is believed, and what follows from it.
@Suite struct RemoteFactsTests {
  /// What an administrator's login on a NixOS machine is told.
  private static let printed: String = """
    nix-builders: begin
    nix-builders: time 1764000000
    nix-builders: machine Linux x86_64
    nix-builders: processors 16
    nix-builders: nix-daemon /run/current-system/sw/bin/nix-daemon
    nix-builders: nix-store /run/current-system/sw/bin/nix-store
    nix-builders: version nix-daemon (Nix) 2.34.8
    nix-builders: socket open
    extra-platforms = aarch64-linux i686-linux
    system = x86_64-linux
    system-features = benchmark big-parallel kvm nixos-test
    nix-builders: emulators aarch64-linux register status
    nix-builders: os nixos
    nix-builders: os-name "NixOS 25.11 (Xantusia)"
    nix-builders: kind nixos
    nix-builders: memory-kb 65831424 kB
    nix-builders: space /dev/nvme0n1p2 976283648 512000000 210763776 71% /nix
    nix-builders: kvm crw-rw-rw- 302
    nix-builders: kvm-opens yes
    nix-builders: build-groups 30000 302
    nix-builders: user 1000 ada
    nix-builders: sudo asks
    nix-builders: account nixremote no
    nix-builders: sshd maxstartups 10:30:100
    nix-builders: sshd maxsessions 10
    nix-builders: sshd pubkeyauthentication yes
    nix-builders: sshd permitrootlogin without-password
    nix-builders: sshd forcecommand none
    nix-builders: end
    """

  private var builder: Builder {
    Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
  }

  private func facts(_ replaced: (String, String)...) throws -> RemoteFacts {
    var output = Self.printed
    for (old, new) in replaced { output = output.replacing(old, with: new) }
    return try #require(RemoteFacts(output: output))
  }

  @Test("all of it is read")
  func whole() throws {
    let facts = try facts()
    #expect(facts.isWhole)
    #expect(facts.system.name == "NixOS 25.11 (Xantusia)")
    #expect(facts.system.kind == .nixOS)
    #expect(facts.nixVersion == "2.34.8")
    #expect(facts.memory == 65_831_424 * 1024)
    #expect(facts.space == 210_763_776 * 1024)
    #expect(facts.capabilities.systems == ["x86_64-linux", "aarch64-linux", "i686-linux"])
    #expect(facts.emulatedSystems == ["aarch64-linux"])
    #expect(facts.kvm == .usable)
    #expect(facts.user == "ada")
    #expect(facts.sudo == .asks)
    #expect(facts.account == RemoteAccount(name: "nixremote", exists: false))
    #expect(facts.sshd?.maxSessions == 10)
    #expect(facts.sshd?.obstacle(user: "nixremote", groups: ["nixremote"]) == nil)
  }

  @Test("they are told thing by thing")
  func told() throws {
    let told = Fact.all(try facts(), of: builder).map { "\($0.title): \($0.detail)" }
    #expect(
      told == [
        "system: NixOS 25.11 (Xantusia), Linux x86_64", "Nix: 2.34.8",
        "hardware: 16 processors, 62 GiB of memory, 201 GiB free for the store",
        "systems: x86_64-linux aarch64-linux (emulated) i686-linux",
        "features: benchmark big-parallel kvm nixos-test", "sudo: asks ada for a password",
        "account: nixremote is not there yet",
        "sshd: lets nixremote in; 10 sessions a connection, MaxStartups 10:30:100",
      ])
  }

  @Test("the answers that follow")
  func answers() throws {
    let answers = FactAnswers(try facts(), for: builder)
    #expect(answers.systems == ["x86_64-linux", "aarch64-linux", "i686-linux"])
    #expect(answers.features == ["benchmark", "big-parallel", "kvm", "nixos-test"])
    #expect(answers.maxJobs == 16)
    #expect(answers.createsAccount == true)
    #expect(answers.differences(from: builder) == [.systems, .features, .maxJobs])
    var taken = builder
    for question in FactAnswers.Question.allCases { answers.apply(question, to: &taken) }
    #expect(answers.differences(from: taken).isEmpty)
    #expect(taken.maxJobs == 16)
    #expect(taken.speedFactor == 1)
  }

  @Test(
    "max jobs is the number of processors, with memory enough for each",
    arguments: [(16, 65_831_424, 16), (16, 8_000_000, 3), (2, 500_000, 1), (64, nil, 64)])
  func maxJobs(processors: Int, kibibytes: Int?, jobs: Int) throws {
    let facts = try facts(
      ("processors 16", "processors \(processors)"),
      ("memory-kb 65831424 kB", "memory-kb \(kibibytes.map { "\($0) kB" } ?? "")"))
    #expect(FactAnswers(facts, for: builder).maxJobs == jobs)
  }

  @Test(
    "kvm is claimed only where builds can open it",
    arguments: [
      ("crw-rw-rw- 302", "yes", "30000", RemoteFacts.KVM.usable),
      ("crw-rw---- 302", "yes", "30000 302", .usable), ("crw-rw---- 302", "yes", "30000", .closed),
      ("crw-rw-rw- 302", "no", "30000", .broken), ("crw------- 0", "no", "30000", .closed),
      ("crw-rw---- 302", "no", "", .usable), ("nonsense", "yes", "30000", .absent),
    ])
  func kvm(mode: String, opens: String, groups: String, kvm: RemoteFacts.KVM) throws {
    let facts = try facts(
      ("kvm crw-rw-rw- 302", "kvm \(mode)"), ("kvm-opens yes", "kvm-opens \(opens)"),
      ("build-groups 30000 302", "build-groups \(groups)"))
    #expect(facts.kvm == kvm)
    let features = FactAnswers(facts, for: builder).features ?? []
    #expect(features.contains("kvm") == (kvm == .usable))
    #expect(features.contains("nixos-test"))
  }

  @Test("an account that is there is taken, unless an earlier fragment has made it")
  func account() throws {
    let own = try facts(
      (
        "account nixremote no",
        """
        account nixremote yes
        nix-builders: account-entry nixremote:x:1001:100:Build account:/home/nixremote:/bin/sh
        nix-builders: account-groups users wheel
        """
      ))
    #expect(own.account?.userID == 1001)
    #expect(own.account?.groups == ["users", "wheel"])
    #expect(FactAnswers(own, for: builder).createsAccount == false)
    let made = try facts(
      (
        "account nixremote no",
        """
        account nixremote yes
        nix-builders: account-entry nixremote:x:500:500:Nix remote builds:/var/empty:/bin/sh
        """
      ))
    #expect(FactAnswers(made, for: builder).createsAccount == true)
    var other = builder
    other.user = "ada"
    #expect(FactAnswers(made, for: other).createsAccount == nil)
  }

  @Test(
    "sshd's own settings tell who is kept out",
    arguments: [
      ("allowusers ada\nnix-builders: sshd allowusers root", "AllowUsers", true),
      ("allowusers nix*", nil, true), ("allowusers nixremote@192.0.2.0/24", nil, true),
      ("allowusers !nixremote\nnix-builders: sshd allowusers *", "AllowUsers", true),
      ("allowgroups wheel", "AllowGroups", true), ("allowgroups nixremote", nil, true),
      ("denyusers nixremote", "DenyUsers", false), ("denyusers nixremote@192.0.2.9", nil, false),
      ("denygroups n?xremote", "DenyGroups", false),
    ])
  func gates(line: String, setting: String?, allows: Bool) throws {
    let facts = try facts(
      (
        "sshd maxsessions 10",
        """
        sshd maxsessions 10
        nix-builders: sshd \(line)
        nix-builders: sshd-line /etc/ssh/sshd_config:12:\(setting ?? "Port") ada root
        """
      ))
    let sshd = try #require(facts.sshd)
    let obstacle = sshd.obstacle(user: "nixremote", groups: ["nixremote"])
    let expected: SSHDLimits.Obstacle? = setting.map {
      allows ? .notAllowed(setting: $0) : .denied(setting: $0)
    }
    #expect(obstacle == expected)
    let fact = try #require(Fact.all(facts, of: builder).first { $0.title == "sshd" })
    #expect(fact.isFatal == (setting != nil))
    if let setting {
      #expect(fact.detail == "keeps nixremote out")
      #expect(fact.warning?.id == "facts-shut-out")
      #expect(fact.warning?.cause.contains("(/etc/ssh/sshd_config:12:\(setting) ada root)") == true)
    }
  }

  @Test("what speaks against it as a builder has a name of its own")
  func warnings() throws {
    let said = """
      nix-builders: begin
      nix-builders: sudo absent
      system = x86_64-linux
      system-features = kvm
      nix-builders: end

      """
    let facts = try #require(RemoteFacts(output: said))
    let warnings = Fact.all(facts, of: builder).compactMap(\.warning?.id)
    #expect(warnings == ["facts-no-nix", "facts-kvm", "facts-no-sudo"])
  }

  @Test("an administrator's login that fails is not put down to the builder's own key")
  func administrator() {
    let login = AdministratorLogin(user: "ada", host: "192.0.2.7")
    let refused = "ada@192.0.2.7: Permission denied (publickey,password).\n"
    #expect(login.diagnosis(of: refused, to: builder)?.id == "administrator-refused")
    let closed = "ssh: connect to host 192.0.2.7 port 22: Connection refused\n"
    #expect(login.diagnosis(of: closed, to: builder)?.id == "refused")
  }

  @Test("a package that cannot be evaluated says so")
  func package() { #expect(Diagnosis.notEvaluated.id == "package-not-evaluated") }

  @Test("other settings that keep the account out")
  func obstacles() throws {
    func obstacle(_ line: String, user: String = "nixremote") throws -> SSHDLimits.Obstacle? {
      try facts(("sshd forcecommand none", "sshd \(line)")).sshd?.obstacle(user: user, groups: [])
    }
    #expect(try obstacle("pubkeyauthentication no") == .noKeys)
    #expect(try obstacle("permitrootlogin no", user: "root") == .noRoot)
    #expect(try obstacle("permitrootlogin no") == nil)
    #expect(try obstacle("forcecommand internal-sftp") == .forcedCommand("internal-sftp"))
    #expect(try obstacle("maxsessions 0") == .noSessions)
  }

  /// What a machine may print that wants to do harm.
  private static let harmful: [String] = [
    "-9223372036854775808", "9223372036854775807", "99999999999999999999999999", "-1", "0x10",
    "1e9",
    "", " ", "$(reboot)", "`reboot`", "/x; reboot #", "../../etc/passwd", "a b c d e f g h i j k",
    "\u{1B}]52;c;cm0gLXJm\u{7}", "\u{9B}2J", "\u{202E}lla", "#\u{301}", "%\u{34F}n", "\u{0}",
    "kvm\u{301}", "x86_64-linux\u{200D}", "é", "%n%s", "'; reboot; '", "\"\\", "-oProxyCommand=x",
    String(repeating: "9", count: 100_000), String(repeating: "a ", count: 50_000), "yes", "no",
  ]

  @Test("no line takes more than what it may be, whatever stands in it", arguments: harmful)
  func hostile(value: String) throws {
    let lines = Self.printed.split(separator: "\n").map(String.init)
    for index in lines.indices.dropFirst().dropLast() {
      var changed = lines
      let line = changed[index]
      // Behind the key, and in place of the last word.
      let key = line.split(separator: " ").prefix(line.hasPrefix("nix-builders") ? 2 : 2)
      let start = line.split(separator: " ").dropLast().joined(separator: " ")
      for text in ["\(key.joined(separator: " ")) \(value)", "\(start) \(value)"] {
        changed[index] = text
        let facts = try #require(RemoteFacts(output: changed.joined(separator: "\n")))
        check(facts, in: text)
      }
    }
  }

  private func check(_ facts: RemoteFacts, in text: String) {
    _ = facts.clockDifference(1_764_000_000, 1_764_000_001)
    _ = facts.clockDifference(.min, .max)
    let plain = { (word: String) in word.utf8.allSatisfy { (0x20...0x7E).contains($0) } }
    let told = Fact.all(facts, of: builder, clock: facts.time.map { $0 - 1 })
    for fact in told {
      #expect(plain(fact.detail) && fact.detail.utf8.count < 20_000, "\(text)")
      #expect(plain(fact.warning?.cause ?? ""), "\(text)")
      #expect(fact.warning?.command?.contains("reboot") != true, "\(text)")
    }
    var taken = builder
    let answers = FactAnswers(facts, for: builder)
    for question in FactAnswers.Question.allCases { answers.apply(question, to: &taken) }
    #expect(taken.problems().isEmpty, "\(text)")
    #expect((1...65536).contains(taken.maxJobs), "\(text)")
    #expect(
      facts.programs.values.allSatisfy { $0.hasPrefix("/") && plain($0) && !$0.contains(" ") })
    #expect(facts.sshd?.obstacle(user: "nixremote", groups: []) != .noRoot)
  }

  @Test("a clock at the end of all numbers is no clock")
  func clock() throws {
    let facts = try facts(("time 1764000000", "time -9223372036854775808"))
    #expect(facts.time == nil)
    #expect(facts.clockDifference(0, 10) == nil)
  }

  @Test("a huge answer is cut, and nothing of it is believed beyond what there can be")
  func huge() throws {
    let features = (0..<5000).map { "f\($0)" }.joined(separator: " ")
    let facts = try facts(("benchmark big-parallel kvm nixos-test", features))
    #expect(facts.capabilities.features.count == 100)
    let pattern = String(repeating: "*a", count: 90)
    let slow = try facts.sshd.map { _ in
      try self.facts(("sshd maxsessions 10", "sshd allowusers \(pattern)b")).sshd
    }
    #expect(
      slow??.obstacle(user: String(repeating: "a", count: 31), groups: [])
        == .notAllowed(setting: "AllowUsers"))
  }
}
