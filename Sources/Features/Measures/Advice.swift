import Builders
import Checks
import Nix

/// Something that could be set otherwise, with the measurement that says so.
public struct Advice: Equatable, Sendable {
  /// A short, stable name, such as `max-jobs`.
  public var id: String
  /// What was measured it rests on.
  public var measures: [Measure]
  /// The measurement and what follows from it, in a sentence or two.
  public var text: String
  /// The line of the configuration, and on which machine.
  public var setting: String
  /// The answer in the inventory that the setting follows from, if it is one.
  public var change: Change?

  /// An answer in the inventory.
  public enum Change: Equatable, Sendable {
    /// How many builds at once.
    case maxJobs(Int)
    /// How fast in comparison with other builders.
    case speedFactor(Double)
  }

  /// Creates an advice.
  public init(
    id: String, measures: [Measure], text: String, setting: String, change: Change? = nil
  ) {
    self.id = id
    self.measures = measures
    self.text = text
    self.setting = setting
    self.change = change
  }

  /// What the measures of builders suggest, for each of them in their order.
  ///
  /// - Parameter nixVersion: of Nix on this machine, such as `2.34.8`.
  public static func make(
    _ measured: [(builder: Builder, measures: Measures)], nixVersion: String?
  ) -> [[Advice]] {
    let factors = speedFactors(measured)
    return measured.enumerated().map { index, element in
      let (builder, measures) = element
      return [
        maxJobs(builder, measures), factors[index],
        controlMaster(builder, measures, nixVersion: nixVersion), compression(builder, measures),
        disk(builder, measures),
      ].compactMap(\.self)
    }
  }

  /// Takes the advice where it is about an answer of a builder.
  public func apply(to builder: inout Builder) {
    switch change {
    case .maxJobs(let jobs): builder.maxJobs = jobs
    case .speedFactor(let factor): builder.speedFactor = factor
    case nil: break
    }
  }

  // MARK: - Jobs

  private static func maxJobs(_ builder: Builder, _ measures: Measures) -> Advice? {
    guard let processors = measures.processors, processors > 0 else { return nil }
    let jobs = builder.maxJobs
    let better: Int
    let reason: String
    if jobs > processors {
      better = processors
      reason = "more builds at once than processors only get into each other's way"
    } else if jobs * 8 <= processors {
      better = processors / 4
      reason = "a build seldom keeps more than a few of them busy"
    } else {
      return nil
    }
    let has = "\(builder.alias) has \(counted(processors, "processor"))"
    return Advice(
      id: "max-jobs", measures: [.processors],
      text: "\(has) and takes \(counted(jobs, "build")) at once; \(reason).",
      setting: "max jobs of \(builder.alias): \(better)", change: .maxJobs(better))
  }

  // MARK: - Speed

  /// Speed factors only matter between builders.
  private static func speedFactors(
    _ measured: [(builder: Builder, measures: Measures)]
  ) -> [Advice?] {
    let speeds = measured.map(\.measures.speed)
    let known = speeds.compactMap(\.self)
    guard known.count > 1, let slowest = known.min(), slowest > 0 else {
      return measured.map { _ in nil }
    }
    // What stands there already may count from another builder; only the proportions matter.
    let given = zip(measured, speeds).filter { $0.1 == slowest }.first?.0.builder.speedFactor ?? 1
    return zip(measured, speeds).map { element, speed in
      guard let speed else { return nil }
      let ratio = speed / slowest
      let stated = element.builder.speedFactor / given
      guard stated / ratio > 1.5 || ratio / stated > 1.5 else { return nil }
      let better = max(1, Int((ratio * max(1, given)).rounded()))
      return Advice(
        id: "speed-factor", measures: [.speed],
        text:
          "A processor of \(element.builder.alias) is \(decimal(ratio)) times as fast as one of "
          + "the slowest builder, and its speed factor says \(decimal(stated)).",
        setting: "speed factor of \(element.builder.alias): \(better)",
        change: .speedFactor(Double(better)))
    }
  }

  // MARK: - The way there

  private static func controlMaster(
    _ builder: Builder, _ measures: Measures, nixVersion: String?
  ) -> Advice? {
    guard let roundTrip = measures.roundTrip, let build = measures.emptyBuild else { return nil }
    // A login takes about ten round trips, and a build at least one login.
    let logins = roundTrip * 10
    guard logins > 0.2, logins > build / 5 else { return nil }
    // Before, each path was copied over a connection of its own.
    let older = nixVersion.map { NixVersion($0) < NixVersion("2.34") } ?? false
    return Advice(
      id: "control-master", measures: [.roundTrip, .emptyBuild],
      text: "A round trip takes \(milliseconds(roundTrip)), and a build that does nothing "
        + "\(decimal(build)) s: logging in is a good part of that"
        + (older ? ", and Nix before 2.34 does it again for each path it copies." : "."),
      setting: "in the Host block of \(builder.alias), by programs.ssh.extraConfig: ControlMaster "
        + "auto, ControlPath /run/ssh-%C, ControlPersist 60")
  }

  private static func compression(_ builder: Builder, _ measures: Measures) -> Advice? {
    guard let copy = measures.copy else { return nil }
    let megabytes = copy.rate / 1e6
    // Above about 100 Mbit/s compressing takes longer than sending.
    guard megabytes < 12 else { return nil }
    return Advice(
      id: "compression", measures: [.copy],
      text: "Copying runs at \(decimal(megabytes)) MB/s. Store paths shrink to a half or a third, "
        + "so ssh's compression pays on a line this slow.",
      setting: "in the Host block of \(builder.alias), by programs.ssh.extraConfig: Compression yes"
    )
  }

  // MARK: - Room

  private static func disk(_ builder: Builder, _ measures: Measures) -> Advice? {
    guard let disk = measures.disk, disk.free < 10_000_000_000 else { return nil }
    return Advice(
      id: "disk", measures: [.disk],
      text: "\(gigabytes(disk.free)) of \(gigabytes(disk.total)) are free on \(builder.alias). A "
        + "large build needs more than that.",
      setting: "on \(builder.alias): nix.settings.min-free = 10000000000; nix.gc.automatic = true;")
  }

  // MARK: - Words

  private static func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private static func milliseconds(_ seconds: Double) -> String { "\(decimal(seconds * 1000)) ms" }

  private static func gigabytes(_ bytes: Int) -> String { "\(decimal(Double(bytes) / 1e9)) GB" }

  /// With one decimal below ten.
  private static func decimal(_ number: Double) -> String {
    if number >= 9.95 { return "\(Int(number.rounded()))" }
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
