import Base

/// What is going on in a build, told by Nix's log: the builds with their machines, what is copied
/// and downloaded, and what has failed.
///
/// Each build and each host has a number, from 1 on, by which lines of the log are told to belong
/// to it. Of what is over only the builds are kept, and sums of the rest.
public struct NixActivities: Equatable, Sendable {
  /// All builds, in the order in which they began.
  public private(set) var builds: [Build] = []
  /// The machines and caches that were heard of, in that order.
  public private(set) var hosts: [Host] = []
  /// What is being copied or downloaded.
  public private(set) var transfers: [UInt64: Transfer] = [:]
  /// The places in ``builds`` of those that have not ended.
  public private(set) var running: [Int] = []
  /// How many builds wait for a free machine.
  public private(set) var waitingForMachine = 0
  /// The first errors that are not about one of the builds, without colours.
  public private(set) var errors: [String] = []
  /// How many such errors there were.
  public private(set) var errorCount = 0
  /// When the log has ended, in seconds; `nil` while it goes on.
  public private(set) var ended: Double?

  private var numbers = 0
  private var open: [UInt64: Part] = [:]
  private var hostPlaces: [String: Int] = [:]
  /// The latest build of each derivation.
  private var latest: [String: Int] = [:]
  private var builtCounts = Group(kind: NixActivities.kindOfBuilds)
  private var realising = Group(kind: NixActivities.kindOfRealise)
  private var announcedBuilds = 0
  /// The places of all that failed.
  private var failures: [Int] = []
  /// The last error, which may be told again with more lines.
  private var latestError: LatestError?

  private static let kindOfRealise = 102
  private static let kindOfBuilds = 104
  private static let kindOfWaiting = 111
  private static let keptErrors = 20

  private struct LatestError: Equatable {
    var text: String
    /// The place of a build that is known by it to have failed.
    var cause: Int?
  }

  /// What an id stands for.
  private enum Part: Equatable {
    case build(Int)
    case transfer
    case group
    case waiting
    case host(Int)
  }

  /// Nothing is going on yet.
  public init() {}

  // MARK: - Sums

  /// The places in ``builds`` of those that failed and were not built elsewhere since.
  public var failed: [Int] {
    failures.filter { latest[builds[$0].derivation] == $0 }
  }

  /// How many builds have succeeded.
  public private(set) var builtCount = 0
  /// The places in ``builds`` of those that have, in the order of their ends.
  private var built: [Int] = []
  /// Whether Nix tells how many builds are done.
  private var countsBuilds = false
  /// Whether somebody wanted Nix to be interrupted.
  private var isToEnd = false
  /// Whether Nix was interrupted.
  public private(set) var isInterrupted = false

  /// How many builds Nix has yet to begin, as far as it is known.
  public var waitingCount: Int {
    if ended != nil { return 0 }
    if announcedBuilds > 0 { return max(0, announcedBuilds &- latest.count) }
    let told = builtCounts.progress
    return max(0, told.expected &- told.done &- told.running &- told.failed)
  }

  /// How much there is to be downloaded, in bytes, as far as it is known.
  public var expectedDownload: Int { realising.expected[101] ?? 0 }

  /// Whether something has failed.
  public var hasFailed: Bool { errorCount > 0 || !failed.isEmpty }

  // MARK: - What happens

  /// Takes in what has happened.
  ///
  /// - Parameter now: in seconds.
  /// - Returns: the number of the build or host that the event is about; 0 for none.
  @discardableResult
  public mutating func apply(_ event: NixLogEvent, at now: Double) -> Int {
    switch event {
    case .started(let id, _, let text, let activity): return start(activity, id, text, now)
    case .stopped(let id): return stop(id, now)
    case .phase(let id, let name):
      if case .build(let place)? = open[id] { builds[place].phase = name }
    case .progress(let id, let progress):
      if transfers[id] != nil {
        transfers[id]?.update(progress, at: now)
      } else if builtCounts.id == id {
        builtCounts.latest = progress
        countsBuilds = true
      }
    case .expected(let id, let kind, let count):
      if realising.id == id { realising.latestExpected[kind] = count }
    case .message(let level, let text): return take(message: text, level: level, now)
    case .buildLine(let id, _), .hookLine(let id, _): return owner(ofLines: 1, of: id)
    case .plain, .result: break
    }
    return 0
  }

