import Base

extension Builder: Answering {
  /// All answers about a builder.
  public static let answers: [Answer<Builder>] = connection + login + capabilities

  private static let connection: [Answer<Builder>] = [
    Answer(
      "alias", "alias", at: \.alias, whenAbsent: .isWrong,
      hostBlockLine: HostBlockLine(
        repeatedAs: "HostKeyAlias",
        refusal: "It is the alias, under which the host key is pinned."),
      rule: Rules.alias),
    Answer(
      "enabled", "on", at: \.enabled, isTested: false,
      option: AnswerOption("enabled", "Whether the builder is part of the configuration.")),
    Answer(
      "address", "address", at: \.address, whenAbsent: .isWrong,
      hostBlockLine: HostBlockLine(
        "HostName", "the address", expandsTokens: true),
      rule: Rules.address),
    Answer(
      "port", "port", at: \.port,
      option: AnswerOption(
        "port", "The port that sshd answers on, as seen from here (default: 22)."),
      hostBlockLine: HostBlockLine("Port", "the port"), rule: Rules.port),
    Answer(
      "proxyJump", "bastion", at: \.proxyJump,
      option: AnswerOption(
        "proxy-jump", "A bastion to go through, as ssh's ProxyJump; empty for none."),
      hostBlockLine: HostBlockLine("ProxyJump", "the bastion", expandsTokens: true),
      rule: Rules.proxyJump),
    Answer("sshOptions", "ssh options", at: \.sshOptions) { options, builder in
      Rules.problems(ofSSHOptions: options, of: builder)
    },
    Answer(
      "hostBlock", "Host block", at: \.hostBlock,
      option: AnswerOption(
        "host-block",
        "Whether an ssh Host block carries the connection, or nix.buildMachines alone.")),
  ]

  private static let login: [Answer<Builder>] = [
    Answer(
      "user", "user", at: \.user,
      option: AnswerOption("user", "The account on the builder (default: nixremote)."),
      hostBlockLine: HostBlockLine("User", "the account", isOfLogin: true), rule: Rules.user),
    Answer(
      "keyPath", "key path", at: \.keyPath,
      option: AnswerOption(
        "key-path", "The private key on this machine (default: /root/.ssh/ALIAS)."),
      hostBlockLine: HostBlockLine(
        "IdentityFile", "the key path", expandsTokens: true, isOfLogin: true),
      rule: Rules.keyPath),
    Answer(
      "publicKey", "key", at: \.publicKey, words: keyWords,
      option: AnswerOption(
        "public-key",
        "The public half of the key; empty for none. Left out, the one at the key path is taken."),
      rule: Rules.publicKey),
    Answer(
      "hostKey", "host key", at: \.hostKey, words: keyWords,
      option: AnswerOption(
        "host-key", "The builder's own public key, such as \"ssh-ed25519 AAAA…\"; empty for none."),
      rule: Rules.publicKey),
  ]

  private static let capabilities: [Answer<Builder>] = [
    Answer(
      "protocol", "protocol", at: \.storeProtocol,
      option: AnswerOption("protocol", "ssh-ng or ssh (default: ssh-ng).")),
    Answer("storeParameters", "store parameters", at: \.storeParameters) { parameters, _ in
      Rules.problems(ofStoreParameters: parameters)
    },
    Answer(
      "systems", "systems", at: \.systems, whenAbsent: .isWrong,
      option: AnswerOption(
        "system", "A system it builds for; give one option for each.", valueName: "system"),
      typedRule: { text, _ in Rules.system(text) }
    ) { systems, _ in
      systems.isEmpty
        ? [Problem("At least one system is needed.")] : faults(of: systems, Rules.system)
    },
    Answer(
      "maxJobs", "max jobs", at: \.maxJobs,
      option: AnswerOption("max-jobs", "How many builds run there at once (default: 1)."),
      rule: Rules.maxJobs),
    Answer(
      "speedFactor", "speed", at: \.speedFactor,
      option: AnswerOption("speed-factor", "How fast it is compared with others (default: 1)."),
      typedRule: { text, _ in Rules.speedFactor(text) }
    ) { speed, _ in
      speed > 0 && speed <= Rules.highestSpeedFactor
        ? [] : [Problem("\(speed) is not a number above 0, such as 1 or 2.5.")]
    },
    Answer(
      "supportedFeatures", "features", at: \.supportedFeatures,
      option: AnswerOption(
        "supported-feature", "A feature it offers; give one option for each.",
        valueName: "feature"),
      rule: Rules.feature),
    Answer(
      "mandatoryFeatures", "mandatory features", at: \.mandatoryFeatures,
      option: AnswerOption(
        "mandatory-feature", "A feature that builds must require; give one option for each.",
        valueName: "feature"),
      rule: Rules.feature),
    Answer("account", "account", at: \.account) { account, _ in account.answerProblems() },
  ]

  static let standard = Builder(alias: "", address: "", systems: [], keyPath: "")

  mutating func complete(given keys: Set<String>) {
    if !keys.contains("keyPath") { keyPath = Builder.defaultKeyPath(alias: alias) }
  }
}

extension Account: Answering {
  /// All answers about the account on a builder.
  public static let answers: [Answer<Account>] = user + access

