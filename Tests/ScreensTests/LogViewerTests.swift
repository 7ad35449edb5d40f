import Checks
import Interface
import Nix
import Terminal
import Testing

@testable import Screens

/// Drives the log viewer as a person and a build would.
struct LogDriver {
  var viewer: LogViewer
  var effects: [LogViewer.Effect] = []
  var size: Size
  var now = 0.0
  private let source = Source()

  private final class Source {
    var reader = NixLogReader()
  }

  init(columns: Int = 80, rows: Int = 24, name: String? = nil, isLive: Bool = true) {
    size = Size(columns: columns, rows: rows)
    viewer = LogViewer(
      source: LogViewer.Source(name: name, isLive: isLive), timeOfDay: 3600)
    effects = viewer.receive(.resize(size), now: 0)
  }

  mutating func press(_ keys: Key...) {
    for key in keys { effects += viewer.receive(.key(key), now: now) }
  }

  mutating func type(_ text: String) {
    for character in text { effects += viewer.receive(.key(.character(character)), now: now) }
  }

  /// A piece of the log comes.
  mutating func feed(_ text: String) {
    var batch = NixLogBatch()
    Array(text.utf8).withUnsafeBytes { source.reader.read($0, into: &batch) }
    effects += viewer.receive(.batch(batch), now: now)
  }

  mutating func end(problem: String? = nil) {
    effects += viewer.receive(.ended(problem: problem), now: now)
  }

  var canvas: Canvas {
    var canvas = Canvas(size: size)
    viewer.draw(on: &canvas)
    return canvas
  }

  var screen: String { canvas.text }

  /// The rows between these two.
  func rows(_ range: Range<Int>) -> [String] {
    screen.split(separator: "\n", omittingEmptySubsequences: false)[range].map(String.init)
  }

  var quits: Bool {
    effects.contains { if case .quit = $0 { true } else { false } }
  }
}

/// Lines of Nix's log.
enum Line {
  static func build(_ id: Int, _ name: String, on machine: String = "ssh-ng://forge") -> String {
    #"@nix {"action":"start","fields":["\#(path(name)).drv","\#(machine)",1,1],"id":\#(id),"#
      + #""level":3,"text":"building \#(name)","type":105}"# + "\n"
  }

  static func path(_ name: String) -> String {
    "/nix/store/00000000000000000000000000000000-\(name)"
  }

  static func copy(_ id: Int, _ name: String, to machine: String) -> String {
    #"@nix {"action":"start","fields":["\#(path(name))","local","\#(machine)"],"id":\#(id),"#
      + #""level":3,"text":"copying \#(name)","type":100}"# + "\n"
  }

  static func result(_ id: Int, _ kind: Int, _ fields: String) -> String {
    #"@nix {"action":"result","fields":[\#(fields)],"id":\#(id),"type":\#(kind)}"# + "\n"
  }

