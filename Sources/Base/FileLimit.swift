/// How long a file may be that is read as a whole.
public struct FileLimit: Equatable, Sendable {
  /// The limit itself.
  public let bytes: Int

  /// Creates a limit.
  public init(bytes: Int) { self.bytes = bytes }

  /// A private key, or its public half.
  public static let key = FileLimit(bytes: 64 << 10)
  /// A configuration that somebody has written by hand: ssh's, Nix's, a module.
  public static let configuration = FileLimit(bytes: 4 << 20)
  /// A list of hosts that other programs keep: machines, known_hosts.
  public static let hosts = FileLimit(bytes: 16 << 20)
  /// What belongs to an inventory of ten thousand builders: that file, its fragments, and what is
  /// remembered of it.
  public static let inventory = FileLimit(bytes: 64 << 20)
  /// What the kernel tells of a process.
  public static let process = FileLimit(bytes: 1 << 20)
  /// What a login, or a program that answers a small question, prints.
  public static let answer = FileLimit(bytes: 1 << 20)
  /// A log that is looked through for what it means.
  public static let log = FileLimit(bytes: 16 << 20)
}

extension FileLimit: CustomStringConvertible {
  /// The limit in words, such as `64 kB`.
  public var description: String {
    for (unit, size) in [("MB", 1 << 20), ("kB", 1 << 10)] where bytes >= size {
      return "\(bytes / size) \(unit)"
    }
    return "\(bytes) bytes"
  }
}