  /// Takes in that an activity has printed so many lines.
  ///
  /// - Returns: the number of the build or host that they belong to; 0 for none.
  public mutating func owner(ofLines count: Int, of id: UInt64) -> Int {
    guard id != 0 else { return 0 }
    if case .build(let place)? = open[id] { builds[place].lineCount += count }
    return number(of: open[id])
  }

  /// Takes in that somebody wants Nix to be interrupted.
  public mutating func noteInterrupt() { isToEnd = true }

  /// Takes in that Nix was interrupted. It tells of the ends of builds then as if they had succeeded,
  /// but does not count them among those that are done.
  private mutating func settleInterrupted() {
    isInterrupted = true
    guard countsBuilds else { return }
    let done = builtCounts.progress.done
    while builtCount > done, let place = built.popLast() {
      guard builds[place].outcome == .built else { continue }
      builds[place].outcome = .interrupted
      builtCount -= 1
      hosts[builds[place].host].built -= 1
    }
  }

  /// Takes in that the log has ended.
  public mutating func end(at now: Double) {
    ended = now
    if isToEnd, !running.isEmpty { isInterrupted = true }
    for place in running {
      builds[place].outcome = isInterrupted ? .interrupted : .unfinished
      builds[place].ended = now
      hosts[builds[place].host].running -= 1
    }
    running = []
    transfers = [:]
    open = [:]
    waitingForMachine = 0
  }

  private func number(of part: Part?) -> Int {
    switch part {
    case .build(let place): builds[place].number
    case .host(let place): hosts[place].number
    case .transfer, .group, .waiting, nil: 0
    }
  }

  private mutating func newNumber() -> Int {
    numbers += 1
    return numbers
  }

  // MARK: - Beginnings

  private mutating func start(
    _ activity: NixActivity, _ id: UInt64, _ text: [UInt8], _ now: Double
  ) -> Int {
    switch activity {
    case .build(let derivation, let machine): return startBuild(derivation, machine, id, now)
    case .copyPath(let path, let from, let to):
      let isIncoming = from != "local" && !from.isEmpty
      let host = host(isIncoming ? from : to)
      transfers[id] = Transfer(
        path: path, kind: isIncoming ? .copyFrom : .copyTo, host: host, started: now)
      open[id] = .transfer
      return hosts[host].number
    case .fileTransfer(let url):
      let host = host(url)
      transfers[id] = Transfer(path: url, kind: .download, host: host, started: now)
      open[id] = .transfer
      return hosts[host].number
    case .substitute(_, let from): return hosts[host(from)].number
    case .other(Self.kindOfRealise):
      if realising.begin(id) { open[id] = .group }
    case .other(Self.kindOfBuilds):
      if builtCounts.begin(id) { open[id] = .group }
    case .other(Self.kindOfWaiting):
      waitingForMachine += 1
      open[id] = .waiting
    case .other:
      // Such as: connecting to 'ssh-ng://forge'.
      guard let url = NixErrorText.storeURL(in: text) else { return 0 }
      let host = host(url)
      open[id] = .host(host)
      return hosts[host].number
    }
    return 0
  }

  private mutating func startBuild(
    _ derivation: String, _ machine: String, _ id: UInt64, _ now: Double
  ) -> Int {
    // What a builder tells of its own build comes through as a build on no machine.
    if let place = latest[derivation], builds[place].openIDs > 0 {
      builds[place].openIDs += 1
      open[id] = .build(place)
      return builds[place].number
    }
    let host = host(machine)
    let place = builds.count
    builds.append(
      Build(
        number: newNumber(), derivation: derivation, host: host, started: now,
        isTracked: id < PlainNixLog.firstID))
    running.append(place)
    latest[derivation] = place
    open[id] = .build(place)
    hosts[host].running += 1
    return builds[place].number
  }

  /// The place of a host, which is new where nothing was heard of it.
  private mutating func host(_ url: String) -> Int {
    let name = Host.name(of: url)
    if let place = hostPlaces[name] { return place }
    hostPlaces[name] = hosts.count
    hosts.append(Host(number: newNumber(), name: name))
    return hosts.count - 1
  }

  // MARK: - Ends