  static func printed(_ id: Int, _ text: String) -> String { result(id, 101, #""\#(text)""#) }
  static func phase(_ id: Int, _ name: String) -> String { result(id, 104, #""\#(name)""#) }
  static func stop(_ id: Int) -> String { #"@nix {"action":"stop","id":\#(id)}"# + "\n" }

  static func failure(_ name: String, _ words: String = "failed with exit code 2") -> String {
    #"@nix {"action":"msg","level":0,"msg":"error: builder for '\#(path(name)).drv' \#(words)"}"#
      + "\n"
  }
}

@Suite struct LogViewerTests {
  /// Two machines: one has built one, runs one and failed at one, the other runs one.
  private func busy(columns: Int = 80, rows: Int = 24) -> LogDriver {
    var driver = LogDriver(columns: columns, rows: rows)
    driver.feed(
      Line.build(1, "zlib-1.3") + Line.printed(1, "zlib line") + Line.stop(1)
        + Line.build(2, "hello-2.12") + Line.phase(2, "buildPhase"))
    driver.now = 10
    driver.feed(
      Line.build(3, "broken-1", on: "ssh-ng://anvil") + Line.printed(3, "cc: no such file")
        + Line.failure("broken-1") + Line.stop(3)
        + Line.build(4, "gcc-13", on: "ssh-ng://anvil") + Line.printed(2, "checking for gcc"))
    driver.now = 75
    return driver
  }

  @Test("what is going on stands above the log")
  func picture() {
    var driver = busy()
    _ = driver.viewer.receive(.tick, now: 75)
    #expect(
      driver.screen == """
         nix-builders · log                                                  1 min 15 s
           ✗ all           2 running · 1 built · 1 failed
           ✗ anvil         1 running · 1 failed
             ✗ broken-1    exit code 2                                            0.0 s
             ⠴ gcc-13                                                        1 min 05 s
           ⠴ forge         1 running · 1 built
             ⠴ hello-2.12  buildPhase                                        1 min 15 s
         ─────────────────────────────────────────────────────── following · line 8 ───
        building zlib-1.3...
        zlib> zlib line
        building hello-2.12...
        building broken-1...
        broken> cc: no such file
        error: builder for '/nix/store/00000000000000000000000000000000-broken-1.drv' f…
        building gcc-13...
        hello> checking for gcc







         Tab choose a build   q leave   Space stay here   / find   f filter   ? help
        """)
  }

  @Test("what each row has that is not running stays out, until it is all over")
  func ended() {
    var driver = busy()
    driver.feed(Line.stop(2) + Line.stop(4))
    driver.end()
    #expect(
      driver.rows(0..<9) == [
        " nix-builders · log · ended                                          1 min 15 s",
        "   ✗ ended         3 built · 1 failed",
        "   ✗ anvil         1 built · 1 failed",
        "     ✗ broken-1    exit code 2                                            0.0 s",
        "     ✓ gcc-13                                                        1 min 05 s",
        "   ✓ forge         2 built",
        "     ✓ hello-2.12  buildPhase                                        1 min 15 s",
        "     ✓ zlib-1.3                                                           0.0 s",
        " ─────────────────────────────────────────────────────── following · line 8 ───",
      ])
    #expect(driver.viewer.tickInterval == nil)
  }

  @Test("the smallest window has room for the most important rows and the log")
  func small() {
    var driver = busy(columns: 40, rows: 12)
    #expect(
      driver.rows(0..<11) == [
        " nix-builders · log                10 s",
        "   ✗ all    2 running · 1 built · 1 fa…",
        "   ✗ anvil  1 running · 1 failed",
        "   ⠋ forge  1 running · 1 built",
        " ─────────────── following · line 8 ───", "building hello-2.12...",
        "building broken-1...", "broken> cc: no such file",
        "error: builder for '/nix/store/00000000…", "building gcc-13...",
        "hello> checking for gcc",
      ])
    driver.size = Size(columns: 39, rows: 12)
    #expect(driver.screen.contains("40×12 is needed"))
  }

  @Test("Tab and the arrows choose whose lines are shown, Enter goes to them, Esc shows all")
  func choosing() {
    var driver = busy()
    driver.press(.tab, .down, .down)
    #expect(
      driver.rows(3..<4) == [
        " ▸   ✗ broken-1    exit code 2                                            0.0 s"
      ])
    #expect(driver.rows(8..<9)[0].contains("─ broken-1 on anvil ─"))
    #expect(
      driver.rows(9..<13) == [
        "building broken-1...", "broken> cc: no such file",
        "error: builder for '/nix/store/00000000000000000000000000000000-broken-1.drv' f…", "",
      ])
    driver.press(.down, .down)
    #expect(driver.rows(9..<10)[0] == "building zlib-1.3...")
    driver.press(.enter)
    driver.type("/gcc")
    driver.press(.enter)
    #expect(driver.screen.contains("1 of 1 found"))
    driver.press(.escape)
    #expect(!driver.screen.contains("found"))
    driver.press(.escape)
    #expect(driver.screen.contains("cc: no such file"))
    #expect(driver.screen.contains("checking for gcc"))
  }

  @Test("a machine's lines are those of its builds, also of builds that begin later")
  func machine() {
    var driver = busy()
    driver.press(.tab, .down, .enter)
    #expect(driver.screen.contains("cc: no such file"))
    #expect(!driver.screen.contains("checking for gcc"))
    driver.feed(
      Line.build(9, "late-1", on: "ssh-ng://anvil") + Line.printed(9, "late line")
        + Line.printed(2, "other line"))
    _ = driver.viewer.receive(.tick, now: 76)
    #expect(driver.screen.contains("late> late line"))
    #expect(!driver.screen.contains("other line"))
  }

