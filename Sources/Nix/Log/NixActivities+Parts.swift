import Base

extension NixActivities {
  /// How a build stands.
  public enum Outcome: Equatable, Sendable {
    /// It has not ended.
    case running
    /// It has succeeded.
    case built
    /// It has failed.
    case failed
    /// The log has ended before it.
    case unfinished
    /// Somebody has interrupted Nix before it had ended.
    case interrupted
  }

  /// A build of a derivation.
  public struct Build: Equatable, Sendable {
    /// Its number among the builds and hosts.
    public let number: Int
    /// The store path of the derivation.
    public let derivation: String
    /// The place of its machine in ``NixActivities/hosts``.
    public let host: Int
    /// When it began, in seconds.
    public let started: Double
    /// Whether its end is told, too; what Nix prints for people does not.
    public let isTracked: Bool
    /// When it ended, in seconds.
    public internal(set) var ended: Double?
    /// How it stands.
    public internal(set) var outcome = Outcome.running
    /// Its phase, such as `buildPhase`, where it tells that.
    public internal(set) var phase: String?
    /// Why it failed, such as `exit code 2`.
    public internal(set) var reason: String?
    /// How many lines it has printed.
    public internal(set) var lineCount = 0
    /// How many activities tell of it: a remote one has two.
    var openIDs = 1

    package init(number: Int, derivation: String, host: Int, started: Double, isTracked: Bool) {
      self.number = number
      self.derivation = derivation
      self.host = host
      self.started = started
      self.isTracked = isTracked
    }

    /// Its name with its version, such as `hello-2.12.1`.
    public var name: String { NixActivities.name(ofPath: derivation) }

    /// What stands before the lines that it prints: `hello> `.
    public var prompt: String { NixLogRenderer.name(of: derivation) + "> " }

    /// How long it took, or has been running, in seconds.
    public func duration(at now: Double) -> Double { (ended ?? now) - started }
  }

  /// A machine that builds, or a cache.
  public struct Host: Equatable, Sendable {
    /// Its number among the builds and hosts.
    public let number: Int
    /// What it is called: the host of its URL, or `local`.
    public let name: String
    /// How many builds run on it.
    public internal(set) var running = 0
    /// How many it has built.
    public internal(set) var built = 0
    /// How many have failed on it.
    public internal(set) var failed = 0
    /// What was copied to it.
    public internal(set) var copiedTo = Sum()
    /// What was copied from it.
    public internal(set) var copiedFrom = Sum()
    /// What was downloaded from it.
    public internal(set) var downloaded = Sum()

    package init(number: Int, name: String) {
      self.number = number
      self.name = name
    }

    /// Paths or files, and their bytes.
    public struct Sum: Equatable, Sendable {
      /// How many.
      public internal(set) var count = 0
      /// How much.
      public internal(set) var bytes = 0
    }

    /// Whether it was heard of as a machine that builds.
    public var isBuilder: Bool { running + built + failed > 0 }

    package mutating func add(_ transfer: Transfer) {
      let sum: WritableKeyPath<Host, Sum> =
        switch transfer.kind {
        case .copyTo: \.copiedTo
        case .copyFrom: \.copiedFrom
        case .download: \.downloaded
        }
      self[keyPath: sum].count += 1
      self[keyPath: sum].bytes &+= transfer.done
    }

    /// The host in a store's URL or a file's: `forge` for `ssh-ng://nix@forge?compress=true`.
    package static func name(of url: String) -> String {
      if ["", "local", "daemon", "auto"].contains(url) { return "local" }
      let scalars = url.unicodeScalars
      guard let scheme = scalars.firstRange(of: "://") else { return url }
      let host = scalars[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
      let name = host.split(separator: "@").last.map { String($0) } ?? ""
      return name.isEmpty ? url : name
    }
  }

  /// Something that is copied or downloaded.
  public struct Transfer: Equatable, Sendable {
    /// Which way it goes.
    public enum Kind: Equatable, Sendable {
      /// A store path to another store.
      case copyTo
      /// A store path from another store.
      case copyFrom
      /// A file.
      case download
    }

    /// The store path, or the file's URL.
    public let path: String
    /// Which way it goes.
    public let kind: Kind
    /// The place of the other side in ``NixActivities/hosts``.
    public let host: Int
    /// When it began, in seconds.
    public let started: Double
    /// How many bytes have come.
    public private(set) var done = 0
    /// How many there are; 0 while that is not known.
    public private(set) var expected = 0
    // Two moments in the past; the rate is that since the older one.
    private var older: Mark
    private var newer: Mark

    private struct Mark: Equatable {
      var seconds: Double
      var done: Int
    }

    private static let secondsBetweenMarks = 3.0

    package init(path: String, kind: Kind, host: Int, started: Double) {
      self.path = path
      self.kind = kind
      self.host = host
      self.started = started
      older = Mark(seconds: started, done: 0)
      newer = older
    }

    package mutating func update(_ progress: NixProgress, at now: Double) {
      done = progress.done
      expected = progress.expected
      if now - newer.seconds >= Self.secondsBetweenMarks {
        older = newer
        newer = Mark(seconds: now, done: done)
      }
    }

    /// Bytes a second in the last few seconds; 0 while that cannot be told.
    public func rate(at now: Double) -> Double {
      let seconds = now - older.seconds
      return seconds > 0 ? Double(done &- older.done) / seconds : 0
    }

    /// What it is called: the path's name, or the end of the URL.
    public var name: String {
      kind == .download
        ? path.unicodeScalars.split(separator: "/").last.map { String($0) } ?? path
        : NixActivities.name(ofPath: path)
    }
  }

  /// A store path without directory, hash and `.drv`.
  package static func name(ofPath path: String) -> String {
    var name = path.unicodeScalars.split(separator: "/").last ?? path.unicodeScalars[...]
    if name.hasSuffix(".drv") { name.removeLast(4) }
    if let (hash, rest) = name.cut(at: "-"), hash.count == 32 { name = rest }
    return String(name)
  }
}
