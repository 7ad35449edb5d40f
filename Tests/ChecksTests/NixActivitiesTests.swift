import Testing

@testable import Checks
@testable import Nix

@Suite struct NixActivitiesTests {
  /// What a log comes to, one second for each line.
  private func activities(_ bytes: [UInt8], ended: Bool = true) -> NixActivities {
    var reader = NixLogReader()
    var activities = NixActivities()
    var now = 0.0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      var batch = NixLogBatch()
      (Array(line) + [0x0A]).withUnsafeBytes { reader.read($0, into: &batch) }
      batch.forEach { id, count in
        _ = activities.owner(ofLines: count, of: id)
      } event: { event, _ in
        activities.apply(event, at: now)
      }
      now += 1
    }
    if ended { activities.end(at: now) }
    return activities
  }

  private func activities(_ version: String, _ name: String) -> NixActivities {
    activities(Transcripts.bytes(version, name))
  }

  private func activities(_ text: String, ended: Bool = false) -> NixActivities {
    activities(Array(text.utf8), ended: ended)
  }

  private func summary(_ activities: NixActivities) -> [String] {
    activities.builds.map { build in
      // Without the number that each recording has of its own.
      let name = build.name.prefix { $0 != "0" && !$0.isNumber }
      let reason = build.reason.map { " (\($0))" } ?? ""
      return "\(name) on \(activities.hosts[build.host].name): \(build.outcome)\(reason), "
        + "\(build.lineCount) lines"
    }
  }

  // MARK: - Recordings

  @Test(
    "a remote build, of which both machines tell, is one", arguments: Transcripts.versions)
  func good(version: String) {
    let activities = activities(version, "build-good-json.err")
    #expect(summary(activities) == ["probe- on forge: built, 1 lines"])
    #expect(activities.hosts.map(\.name) == ["forge"])
    #expect(activities.builtCount == 1)
    #expect(!activities.hasFailed)
    #expect(activities.hosts[0].copiedFrom.count == 1)
  }

  @Test("a build with dependencies, and what is copied back", arguments: Transcripts.versions)
  func dependencies(version: String) {
    let activities = activities(version, "build-two-dependencies-json.err")
    #expect(
      summary(activities) == [
        "lib-a- on forge: built, 3 lines", "lib-b- on forge: built, 3 lines",
        "app- on forge: built, 3 lines",
      ])
    #expect(activities.hosts[0].built == 3)
    #expect(activities.hosts[0].running == 0)
    #expect(activities.hosts[0].copiedFrom.count == 3)
    // Nix 2.8 does not tell how much it copies here.
    #expect(activities.hosts[0].copiedFrom.bytes == (version == "nix-2.8.0" ? 0 : 360))
    #expect(activities.waitingCount == 0)
  }

  @Test("a build that fails, with its cause", arguments: Transcripts.versions)
  func fails(version: String) {
    let activities = activities(version, "build-fails-json.err")
    #expect(summary(activities) == ["fail- on forge: failed (exit code 3), 2 lines"])
    #expect(activities.failed == [0])
    #expect(activities.hosts[0].failed == 1)
    #expect(activities.builtCount == 0)
    #expect(activities.errors == [])
    #expect(activities.hasFailed)
  }

  @Test("a builder that goes away in mid-build", arguments: Transcripts.versions)
  func connectionDies(version: String) {
    let activities = activities(version, "build-connection-dies-json.err")
    #expect(activities.builds.map(\.outcome) == [.failed])
    #expect(activities.builds[0].name.hasPrefix("slow-"))
    #expect(activities.hosts[0].running == 0)
    #expect(activities.hosts[0].built == 0)
    #expect(activities.hosts[0].failed == 1)
    #expect(
      activities.errors == [
        version == "nix-2.8.0"
          ? "error: unexpected end-of-file"
          : "error: Nix daemon disconnected unexpectedly (maybe it crashed?)"
      ])
  }

  @Test("what Nix prints for people tells of builds and failures", arguments: Transcripts.versions)
  func plain(version: String) {
    let failed = activities(version, "build-fails.err")
    #expect(summary(failed) == ["fail- on forge: failed (exit code 3), 2 lines"])
    let built = activities(version, "build-two-dependencies.err")
    #expect(
      summary(built) == [
        "lib-a- on forge: unfinished, 3 lines", "lib-b- on forge: unfinished, 3 lines",
        "app- on forge: unfinished, 3 lines",
      ])
    #expect(built.builds.allSatisfy { !$0.isTracked })
    #expect(built.hosts[0].copiedFrom.count == 3)
    #expect(!built.hasFailed)
  }

  @Test("a build that nobody takes is an error of its own", arguments: Transcripts.versions)
  func nobody(version: String) {
    let activities = activities(version, "build-unresolvable.err")
    #expect(activities.builds.isEmpty)
    #expect(activities.errorCount == 1)
    #expect(activities.hasFailed)
  }

  // MARK: - Single things

  private static func start(
    _ id: Int, _ name: String, on machine: String = "ssh-ng://nix@forge?compress=true"
  ) -> String {
    #"@nix {"action":"start","fields":["/nix/store/00000000000000000000000000000000-\#(name).drv","#
      + #""\#(machine)",1,1],"id":\#(id),"level":3,"text":"building","type":105}"# + "\n"
  }

  private static func stop(_ id: Int) -> String {
    #"@nix {"action":"stop","id":\#(id)}"# + "\n"
  }

  private static func error(_ text: String) -> String {
    #"@nix {"action":"msg","level":0,"msg":"\#(text)"}"# + "\n"
  }

  private static func failure(_ name: String, _ words: String = "failed with exit code 1") -> String
  {
    error(
      #"\u001b[31;1merror:\u001b[0m builder for '\u001b[35;1m/nix/store/"#
        + #"00000000000000000000000000000000-\#(name).drv\u001b[0m' \#(words)"#)
  }

  @Test("phases, lines and times of a build that runs")
  func running() {
    let activities = activities(
      Self.start(1, "hello-2.12")
        + #"@nix {"action":"result","fields":["buildPhase"],"id":1,"type":104}"# + "\n"
        + #"@nix {"action":"result","fields":["x"],"id":1,"type":101}"# + "\n")
    let build = activities.builds[0]
    #expect(build.name == "hello-2.12")
    #expect(build.phase == "buildPhase")
    #expect(build.lineCount == 1)
    #expect(build.duration(at: 9.5) == 9.5)
    #expect(activities.running == [0])
    #expect(activities.hosts == [activities.hosts[0]])
    #expect(activities.hosts[0].name == "forge")
    #expect(activities.hosts[0].running == 1)
  }

  @Test("builds and hosts have numbers of their own, and their lines have them too")
  func owners() {
    var activities = activities(
      Self.start(1, "a") + Self.start(2, "b", on: "") + Self.start(3, "c"))
    #expect(activities.hosts.map(\.number) == [1, 3])
    #expect(activities.builds.map(\.number) == [2, 4, 5])
    #expect(activities.owner(ofLines: 3, of: 2) == 4)
    #expect(activities.builds[1].lineCount == 3)
    #expect(activities.owner(ofLines: 1, of: 0) == 0)
    #expect(activities.owner(ofLines: 1, of: 99) == 0)
    #expect(
      activities.apply(
        .started(
          id: 7, level: 4, text: Array("connecting to 'ssh-ng://forge'".utf8), .other(kind: 0)),
        at: 0) == 1)
    let failed = activities.apply(
      .message(
        level: 0,
        text: Array(
          "error: builder for '/nix/store/00000000000000000000000000000000-c.drv' failed".utf8)),
      at: 0)
    #expect(failed == 5)
  }

  @Test("a build that fails and is then built elsewhere has not failed")
  func retried() {
    let log =
      Self.start(1, "a") + Self.failure("a") + Self.stop(1)
      + Self.start(2, "a", on: "ssh-ng://anvil")
    let before = activities(log)
    #expect(before.failed == [])
    let after = activities(log + Self.stop(2), ended: true)
    #expect(after.builds.map(\.outcome) == [.failed, .built])
    #expect(!after.hasFailed)
    #expect(after.builtCount == 1)
  }

  @Test("an error that comes after a build's end takes its success back")
  func lateFailure() {
    let activities = activities(Self.start(1, "a") + Self.stop(1) + Self.failure("a"))
    #expect(activities.builds[0].outcome == .failed)
    #expect(activities.builtCount == 0)
    #expect(activities.hosts[0].built == 0)
    #expect(activities.hosts[0].failed == 1)
  }

  @Test("the first cause that is told stays")
  func firstCause() {
    let activities = activities(
      Self.start(1, "a") + Self.failure("a", "failed due to signal 9 (Killed)") + Self.failure("a"))
    #expect(activities.builds[0].reason == "due to signal 9 (Killed)")
  }

  @Test("a builder that cannot be reached is no error, since others are asked then")
  func unreachable() {
    let activities = activities(
      Self.start(1, "a") + Self.error("cannot build on 'ssh-ng://forge': error: no route to host"))
    #expect(activities.errorCount == 0)
    #expect(!activities.hasFailed)
  }

  @Test("what is not over when the log ends is not finished")
  func unfinished() {
    let activities = activities(Self.start(1, "a"), ended: true)
    #expect(activities.builds.map(\.outcome) == [.unfinished])
    #expect(activities.running == [])
    #expect(activities.ended == 2)
  }

  @Test("builds that were interrupted are neither built nor failed")
  func interrupted() {
    // As Nix 2.8 prints it: the first has ended, and Ctrl-C has come while two others ran.
    let counts = #"@nix {"action":"start","id":9,"level":5,"parent":0,"text":"","type":104}"# + "\n"
    func done(_ done: Int, _ running: Int) -> String {
      #"@nix {"action":"result","fields":[\#(done),3,\#(running),0],"id":9,"type":105}"# + "\n"
    }
    func stop(_ id: Int) -> String { #"@nix {"action":"stop","id":\#(id)}"# + "\n" }
    let activities = activities(
      counts + Self.start(1, "a") + Self.start(2, "b") + Self.start(3, "c") + done(0, 3)
        + done(1, 2) + stop(1) + stop(3) + stop(2) + stop(9)
        + Self.error("interrupted by the user"),
      ended: true)
    #expect(activities.builds.map(\.outcome) == [.built, .interrupted, .interrupted])
    #expect(activities.builtCount == 1)
    #expect(activities.hosts.map(\.built) == [1])
    #expect(activities.isInterrupted)
    #expect(!activities.hasFailed)
    #expect(activities.errorCount == 0)
  }

  @Test("how many builds are still to come, by what Nix announces or counts")
  func waiting() {
    let announced = activities(
      #"@nix {"action":"msg","level":3,"msg":"these 3 derivations will be built:"}"# + "\n"
        + Self.start(1, "a"))
    #expect(announced.waitingCount == 2)
    let counted = activities(
      #"@nix {"action":"start","id":5,"level":0,"text":"","type":104}"# + "\n"
        + #"@nix {"action":"start","id":6,"level":0,"text":"","type":104}"# + "\n"
        + #"@nix {"action":"result","fields":[2,9,3,1],"id":5,"type":105}"# + "\n"
        // A builder's own count, of the same builds.
        + #"@nix {"action":"result","fields":[0,1,1,0],"id":6,"type":105}"# + "\n")
    #expect(counted.waitingCount == 3)
    let queued = activities(
      #"@nix {"action":"start","id":5,"level":1,"text":"waiting for a machine","type":111}"# + "\n")
    #expect(queued.waitingForMachine == 1)
  }

  @Test("copies with bytes and rate, and their sum when they are over")
  func copies() {
    let start =
      #"@nix {"action":"start","fields":["/nix/store/00000000000000000000000000000000-a-1","local","#
      + #""ssh-ng://forge"],"id":1,"level":3,"text":"copying","type":100}"# + "\n"
    let progress = (1...8).map {
      #"@nix {"action":"result","fields":[\#($0 * 1000),20000,0,0],"id":1,"type":105}"# + "\n"
    }.joined()
    var activities = activities(start + progress)
    #expect(activities.transfers[1]?.name == "a-1")
    #expect(activities.transfers[1]?.kind == .copyTo)
    #expect(activities.transfers[1]?.done == 8000)
    #expect(activities.transfers[1]?.expected == 20000)
    // From the mark at 3 s, since the one at 6 s is too new.
    #expect(activities.transfers[1]?.rate(at: 8) == 1000)
    #expect(activities.transfers[1]?.rate(at: 13) == 500)
    activities.apply(.stopped(id: 1), at: 14)
    #expect(activities.transfers.isEmpty)
    #expect(activities.hosts[0].copiedTo.count == 1)
    #expect(activities.hosts[0].copiedTo.bytes == 8000)
  }

  @Test("amounts too large to be added up end nothing")
  func hugeAmounts() {
    let round =
      #"@nix {"action":"start","id":1,"level":0,"text":"","type":102}"# + "\n"
      + #"@nix {"action":"result","fields":[101,9223372036854775807],"id":1,"type":106}"# + "\n"
      + Self.stop(1)
    #expect(activities(round).expectedDownload == .max)
    #expect(activities(round + round).builds.isEmpty)
  }

  @Test("downloads belong to the host of their URL")
  func downloads() {
    let activities = activities(
      #"@nix {"action":"start","fields":["https://cache.nixos.org/nar/1.nar.xz"],"id":1,"level":4,"#
        + #""text":"downloading","type":101}"# + "\n"
        + #"@nix {"action":"result","fields":[500,500,0,0],"id":1,"type":105}"# + "\n"
        + Self.stop(1))
    #expect(activities.hosts.map(\.name) == ["cache.nixos.org"])
    #expect(activities.hosts[0].downloaded.bytes == 500)
    #expect(!activities.hosts[0].isBuilder)
  }

  @Test(
    "hosts are called by their name",
    arguments: [
      ("", "local"), ("local", "local"), ("daemon", "local"), ("ssh-ng://forge", "forge"),
      ("ssh://nix@[fd00::1]:2222?x=1", "[fd00::1]:2222"), ("https://c.org/nar/x", "c.org"),
      ("file:///var/cache", "file:///var/cache"), ("odd", "odd"),
    ])
  func hostNames(url: String, name: String) {
    #expect(NixActivities.Host.name(of: url) == name)
  }

  @Test(
    "the cause of a failure in a few words",
    arguments: [
      (
        "error: build of '/nix/store/x-a.drv' on 'ssh-ng://f' failed: builder for "
          + "'/nix/store/x-a.drv' failed with exit code 3;\n  last 2 log lines:", "exit code 3"
      ),
      (
        "error: Cannot build '/nix/store/x-a.drv'.\n       Reason: builder failed with exit code 1.",
        "exit code 1"
      ),
      (
        "error: Cannot build '/nix/store/x-a.drv'.\n       Reason: 1 dependency failed.",
        "1 dependency failed"
      ),
      (
        "error: hash mismatch in fixed-output derivation '/nix/store/x-a.drv':\n  specified: x",
        "hash mismatch in fixed-output derivation '/nix/store/x-a.drv'"
      ),
      (
        "error: builder for '/nix/store/x-a.drv' timed out after 10 seconds",
        "timed out after 10 seconds"
      ),
    ])
  func reasons(message: String, reason: String) {
    let error = NixErrorText(Array(message.utf8))
    #expect(error.isError)
    #expect(error.derivation == "/nix/store/x-a.drv")
    #expect(error.reason == reason)
  }

  @Test("thousands of activities take no time that anybody notices")
  func many() {
    var activities = NixActivities()
    let clock = ContinuousClock()
    let time = clock.measure {
      for id in 0..<50_000 as Range<UInt64> {
        activities.apply(
          .started(
            id: id, level: 4, text: [], .fileTransfer(url: "https://cache.nixos.org/nar/\(id)")),
          at: 0)
        let progress = NixProgress(done: 1, expected: 2, running: 0, failed: 0)
        activities.apply(.progress(id: id, progress), at: 1)
        if id >= 30 { activities.apply(.stopped(id: id - 30), at: 2) }
      }
    }
    #expect(activities.transfers.count == 30)
    #expect(activities.hosts[0].downloaded.count == 49_970)
    // Without optimisation and on a busy machine; a quadratic one would take minutes.
    #expect(time < .seconds(20))
  }
}
