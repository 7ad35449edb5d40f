/// What a line of Nix's log says (`--log-format internal-json`, src/libutil/logging.hh).
///
/// Texts are bytes as Nix wrote them, colour codes included.
public enum NixLogEvent: Equatable, Sendable {
  /// A message; level 0 is an error, 1 a warning, 3 the usual, above that chatter.
  case message(level: Int, text: [UInt8])
  /// Something begins.
  case started(id: UInt64, level: Int, text: [UInt8], NixActivity)
  /// What began under this id is over.
  case stopped(id: UInt64)
  /// A line that a build printed.
  case buildLine(id: UInt64, text: [UInt8])
  /// A build has come to this phase, such as `buildPhase`.
  case phase(id: UInt64, name: String)
  /// How far something is.
  case progress(id: UInt64, NixProgress)
  /// How much there will be of a kind of activity.
  case expected(id: UInt64, kind: Int, count: Int)
  /// A line that the post-build hook printed.
  case hookLine(id: UInt64, text: [UInt8])
  /// Any other result, by its number.
  case result(id: UInt64, kind: Int)
  /// A line that is not Nix's own log: what ssh printed, or anything else.
  case plain([UInt8])
}

/// Something that Nix does.
public enum NixActivity: Equatable, Sendable {
  /// It builds a derivation, on a machine (its store URL), or here when that is empty.
  case build(derivation: String, machine: String)
  /// It copies a store path from one store to another.
  case copyPath(path: String, from: String, to: String)
  /// It fetches a store path from a cache.
  case substitute(path: String, from: String)
  /// It downloads a file.
  case fileTransfer(url: String)
  /// Anything else, by its number.
  case other(kind: Int)
}

/// How far something is: counts of builds or paths, or bytes.
public struct NixProgress: Equatable, Sendable {
  /// How much is done.
  public var done: Int
  /// How much there is, as far as known.
  public var expected: Int
  /// How much is under way.
  public var running: Int
  /// How much has failed.
  public var failed: Int

  /// Creates a state of progress.
  public init(done: Int, expected: Int, running: Int, failed: Int) {
    self.done = done
    self.expected = expected
    self.running = running
    self.failed = failed
  }
}
