import Builders
import Testing

@testable import Checks

@Suite("A part of a test") struct PartOfTestTests {
  private func test(address: String = "127.0.0.1", keyPath: String = "/no/such/key") -> BuilderTest
  {
    var builder = Builder(
      alias: "forge", address: address, systems: ["x86_64-linux", "i686-linux"], keyPath: keyPath)
    builder.supportedFeatures = ["kvm"]
    builder.hostKey = "ssh-ed25519 AAAA"
    return BuilderTest(builder: builder, source: .written)
  }

  @Test(
    "a check comes with those that it needs something from, in order and each once",
    arguments: [
      (["host-key"], ["host-key"]), (["connect"], ["resolve", "connect"]),
      (["key"], ["key"]), (["login"], ["login"]),
      (["trusted", "connect"], ["resolve", "connect", "login", "store", "trusted"]),
      (["remote-nix"], ["login", "remote-nix"]),
      (["feature kvm", "trusted"], ["login", "store", "trusted", "feature kvm"]),
      (["build i686-linux"], ["build i686-linux"]), (["package"], []), ([], []),
    ])
  func needed(wanted: [String], expected: [String]) {
    let test = test()
    let all = test.names(of: [.connection, .builds, .package("a")])
    let names = all.filter { wanted.contains($0.description) }
    #expect(test.names(.only(names)).map(\.description) == expected)
  }

  private actor Events {
    var names: [String] = []
    func take(_ event: CheckEvent) {
      switch event {
      case .started(let name): names.append("started \(name)")
      case .finished(let result): names.append("\(result.outcome) \(result.name)")
      case .command, .output: break
      }
    }
  }

  private func run(
    _ wanted: [CheckName], of test: BuilderTest
  ) async -> (results: [CheckResult], events: [String]) {
    let events = Events()
    let results = await test.run([.only(wanted)]) { await events.take($0) }
    return (results, await events.names)
  }

  @Test("only what is wanted is run, told and answered")
  func onlyWanted() async {
    let key = await run([.key], of: test())
    #expect(key.results.map(\.name) == [.key])
    #expect(key.results[0].diagnosis?.id == "key-missing")
    #expect(key.events == ["started key", "failed key"])
    let resolve = await run([.resolve], of: test())
    #expect(resolve.events == ["started resolve", "passed resolve"])
    #expect(resolve.results.map(\.detail) == ["127.0.0.1"])
  }

  @Test("of what is wanted, that which needs a failed check is skipped")
  func skipping() async {
    let test = test(address: "no-such-host.invalid")
    let (results, events) = await run([.resolve, .connect, .hostKey, .store], of: test)
    #expect(results.map(\.name) == [.resolve, .connect, .hostKey, .login, .store])
    #expect(results.map(\.outcome) == [.failed, .skipped, .skipped, .skipped, .skipped])
    #expect(results[3].detail == "needs resolve")
    #expect(
      events == [
        "started resolve", "failed resolve", "skipped connect", "skipped host-key",
        "skipped login", "skipped store",
      ])
  }

  // MARK: - Time

  @Test("a test that is given too little time says so once, and the rest is not tried")
  func deadline() async {
    // It listens and never says a word.
    let port = SilentPort()
    defer { port.close() }
    var test = test()
    test.builder.port = port.number
    let begin = ContinuousClock.now
    let results = await test.run([.connection, .builds], within: 1) { _ in }
    #expect(begin.duration(to: .now) < .seconds(4))
    #expect(results.map(\.name) == test.names(of: [.connection, .builds]))
    let connect = results[1]
    #expect(connect.outcome == .failed)
    #expect(connect.detail == "gave up after 1 s")
    #expect(connect.gaveUpAfter == 1)
    #expect(connect.diagnosis?.id == "out-of-time")
    #expect(results[2].detail == "needs connect")
    #expect(results.suffix(3).map(\.detail) == Array(repeating: "needs connect", count: 3))
  }

  @Test("a test that ends in time is not touched by its limit")
  func inTime() async {
    let test = test(address: "no-such-host.invalid")
    let results = await test.run([.reach], within: 60) { _ in }
    #expect(results.map(\.gaveUpAfter) == [nil, nil, nil])
    #expect(results[0].diagnosis?.id == "unresolvable")
  }

  @Test(
    "a check that was to begin after the end of the time fails; those after it have no time left")
  func afterTheEnd() async {
    var test = test()
    let deadline = Deadline(seconds: 3)
    deadline.pass()
    test.deadline = deadline
    let task = Task { [test] in
      withUnsafeCurrentTask { $0?.cancel() }
      return await test.run(.reach) { _ in }
    }
    let results = await task.value
    #expect(results.map(\.outcome) == [.failed, .skipped, .skipped])
    #expect(results.map(\.detail) == ["gave up after 3 s", "needs resolve", "needs resolve"])
  }

  @Test("somebody who cancels is told so, also where there is a limit")
  func cancelled() async {
    let test = test()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await test.run([.reach], within: 60) { _ in }
    }
    #expect(await task.value.map(\.detail) == ["cancelled", "cancelled", "cancelled"])
  }
}
