import Builders
import Checks
import Features
import FoundationEssentials
import Fragments
import Processes
import Testing
import TestSupport

@testable import Practice

/// What `nix-builders test --json` says of one builder.
struct TestOutput: Decodable {
  struct Check: Decodable {
    var name: String
    var outcome: String
    var seconds: Double
    var detail: String
    var diagnosis: String?
    var cause: String?
    var remedy: String?
    var evidence: String?
  }

  struct Measures: Decodable {
    struct Advice: Decodable {
      var id: String
      var text: String
      var setting: String
    }

    var roundTripSeconds: Double?
    var copiedBytes: Int?
    var copySeconds: Double?
    var emptyBuildSeconds: Double?
    var processors: Int?
    var speed: Double?
    var freeBytes: Int?
    var totalBytes: Int?
    var missing: [String: String]
    var leftover: String?
    var advice: [Advice]
  }

  var source: String
  var passed: Bool
  var checks: [Check]
  var measures: Measures?

  /// The checks that failed.
  var failed: [Check] { checks.filter { $0.outcome == "failed" } }

  /// Each check with its outcome.
  var outcomes: [String] { checks.map { "\($0.name) \($0.outcome)" } }

  /// Those of a connection test in which nothing is wrong.
  static let connection = [
    "resolve passed", "connect passed", "host-key passed", "key passed", "login passed",
    "remote-nix passed", "store passed", "trusted passed",
  ]

  /// The same, where only the bastion knows the way.
  static let throughBastion =
    ["resolve skipped", "connect skipped"] + connection.dropFirst(2)
}

/// A builder of the lab as the inventory has it, with the fragments applied that follow from it.
struct TestedBuilder {
  let lab: Lab
  var builder: Builder

  /// Makes key and builder; nothing is applied yet.
  init(_ lab: Lab) async throws {
    self.lab = lab
    _ = try await lab.here("rm -rf /root/.ssh/* /etc/nix/machines")
    builder = lab.connection.suggestedBuilder
    builder.publicKey = try await lab.makeKey()
    builder.hostKey = try await lab.hostKey(port: builder.port)
  }

  private var inventory: Inventory { Inventory(builders: [builder]) }

  /// Applies both fragments.
  func apply() async throws {
    try await lab.applyRemote(builder.remoteFragment().text)
    try await lab.applyLocal(inventory.localFragment().text)
  }

  func writeInventory() async throws {
    let text = String(decoding: InventoryFile.encode(inventory), as: UTF8.self)
    try await lab.write(text, to: "/root/builders.json")
  }

  /// What `nix-builders explain` makes of a text.
  func explain(_ text: String) async throws -> Command.Result {
    try await writeInventory()
    return await lab.local.command(
      [program, "explain", builder.alias, "--directory", "/root"], input: Array(text.utf8)
    ).run()
  }

  /// Every process on both machines, as the local one sees them.
  private func processes() async throws -> Set<String> {
    // What lists them is not counted: it would be another one each time.
    let list = try await lab.here(
      """
      for process in /proc/[0-9]*; do
        [ "${process#/proc/}" = $$ ] || echo "${process#/proc/} $(cat $process/comm)" || :
      done 2>/dev/null
      """)
    return Set(list.split(separator: "\n").map(String.init))
  }

  /// Runs `nix-builders test --json`, and looks that nothing of it runs any more on either machine.
  func test(
    _ words: [String], environment: [String: String?] = [:]
  ) async throws -> TestOutput {
    try await writeInventory()
    let before = try await processes()
    let command = lab.local.command(
      [program, "test", builder.alias, "--directory", "/root", "--json"] + words,
      environment: environment, timeLimit: .seconds(120))
    let result = await command.run()
    try #require(result.output.hasPrefix("{"), "\(result.error)")
    let reports = try JSONDecoder().decode(
      [String: [TestOutput]].self, from: Data(result.output.utf8))
    let report = try #require(reports["builders"]?.first)
    let lacksPackage = report.checks.contains {
      $0.name == "package" && $0.outcome == "skipped" && $0.detail == "not available here"
    }
    let status: Int32 = !report.passed ? 1 : lacksPackage ? 69 : 0
    #expect(result.ending == .exited(status), "\(result.error)")
    // The builder's sshd takes a moment to see that somebody is gone.
    var left = try await processes().subtracting(before)
    for _ in 0..<100 where !left.isEmpty {
      try await Task.sleep(for: .milliseconds(20))
      left = try await processes().subtracting(before)
    }
    #expect(left == [], "left running")
    return report
  }
}

/// A lab that the tests of a suite use one after the other.
struct SharedLab: SuiteTrait, TestScoping {
  @TaskLocal static var current: Lab?

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await Lab.with { lab in
      try await Self.$current.withValue(lab) { try await function() }
    }
  }
}

extension Trait where Self == SharedLab {
  /// The tests of this suite share a lab.
  static var sharedLab: Self { SharedLab() }
}
