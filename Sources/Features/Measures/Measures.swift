/// Something about a builder that is measured.
public enum Measure: String, CaseIterable, Sendable {
  /// How long a packet takes to the builder and back.
  case roundTrip
  /// How fast store paths are copied to it.
  case copy
  /// How long a build takes that does nothing.
  case emptyBuild
  /// How many processors it has.
  case processors
  /// How fast one of them is, compared with this machine's.
  case speed
  /// How much room its store has.
  case disk
}

/// What was measured of a builder.
public struct Measures: Equatable, Sendable {
  /// Bytes that were copied, and the time that took.
  public struct Copy: Equatable, Sendable {
    /// How many bytes arrived.
    public var bytes: Int
    /// In how many seconds, without the login.
    public var seconds: Double
    /// Whether all of them arrived before the time was up.
    public var isComplete: Bool

    /// Creates a measurement.
    public init(bytes: Int, seconds: Double, isComplete: Bool = true) {
      self.bytes = bytes
      self.seconds = seconds
      self.isComplete = isComplete
    }

    /// Bytes in a second.
    public var rate: Double { seconds > 0 ? Double(bytes) / seconds : 0 }
  }

  /// The file system of the store.
  public struct Disk: Equatable, Sendable {
    /// Bytes that are free.
    public var free: Int
    /// Bytes in all.
    public var total: Int

    /// Creates a description.
    public init(free: Int, total: Int) {
      self.free = free
      self.total = total
    }
  }

  /// In seconds, as the kernel takes it from the beginning of a TCP connection.
  public var roundTrip: Double?
  /// Of incompressible data, by Nix.
  public var copy: Copy?
  /// In seconds, from asking Nix to having the result here, with the login.
  public var emptyBuild: Double?
  /// The number of processors.
  public var processors: Int?
  /// How fast one processor compresses data, as a multiple of one of this machine's.
  public var speed: Double?
  /// The room of the store.
  public var disk: Disk?
  /// Why something could not be measured.
  public var missing: [Measure: String] = [:]

  /// What the builder keeps of the measuring until its garbage is collected, and why; `nil` when
  /// that is nothing.
  public var leftover: String?

  /// Whether something was measured.
  public func has(_ measure: Measure) -> Bool {
    switch measure {
    case .roundTrip: roundTrip != nil
    case .copy: copy != nil
    case .emptyBuild: emptyBuild != nil
    case .processors: processors != nil
    case .speed: speed != nil
    case .disk: disk != nil
    }
  }

  /// Creates measures of which nothing is known yet.
  public init() {}
}
