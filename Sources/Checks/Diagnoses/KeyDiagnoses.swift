import Base
import Builders

// The key that logs in.
extension Diagnosis {
  @Sendable static func keyMissing(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("no such identity: ", "not accessible: No such file") else { return nil }
    return .keyMissing(symptoms.builder.keyPath)
  }

  static func keyMissing(_ path: String, hasPublicHalf: Bool = false) -> Diagnosis {
    Diagnosis(
      id: "key-missing",
      cause: hasPublicHalf
        ? "There is no private key at \(path), only the public half beside it."
        : "There is no key at \(path).",
      remedy: "Let the wizard create one, or correct the path.",
      command: "ssh-keygen -t ed25519 -N '' -f \(path)", manual: Manual.ssh("IdentityFile"))
  }

  @Sendable static func keyModesTooOpen(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("UNPROTECTED PRIVATE KEY FILE") else { return nil }
    return .keyModesTooOpen(symptoms.builder.keyPath)
  }

  static func keyModesTooOpen(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-open-modes", cause: "Others may read \(path), so ssh ignores it.",
      remedy: "Take their rights away.", command: "chmod 600 \(path)",
      manual: Manual.openSSH("ssh", "FILES"))
  }

  @Sendable static func keyInvalid(_ symptoms: Symptoms) -> Diagnosis? {
    guard
      symptoms.hasLine(with: "Load key \"", "invalid format")
        || symptoms.hasLine(with: "Load key \"", "error in libcrypto")
    else { return nil }
    return .keyInvalid(symptoms.builder.keyPath)
  }

  /// ssh says it of a user other than root, and of root where the file system is not root's.
  @Sendable static func keyUnreadable(_ symptoms: Symptoms) -> Diagnosis? {
    guard
      symptoms.hasLine(with: "Load key \"", ": Permission denied")
        || symptoms.hasLine(with: "dentity file ", "not accessible: Permission denied")
    else { return nil }
    let path = symptoms.builder.keyPath
    return Diagnosis(
      id: "key-unreadable",
      cause: "The one who logged in may not read \(path). Nix's daemon logs in as root, which may "
        + "not read it either where it lies in another machine's file system.",
      remedy: "Put the key into a folder of root's on this machine, and correct the path.",
      command: "ls -ld \(path)", manual: Manual.ssh("IdentityFile"))
  }

  static func keyInvalid(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-invalid", cause: "\(path) is not a private key, or it is damaged.",
      remedy: "Give the path of a private key, or let the wizard create one under another name.",
      command: "ssh-keygen -y -f \(path)", manual: Manual.ssh("IdentityFile"))
  }

  static func keyIsPublic(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-is-public", cause: "\(path) holds a public key.",
      remedy: "Give the private key; it usually has the same name without .pub.",
      manual: Manual.ssh("IdentityFile"))
  }

  static func keyIsFolder(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-is-folder", cause: "\(path) is a folder.",
      remedy: "Give the path of the key file in it.", command: "ls -l \(path)",
      manual: Manual.ssh("IdentityFile"))
  }

  /// - Parameter fault: what is there in place of a file with a key.
  static func keyIsNoKeyFile(_ path: String, _ fault: FileFault) -> Diagnosis {
    let what =
      switch fault {
      case .tooLong(let limit): "is longer than \(limit), which no key is"
      case .notFile(let kind): "is \(kind.rawValue), not a file"
      case .silent, .failed: "cannot be read"
      }
    return Diagnosis(
      id: "key-is-no-file", cause: "\(path) \(what).",
      remedy: "Give the path of a private key, or let the wizard create one under another name.",
      command: "ls -l \(path)", manual: Manual.ssh("IdentityFile"))
  }

  static func keyUnreadable(_ path: String, isRoot: Bool) -> Diagnosis {
    if isRoot {
      return Diagnosis(
        id: "key-unreadable", cause: "\(path) cannot be read, not even by root.",
        remedy: "See on which file system it lies.", command: "ls -ld \(path)",
        manual: Manual.ssh("IdentityFile"))
    }
    return Diagnosis(
      id: "key-unreadable",
      cause: "\(path) can only be read by root, and this program does not run as root.",
      remedy: "It is Nix's daemon, that is root, that logs in. Start the program as root.",
      command: "sudo nix-builders", manual: Manual.ssh("IdentityFile"))
  }

  static func keyPassphrase(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-passphrase",
      cause: "\(path) has a passphrase, and nobody is there to type it when Nix logs in.",
      remedy: "Take a key without one: let the wizard create it, or remove the passphrase.",
      command: "ssh-keygen -p -N '' -f \(path)", manual: Manual.openSSH("ssh-keygen", "p"))
  }

  static func keyWrongOwner(_ path: String, owner: String) -> Diagnosis {
    Diagnosis(
      id: "key-wrong-owner",
      cause: "\(path) belongs to \(owner), but it is root that logs in with it.",
      remedy: "Give it to root.", command: "chown root: \(path)",
      manual: Manual.openSSH("ssh", "FILES"))
  }

  static func keyMismatched(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-mismatched-pub",
      cause: "\(path).pub is not the public half of \(path). ssh offers what stands in the .pub "
        + "first, so the builder refuses.",
      remedy: "Write the right one, and put it on the builder.",
      command: "ssh-keygen -y -f \(path) > \(path).pub", manual: Manual.openSSH("ssh-keygen", "y"))
  }

  static func keyExists(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-exists", cause: "\(path) is there already, and nothing is overwritten.",
      remedy: "Use that key, or take another name for the new one.", command: "ls -l \(path)",
      manual: Manual.openSSH("ssh-keygen", "f"))
  }

  static func keyNotMade(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-not-made", cause: "The key \(path) could not be written.",
      remedy: "See what ssh-keygen says; the folder may belong to another user or be full.",
      command: "ssh-keygen -t ed25519 -N '' -f \(path)", manual: Manual.openSSH("ssh-keygen", "f"))
  }

  @Sendable static func tooManyFailures(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("Too many authentication failures") else { return nil }
    let alias = symptoms.builder.alias
    return Diagnosis(
      id: "too-many-failures",
      cause: "ssh offered several keys, and sshd on \(alias) hung up before the right one came "
        + "(MaxAuthTries).",
      remedy: "Let ssh offer that one alone. In the Host block of \(alias): IdentitiesOnly yes",
      command: "ssh -G \(alias) | grep -i identit", manual: Manual.ssh("IdentitiesOnly"))
  }

  @Sendable static func keysNotAccepted(_ symptoms: Symptoms) -> Diagnosis? {
    guard let methods = symptoms.text(between: "Permission denied (", and: ")"),
      !methods.split(separator: ",").contains("publickey")
    else { return nil }
    let alias = symptoms.builder.alias
    return Diagnosis(
      id: "keys-not-accepted",
      cause: "sshd on \(alias) takes no keys at all"
        + (methods.isEmpty ? "." : ", only \(methods.replacing(",", with: ", "))."),
      remedy: "On \(alias): services.openssh.settings.PubkeyAuthentication = true;",
      command: "sshd -T | grep -i pubkeyauthentication", manual: Manual.sshd("PubkeyAuthentication")
    )
  }

  /// ssh says the same of a key that is not authorized, of an account that is not there, and of a
  /// key that it could not decrypt.
  @Sendable static func keyRefused(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("Permission denied (") else { return nil }
    return .keyRefused(symptoms.builder)
  }

  static func keyRefused(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "key-refused",
      cause: "\(builder.alias) does not let \(builder.user) in with \(builder.keyPath): its "
        + "fragment is not applied yet, the account \(builder.user) does not exist there, or it "
        + "does not know this key.",
      remedy: "On \(builder.alias), import remote-\(builder.alias).nix and switch. When that is "
        + "done already, its sshd's log tells which of the three it is.",
      command: builder.serverLogCommand,
      manual: Manual.nixOS("users.users._name_.openssh.authorizedKeys.keys"))
  }

  /// The same as ``keyRefused(_:)``, where it is to be expected.
  static func keyNotKnownYet(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "key-refused",
      cause: "The builder does not know this key yet: its fragment is not applied. Or the account "
        + "\(builder.user) has another name there.",
      remedy: "On \(builder.alias), import remote-\(builder.alias).nix and switch, then try again. "
        + "If it still refuses: \(builder.serverLogCommand)",
      command: "nixos-rebuild switch",
      manual: Manual.nixOS("users.users._name_.openssh.authorizedKeys.keys"))
  }
}

extension Diagnosis {
  static func keyNotRecorded(_ path: String, _ alias: String) -> Diagnosis {
    Diagnosis(
      id: "key-not-recorded",
      cause: "\(path) is another key than the one in the inventory, which is what \(alias)'s "
        + "fragment authorizes.",
      remedy: "Take the present key over in the wizard under Access, then write and apply.",
      command: "ssh-keygen -y -f \(path)", manual: Manual.openSSH("ssh-keygen", "y"))
  }
}
