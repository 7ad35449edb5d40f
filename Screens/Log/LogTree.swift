import Checks
import Interface
import Nix
import Terminal

/// What is going on, as rows: the hosts, and below each what it does or where it failed.
struct LogTree {
  /// What a row is about.
  enum Node: Hashable {
    /// Everything.
    case all
    /// A machine or cache, by its place among the hosts.
    case host(Int)
    /// A build, by its place among the builds.
    case build(Int)
    /// Something that is copied or downloaded, by its id.
    case transfer(UInt64)
  }

  struct Row: Equatable {
    var node: Node
    var mark: Mark
    var title: String
    /// More about it.
    var detail = ""
    /// How long it took or has been running.
    var time = ""

    var indent: Int {
      switch node {
      case .all, .host: 0
      case .build, .transfer: 2
      }
    }
  }

  private(set) var rows: [Row] = []

  private let activities: NixActivities
  private let now: Double
  private let isTimed: Bool

  /// Everything there is, what is over included.
  init(all log: BuildLog, now: Double) {
    self.init(log, now, limit: nil)
  }

  /// The rows that matter most: of what is open or has failed, no more than fit.
  init(_ log: BuildLog, now: Double, limit: Int) {
    self.init(log, now, limit: limit)
  }

  private init(_ log: BuildLog, _ now: Double, limit: Int?) {
    activities = log.activities
    self.now = log.activities.ended ?? now
    isTimed = log.isTimed
    rows = rows(limit: limit)
  }

  // MARK: - Which

  private struct Group {
    var host: Int
    var children: [Node]
    var rank: Int
  }

  private func rows(limit: Int?) -> [Row] {
    let groups = groups(isFull: limit == nil)
    if groups.isEmpty { return [] }
    var room = max(0, (limit ?? .max) - 1)
    let shown = groups.prefix(room)
    room -= shown.count
    // What has failed comes first, on whatever host, then what runs, then what is copied.
    let urgent = shown.flatMap(\.children).enumerated()
      .sorted { (urgency($0.element), $0.offset) < (urgency($1.element), $1.offset) }
      .prefix(room).map(\.element)
    let kept = Set(urgent)
    return [allRow]
      + shown.flatMap { group in
        [row(.host(group.host))] + group.children.filter(kept.contains).map(row)
      }
  }

  private func urgency(_ node: Node) -> Int {
    switch node {
    case .build(let place) where activities.builds[place].outcome == .failed: 0
    case .build: 1
    default: 2
    }
  }

  /// The hosts with what belongs to each, the most important first.
  private func groups(isFull: Bool) -> [Group] {
    var children: [Int: [Node]] = [:]
    for place in activities.failed.reversed() {
      children[activities.builds[place].host, default: []].append(.build(place))
    }
    for place in activities.running {
      children[activities.builds[place].host, default: []].append(.build(place))
    }
    // These come and go too quickly to be chosen.
    for (id, transfer) in activities.transfers.sorted(by: { $0.key < $1.key })
    where !isFull && !isPartOfCopy(transfer) {
      children[transfer.host, default: []].append(.transfer(id))
    }
    if isFull || activities.ended != nil {
      let over = activities.builds.indices.filter {
        [.built, .unfinished, .interrupted].contains(activities.builds[$0].outcome)
      }
      for place in over.sorted(by: isLonger) {
        children[activities.builds[place].host, default: []].append(.build(place))
      }
    }
    return activities.hosts.indices.compactMap { host in
      let nodes = children[host] ?? []
      if nodes.isEmpty, !isFull { return nil }
      let hasFailed = activities.hosts[host].failed > 0
      let rank = hasFailed ? 0 : activities.hosts[host].isBuilder ? 1 : nodes.isEmpty ? 3 : 2
      return Group(host: host, children: nodes, rank: rank)
    }
    .sorted { ($0.rank, $0.host) < ($1.rank, $1.host) }
  }

  private func isLonger(_ one: Int, _ other: Int) -> Bool {
    let (first, second) = (
      activities.builds[one].duration(at: now), activities.builds[other].duration(at: now)
    )
    return first == second ? one < other : first > second
  }

  /// The archive of a store path, which is shown as a copy of that path already.
  private func isPartOfCopy(_ transfer: NixActivities.Transfer) -> Bool {
    transfer.kind == .download
      && (transfer.path.hasSuffix(".narinfo") || transfer.path.contains("/nar/"))
  }

  // MARK: - What they say

  private var allRow: Row {
    var parts: [String] = []
    if !activities.running.isEmpty { parts.append("\(activities.running.count) running") }
    if activities.builtCount > 0 { parts.append("\(activities.builtCount) built") }
    if !activities.failed.isEmpty { parts.append("\(activities.failed.count) failed") }
    if activities.waitingCount > 0 { parts.append("\(activities.waitingCount) to go") }
    if activities.waitingForMachine > 0 {
      parts.append("\(activities.waitingForMachine) waiting for a machine")
    }
    if activities.failed.isEmpty, activities.errorCount > 0 {
      parts.append(Amounts.count(activities.errorCount, "error"))
    }
    let isRunning = activities.ended == nil
    let interrupted = activities.builds.count { $0.outcome == .interrupted }
    if interrupted > 0 { parts.append("\(interrupted) interrupted") }
    let isInterrupted = activities.isInterrupted
    let mark: Mark =
      activities.hasFailed
      ? .failed : isRunning ? .running : isInterrupted ? .interrupted : .passed
    return Row(
      node: .all, mark: mark,
      title: isRunning ? "all" : isInterrupted ? "interrupted" : "ended",
      detail: parts.joined(separator: " · "))
  }

