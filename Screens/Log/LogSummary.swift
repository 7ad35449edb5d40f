import Checks
import Interface
import Nix

/// What stays of a log on the ordinary screen: what was built where and how long that took, what
/// failed with its last lines, what was copied.
public struct LogSummary {
  /// The text; empty when the log tells of none of that.
  public private(set) var text = ""

  private let activities: NixActivities
  private let isTimed: Bool
  private var lines: [String] = []

  /// More builds than this are told by number.
  private static let listedBuilds = 20
  private static let lastLines = 10

  /// Sums a log up.
  public init(_ log: BuildLog) {
    activities = log.activities
    isTimed = log.isTimed
    if activities.builds.isEmpty, activities.errorCount == 0, !activities.isInterrupted { return }
    lines.append(verdict)
    for place in activities.failed.prefix(Self.listedBuilds) { addFailure(place, log) }
    addErrors()
    if let diagnosis = log.diagnosis {
      lines.append("")
      lines += diagnosis.report.map { "  \($0)" }
    }
    addBuilds()
    addTraffic()
    text = lines.joined(separator: "\n")
  }

  private var verdict: String {
    let unfinished = activities.builds.count { $0.outcome == .unfinished && $0.isTracked }
    let untold = activities.builds.count { $0.outcome == .unfinished && !$0.isTracked }
    let interrupted = activities.builds.count { $0.outcome == .interrupted }
    var parts: [String] = []
    if !activities.failed.isEmpty {
      parts.append("\(Amounts.count(activities.failed.count, "build")) failed")
    }
    if activities.builtCount > 0 { parts.append("\(Amounts.number(activities.builtCount)) built") }
    if interrupted > 0 { parts.append("\(Amounts.number(interrupted)) interrupted") }
    if unfinished > 0 { parts.append("\(Amounts.number(unfinished)) not finished") }
    if untold > 0 {
      parts.append("\(Amounts.count(untold, "build")) whose end this kind of log does not tell")
    }
    if activities.failed.isEmpty, activities.errorCount > 0 {
      parts.append(Amounts.count(activities.errorCount, "error"))
    }
    let time = isTimed ? activities.ended.map { ", in \(Amounts.duration($0))" } ?? "" : ""
    let sign =
      activities.hasFailed ? Mark.failed : activities.isInterrupted ? .interrupted : .passed
    if parts.isEmpty { parts.append("interrupted") }
    return "\(sign.sign(frame: 0)) " + parts.joined(separator: ", ") + time
  }

  private func place(of build: NixActivities.Build) -> String {
    let host = activities.hosts[build.host].name
    let isTold = isTimed && build.ended != nil && (build.isTracked || build.outcome == .failed)
    return isTold ? "\(host)  \(Amounts.duration(build.duration(at: 0)))" : host
  }

  private mutating func addFailure(_ place: Int, _ log: BuildLog) {
    let build = activities.builds[place]
    let cause = [build.phase, build.reason].compactMap(\.self).joined(separator: ": ")
    lines.append("")
    lines.append("  ✗ \(build.name)  \(self.place(of: build))  \(cause)")
    // What the build itself has printed follows its prompt.
    let prompt = Array(build.prompt.utf8)
    let printed = log.store.lastLines(2 * Self.lastLines, of: build.number)
      .filter { $0.starts(with: prompt) }
    for line in printed.suffix(Self.lastLines) {
      let text = AnsiText(line.dropFirst(prompt.count)).spans.map(\.text).joined()
      lines.append("      > \(text)")
    }
  }

  private mutating func addErrors() {
    for error in activities.errors.prefix(5) {
      lines.append("")
      lines += error.split(separator: "\n", omittingEmptySubsequences: false).prefix(12)
        .map { "  \($0)" }
    }
  }

  private mutating func addBuilds() {
    let built = activities.builds.filter { $0.outcome == .built }
      .sorted { $0.duration(at: 0) > $1.duration(at: 0) }
    let rest = activities.builds.filter { [.interrupted, .unfinished].contains($0.outcome) }
    if !(built + rest).isEmpty { lines.append("") }
    for build in (built + rest).prefix(Self.listedBuilds) {
      let mark: Mark =
        build.outcome == .built
        ? .passed : build.outcome == .interrupted ? .interrupted : .skipped
      let note = build.outcome == .interrupted ? "  interrupted" : ""
      lines.append("  \(mark.sign(frame: 0)) \(build.name)  \(place(of: build))\(note)")
    }
    let more = built.count + rest.count - Self.listedBuilds
    if more > 0 { lines.append("    and \(Amounts.number(more)) more") }
  }

  private mutating func addTraffic() {
    for host in activities.hosts {
      var parts: [String] = []
      if built(host) { parts.append("\(Amounts.number(host.built)) built") }
      if host.copiedTo.count > 0 { parts.append("copied to it \(amount(host.copiedTo, "path"))") }
      if host.copiedFrom.count > 0 {
        parts.append("copied from it \(amount(host.copiedFrom, "path"))")
      }
      if host.downloaded.count > 0 {
        parts.append("downloaded \(amount(host.downloaded, "file"))")
      }
      if !parts.isEmpty { lines.append("  \(host.name): \(parts.joined(separator: ", "))") }
    }
  }

  private func built(_ host: NixActivities.Host) -> Bool { host.built > 0 }

  private func amount(_ sum: NixActivities.Host.Sum, _ noun: String) -> String {
    let bytes = sum.bytes > 0 ? ", \(Amounts.bytes(sum.bytes))" : ""
    return Amounts.count(sum.count, noun) + bytes
  }
}
