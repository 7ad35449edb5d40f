import Base
import Builders

// The key that logs in.
extension Entry {
  static let keyMissing = Entry(
    [["no such identity: "], ["not accessible: No such file"]]
  ) { .keyMissing($0.keyPath) }

  static let keyModesTooOpen = Entry([["UNPROTECTED PRIVATE KEY FILE"]]) {
    .keyModesTooOpen($0.keyPath)
  }

  static let keyInvalid = Entry(
    [["Load key \"", "invalid format"], ["Load key \"", "error in libcrypto"]]
  ) { .keyInvalid($0.keyPath) }

  /// ssh says it of a user other than root, and of root where the file system is not root's.
  static let keyUnreadable = Entry(
    [
      ["Load key \"", ": Permission denied"],
      ["dentity file ", "not accessible: Permission denied"],
    ]
  ) { .keyUnreadableToWhoeverLogsIn($0.keyPath) }

  static let tooManyFailures = Entry(
    [["Too many authentication failures"]]
  ) { .tooManyFailures($0.builder) }

  static let keysNotAccepted = Entry([["Permission denied ("]]) { symptoms in
    guard symptoms.bastion(symptoms.refusingHost) == nil,
      let list = symptoms.printed.part(between: "Permission denied (", and: ")")
    else { return nil }
    let methods = list.split(separator: ",").compactMap(\.word)
    return methods.contains("publickey")
      ? nil : .keysNotAccepted(symptoms.refusing, instead: methods)
  }

  /// ssh says the same of a key that is not authorized, of an account that is not there, and of a
  /// key that it could not decrypt.
  static let keyRefused = Entry([["Permission denied ("]]) { symptoms in
    symptoms.bastion(symptoms.refusingHost).map { .bastionRefuses($0) }
      ?? .keyRefused(symptoms.refusing)
  }
}

extension Symptoms {
  /// The machine that let nobody in, with the account that ssh names.
  fileprivate var refusing: Builder {
    var machine = refusingHost?.host.map(machine) ?? builder
    let line = printed.line(with: "@", ": Permission denied (")
    if let user = line?.part(before: "@").user { machine.user = user }
    return machine
  }
}

extension Diagnosis {
  static func keyMissing(_ path: String, hasPublicHalf: Bool = false) -> Diagnosis {
    Diagnosis(
      .keyMissing,
      cause: hasPublicHalf
        ? "There is no private key at \(path), only the public half beside it."
        : "There is no key at \(path).",
      remedy: "Let the wizard create one, or correct the path.",
      command: "ssh-keygen -t ed25519 -N '' -f \(path)", manual: Manual.ssh("IdentityFile"))
  }