  private func row(_ node: Node) -> Row {
    switch node {
    case .all: allRow
    case .host(let place): hostRow(place)
    case .build(let place): buildRow(place)
    case .transfer(let id): transferRow(id)
    }
  }

  private func hostRow(_ place: Int) -> Row {
    let host = activities.hosts[place]
    var parts: [String] = []
    if host.running > 0 { parts.append("\(host.running) running") }
    if host.built > 0 { parts.append("\(host.built) built") }
    if host.failed > 0 { parts.append("\(host.failed) failed") }
    let kinds: [(NixActivities.Transfer.Kind, String)] = [
      (.copyTo, "→"), (.copyFrom, "←"), (.download, "↓"),
    ]
    for (kind, sign) in kinds {
      if let text = traffic(place, kind) { parts.append("\(sign) \(text)") }
    }
    let mark: Mark =
      host.failed > 0
      ? .failed : isBusy(place) ? .running : host.isBuilder ? builtMark(place) : .waiting
    return Row(
      node: .host(place), mark: mark, title: host.name, detail: parts.joined(separator: " · "))
  }

  private func builtMark(_ host: Int) -> Mark {
    let isInterrupted = activities.builds.contains {
      $0.host == host && $0.outcome == .interrupted
    }
    return isInterrupted ? .interrupted : .passed
  }

  private func isBusy(_ host: Int) -> Bool {
    activities.hosts[host].running > 0 || activities.transfers.values.contains { $0.host == host }
  }

  /// What goes one way between here and a host now, or has gone.
  private func traffic(_ host: Int, _ kind: NixActivities.Transfer.Kind) -> String? {
    let open = activities.transfers.values.filter { $0.host == host && $0.kind == kind }
    let sum = activities.hosts[host].sum(of: kind)
    let noun = kind == .download ? "file" : "path"
    if open.isEmpty {
      if sum.count == 0 { return nil }
      return "\(Amounts.count(sum.count, noun)), \(Amounts.bytes(sum.bytes))"
    }
    let done = sum.bytes + open.reduce(0) { $0 + $1.done }
    let expected = sum.bytes + open.reduce(0) { $0 + max($1.expected, $1.done) }
    let rate = open.reduce(0) { $0 + $1.rate(at: now) }
    let isExpected = open.contains { $0.expected > 0 }
    let amount = Amounts.bytes(done) + (isExpected ? " of \(Amounts.bytes(expected))" : "")
    return "\(Amounts.count(sum.count + open.count, noun)), \(amount)\(rateText(rate))"
  }

  private func rateText(_ rate: Double) -> String {
    isTimed && rate >= 1 ? ", \(Amounts.bytes(Int(rate)))/s" : ""
  }

  private func buildRow(_ place: Int) -> Row {
    let build = activities.builds[place]
    let mark: Mark =
      switch build.outcome {
      case .running: build.isTracked ? .running : .waiting
      case .built: .passed
      case .failed: .failed
      case .unfinished: .skipped
      case .interrupted: .interrupted
      }
    let detail =
      switch build.outcome {
      case .failed: [build.phase, build.reason].compactMap(\.self).joined(separator: " · ")
      case .unfinished: build.isTracked ? "not finished" : "its end is not told"
      case .interrupted: "interrupted"
      case .running, .built: build.phase ?? ""
      }
    let isTold = isTimed && (build.isTracked || build.outcome == .failed)
    return Row(
      node: .build(place), mark: mark, title: build.name, detail: detail,
      time: isTold ? Amounts.duration(build.duration(at: now)) : "")
  }

  private func transferRow(_ id: UInt64) -> Row {
    guard let transfer = activities.transfers[id] else {
      return Row(node: .transfer(id), mark: .skipped, title: "")
    }
    let sign =
      switch transfer.kind {
      case .copyTo: "→"
      case .copyFrom: "←"
      case .download: "↓"
      }
    let done = Amounts.bytes(transfer.done)
    let amount = transfer.expected > 0 ? "\(done) of \(Amounts.bytes(transfer.expected))" : done
    return Row(
      node: .transfer(id), mark: .running, title: "\(sign) \(transfer.name)",
      detail: amount + rateText(transfer.rate(at: now)),
      time: isTimed ? Amounts.duration(now - transfer.started) : "")
  }
}

extension NixActivities.Host {
  func sum(of kind: NixActivities.Transfer.Kind) -> Sum {
    switch kind {
    case .copyTo: copiedTo
    case .copyFrom: copiedFrom
    case .download: downloaded
    }
  }
}

extension LogTree {
  /// The numbers of all whose lines are shown for a row; `nil` for everybody's.
  static func owners(of node: Node, _ activities: NixActivities) -> Set<Int>? {
    switch node {
    case .all, .transfer: return nil
    case .build(let place): return [activities.builds[place].number]
    case .host(let place):
      let builds = activities.builds.lazy.filter { $0.host == place }.map(\.number)
      return Set(builds).union([activities.hosts[place].number])
    }
  }
}
