import Builders
import Testing

@testable import Checks

@Suite("The table of checks") struct CheckTableTests {
  private static let builder: Builder = {
    var builder = Builder(
      alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux", "i686-linux"])
    builder.port = 2222
    builder.supportedFeatures = ["kvm"]
    return builder
  }()

  @Test("has a title for each check, in the order in which they are shown")
  func titles() {
    let test = BuilderTest(builder: Self.builder, source: .written)
    let names = test.names(of: [.connection, .builds, .package("a")])
    #expect(
      names.map { "\($0): \($0.title(for: Self.builder))" } == [
        "resolve: name", "connect: port 2222", "host-key: host key", "key: key",
        "login: log in", "remote-nix: Nix", "store: store", "trusted: trusted",
        "build x86_64-linux: x86_64-linux", "build i686-linux: i686-linux", "feature kvm: kvm",
        "package: package",
      ])
  }

  @Test("is reached by the scopes: no check in it is never run")
  func complete() {
    let test = BuilderTest(builder: Self.builder, source: .written)
    let kinds = Set(test.names(of: [.connection, .builds, .package("a")]).map(\.kind))
    #expect(kinds == Set(CheckTable.checks.map(\.kind)))
    #expect(CheckTable.checks.count == kinds.count)
    #expect(!CheckTable.checks.contains { $0.kind.contains(" ") })
  }

  @Test("each name is read back from what `test --json` and the history say")
  func names() {
    let test = BuilderTest(builder: Self.builder, source: .written)
    for name in test.names(of: [.connection, .builds, .package("a")]) {
      #expect(CheckName(name.description) == name)
    }
    for text in ["", "login ", "login x", "build", "nonsense", "feature"] {
      #expect(CheckName(text) == nil, "\(text)")
    }
    #expect(CheckName("feature a b") == .feature("a b"))
  }

  @Test("a need names a check of the same stage, and none waits for itself")
  func needs() async {
    let stages: [[Check.Part]] = [[.reach, .login], [.builds], [.package]]
    let noCondition = HandedOn()
    let restricted = HandedOn()
    await restricted.put(Login.Outcome.restricted)
    for handedOn in [noCondition, restricted] {
      for stage in stages {
        let checks = CheckTable.checks.filter { stage.contains($0.part) }
        var done: Set<String> = []
        var waiting = checks
        while !waiting.isEmpty {
          var ready: [Check] = []
          for check in waiting {
            var isReady = true
            for need in check.needs where await need.condition(handedOn) {
              #expect(checks.contains { $0.kind == need.name.kind }, "\(check.kind)")
              isReady = isReady && done.contains(need.name.kind)
            }
            if isReady { ready.append(check) }
          }
          guard !ready.isEmpty else {
            Issue.record("\(waiting.map(\.kind)) wait for each other")
            return
          }
          done.formUnion(ready.map(\.kind))
          waiting.removeAll { check in ready.contains { $0.kind == check.kind } }
        }
      }
    }
  }

  @Test("a check that is left out is shown by one in the table")
  func exemptions() {
    let exempt = CheckTable.checks.filter { $0.exemption != nil }
    #expect(exempt.map(\.kind) == ["resolve", "connect"])
    for check in exempt {
      #expect(CheckTable.check(ofKind: check.exemption?.shownBy.kind ?? "") != nil)
      #expect(check.exemption?.reason(Self.builder) == nil)
      var behind = Self.builder
      behind.proxyJump = "me@jump"
      #expect(check.exemption?.reason(behind) == "through me@jump")
    }
  }

  @Test("values are handed on by their type")
  func handedOn() async {
    let handedOn = HandedOn()
    #expect(await handedOn.value(Resolve.Addresses.self) == nil)
    await handedOn.put(Resolve.Addresses(all: ["a"]))
    await handedOn.put(Resolve.Addresses(all: ["b"]))
    #expect(await handedOn.value(Resolve.Addresses.self)?.all == ["b"])
    #expect(await handedOn.value(Login.Outcome.self) == nil)
  }
}