  private static let user: [Answer<Account>] = [
    Answer(
      "create", "makes the account", at: \.create,
      option: AnswerOption("account-create", "Whether the fragment makes the account.")),
    Answer(
      "systemUser", "system user", at: \.systemUser,
      option: AnswerOption(
        "account-system-user", "Whether it is a system user rather than a normal one.")),
    Answer(
      "description", "description", at: \.description,
      option: AnswerOption("account-description", "Its description (GECOS); empty for none."),
      rule: Rules.description),
    Answer(
      "uid", "uid", at: \.uid,
      option: AnswerOption("account-uid", "The user id; empty lets NixOS choose."),
      typedRule: { Rules.userID($0, of: $1) }
    ) { id, account in
      id.flatMap { Rules.userID("\($0)", of: account) }.map { [Problem($0)] } ?? []
    },
    Answer(
      "group", "group", at: \.group, words: { $0 ?? "as the account" },
      option: AnswerOption("account-group", "The group; empty for one named like the account."),
      rule: Rules.user),
    Answer(
      "gid", "gid", at: \.gid,
      option: AnswerOption("account-gid", "The group id; empty lets NixOS choose."),
      rule: Rules.id),
    Answer(
      "createHome", "home", at: \.createHome,
      option: AnswerOption("account-create-home", "Whether it gets a home directory.")),
    Answer(
      "useDefaultShell", "shell", at: \.useDefaultShell,
      option: AnswerOption(
        "account-use-default-shell", "Whether it gets a shell, which ssh needs to start Nix.")),
  ]

  private static let access: [Answer<Account>] = [
    Answer(
      "authorizedKeys", "key stands in", at: \.authorizedKeys,
      option: AnswerOption(
        "account-authorized-keys",
        "Where the public key stands: keys (in the fragment) or keyFiles.")),
    Answer(
      "keyFile", "key file", at: \.keyFile,
      option: AnswerOption(
        "account-key-file",
        "The file on the builder with the public key, for keyFiles; empty for none."),
      typedRule: { text, _ in Rules.path(text) }
    ) { file, account in
      guard account.authorizedKeys == .keyFiles else { return [] }
      return Rules.path(file ?? "").map { [Problem($0)] } ?? []
    },
    Answer(
      "trusted", "trusted", at: \.trusted,
      option: AnswerOption("account-trusted", "Whether Nix on the builder trusts it.")),
    Answer(
      "restricted", "only Nix", at: \.restricted,
      option: AnswerOption(
        "account-restricted", "Whether the key may do nothing but serve Nix.")),
    Answer(
      "sshdPorts", "sshd ports", at: \.sshdPorts, words: { $0?.words ?? "left alone" },
      option: AnswerOption(
        "account-sshd-port",
        "A port that sshd is to listen on, in place of its own; empty leaves them.",
        valueName: "port"),
      rule: Rules.port),
    Answer(
      "emulatedSystems", "emulated", at: \.emulatedSystems,
      option: AnswerOption(
        "account-emulated-system", "A system that NixOS is to emulate.", valueName: "system"),
      rule: Rules.system),
    Answer(
      "systemFeatures", "announced", at: \.systemFeatures, words: { $0?.words ?? "left alone" },
      option: AnswerOption(
        "account-system-feature",
        "A feature to announce, in place of its own; empty leaves them.", valueName: "feature"),
      rule: Rules.feature),
  ]

  static let standard = Account()
}

extension LocalSettings: Answering {
  /// All answers about this machine.
  public static let answers: [Answer<LocalSettings>] = [
    Answer(
      "distributedBuilds", "distributedBuilds", at: \.distributedBuilds, words: { "\($0)" },
      option: AnswerOption("distributed-builds", "Whether Nix uses its builders.")),
    Answer(
      "buildersUseSubstitutes", "builders-use-substitutes", at: \.buildersUseSubstitutes,
      words: { "\($0)" },
      option: AnswerOption(
        "builders-use-substitutes", "Whether builders fetch from binary caches themselves.")),
    Answer(
      "maxJobs", "max-jobs", at: \.maxJobs, words: { $0?.words ?? "left alone" },
      option: AnswerOption(
        "max-jobs",
        "How many builds this machine runs itself; 0 means only remotely, empty leaves it alone."),
      typedRule: { text, _ in Rules.localMaxJobs(text) }
    ) {
      jobs, local in
      if let jobs, jobs < 0 { return [Problem("\(jobs) is below 0.")] }
      guard jobs == 0, !local.distributedBuilds else { return [] }
      return [
        Problem(
          "With 0 nothing is built here, and without distributedBuilds nowhere else either.")
      ]
    },
  ]

  static let standard = LocalSettings()
}

/// What of a list keeps no rule.
private func faults(of values: [String], _ rule: (String) -> String?) -> [Problem] {
  values.parts.compactMap { place, text in rule(text).map { Problem(place: place, $0) } }
}

/// The type of a key and its end, by which people tell keys apart.
@Sendable private func keyWords(_ line: String?) -> String {
  guard let line else { return "none" }
  let words = line.unicodeScalars.words
  return words.count > 1 ? "\(words[0]) …\(words[1].suffix(8))" : line
}

extension Builder {
  /// Everything that is wrong with this builder's answers, each with its place below `place`.
  public func problems(at place: String = "") -> [Problem] {
    answerProblems().map { $0.below(place) }
  }

  /// The answers on which a test's result hangs, as far as they are not the default ones.
  public var testedAnswers: String { testedText() }
}

extension Answer {
  /// The answers of a table that differ, such as `port 22 → 2222`.
  public static func changes(
    from old: Subject, to new: Subject, in answers: [Answer]
  ) -> [String] {
    answers.compactMap { answer in
      let (before, after) = (answer.words(old), answer.words(new))
      return before == after ? nil : "\(answer.name) \(before) → \(after)"
    }
  }
}
