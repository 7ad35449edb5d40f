import Builders
import Testing

@testable import Checks
@testable import Features
@testable import Processes

@Suite struct MeasureTests {
  @Test("what a machine says of itself is read")
  func figures() throws {
    let output = """
      Welcome
      nix-builders: processors 16
      nix-builders: disk /dev/mapper/a b 1048576 524288 524288 50% /nix/store
      nix-builders: work 1000000000 1500000000 2129966
      nix-builders: work 2000000000 2250000000 2129966

      """
    let figures = try #require(MachineFigures(output: output))
    #expect(figures.processors == 16)
    #expect(figures.disk == Measures.Disk(free: 524288 * 1024, total: 1 << 30))
    #expect(figures.work == 0.25)
  }

  @Test("where a program is missing nothing is known of that, and of the rest it is")
  func partly() throws {
    let output = """
      nix-builders: processors 4
      nix-builders: disk
      nix-builders: work 1700000000N 1700000001N 2129966
      nix-builders: work 1000000000 1500000000 0

      """
    let figures = try #require(MachineFigures(output: output))
    #expect(figures.processors == 4)
    #expect(figures.disk == nil)
    #expect(figures.work == nil)
    #expect(MachineFigures(output: "This account is currently not available.\n") == nil)
  }

  @Test("the script runs in sh, and in the shells that people log in with")
  func script() async throws {
    let result = await Command(
      ["bash", "-c", "exec sh -c '\(MachineFigures.script)'"], timeLimit: .seconds(60)
    ).run()
    let figures = try #require(MachineFigures(output: result.output))
    #expect((figures.processors ?? 0) >= 1)
    #expect((figures.work ?? 0) > 0)
    #expect(!MachineFigures.script.contains { $0 == "'" || $0 == "!" || $0 == "\n" })
  }

  private func builder(_ alias: String = "forge", jobs: Int = 4, speed: Double = 1) -> Builder {
    var builder = Builder(alias: alias, address: "192.0.2.7", systems: ["x86_64-linux"])
    builder.maxJobs = jobs
    builder.speedFactor = speed
    return builder
  }

  private func measures(_ change: (inout Measures) -> Void) -> Measures {
    var measures = Measures()
    change(&measures)
    return measures
  }

  private func advice(_ builder: Builder, _ measures: Measures, nix: String? = nil) -> [Advice] {
    Advice.make([(builder, measures)], nixVersion: nix).flatMap(\.self)
  }

  @Test("where nothing was measured, or all is well, there is no advice")
  func none() {
    #expect(advice(builder(), Measures()) == [])
    let well = measures {
      $0.roundTrip = 0.0005
      $0.copy = Measures.Copy(bytes: 64 << 20, seconds: 0.6)
      $0.emptyBuild = 0.5
      $0.processors = 16
      $0.speed = 2
      $0.disk = Measures.Disk(free: 50_000_000_000, total: 100_000_000_000)
    }
    #expect(advice(builder(), well, nix: "2.34.8") == [])
  }

  @Test(
    "jobs follow from the processors",
    arguments: [(16, 2, 4), (64, 3, 16), (8, 1, 2), (4, 8, 4), (1, 2, 1)])
  func maxJobs(processors: Int, jobs: Int, better: Int) {
    let advice = advice(builder(jobs: jobs), measures { $0.processors = processors })
    #expect(advice.map(\.id) == ["max-jobs"])
    #expect(advice.first?.measures == [.processors])
    #expect(advice.first?.setting == "max jobs of forge: \(better)")
  }

  @Test(
    "jobs that fit the processors are left alone", arguments: [(16, 3), (4, 1), (4, 4), (1, 1)])
  func fittingJobs(processors: Int, jobs: Int) {
    #expect(advice(builder(jobs: jobs), measures { $0.processors = processors }) == [])
  }

  @Test("the sentence names the measurement")
  func words() {
    let few = advice(builder(jobs: 2), measures { $0.processors = 16 }).first
    #expect(
      few?.text == "forge has 16 processors and takes 2 builds at once; a build seldom keeps more "
        + "than a few of them busy.")
    let one = advice(builder(jobs: 2), measures { $0.processors = 1 }).first
    #expect(
      one?.text == "forge has 1 processor and takes 2 builds at once; more builds at once than "
        + "processors only get into each other's way.")
    let slow = measures { $0.copy = Measures.Copy(bytes: 67_108_864, seconds: 20) }
    #expect(advice(builder(), slow).map(\.id) == ["compression"])
    #expect(advice(builder(), slow).first?.text.hasPrefix("Copying runs at 3.4 MB/s.") == true)
    let full = measures { $0.disk = Measures.Disk(free: 1_900_000_000, total: 2_100_000_000) }
    #expect(
      advice(builder(), full).first?.text.hasPrefix("1.9 GB of 2.1 GB are free on forge.") == true)
  }

  @Test("speed factors are compared with each other, and only where several were measured")
  func speed() {
    let fast = measures { $0.speed = 3 }
    let slow = measures { $0.speed = 1.5 }
    #expect(advice(builder(speed: 9), fast) == [])
    let wrong = Advice.make(
      [(builder("a"), fast), (builder("b"), slow), (builder("c"), Measures())], nixVersion: nil)
    #expect(wrong.map { $0.map(\.id) } == [["speed-factor"], [], []])
    #expect(wrong[0].first?.setting == "speed factor of a: 2")
    let right = Advice.make(
      [(builder("a", speed: 2), fast), (builder("b"), slow)], nixVersion: nil)
    #expect(right == [[], []])
    let other = Advice.make(
      [(builder("a", speed: 6), fast), (builder("b", speed: 3), slow)], nixVersion: nil)
    #expect(other == [[], []])
  }

  @Test("a ControlMaster pays where logging in is a good part of a build")
  func controlMaster() {
    let far = measures {
      $0.roundTrip = 0.085
      $0.emptyBuild = 2.5
    }
    let older = advice(builder(), far, nix: "2.24.1").first
    #expect(older?.id == "control-master")
    #expect(older?.measures == [.roundTrip, .emptyBuild])
    #expect(
      older?.text == "A round trip takes 85 ms, and a build that does nothing 2.5 s: logging in is "
        + "a good part of that, and Nix before 2.34 does it again for each path it copies.")
    #expect(advice(builder(), far, nix: "2.34.8").first?.text.hasSuffix("part of that.") == true)
    let slowMachine = measures {
      $0.roundTrip = 0.0004
      $0.emptyBuild = 6
    }
    #expect(advice(builder(), slowMachine) == [])
  }
}
