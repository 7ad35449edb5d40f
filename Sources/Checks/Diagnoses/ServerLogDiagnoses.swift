import Base
import Builders
import SSH

// What sshd writes into its own log. To the one who logs in it says the same, whether the account
// is not there, may not log in, or does not know the key.
extension Entry {
  /// The last thing that sshd has to say of this builder's account. It says that a login was broken
  /// off whatever the reason, and before that the reason where it has one.
  static let serverLog = Entry(
    [
      ["Connection closed by "], ["Disconnected from "], ["Invalid user "], ["User "],
      ["Authentication refused: "], [" not in PubkeyAccepted"],
    ]
  ) { symptoms in
    let user = symptoms.builder.user
    var brokenOff: Diagnosis?
    for line in symptoms.printed.lines.reversed() {
      if let reason = Diagnosis.serverLog(line, symptoms.builder) { return reason }
      if line.says("Accepted publickey for \(user) ") { break }
      if line.says("Connection closed by ", "Disconnected from ") {
        // Of an earlier login it would be old news.
        if brokenOff != nil { break }
        if line.says(" by authenticating user \(user) ") {
          brokenOff = .keyNotAuthorized(symptoms.builder)
        }
      }
    }
    return brokenOff
  }
}

extension Diagnosis {
  fileprivate static func serverLog(_ line: Printed, _ builder: Builder) -> Diagnosis? {
    let user = builder.user
    if line.says("Invalid user \(user) from ") { return .noAccount(builder) }
    if line.says("User \(user) "), let reason = line.part(after: " not allowed because ") {
      return .notAllowed(because: reason, builder)
    }
    if let place = line.part(after: "Authentication refused: bad ownership or modes for ") {
      return .modesThere((place.part(after: " ") ?? place).path, builder)
    }
    if let type = line.part(between: " algorithm ", and: " not in PubkeyAccepted")?.word {
      return .keyTypeRefused(type, builder)
    }
    return nil
  }

  fileprivate static func noAccount(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .noAccount, cause: "There is no account \(builder.user) on \(builder.alias).",
      remedy: "Correct the user under Access; or let remote-\(builder.alias).nix make the account: "
        + "import it on \(builder.alias) and switch.",
      command: "getent passwd \(builder.user)", manual: Manual.nixOS("users.users"))
  }

  fileprivate static func notAllowed(because reason: Printed, _ builder: Builder) -> Diagnosis? {
    if reason.hasPrefix("account is locked") {
      return Diagnosis(
        .accountLocked,
        cause: "The account \(builder.user) on \(builder.alias) is locked: it has expired, or its "
          + "password is locked and sshd does without PAM.",
        remedy: "On \(builder.alias): services.openssh.settings.UsePAM = true; or give the account "
          + "no password instead of a locked one.",
        command: "usermod -p '*' \(builder.user)", manual: Manual.sshd("UsePAM"))
    }
    if reason.hasPrefix("shell ") {
      return Diagnosis(
        .shellMissing,
        cause:
          "The account \(builder.user) cannot log in to \(builder.alias): its \(reason.phrase).",
        remedy: "On \(builder.alias): users.users.\(builder.user).useDefaultShell = true;",
        command: "getent passwd \(builder.user)",
        manual: Manual.nixOS("users.users._name_.useDefaultShell"))
    }
    for list in ["AllowUsers", "DenyUsers", "AllowGroups", "DenyGroups"]
    where reason.says(list) {
      let name = list.unicodeScalars.hasSuffix("Users") ? builder.user : builder.groupName
      return Diagnosis(
        .notAllowed,
        cause: "sshd on \(builder.alias) lets \(builder.user) in with no key at all: \(list) says "
          + "so.",
        remedy: list.unicodeScalars.hasPrefix("Allow")
          ? "On \(builder.alias): services.openssh.settings.\(list) = [ … \"\(name)\" ];"
          : "On \(builder.alias), take \(name) out of services.openssh.settings.\(list).",
        command: "sshd -T | grep -i \(list)", manual: Manual.sshd(list))
    }
    return nil
  }

  /// - Parameter path: what others may write to; `nil` where its name is not one to repeat.
  fileprivate static func modesThere(_ path: String?, _ builder: Builder) -> Diagnosis {
    Diagnosis(
      .modesOnBuilder,
      cause: "On \(builder.alias) others than \(builder.user) may write to "
        + (path ?? "the file with the keys, or to a folder above it")
        + ", so sshd passes over the keys that are authorized there.",
      remedy: "On \(builder.alias), take their rights away.",
      command: path.map { "chmod go-w \($0)" }, manual: Manual.sshd("StrictModes"))
  }

  fileprivate static func keyTypeRefused(_ type: String, _ builder: Builder) -> Diagnosis {
    Diagnosis(
      .keyTypeRefused,
      cause: "sshd on \(builder.alias) takes no keys of the type \(type).",
      remedy: "On \(builder.alias), put the type into "
        + "services.openssh.settings.PubkeyAcceptedAlgorithms, or take a key of another type.",
      command: "sshd -T | grep -i pubkeyaccepted", manual: Manual.sshd("PubkeyAcceptedAlgorithms"))
  }

  fileprivate static func keyNotAuthorized(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .keyNotAuthorized,
      cause: "The account \(builder.user) is there on \(builder.alias), but the key is not among "
        + "those that may log in to it.",
      remedy: "On \(builder.alias), import remote-\(builder.alias).nix, which authorizes it, and "
        + "switch.",
      command: "nixos-rebuild switch",
      manual: Manual.nixOS("users.users._name_.openssh.authorizedKeys.keys"))
  }
}
