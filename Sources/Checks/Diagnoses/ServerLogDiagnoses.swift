import Builders

// What sshd writes into its own log. To the one who logs in it says the same, whether the account
// is not there, may not log in, or does not know the key.
extension Diagnosis {
  /// The last thing that sshd has to say of this builder's account. It says that a login was broken
  /// off whatever the reason, and before that the reason where it has one.
  @Sendable static func serverLog(_ symptoms: Symptoms) -> Diagnosis? {
    let builder = symptoms.builder
    var brokenOff: Diagnosis?
    for line in symptoms.linesFromTheEnd {
      if let reason = serverLog(line, builder) { return reason }
      if line.contains("Accepted publickey for \(builder.user) ") { break }
      if line.contains("Connection closed by ") || line.contains("Disconnected from ") {
        // Of an earlier login it would be old news.
        if brokenOff != nil { break }
        if line.contains(" by authenticating user \(builder.user) ") {
          brokenOff = .keyNotAuthorized(builder)
        }
      }
    }
    return brokenOff
  }

  private static func serverLog(_ line: String, _ builder: Builder) -> Diagnosis? {
    let user = builder.user
    if line.contains("Invalid user \(user) from ") { return .noAccount(builder) }
    if line.contains("User \(user) "), let reason = line.text(after: " not allowed because ") {
      return .notAllowed(because: reason, builder)
    }
    if let place = line.text(after: "Authentication refused: bad ownership or modes for ") {
      return .modesThere(place.text(after: " ") ?? place, builder)
    }
    if let type = line.text(between: " algorithm ", and: " not in PubkeyAccepted") {
      return .keyTypeRefused(type, builder)
    }
    return nil
  }

  private static func noAccount(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "no-account", cause: "There is no account \(builder.user) on \(builder.alias).",
      remedy: "Correct the user under Access; or let remote-\(builder.alias).nix make the account: "
        + "import it on \(builder.alias) and switch.",
      command: "getent passwd \(builder.user)", manual: Manual.nixOS("users.users"))
  }

  private static func notAllowed(because reason: String, _ builder: Builder) -> Diagnosis? {
    if reason.hasPrefix("account is locked") {
      return Diagnosis(
        id: "account-locked",
        cause: "The account \(builder.user) on \(builder.alias) is locked: it has expired, or its "
          + "password is locked and sshd does without PAM.",
        remedy: "On \(builder.alias): services.openssh.settings.UsePAM = true; or give the account "
          + "no password instead of a locked one.",
        command: "usermod -p '*' \(builder.user)", manual: Manual.sshd("UsePAM"))
    }
    if reason.hasPrefix("shell ") {
      return Diagnosis(
        id: "shell-missing",
        cause: "The account \(builder.user) cannot log in to \(builder.alias): its \(reason).",
        remedy: "On \(builder.alias): users.users.\(builder.user).useDefaultShell = true;",
        command: "getent passwd \(builder.user)",
        manual: Manual.nixOS("users.users._name_.useDefaultShell"))
    }
    for list in ["AllowUsers", "DenyUsers", "AllowGroups", "DenyGroups"]
    where reason.contains(list) {
      let name = list.hasSuffix("Users") ? builder.user : builder.groupName
      return Diagnosis(
        id: "not-allowed",
        cause: "sshd on \(builder.alias) lets \(builder.user) in with no key at all: \(list) says "
          + "so.",
        remedy: list.hasPrefix("Allow")
          ? "On \(builder.alias): services.openssh.settings.\(list) = [ … \"\(name)\" ];"
          : "On \(builder.alias), take \(name) out of services.openssh.settings.\(list).",
        command: "sshd -T | grep -i \(list)", manual: Manual.sshd(list))
    }
    return nil
  }

  private static func modesThere(_ path: String, _ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "modes-on-builder",
      cause: "On \(builder.alias) others than \(builder.user) may write to \(path), so sshd passes "
        + "over the keys that are authorized there.",
      remedy: "On \(builder.alias), take their rights away.", command: "chmod go-w \(path)",
      manual: Manual.sshd("StrictModes"))
  }

  private static func keyTypeRefused(_ type: String, _ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "key-type-refused",
      cause: "sshd on \(builder.alias) takes no keys of the type \(type).",
      remedy: "On \(builder.alias), put the type into "
        + "services.openssh.settings.PubkeyAcceptedAlgorithms, or take a key of another type.",
      command: "sshd -T | grep -i pubkeyaccepted", manual: Manual.sshd("PubkeyAcceptedAlgorithms"))
  }

  private static func keyNotAuthorized(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "key-not-authorized",
      cause: "The account \(builder.user) is there on \(builder.alias), but the key is not among "
        + "those that may log in to it.",
      remedy: "On \(builder.alias), import remote-\(builder.alias).nix, which authorizes it, and "
        + "switch.",
      command: "nixos-rebuild switch",
      manual: Manual.nixOS("users.users._name_.openssh.authorizedKeys.keys"))
  }
}
