import Builders

// The key that logs in.
extension Diagnosis {
  @Sendable static func keyMissing(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("no such identity: ", "not accessible: No such file") else { return nil }
    return .keyMissing(symptoms.builder.keyPath)
  }

  static func keyMissing(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-missing", cause: "There is no key at \(path).",
      remedy: "Let the wizard create one, or correct the path.",
      command: "ssh-keygen -t ed25519 -N '' -f \(path)")
  }

  @Sendable static func keyModesTooOpen(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("UNPROTECTED PRIVATE KEY FILE") else { return nil }
    return .keyModesTooOpen(symptoms.builder.keyPath)
  }

  static func keyModesTooOpen(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-open-modes", cause: "Others may read \(path), so ssh ignores it.",
      remedy: "Take their rights away.", command: "chmod 600 \(path)")
  }

  @Sendable static func keyInvalid(_ symptoms: Symptoms) -> Diagnosis? {
    guard let line = symptoms.line(with: "Load key \""),
      line.contains("invalid format") || line.contains("error in libcrypto")
    else { return nil }
    return .keyInvalid(symptoms.builder.keyPath)
  }

  static func keyInvalid(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-invalid", cause: "\(path) is not a private key, or it is damaged.",
      remedy: "Give the path of a private key, or let the wizard create one under another name.",
      command: "ssh-keygen -y -f \(path)")
  }

  static func keyIsPublic(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-is-public", cause: "\(path) holds a public key.",
      remedy: "Give the private key; it usually has the same name without .pub.", command: nil)
  }

  static func keyIsFolder(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-is-folder", cause: "\(path) is a folder.",
      remedy: "Give the path of the key file in it.", command: "ls -l \(path)")
  }

  static func keyUnreadable(_ path: String, isRoot: Bool) -> Diagnosis {
    if isRoot {
      return Diagnosis(
        id: "key-unreadable", cause: "\(path) cannot be read, not even by root.",
        remedy: "See on which file system it lies.", command: "ls -ld \(path)")
    }
    return Diagnosis(
      id: "key-unreadable",
      cause: "\(path) can only be read by root, and this program does not run as root.",
      remedy: "It is Nix's daemon, that is root, that logs in. Start the program as root.",
      command: "sudo nix-builders")
  }

  static func keyPassphrase(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-passphrase",
      cause: "\(path) has a passphrase, and nobody is there to type it when Nix logs in.",
      remedy: "Take a key without one: let the wizard create it, or remove the passphrase.",
      command: "ssh-keygen -p -N '' -f \(path)")
  }

  static func keyWrongOwner(_ path: String, owner: String) -> Diagnosis {
    Diagnosis(
      id: "key-wrong-owner",
      cause: "\(path) belongs to \(owner), but it is root that logs in with it.",
      remedy: "Give it to root.", command: "chown root: \(path)")
  }

  static func keyMismatched(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-mismatched-pub",
      cause: "\(path).pub is not the public half of \(path). ssh offers what stands in the .pub "
        + "first, so the builder refuses.",
      remedy: "Write the right one, and put it on the builder.",
      command: "ssh-keygen -y -f \(path) > \(path).pub")
  }

  static func keyExists(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-exists", cause: "\(path) is there already, and nothing is overwritten.",
      remedy: "Use that key, or take another name for the new one.", command: "ls -l \(path)")
  }

  static func keyNotMade(_ path: String) -> Diagnosis {
    Diagnosis(
      id: "key-not-made", cause: "The key \(path) could not be written.",
      remedy: "See what ssh-keygen says; the folder may belong to another user or be full.",
      command: "ssh-keygen -t ed25519 -N '' -f \(path)")
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
      remedy: "On \(builder.alias), import remote-\(builder.alias).nix and switch.",
      command: "nixos-rebuild switch")
  }

  /// The same as ``keyRefused(_:)``, where it is to be expected.
  static func keyNotKnownYet(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "key-refused",
      cause: "The builder does not know this key yet: its fragment is not applied. Or the account "
        + "\(builder.user) has another name there.",
      remedy: "On \(builder.alias), import remote-\(builder.alias).nix and switch. "
        + "Then try again.",
      command: "nixos-rebuild switch")
  }
}

extension Diagnosis {
  static func keyNotRecorded(_ path: String, _ alias: String) -> Diagnosis {
    Diagnosis(
      id: "key-not-recorded",
      cause: "\(path) is another key than the one in the inventory, which is what \(alias)'s "
        + "fragment authorizes.",
      remedy: "Take the present key over in the wizard under Access, then write and apply.",
      command: "ssh-keygen -y -f \(path)")
  }
}
