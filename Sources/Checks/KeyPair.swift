/// The key pair that logs in to a builder.
public enum KeyPair {
  /// What was found at a key's path.
  public enum State: Equatable, Sendable {
    /// Nothing is there.
    case absent
    /// It can be used; its public half as one line of `authorized_keys`.
    case usable(publicKey: String)
    /// It cannot be used.
    case unusable(Diagnosis, evidence: String)
  }

  /// Looks at the private key: exists, is a private key, has no passphrase, the right owner and
  /// modes, and matches the `.pub` beside it.
  public static func inspect(path: String) async -> State { .absent }

  /// Makes an ed25519 key without passphrase with ssh-keygen(1), mode 600; makes the folder with
  /// mode 700 when it is missing. Never overwrites anything.
  ///
  /// - Returns: the public half.
  /// - Throws: ``Diagnosis``-carrying ``KeyPairError`` when it could not be made.
  public static func create(path: String, comment: String) async throws(KeyPairError) -> String {
    throw KeyPairError(
      diagnosis: Diagnosis(id: "", cause: "", remedy: ""), evidence: "")
  }
}

/// A key that could not be made.
public struct KeyPairError: Error, Equatable, Sendable {
  /// Why, and what to do.
  public var diagnosis: Diagnosis
  /// What ssh-keygen printed.
  public var evidence: String

  /// Creates an error.
  public init(diagnosis: Diagnosis, evidence: String) {
    self.diagnosis = diagnosis
    self.evidence = evidence
  }
}
