import Base
import Glibc
import Processes
import SSH

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
  public static func inspect(path: String) async -> State {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return .absent }
      return .unusable(
        .keyUnreadable(path, isRoot: geteuid() == 0), evidence: "\(path): \(lastError()).")
    }
    let file: WholeFile
    do throws(FileFault) {
      file = try WholeFile(path, atMost: .key)
    } catch {
      switch error {
      case .notFile(.folder): return .unusable(.keyIsFolder(path), evidence: "")
      case .notFile, .tooLong: return .unusable(.keyIsNoKeyFile(path, error), evidence: "")
      case .failed, .silent:
        return .unusable(
          .keyUnreadable(path, isRoot: geteuid() == 0), evidence: "\(path): \(error)")
      }
    }
    if isPublicKey(file.text) { return .unusable(.keyIsPublic(path), evidence: "") }
    if status.st_uid != 0, status.st_uid != geteuid() {
      let owner = userName(status.st_uid) ?? "user \(status.st_uid)"
      return .unusable(.keyWrongOwner(path, owner: owner), evidence: "")
    }
    if status.st_mode & 0o077 != 0 {
      let modes = String(status.st_mode & 0o7777, radix: 8)
      return .unusable(.keyModesTooOpen(path), evidence: "\(path) has mode \(modes).")
    }
    return await derivePublicKey(path)
  }

  /// Makes an ed25519 key without passphrase with ssh-keygen(1), mode 600; makes the folder with
  /// mode 700 when it is missing. Never overwrites anything.
  ///
  /// - Returns: the public half.
  /// - Throws: ``Diagnosis``-carrying ``KeyPairError`` when it could not be made.
  public static func create(path: String, comment: String) async throws(KeyPairError) -> String {
    for name in [path, "\(path).pub"] where exists(name) {
      throw KeyPairError(diagnosis: .keyExists(name), evidence: "")
    }
    let folder =
      path.unicodeScalars.lastIndex(of: "/").map {
        String(path.unicodeScalars[..<$0])
      } ?? "."
    makeFolder(folder)
    // ssh-keygen asks before it overwrites; with nothing to read it then gives up.
    let command = Command(
      ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path],
      timeLimit: TimeLimits.local)
    let result = await command.run()
    switch result.ending {
    case .exited(0): break
    case .missing:
      throw KeyPairError(diagnosis: .missingTool(command), evidence: "")
    default:
      throw KeyPairError(diagnosis: .keyNotMade(path), evidence: result.error + result.output)
    }
    switch await inspect(path: path) {
    case .usable(let publicKey): return publicKey
    case .unusable(let diagnosis, let evidence):
      throw KeyPairError(diagnosis: diagnosis, evidence: evidence)
    case .absent: throw KeyPairError(diagnosis: .keyNotMade(path), evidence: result.error)
    }
  }

  private static func derivePublicKey(_ path: String) async -> State {
    let command = Command(
      ["ssh-keygen", "-y", "-P", "", "-f", path], timeLimit: TimeLimits.local)
    let result = await command.run()
    if result.ending == .missing { return .unusable(.missingTool(command), evidence: "") }
    let derived = result.output.unicodeScalars.filledLines.strings.first ?? ""
    guard result.succeeded, !derived.isEmpty else {
      let passphrase = result.error.unicodeScalars.contains("incorrect passphrase")
      return .unusable(
        passphrase ? .keyPassphrase(path) : .keyInvalid(path), evidence: result.error)
    }
    let beside: String
    do throws(FileFault) {
      beside = try WholeFile("\(path).pub", atMost: .key).text
    } catch {
      if case .failed = error { return .usable(publicKey: derived) }
      return .unusable(.keyIsNoKeyFile("\(path).pub", error), evidence: "")
    }
    let line = beside.unicodeScalars.lines.strings.first ?? ""
    guard isSameKey(line, derived) else {
      return .unusable(
        .keyMismatched(path), evidence: "\(path).pub: \(line)\n\(path): \(derived)\n")
    }
    return .usable(publicKey: line)
  }

  private static func isPublicKey(_ text: String) -> Bool {
    ["ssh-", "ecdsa-", "sk-"].contains { text.unicodeScalars.hasPrefix($0) }
  }

  /// Without following a symbolic link: one that leads nowhere is still in the way.
  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private static func makeFolder(_ folder: String) {
    var path = ""
    for part in folder.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false) {
      path.unicodeScalars += part
      if !path.isEmpty { mkdir(path, 0o700) }
      path += "/"
    }
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

/// The name of a user, `nil` when there is none with that id.
func userName(_ id: uid_t) -> String? { getpwuid(id).map { String(cString: $0.pointee.pw_name) } }
