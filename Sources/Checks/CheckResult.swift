import Processes

/// What a check found out.
public struct CheckResult: Equatable, Sendable {
  /// How a check ended.
  public enum Outcome: Equatable, Sendable {
    /// It was seen working.
    case passed
    /// It does not work.
    case failed
    /// It does not work, as is to be expected before the builder's fragment is applied.
    case notYet
    /// It works so far, and the user has to decide: a host key nobody has accepted yet.
    case undecided
    /// It was not tried, since one that it needs has failed or the run was cancelled.
    case skipped
  }

  /// Which check.
  public var name: CheckName
  /// How it ended.
  public var outcome: Outcome
  /// How long it took, in seconds.
  public var seconds: Double
  /// What was found, short enough for one line.
  public var detail: String
  /// Why it failed and what to do; `nil` when the evidence fits no known cause. One that passed may
  /// have one too: something that it works in spite of.
  public var diagnosis: Diagnosis?
  /// All that the commands printed, as it was.
  public var evidence: String
  /// What was learnt beyond the outcome.
  public var finding: Finding?
  /// The seconds after which it was given up; `nil` when it ended by itself.
  public var gaveUpAfter: Int?

  /// Creates a result.
  public init(
    name: CheckName, outcome: Outcome, seconds: Double = 0, detail: String = "",
    diagnosis: Diagnosis? = nil, evidence: String = "", finding: Finding? = nil,
    gaveUpAfter: Int? = nil
  ) {
    self.name = name
    self.outcome = outcome
    self.seconds = seconds
    self.detail = detail
    self.diagnosis = diagnosis
    self.evidence = evidence
    self.finding = finding
    self.gaveUpAfter = gaveUpAfter
  }
}

/// What a check learnt beyond its outcome.
public enum Finding: Equatable, Sendable {
  /// The key that the server showed.
  case hostKey(OfferedHostKey)
  /// What the builder's Nix says of itself.
  case capabilities(RemoteCapabilities)
  /// What the builder says of itself.
  case facts(RemoteFacts)
}

/// A host key that a server showed.
public struct OfferedHostKey: Equatable, Sendable {
  /// How it compares with what is known here.
  public enum Standing: Equatable, Sendable {
    /// It is the key that the inventory pins.
    case pinned
    /// Nothing is pinned; known_hosts has this key for the address.
    case known
    /// Nobody here has seen it before.
    case unknown
    /// Another key is pinned, or known_hosts has another one; the text says where.
    case changed(String)
  }

  /// Type and key, as one line of known_hosts without the host: `ssh-ed25519 AAAA…`.
  public var line: String
  /// The fingerprint as ssh-keygen(1) prints it: `SHA256:…`.
  public var fingerprint: String
  /// How it compares with what is known here.
  public var standing: Standing
  /// The fingerprint of the other key that is on record; `nil` when there is none.
  public var otherFingerprint: String?
  /// The file of this machine that has this very key for the builder; `nil` when none has.
  public var vouchedBy: String?

  /// Creates a key.
  public init(
    line: String, fingerprint: String, standing: Standing, otherFingerprint: String? = nil,
    vouchedBy: String? = nil
  ) {
    self.line = line
    self.fingerprint = fingerprint
    self.standing = standing
    self.otherFingerprint = otherFingerprint
    self.vouchedBy = vouchedBy
  }
}

/// What the builder's Nix says of itself after a login.
public struct RemoteCapabilities: Equatable, Sendable {
  /// The version of Nix there, such as `2.34.8`.
  public var nixVersion: String?
  /// Its `system` and `extra-platforms`.
  public var systems: [String]
  /// Its `system-features`.
  public var features: [String]
  /// The number of processors.
  public var processors: Int?

  /// Creates capabilities.
  public init(
    nixVersion: String?, systems: [String] = [], features: [String] = [], processors: Int? = nil
  ) {
    self.nixVersion = nixVersion
    self.systems = systems
    self.features = features
    self.processors = processors
  }
}

/// Why something failed: an entry of the catalogue.
public struct Diagnosis: Equatable, Sendable {
  /// The name of the cause.
  public let identity: Identity
  /// The likely cause, in a sentence.
  public let cause: String
  /// What to do, in a sentence or two.
  public let remedy: String
  /// A command that does it, to copy; `nil` when there is none.
  public let command: String?
  /// The address of the manual's section about it; `nil` when there is none.
  public let manual: String?

  /// Creates a diagnosis.
  public init(
    _ identity: Identity, cause: String, remedy: String, command: ShellCommand? = nil,
    manual: String? = nil
  ) {
    self.identity = identity
    self.cause = cause
    self.remedy = remedy
    self.command = command?.text
    self.manual = manual
  }

  /// The name of the cause as text, such as `key-refused`.
  public var id: String { identity.rawValue }
}

/// What happens while checks run, in the order in which it happens.
public enum CheckEvent: Equatable, Sendable {
  /// A check begins.
  case started(CheckName)
  /// A command is run, as one would type it.
  case command(CheckName, String)
  /// Bytes that a command printed, as they came.
  case output(CheckName, [UInt8])
  /// A check has ended.
  case finished(CheckResult)
}
