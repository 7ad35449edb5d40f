import Builders
import Testing

@testable import Checks
@testable import Nix

@Suite struct BuilderTestTests {
  private func builder() -> Builder {
    var builder = Builder(
      alias: "forge", address: "127.0.0.1", systems: ["x86_64-linux", "i686-linux"],
      keyPath: "/no/such/key")
    builder.supportedFeatures = ["kvm", "benchmark"]
    builder.mandatoryFeatures = ["benchmark", "gpu"]
    return builder
  }

  private func names(_ scope: BuilderTest.Scope) -> [String] {
    BuilderTest(builder: builder(), source: .written).names(scope).map(\.description)
  }

  @Test("each scope has its checks, in order")
  func scopes() {
    #expect(names(.reach) == ["resolve", "connect", "host-key"])
    #expect(names(.login) == ["key", "login", "remote-nix", "store", "trusted"])
    #expect(
      names(.connection) == [
        "resolve", "connect", "host-key", "key", "login", "remote-nix", "store", "trusted",
      ])
    #expect(
      names(.builds) == [
        "build x86_64-linux", "build i686-linux", "feature kvm", "feature benchmark",
        "feature gpu",
      ])
    #expect(names(.package("nixpkgs#hello")) == ["package"])
  }

  private actor Events {
    var names: [String] = []
    func take(_ event: CheckEvent) {
      switch event {
      case .started(let name): names.append("started \(name)")
      case .finished(let result): names.append("finished \(result.name) \(result.outcome)")
      case .command, .output: break
      }
    }
  }

  @Test("what needs a check that failed is skipped and says so")
  func skipping() async {
    let events = Events()
    var test = BuilderTest(builder: builder(), source: .written)
    test.builder.address = "no-such-host.invalid"
    let results = await test.run(.connection) { await events.take($0) }
    #expect(results.map(\.name) == test.names(.connection))
    #expect(
      results.map(\.outcome) == [
        .failed, .skipped, .skipped, .failed, .skipped, .skipped, .skipped, .skipped,
      ])
    #expect(results[0].diagnosis?.id == "unresolvable")
    #expect(results[1].detail == "needs resolve")
    #expect(results[3].diagnosis?.id == "key-missing")
    #expect(results[4].detail == "needs key")
    #expect(!results.allPassed)
    let seen = await events.names
    #expect(seen.count { $0.hasPrefix("started") } == 2)
    #expect(seen.count { $0.hasPrefix("finished") } == 8)
  }

  @Test("a run that is cancelled already skips everything")
  func cancelled() async {
    let test = BuilderTest(builder: builder(), source: .written)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await test.run(.reach) { _ in }
    }
    let results = await task.value
    #expect(results.map(\.outcome) == [.skipped, .skipped, .skipped])
    #expect(results.map(\.detail) == ["cancelled", "cancelled", "cancelled"])
  }

  @Test("all passed means that nothing was left out, but for what a bastion does")
  func allPassed() {
    func result(_ name: CheckName, _ outcome: CheckResult.Outcome) -> CheckResult {
      CheckResult(name: name, outcome: outcome)
    }
    #expect([result(.resolve, .passed), result(.connect, .passed)].allPassed)
    #expect(![result(.resolve, .passed), result(.login, .skipped)].allPassed)
    #expect(![result(.hostKey, .undecided)].allPassed)
    #expect(![result(.login, .notYet)].allPassed)
    #expect(![CheckResult]().allPassed)
    let bastion = [result(.resolve, .skipped), result(.connect, .skipped)]
    #expect((bastion + [result(.hostKey, .passed)]).allPassed)
    #expect(!(bastion + [result(.hostKey, .failed)]).allPassed)
  }

  @Test("a probe requires what it is given, and is never the same twice")
  func probe() {
    var probe = Probe(system: "x86_64-linux", features: ["kvm", "gpu"])
    probe.nonce = "abc"
    #expect(
      probe.expression == """
        derivation {
          name = "probe-1-abc";
          system = "x86_64-linux";
          builder = "/bin/sh";
          args = [ "-c" "echo built for $system; echo abc > $out" ];
          requiredSystemFeatures = [ "kvm" "gpu" ];
        }

        """)
    #expect(Probe.freshNonce() != Probe.freshNonce())
  }

  @Test("the parser of fragments knows Nix from what is not")
  func fragments() async {
    #expect(await FragmentParse.problem(in: "{ pkgs, ... }: { a = 1; }\n") == nil)
    let problem = await FragmentParse.problem(in: "{ a = ; }\n")
    #expect(problem?.contains("syntax error") == true)
    #expect(problem?.contains("\u{1B}") == false)
  }

  @Test("of many fragments each that does not parse is told")
  func manyFragments() async {
    var texts = (0..<600).map { "{ a = \($0); }\n" }
    #expect(await FragmentParse.problems(in: texts).allSatisfy { $0 == nil })
    texts[300] = "{ a = ; }\n"
    let problems = await FragmentParse.problems(in: texts)
    #expect(problems.indices.filter { problems[$0] != nil } == [300])
    #expect(await FragmentParse.problems(in: []) == [])
  }

  @Test(
    "a package's expression parses, whatever its name",
    arguments: ["nixpkgs#hello", "/etc/nixos", ".#a.b", "x#\"${y}\\", "#"])
  func packages(installable: String) async {
    let variant = PackageVariant(installable: installable, system: "x86_64-linux")
    #expect(await FragmentParse.problem(in: variant.expression) == nil)
    if let local = variant.searchPathExpression {
      #expect(await FragmentParse.problem(in: local) == nil)
    }
  }

  @Test("this machine is described")
  func localMachine() async {
    let machine = await LocalMachine.inspect()
    #expect(!machine.hostName.isEmpty)
    #expect((machine.sshVersion == nil) == machine.missingTools.contains("ssh"))
    #expect((machine.nixVersion == nil) == machine.missingTools.contains("nix"))
  }
}
