import Base
import Builders
import Checks
import Nix
import Processes
import SSH

/// Copies data that nobody has and that cannot be compressed to a builder, and takes the time.
///
/// Nix's log tells when the copying itself begins and ends, so the login does not count. This
/// machine keeps nothing of it.
enum CopyMeasure {
  /// How much is copied, in bytes.
  static let size = 64 << 20

  /// - Parameter sent: takes the path that the builder has from then on, or a part of.
  static func run(
    _ connection: Connection, in directory: PrivateDirectory, sent: (String) -> Void
  ) async -> Result<Measures.Copy, NotMeasured> {
    // A store of its own, to be thrown away.
    let store = "\(directory.path)/store"
    let result = await copy(connection, from: store, in: directory, sent: sent)
    // In a task of its own, since a cancelled one starts nothing.
    _ = await Task {
      await Command(["rm", "-rf", "--", store], timeLimit: TimeLimits.local).run()
    }.value
    return result
  }

  private static func copy(
    _ connection: Connection, from store: String, in directory: PrivateDirectory,
    sent: (String) -> Void
  ) async -> Result<Measures.Copy, NotMeasured> {
    let file = "\(directory.path)/data-\(Probe.freshNonce())"
    let making = Command(
      ["sh", "-c", "head -c \(size) /dev/urandom >\"$0\"", file], timeLimit: TimeLimits.local)
    guard await making.run().succeeded else {
      return .failure(NotMeasured("\(directory.path) has no room for \(size >> 20) MB"))
    }
    let adding = Command(
      ["nix", "--extra-experimental-features", "nix-command", "store", "add-file"]
        + ["--store", store, file], environment: ["NIX_REMOTE": nil], timeLimit: TimeLimits.store)
    let added = await adding.run()
    guard added.succeeded, let path = added.output.unicodeScalars.filledLines.strings.last
    else { return .failure(NotMeasured(added)) }
    let copying = connection.nix(
      ["copy", "--from", store, "--to", connection.machine.fullURL, "--no-check-sigs", path]
        + ["--log-format", "internal-json", "-v"], timeLimit: TimeLimits.copy)
    let watch = Watch(path: path)
    let result = await copying.run { stream, bytes in
      if stream == .error { await watch.take(bytes) }
    }
    if await watch.hasBegun { sent(path) }
    if result.succeeded, let copy = await watch.whole(size) { return .success(copy) }
    if result.ending == .timedOut, let copy = await watch.part() { return .success(copy) }
    return .failure(NotMeasured(result))
  }

  /// Follows Nix's log, and knows since when the path is being copied and how much of it has
  /// arrived.
  private actor Watch {
    private let path: String
    private var parser = NixLogParser()
    private var activity: UInt64?
    private var begin: ContinuousClock.Instant?
    private var end: ContinuousClock.Instant?
    private var arrived: (bytes: Int, at: ContinuousClock.Instant)?

    init(path: String) { self.path = path }

    var hasBegun: Bool { begin != nil }

    func take(_ bytes: [UInt8]) {
      let now = ContinuousClock.now
      parser.feed(bytes) { event in
        switch event {
        case .started(let id, _, _, .copyPath(path, _, _)):
          activity = id
          begin = now
        case .stopped(let id) where id == activity: end = now
        case .progress(let id, let progress) where id == activity:
          arrived = (progress.done, now)
        default: break
        }
      }
    }

    /// All of it.
    func whole(_ size: Int) -> Measures.Copy? {
      guard let begin, let end else { return nil }
      return Measures.Copy(bytes: size, seconds: (end - begin).seconds)
    }

    /// What had arrived when the time was up; versions that tell of no progress do not know.
    func part() -> Measures.Copy? {
      guard let begin, let arrived, arrived.bytes > 0 else { return nil }
      return Measures.Copy(
        bytes: arrived.bytes, seconds: (arrived.at - begin).seconds, isComplete: false)
    }
  }
}

/// Why something could not be measured.
struct NotMeasured: Error, Equatable, Sendable {
  var reason: String

  init(_ reason: String) { self.reason = reason }

  /// What a command said last, or how it ended.
  init(_ result: Command.Result) {
    let lines = withoutColour(result.error).unicodeScalars.filledLines
    let said = lines.last { !$0.hasPrefix("@nix ") }.map { String($0) }
    switch result.ending {
    case .timedOut: reason = "it did not end in time"
    case .cancelled: reason = "cancelled"
    case .missing: reason = "a program for it is missing here"
    case .exited, .signalled, .notStarted, .printedTooMuch: reason = said ?? "it failed"
    }
  }
}