  private mutating func stop(_ id: UInt64, _ now: Double) -> Int {
    guard let part = open.removeValue(forKey: id) else { return 0 }
    let number = number(of: part)
    switch part {
    case .build(let place):
      builds[place].openIDs -= 1
      if builds[place].openIDs == 0, builds[place].outcome == .running {
        finish(place, .built, now)
        builtCount += 1
        built.append(place)
      }
    case .transfer:
      if let transfer = transfers.removeValue(forKey: id) { hosts[transfer.host].add(transfer) }
    case .group:
      builtCounts.end(id)
      realising.end(id)
    case .waiting: waitingForMachine -= 1
    case .host: break
    }
    return number
  }

  private mutating func finish(_ place: Int, _ outcome: Outcome, _ now: Double) {
    guard let index = running.firstIndex(of: place) else { return }
    running.remove(at: index)
    builds[place].outcome = outcome
    builds[place].ended = now
    hosts[builds[place].host].running -= 1
    if outcome == .built { hosts[builds[place].host].built += 1 }
    if outcome == .failed { hosts[builds[place].host].failed += 1 }
  }

  // MARK: - Messages

  private mutating func take(message: [UInt8], level: Int, _ now: Double) -> Int {
    if level > 0 {
      if level == 3 { announcedBuilds &+= NixErrorText.announcedBuilds(in: message) }
      return 0
    }
    let error = NixErrorText(message)
    // Other things of this level are, say, that a builder cannot be reached; others are asked then.
    if error.text.unicodeScalars.hasSuffix("interrupted by the user") {
      settleInterrupted()
      return 0
    }
    guard error.isError else { return NixErrorText.storeURL(in: message).map(number(ofURL:)) ?? 0 }
    let more = latestError.flatMap {
      error.text.unicodeScalars.hasPrefix($0.text + "\n") ? $0 : nil
    }
    latestError = LatestError(text: error.text, cause: more?.cause)
    if let derivation = error.derivation, let place = latest[derivation] {
      if let cause = more?.cause { builds[cause].reason = error.reason }
      if builds[place].outcome != .failed { latestError?.cause = place }
      fail(place, error, now)
      return builds[place].number
    }
    if more != nil {
      if errorCount == errors.count { errors[errors.count - 1] = error.text }
    } else {
      errorCount += 1
      if errors.count < Self.keptErrors { errors.append(error.text) }
    }
    return error.storeURL.map(number(ofURL:)) ?? 0
  }

  private func number(ofURL url: String) -> Int {
    hostPlaces[Host.name(of: url)].map { hosts[$0].number } ?? 0
  }

  private mutating func fail(_ place: Int, _ error: NixErrorText, _ now: Double) {
    // The first of several messages about a build is the one that knows most.
    if builds[place].outcome == .failed { return }
    builds[place].reason = error.reason
    failures.append(place)
    if builds[place].outcome == .running {
      finish(place, .failed, now)
      return
    }
    if builds[place].outcome == .built {
      builtCount -= 1
      hosts[builds[place].host].built -= 1
    }
    builds[place].outcome = .failed
    hosts[builds[place].host].failed += 1
  }
}

extension NixActivities {
  /// Activities that sum up others. A builder's own come while the local ones are open, and are
  /// about the same builds once more.
  private struct Group: Equatable {
    let kind: Int
    var id: UInt64?
    var latest = NixProgress(done: 0, expected: 0, running: 0, failed: 0)
    var latestExpected: [Int: Int] = [:]
    private var before = NixProgress(done: 0, expected: 0, running: 0, failed: 0)
    private var expectedBefore: [Int: Int] = [:]

    init(kind: Int) { self.kind = kind }

    var progress: NixProgress {
      NixProgress(
        done: before.done &+ latest.done, expected: before.expected &+ latest.expected,
        running: latest.running, failed: before.failed &+ latest.failed)
    }

    var expected: [Int: Int] { expectedBefore.merging(latestExpected, uniquingKeysWith: &+) }

    mutating func begin(_ id: UInt64) -> Bool {
      if self.id != nil { return false }
      self.id = id
      return true
    }

    mutating func end(_ id: UInt64) {
      guard self.id == id else { return }
      self.id = nil
      before = progress
      // What was expected and did not come is not waited for any more.
      before.expected = before.done &+ before.failed
      expectedBefore = expected
      latest = NixProgress(done: 0, expected: 0, running: 0, failed: 0)
      latestExpected = [:]
    }
  }
}
