import Builders
import Checks
import StateFiles
import Testing

@Suite("What is remembered of tests") struct TestHistoryTests {
  private let forge: Builder = {
    var builder = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    builder.supportedFeatures = ["kvm", "big-parallel"]
    return builder
  }()

  private func test(
    _ results: [CheckResult], kind: TestRecord.Kind = .connection
  ) -> FinishedTest {
    FinishedTest(
      kind: kind, builder: forge, source: .installed, results: results, seconds: 1.25,
      localNix: "2.34.8")
  }

  private func failed(_ name: CheckName) -> CheckResult {
    CheckResult(
      name: name, outcome: .failed, detail: "refused",
      diagnosis: Diagnosis(.refused, cause: "The key is unknown.", remedy: "Apply it."))
  }

  private func record(_ results: [CheckResult], at seconds: Double) throws -> TestRecord {
    try #require(TestRecord(test(results), at: Moment(seconds: seconds)))
  }

  @Test("is when, how it came out, which Nix on both sides, how long, and by which configuration")
  func passed() throws {
    let capabilities = RemoteCapabilities(
      nixVersion: "2.28.1", systems: ["x86_64-linux"], features: ["big-parallel"])
    let record = try record(
      [
        CheckResult(name: .connect, outcome: .passed),
        CheckResult(name: .login, outcome: .passed, finding: .capabilities(capabilities)),
      ], at: 1000)
    #expect(record.at == Moment(seconds: 1000))
    #expect(record.outcome == .passed)
    #expect(record.check == nil)
    #expect(record.localNix == "2.34.8")
    #expect(record.remoteNix == "2.28.1")
    #expect(record.seconds == 1.25)
    #expect(record.wasInstalled)
    #expect(record.unannounced == ["kvm"])
    #expect(record.isAbout(forge))
  }

  @Test("is the check that failed, with its cause and remedy")
  func failure() throws {
    let record = try record(
      [CheckResult(name: .connect, outcome: .passed), failed(.login)], at: 1000)
    #expect(record.outcome == .failed)
    #expect(record.check.flatMap(CheckName.init) == .login)
    #expect(record.detail == "refused")
    #expect(record.cause == "The key is unknown.")
    #expect(record.remedy == "Apply it.")
  }

  @Test("is nothing when the test was stopped")
  func stopped() {
    let results = [
      CheckResult(name: .connect, outcome: .passed), CheckResult(name: .login, outcome: .skipped),
    ]
    #expect(TestRecord(test(results), at: Moment(seconds: 1)) == nil)
    #expect(TestRecord(test([]), at: Moment(seconds: 1)) == nil)
  }

  @Test("says since when it has come out like this")
  func since() throws {
    var history = TestHistory()
    history.note(try record([failed(.login)], at: 1000), of: "forge")
    history.note(try record([failed(.login)], at: 2000), of: "forge")
    #expect(history.last("forge")?.at == Moment(seconds: 2000))
    #expect(history.last("forge")?.since == Moment(seconds: 1000))
    history.note(try record([failed(.connect)], at: 3000), of: "forge")
    #expect(history.last("forge")?.since == Moment(seconds: 3000))
  }

  @Test("is one test of each kind, the newest first")
  func kinds() throws {
    var history = TestHistory()
    let passed = CheckResult(name: .connect, outcome: .passed)
    let build = test(
      [CheckResult(name: .build(system: "x86_64-linux"), outcome: .passed)], kind: .build)
    history.note(try #require(TestRecord(build, at: Moment(seconds: 1000))), of: "forge")
    history.note(try record([passed], at: 2000), of: "forge")
    history.note(try record([passed], at: 3000), of: "forge")
    #expect(history["forge"].map(\.kind) == [.connection, .build])
    #expect(history["forge"].map(\.at.seconds) == [3000, 1000])
  }

  @Test("of two histories the newer test of each kind counts")
  func merge() throws {
    let passed = CheckResult(name: .connect, outcome: .passed)
    var (one, other) = (TestHistory(), TestHistory())
    one.note(try record([passed], at: 2000), of: "forge")
    other.note(try record([failed(.login)], at: 1000), of: "forge")
    other.note(try record([failed(.login)], at: 3000), of: "pi")
    one.merge(other)
    #expect(one.last("forge")?.outcome == .passed)
    #expect(one.last("pi")?.outcome == .failed)
    other.note(try record([failed(.login)], at: 4000), of: "forge")
    one.merge(other)
    #expect(one.last("forge")?.outcome == .failed)
  }

  @Test("comes back from the disk as it was, from several programs")
  func disk() throws {
    try TemporaryState.with { state in
      let first = try record([failed(.login)], at: 1000)
      let second = try record([CheckResult(name: .connect, outcome: .passed)], at: 2000)
      #expect(try TestHistory.add([("forge", first)], in: state.directory, about: "/etc/x"))
      #expect(try TestHistory.add([("pi", second)], in: state.directory, about: "/etc/x"))
      let history = TestHistory(in: state.directory)
      #expect(history.last("forge") == first)
      #expect(history.last("pi") == second)
      #expect(state.modes("tests.json") == 0o600)
      #expect(state.modes() == 0o700)
    }
  }

  @Test("is empty when the file is damaged or a newer version's")
  func damaged() throws {
    try TemporaryState.with { state in
      let record = try record([failed(.login)], at: 1000)
      try TestHistory.add([("forge", record)], in: state.directory, about: "/etc/x")
      let text = try #require(state.text("tests.json"))
      state.write(text.replacing("\"version\" : 1", with: "\"version\" : 2"), to: "tests.json")
      #expect(TestHistory(in: state.directory) == TestHistory())
      state.write(String(text.prefix(100)), to: "tests.json")
      #expect(TestHistory(in: state.directory) == TestHistory())
    }
  }

  @Test(
    "names checks so that they are found again",
    arguments: [
      CheckName.resolve, .connect, .hostKey, .key, .login, .remoteNix, .store, .trusted,
      .build(system: "x86_64-linux"), .feature("big-parallel"), .package,
    ])
  func names(name: CheckName) { #expect(CheckName(name.description) == name) }
}