  @Test("all builds can be chosen, also those that are over")
  func builtOnes() {
    var driver = busy()
    #expect(!driver.screen.contains("✓ zlib-1.3"))
    driver.press(.tab)
    #expect(driver.screen.contains("✓ zlib-1.3"))
    driver.press(.end)
    #expect(driver.screen.contains("zlib-1.3 on forge"))
    #expect(driver.screen.contains("zlib> zlib line"))
    #expect(!driver.screen.contains("hello> "))
  }

  @Test("of more rows than there is room for, failures come first, then builds, then copies")
  func priority() {
    var driver = LogDriver(columns: 60, rows: 24)
    for id in 1...20 {
      driver.feed(Line.build(id, "package-\(id)", on: "ssh-ng://m\(id % 3)"))
    }
    driver.feed(Line.copy(30, "source", to: "ssh-ng://m0") + Line.failure("package-20"))
    let rows = driver.rows(1..<8)
    #expect(
      rows == [
        "   ✗ all           19 running · 1 failed",
        "   ✗ m2            6 running · 1 failed",
        "     ✗ package-20  exit code 2                        0.0 s",
        "     ⠋ package-2                                      0.0 s",
        "     ⠋ package-5                                      0.0 s",
        "   ⠋ m1            7 running",
        "   ⠋ m0            6 running · → 1 path, 0 B",
      ])
    #expect(driver.rows(8..<9)[0].contains("following"))
  }

  @Test("copies and downloads with bytes and rate")
  func traffic() {
    var driver = LogDriver()
    driver.feed(Line.build(1, "a") + Line.copy(2, "source-1", to: "ssh-ng://forge"))
    driver.now = 4
    driver.feed(Line.result(2, 105, "8192,4194304,0,0"))
    _ = driver.viewer.receive(.tick, now: 4)
    #expect(
      driver.rows(2..<5) == [
        "   ⠼ forge         1 running · → 1 path, 8.0 KiB of 4.0 MiB, 2.0 KiB/s",
        "     ⠼ a                                                                  4.0 s",
        "     ⠼ → source-1  8.0 KiB of 4.0 MiB, 2.0 KiB/s                          4.0 s",
      ])
    driver.feed(Line.stop(2))
    #expect(driver.rows(2..<3)[0].contains("→ 1 path, 8.0 KiB"))
    #expect(!driver.screen.contains("source-1  8.0"))
  }

  @Test("a log that tells nothing has the window to itself")
  func plain() {
    var driver = LogDriver(name: "build.log", isLive: false)
    driver.feed("one\ntwo\n")
    driver.end()
    #expect(
      driver.rows(0..<4) == [
        " nix-builders · log · build.log · ended",
        " ─────────────────────────────────────────────────────── following · line 2 ───", "one",
        "two",
      ])
    driver.press(.tab)
    #expect(driver.rows(2..<3) == ["one"])
    #expect(LogSummary(driver.viewer.log).text == "")
  }

  @Test("of a file nobody knows how long anything took")
  func untimed() {
    var driver = LogDriver(isLive: false)
    driver.feed(Line.build(1, "a"))
    driver.now = 5
    driver.feed(Line.stop(1))
    driver.end()
    #expect(driver.rows(0..<4)[0] == " nix-builders · log · ended")
    #expect(driver.rows(0..<4)[3] == "     ✓ a")
    driver.type("@")
    #expect(driver.screen.contains("\nbuilding a..."))
    #expect(!LogSummary(driver.viewer.log).text.contains(" s"))
  }

  @Test("times since the start and of the day")
  func times() {
    var driver = busy()
    driver.type("@")
    #expect(driver.screen.contains("\n  0:00.0 building zlib-1.3..."))
    #expect(driver.screen.contains("\n  0:10.0 hello> checking for gcc"))
    driver.type("@")
    #expect(driver.screen.contains("\n01:00:10 hello> checking for gcc"))
  }

  // MARK: - Leaving

  @Test("each batch is given back, so that the next one can come")
  func taken() {
    var driver = LogDriver()
    driver.feed("a\n")
    driver.feed("b\n")
    #expect(driver.effects.count { if case .taken = $0 { true } else { false } } == 2)
  }

  @Test("q leaves a log that has ended, and asks while one goes on")
  func quit() {
    var driver = LogDriver()
    driver.feed("a\n")
    driver.type("q")
    #expect(!driver.quits)
    #expect(driver.screen.contains("The log has not ended."))
    driver.press(.enter)
    #expect(!driver.quits)
    driver.type("q")
    driver.press(.escape)
    #expect(!driver.quits)
    driver.type("q")
    driver.press(.down, .enter)
    #expect(driver.quits)
    var ended = LogDriver()
    ended.type("q")
    ended.end()
    #expect(!ended.screen.contains("The log has not ended."))
    ended.type("q")
    #expect(ended.quits)
  }

  @Test("Ctrl-C interrupts the build first, and then leaves")
  func interrupt() {
    var driver = LogDriver()
    driver.feed("a\n")
    driver.press(.control("c"))
    #expect(driver.effects.contains { if case .interrupt = $0 { true } else { false } })
    #expect(driver.screen.contains("interrupted; once more to leave"))
    #expect(!driver.quits)
    driver.press(.control("c"))
    #expect(driver.quits)
    var file = LogDriver(isLive: false)
    file.press(.control("c"))
    #expect(file.quits)
  }

  @Test("what runs while Ctrl-C ends the build is told as interrupted")
  func interruptedBuild() {
    var driver = LogDriver()
    driver.feed(
      #"@nix {"action":"start","fields":["/nix/store/x-a.drv","",1,1],"id":1,"level":3,"#
        + #""text":"building","type":105}"# + "\n")
    driver.press(.control("c"))
    driver.end()
    #expect(driver.screen.contains("· interrupted"))
    #expect(driver.screen.contains("■ x-a"))
    #expect(!driver.screen.contains("✓"))
    #expect(LogSummary(driver.viewer.log).text.hasPrefix("■ 1 interrupted"))
  }

  @Test("where it was wished, the program is left when the log ends")
  func quitsAtEnd() {
    var viewer = LogViewer(
      source: LogViewer.Source(name: nil, isLive: true), quitsAtEnd: true)
    let effects = viewer.receive(.ended(problem: nil), now: 1)
    #expect(effects.contains { if case .quit = $0 { true } else { false } })
  }

  @Test("q and ? are text while something is typed")
  func typing() {
    var driver = LogDriver()
    driver.feed("what?\nquit\n")
    driver.type("/q?")
    #expect(!driver.quits)
    #expect(driver.screen.contains("/q?"))
    driver.press(.escape)
    driver.type("?")
    #expect(driver.screen.contains("Above is what is going on"))
    driver.press(.escape)
    #expect(!driver.screen.contains("Above is what is going on"))
  }

  @Test("saving and copying are asked for, and told")
  func saving() {
    var driver = LogDriver()
    driver.feed("one\n")
    driver.type("s/tmp/x")
    driver.press(.enter)
    let isAsked = driver.effects.contains {
      if case .save("/tmp/x", _) = $0 { true } else { false }
    }
    #expect(isAsked)
    _ = driver.viewer.receive(.saved(path: "/tmp/x", problem: nil), now: 1)
    #expect(driver.screen.contains("✓ saved to /tmp/x"))
    driver.type("y")
    #expect(driver.effects.contains { if case .copy("one") = $0 { true } else { false } })
  }

  @Test("a log that cannot be read further says so")
  func problem() {
    var driver = LogDriver()
    driver.end(problem: "Input/output error")
    #expect(driver.screen.contains("✗ Input/output error"))
  }

  // MARK: - Summary

  @Test("what stays is what was built where, what failed with its last lines, and what was copied")
  func summary() {
    var driver = busy()
    for line in 1...15 { driver.feed(Line.printed(4, "gcc \(line)")) }
    driver.feed(
      Line.failure("gcc-13", "failed due to signal 9 (Killed)") + Line.stop(4) + Line.stop(2)
        + Line.copy(30, "a", to: "ssh-ng://forge") + Line.result(30, 105, "2048,2048,0,0")
        + Line.stop(30))
    driver.end()
    #expect(
      LogSummary(driver.viewer.log).text == """
        ✗ 2 builds failed, 2 built, in 1 min 15 s

          ✗ broken-1  anvil  0.0 s  exit code 2
              > cc: no such file

          ✗ gcc-13  anvil  1 min 05 s  due to signal 9 (Killed)
              > gcc 6
              > gcc 7
              > gcc 8
              > gcc 9
              > gcc 10
              > gcc 11
              > gcc 12
              > gcc 13
              > gcc 14
              > gcc 15

          ✓ hello-2.12  forge  1 min 15 s
          ✓ zlib-1.3  forge  0.0 s
          forge: 2 built, copied to it 1 path, 2.0 KiB
        """)
  }

  @Test("many builds are told by the longest and their number")
  func manyBuilds() {
    var driver = LogDriver()
    for id in 1...30 { driver.feed(Line.build(id, "p-\(id)")) }
    for id in 1...30 {
      driver.now = Double(id)
      driver.feed(Line.stop(id))
    }
    driver.end()
    let lines = LogSummary(driver.viewer.log).text.split(separator: "\n")
    #expect(lines[0] == "✓ 30 built, in 30 s")
    #expect(lines[1] == "  ✓ p-30  forge  30 s")
    #expect(lines[20] == "  ✓ p-11  forge  11 s")
    #expect(lines[21] == "    and 10 more")
    #expect(lines[22] == "  forge: 30 built")
  }

  @Test(
    "what Nix means by a failure is said below the log, and stays; what a build prints is not read")
  func explanation() {
    var driver = LogDriver(columns: 80, rows: 24)
    let said = """
      Failed to find a machine for remote build!
      derivation: 00000000000000000000000000000000-gpu.drv
      required (system, features): (x86_64-linux, [cuda])
      1 available machines:
      (systems, maxjobs, supportedFeatures, mandatoryFeatures)
      ([x86_64-linux], 1, [kvm], [])

      """
    driver.feed(
      said + Line.build(1, "hello-2.12")
        + Line.printed(1, "nix@forge: Permission denied (publickey).")
        + "@nix {\"action\":\"msg\",\"level\":0,\"msg\":\"error: unable to start any build; "
        + "remote machines may not have all required system features.\"}\n")
    #expect(!driver.screen.contains("Likely"))
    _ = driver.viewer.receive(.ended(problem: nil), now: 80)
    #expect(driver.screen.contains("Likely  The configuration here does not list cuda"))
    #expect(driver.screen.contains("Do      "))
    let summary = LogSummary(driver.viewer.log).text
    #expect(summary.contains("  Likely  The configuration here does not list cuda"))
    #expect(!summary.contains("refuse"))
  }

  @Test("nothing that a build prints reaches the screen as more than text")
  func harmless() {
    var driver = LogDriver()
    driver.feed(
      Line.build(1, "a") + Line.printed(1, #"\u001b]0;title\u0007\u001b[2Jx\u0000\ry"#)
        + Line.failure("a") + Line.stop(1))
    driver.end()
    let shown = driver.screen + LogSummary(driver.viewer.log).text
    #expect(!shown.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(LogSummary(driver.viewer.log).text.contains("      > y"))
  }
}

@Suite struct AmountsTests {
  @Test(
    "bytes",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1_048_575, "1.0 MiB"),
      (5_000_000_000, "4.7 GiB"), (5_000_000_000_000, "4.5 TiB"), (-1, "0 B"),
    ])
  func bytes(count: Int, text: String) { #expect(Amounts.bytes(count) == text) }

  @Test(
    "durations",
    arguments: [
      (0.0, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"),
      (3599.4, "59 min 59 s"), (3720, "1 h 02 min"), (.infinity, "0.0 s"), (-3, "0.0 s"),
    ])
  func durations(seconds: Double, text: String) { #expect(Amounts.duration(seconds) == text) }

  @Test("numbers of things", arguments: [(1, "1 path"), (0, "0 paths"), (3000, "3,000 paths")])
  func counts(count: Int, text: String) { #expect(Amounts.count(count, "path") == text) }
}