  static func keyModesTooOpen(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyOpenModes, cause: "Others may read \(path), so ssh ignores it.",
      remedy: "Take their rights away.", command: "chmod 600 \(path)",
      manual: Manual.openSSH("ssh", "FILES"))
  }

  static func keyInvalid(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyInvalid, cause: "\(path) is not a private key, or it is damaged.",
      remedy: "Give the path of a private key, or let the wizard create one under another name.",
      command: "ssh-keygen -y -f \(path)", manual: Manual.ssh("IdentityFile"))
  }

  static func keyIsPublic(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyIsPublic, cause: "\(path) holds a public key.",
      remedy: "Give the private key; it usually has the same name without .pub.",
      manual: Manual.ssh("IdentityFile"))
  }

  static func keyIsFolder(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyIsFolder, cause: "\(path) is a folder.",
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
      .keyIsNoFile, cause: "\(path) \(what).",
      remedy: "Give the path of a private key, or let the wizard create one under another name.",
      command: "ls -l \(path)", manual: Manual.ssh("IdentityFile"))
  }

  static func keyUnreadable(_ path: String, isRoot: Bool) -> Diagnosis {
    if isRoot {
      return Diagnosis(
        .keyUnreadable, cause: "\(path) cannot be read, not even by root.",
        remedy: "See on which file system it lies.", command: "ls -ld \(path)",
        manual: Manual.ssh("IdentityFile"))
    }
    return Diagnosis(
      .keyUnreadable,
      cause: "\(path) can only be read by root, and this program does not run as root.",
      remedy: "It is Nix's daemon, that is root, that logs in. Start the program as root.",
      command: "sudo nix-builders", manual: Manual.ssh("IdentityFile"))
  }

  static func keyUnreadableToWhoeverLogsIn(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyUnreadable,
      cause: "The one who logged in may not read \(path). Nix's daemon logs in as root, which may "
        + "not read it either where it lies in another machine's file system.",
      remedy: "Put the key into a folder of root's on this machine, and correct the path.",
      command: "ls -ld \(path)", manual: Manual.ssh("IdentityFile"))
  }

  static func keyPassphrase(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyPassphrase,
      cause: "\(path) has a passphrase, and nobody is there to type it when Nix logs in.",
      remedy: "Take a key without one: let the wizard create it, or remove the passphrase.",
      command: "ssh-keygen -p -N '' -f \(path)", manual: Manual.openSSH("ssh-keygen", "p"))
  }

  static func keyWrongOwner(_ path: String, owner: String) -> Diagnosis {
    Diagnosis(
      .keyWrongOwner,
      cause: "\(path) belongs to \(owner), but it is root that logs in with it.",
      remedy: "Give it to root.", command: "chown root: \(path)",
      manual: Manual.openSSH("ssh", "FILES"))
  }

  static func keyMismatched(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyMismatched,
      cause: "\(path).pub is not the public half of \(path). ssh offers what stands in the .pub "
        + "first, so the builder refuses.",
      remedy: "Write the right one, and put it on the builder.",
      command: "ssh-keygen -y -f \(path) > \(path).pub", manual: Manual.openSSH("ssh-keygen", "y"))
  }

  static func keyExists(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyExists, cause: "\(path) is there already, and nothing is overwritten.",
      remedy: "Use that key, or take another name for the new one.", command: "ls -l \(path)",
      manual: Manual.openSSH("ssh-keygen", "f"))
  }

  static func keyNotMade(_ path: String) -> Diagnosis {
    Diagnosis(
      .keyNotMade, cause: "The key \(path) could not be written.",
      remedy: "See what ssh-keygen says; the folder may belong to another user or be full.",
      command: "ssh-keygen -t ed25519 -N '' -f \(path)", manual: Manual.openSSH("ssh-keygen", "f"))
  }

  static func tooManyFailures(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .tooManyFailures,
      cause: "ssh offered several keys, and sshd on \(builder.alias) hung up before the right one "
        + "came (MaxAuthTries).",
      remedy: "Let ssh offer that one alone. In the Host block of \(builder.alias): "
        + "IdentitiesOnly yes",
      command: "ssh -G \(builder.alias) | grep -i identit", manual: Manual.ssh("IdentitiesOnly"))
  }

  /// - Parameter methods: how sshd lets people in instead.
  static func keysNotAccepted(_ builder: Builder, instead methods: [String]) -> Diagnosis {
    Diagnosis(
      .keysNotAccepted,
      cause: "sshd on \(builder.alias) takes no keys at all"
        + (methods.isEmpty ? "." : ", only \(methods.joined(separator: ", "))."),
      remedy: "On \(builder.alias): services.openssh.settings.PubkeyAuthentication = true;",
      command: "sshd -T | grep -i pubkeyauthentication",
      manual: Manual.sshd("PubkeyAuthentication"))
  }

  static func keyRefused(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .keyRefused,
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
      .keyRefused,
      cause: "The builder does not know this key yet: its fragment is not applied. Or the account "
        + "\(builder.user) has another name there.",
      remedy: "On \(builder.alias), import remote-\(builder.alias).nix and switch, then try again. "
        + "If it still refuses: \(builder.serverLogCommand.text)",
      command: "nixos-rebuild switch",
      manual: Manual.nixOS("users.users._name_.openssh.authorizedKeys.keys"))
  }
}

extension Diagnosis {
  static func keyNotRecorded(_ path: String, _ alias: String) -> Diagnosis {
    Diagnosis(
      .keyNotRecorded,
      cause: "\(path) is another key than the one in the inventory, which is what \(alias)'s "
        + "fragment authorizes.",
      remedy: "Take the present key over in the wizard under Access, then write and apply.",
      command: "ssh-keygen -y -f \(path)", manual: Manual.openSSH("ssh-keygen", "y"))
  }
}
