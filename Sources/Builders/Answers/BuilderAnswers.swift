import Base

extension Builder: Answering {
  /// All answers about a builder.
  public static let answers: [Answer<Builder>] = [
    Answer("alias", "alias", at: \.alias, whenAbsent: .isWrong, rule: Rules.alias),
    Answer("enabled", "on", at: \.enabled, isTested: false),
    Answer("address", "address", at: \.address, whenAbsent: .isWrong, rule: Rules.address),
    Answer("port", "port", at: \.port, rule: Rules.port),
    Answer("proxyJump", "bastion", at: \.proxyJump, rule: Rules.proxyJump),
    Answer("sshOptions", "ssh options", at: \.sshOptions) { options, builder in
      Rules.problems(ofSSHOptions: options, of: builder)
    },
    Answer("hostBlock", "Host block", at: \.hostBlock),
    Answer("user", "user", at: \.user, rule: Rules.user),
    Answer("keyPath", "key path", at: \.keyPath, rule: Rules.keyPath),
    Answer("publicKey", "key", at: \.publicKey, words: keyWords, rule: Rules.publicKey),
    Answer("hostKey", "host key", at: \.hostKey, words: keyWords, rule: Rules.publicKey),
    Answer("protocol", "protocol", at: \.storeProtocol),
    Answer("storeParameters", "store parameters", at: \.storeParameters) { parameters, _ in
      Rules.problems(ofStoreParameters: parameters)
    },
    Answer("systems", "systems", at: \.systems, whenAbsent: .isWrong) { systems, _ in
      systems.isEmpty
        ? [Problem("At least one system is needed.")] : faults(of: systems, Rules.system)
    },
    Answer("maxJobs", "max jobs", at: \.maxJobs, rule: Rules.maxJobs),
    Answer("speedFactor", "speed", at: \.speedFactor) { speed, _ in
      speed > 0 && speed <= Rules.highestSpeedFactor
        ? [] : [Problem("\(speed) is not a number above 0, such as 1 or 2.5.")]
    },
    Answer("supportedFeatures", "features", at: \.supportedFeatures, rule: Rules.feature),
    Answer(
      "mandatoryFeatures", "mandatory features", at: \.mandatoryFeatures, rule: Rules.feature),
    Answer("account", "account", at: \.account) { account, _ in account.answerProblems() },
  ]

  static let standard = Builder(alias: "", address: "", systems: [], keyPath: "")

  mutating func complete(given keys: Set<String>) {
    if !keys.contains("keyPath") { keyPath = Builder.defaultKeyPath(alias: alias) }
  }
}

extension Account: Answering {
  /// All answers about the account on a builder.
  public static let answers: [Answer<Account>] = [
    Answer("create", "makes the account", at: \.create),
    Answer("systemUser", "system user", at: \.systemUser),
    Answer("description", "description", at: \.description, rule: Rules.description),
    Answer("uid", "uid", at: \.uid) { id, account in
      id.flatMap { Rules.userID("\($0)", of: account) }.map { [Problem($0)] } ?? []
    },
    Answer("group", "group", at: \.group, words: { $0 ?? "as the account" }, rule: Rules.user),
    Answer("gid", "gid", at: \.gid, rule: Rules.id),
    Answer("createHome", "home", at: \.createHome),
    Answer("useDefaultShell", "shell", at: \.useDefaultShell),
    Answer("authorizedKeys", "key stands in", at: \.authorizedKeys),
    Answer("keyFile", "key file", at: \.keyFile) { file, account in
      guard account.authorizedKeys == .keyFiles else { return [] }
      return Rules.path(file ?? "").map { [Problem($0)] } ?? []
    },
    Answer("trusted", "trusted", at: \.trusted),
    Answer("restricted", "only Nix", at: \.restricted),
    Answer(
      "sshdPorts", "sshd ports", at: \.sshdPorts, words: { $0?.words ?? "left alone" },
      rule: Rules.port),
    Answer("emulatedSystems", "emulated", at: \.emulatedSystems, rule: Rules.system),
    Answer(
      "systemFeatures", "announced", at: \.systemFeatures, words: { $0?.words ?? "left alone" },
      rule: Rules.feature),
  ]

  static let standard = Account()
}

extension LocalSettings: Answering {
  /// All answers about this machine.
  public static let answers: [Answer<LocalSettings>] = [
    Answer("distributedBuilds", "distributedBuilds", at: \.distributedBuilds, words: { "\($0)" }),
    Answer(
      "buildersUseSubstitutes", "builders-use-substitutes", at: \.buildersUseSubstitutes,
      words: { "\($0)" }),
    Answer("maxJobs", "max-jobs", at: \.maxJobs, words: { $0?.words ?? "left alone" }) {
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
