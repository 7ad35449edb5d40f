import Base

/// A keyword of ssh_config(5), and what it means for a builder's `Host` block.
///
/// One that ssh does not know, or a value that it does not take, would make ssh refuse its whole
/// configuration, for every host and every user of this machine: hence the whole list, with what
/// each takes.
public struct SSHKeyword: Equatable, Sendable {
  /// Its name, spelled as in the manual.
  public let name: String
  /// What stands after it.
  let argument: Argument
  /// Why it may not be among a builder's options; `nil` when it may.
  public let refusal: String?
  /// What it makes ssh run or load on this machine, as root; `nil` when nothing.
  public let runs: String?

  /// What can stand after a keyword.
  enum Argument: Equatable, Sendable {
    /// Words, in quotation marks where they have blanks.
    case words
    /// All that is left of the line, for a shell.
    case command
    /// A whole number from 0.
    case number
    /// A time such as 60, 2m or `none`.
    case time
    /// One of these words.
    case oneOf([String])
  }

  /// The keyword with a name, in whatever case it is spelled.
  public init?(_ name: String) {
    guard let keyword = Self.byName[name.lowercased()] else { return nil }
    self = keyword
  }

  /// Whether all that is left of the line belongs to a command.
  public var isCommand: Bool { argument == .command }

  /// Whether ssh prints its value in one way only, so that two can be compared.
  public var hasPlainValue: Bool { argument != .words }

  private init(
    _ name: String, _ argument: Argument = .words, refusal: String? = nil, runs: String? = nil
  ) {
    self.name = name
    self.argument = argument
    self.refusal = refusal
    self.runs = runs
  }

  /// Of a keyword that has become an answer, what the list says of its argument stays.
  private static let byName = Dictionary(
    all.map { ($0.name.lowercased(), $0) },
    uniquingKeysWith: { SSHKeyword($0.name, $1.argument, refusal: $0.refusal, runs: $1.runs) })

  // MARK: - The list

  private static let yesOrNo = Argument.oneOf(["yes", "no", "true", "false"])

  /// Every keyword of OpenSSH up to 10.
  static let all: [SSHKeyword] =
    answered + ofTheHostKey + ofTheSession + ofTheFile + running
    + flags.map { SSHKeyword($0, yesOrNo) } + numbers.map { SSHKeyword($0, .number) }
    + times.map { SSHKeyword($0, .time) } + others.map { SSHKeyword($0) }
    + [
      SSHKeyword("AddressFamily", .oneOf(["any", "inet", "inet6"])),
      SSHKeyword("FingerprintHash", .oneOf(["md5", "sha256"])),
      SSHKeyword("SessionType", .oneOf(["default"])),
      SSHKeyword("ControlMaster", .oneOf(["yes", "no", "ask", "auto", "autoask"])),
      SSHKeyword("CanonicalizeHostname", .oneOf(["yes", "no", "always", "none"])),
      SSHKeyword(
        "LogLevel",
        .oneOf([
          "QUIET", "FATAL", "ERROR", "INFO", "VERBOSE", "DEBUG", "DEBUG1", "DEBUG2", "DEBUG3",
        ])),
    ]

  /// There is a question for these, or an answer says them in any case.
  private static let answered =
    Builder.answers.compactMap(\.hostBlockLine).map {
      SSHKeyword($0.keyword, refusal: $0.refusal)
    } + [
      SSHKeyword("IdentitiesOnly", refusal: "It is always yes: the key of the key path logs in.")
    ]

  /// The accepted host key is pinned, and nothing may make ssh accept another.
  private static let ofTheHostKey = [
    "StrictHostKeyChecking", "UserKnownHostsFile", "GlobalKnownHostsFile", "KnownHostsCommand",
    "CheckHostIP", "NoHostAuthenticationForLocalhost", "VerifyHostKeyDNS", "UpdateHostKeys",
    "HashKnownHosts",
  ].map {
    SSHKeyword($0, refusal: "The accepted host key is pinned, and ssh takes no other.")
  }

  /// Nix says itself what runs at the other end, and speaks to it.
  private static let ofTheSession = [
    "RemoteCommand", "RequestTTY", "StdinNull", "ForkAfterAuthentication", "RefuseConnection",
  ].map { SSHKeyword($0, refusal: "Nix says what runs on the builder, and speaks to it.") }

  /// These belong to a whole file.
  private static let ofTheFile = [
    "Host", "Match", "Include", "IgnoreUnknown", "Tag",
  ].map { SSHKeyword($0, refusal: "It says which lines count, and a Host block stands by itself.") }

  private static let running = [
    SSHKeyword("ProxyCommand", .command, runs: "runs a command on this machine"),
    SSHKeyword("LocalCommand", .command, runs: "runs a command on this machine"),
    SSHKeyword("PermitLocalCommand", yesOrNo, runs: "lets LocalCommand run on this machine"),
    SSHKeyword("PKCS11Provider", runs: "loads a library into ssh"),
    SSHKeyword("SecurityKeyProvider", runs: "loads a library into ssh"),
    SSHKeyword("XAuthLocation", runs: "runs a command on this machine"),
  ]

  private static let flags = [
    "BatchMode", "CanonicalizeFallbackLocal", "ClearAllForwardings", "Compression",
    "EnableEscapeCommandline", "EnableSSHKeysign", "ExitOnForwardFailure", "ForwardX11",
    "ForwardX11Trusted", "GatewayPorts", "GSSAPIAuthentication", "GSSAPIDelegateCredentials",
    "HostbasedAuthentication", "KbdInteractiveAuthentication", "PasswordAuthentication",
    "ProxyUseFdpass", "StreamLocalBindUnlink", "TCPKeepAlive", "VisualHostKey",
  ]

  private static let numbers = [
    "CanonicalizeMaxDots", "ConnectionAttempts", "NumberOfPasswordPrompts", "RequiredRSASize",
    "ServerAliveCountMax",
  ]

  private static let times = ["ConnectTimeout", "ForwardX11Timeout", "ServerAliveInterval"]

  private static let others = [
    "AddKeysToAgent", "BindAddress", "BindInterface", "CanonicalDomains",
    "CanonicalizePermittedCNAMEs", "CASignatureAlgorithms", "CertificateFile", "ChannelTimeout",
    "Ciphers", "ControlPath", "ControlPersist", "DynamicForward", "EscapeChar", "ForwardAgent",
    "HostbasedAcceptedAlgorithms", "HostKeyAlgorithms", "IdentityAgent", "IPQoS",
    "KbdInteractiveDevices", "KexAlgorithms", "LocalForward", "LogVerbose", "MACs",
    "ObscureKeystrokeTiming", "PermitRemoteOpen", "PreferredAuthentications",
    "PubkeyAcceptedAlgorithms", "PubkeyAuthentication", "RekeyLimit", "RemoteForward",
    "RevokedHostKeys", "SendEnv", "SetEnv", "StreamLocalBindMask", "SyslogFacility", "Tunnel",
    "TunnelDevice", "VersionAddendum", "WarnWeakCrypto",
  ]
}

extension SSHKeyword {
  /// Those without which ssh may not get as far as the builder's sshd, whoever logs in.
  public static let reaching: Set<String> = [
    "AddressFamily", "BindAddress", "BindInterface", "CASignatureAlgorithms", "Ciphers",
    "ConnectTimeout", "ConnectionAttempts", "HostKeyAlgorithms", "IPQoS", "KexAlgorithms", "MACs",
    "ProxyCommand", "ProxyUseFdpass",
  ]

  /// Those by which somebody proves who they are.
  public static let loggingIn: Set<String> = [
    "CertificateFile", "GSSAPIAuthentication", "IdentityAgent", "KbdInteractiveAuthentication",
    "PKCS11Provider", "PasswordAuthentication", "PreferredAuthentications",
    "PubkeyAcceptedAlgorithms", "PubkeyAuthentication", "SecurityKeyProvider",
  ]

  /// What a `Host` block says unless the builder's options say otherwise: a builder that is down
  /// must not hold every build up, and one that vanishes must end its build.
  public static let standards = [
    ("ConnectTimeout", "5"), ("ServerAliveInterval", "15"), ("ServerAliveCountMax", "3"),
  ].filter { standard in
    !Builder.answers.contains { $0.hostBlockLine?.keyword == standard.0 }
  }
}

extension Builder {
  /// Its ssh options without which ssh may not get as far as its sshd.
  public var reachingOptions: [String: String] {
    sshOptions.filter { SSHKeyword.reaching.contains($0.key) }
  }
}

extension Rules {
  /// What is wrong with what stands after a keyword; `nil` for nothing.
  public static func sshOption(_ name: String, _ text: String) -> String? {
    guard let keyword = SSHKeyword(name) else {
      return "\(quoted(name)) is no option of ssh_config(5)."
    }
    if name != keyword.name { return "It was expected as \(keyword.name)." }
    return keyword.refusal ?? keyword.problem(with: text)
  }

  static func problems(ofSSHOptions options: [String: String], of builder: Builder) -> [Problem] {
    var problems = options.sorted { $0.key < $1.key }.compactMap { name, text in
      sshOption(name, text).map { Problem(place: name, $0) }
    }
    if options["ProxyCommand"] != nil, let proxyJump = builder.proxyJump {
      problems.append(
        Problem(
          place: "ProxyCommand",
          "It and the bastion \(proxyJump) both say how to get there, and ssh would take only one.")
      )
    }
    return problems
  }
}

extension SSHKeyword {
  /// What is wrong with an argument; `nil` for nothing.
  fileprivate func problem(with text: String) -> String? {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else {
      return "A value is needed."
    }
    if !text.unicodeScalars.allSatisfy(\.isVisible) {
      return "The value has a line break or another control character."
    }
    if [first, last].contains(" ") { return "The value begins or ends with a blank." }
    if last == "\\" { return "The value ends with a backslash." }
    if first == "=" { return "The value begins with =, which ssh passes over." }
    if text.utf8.count > 1000 { return "The value is longer than 1000 bytes." }
    guard let words = Self.words(of: text) else { return "A quotation mark is not closed." }
    switch argument {
    case .command: return nil
    case .words:
      if words.contains(where: \.isEmpty) { return "A word of it is empty." }
      // What comes after it is a comment to ssh.
      return Self.hasComment(text) ? "A word begins with #, which would begin a comment." : nil
    case .number: return Rules.number(text, in: 0...1_000_000, such: "3")
    case .time:
      let isTime = first.isDigit && Self.seconds(inTime: text) != nil && text.utf8.count < 10
      return isTime || text == "none" && name == "ConnectTimeout"
        ? nil : "\(Rules.quoted(text)) is not a time, such as 60 or 2m."
    case .oneOf(let words):
      if words.contains(where: { $0.lowercased() == text.lowercased() }) { return nil }
      return "\(Rules.quoted(text)) is none of \(words.joined(separator: ", "))."
    }
  }

  /// What an argument means, in one of its spellings: the same for `2m` and `120`, `YES` and `yes`,
  /// `"a"` and `a`.
  public func meaning(of text: String) -> [String] {
    switch argument {
    case .command: [text]
    case .words, .number: Self.words(of: text) ?? [text]
    case .time: [Self.seconds(inTime: text).map { "\($0)" } ?? text]
    case .oneOf: [["true": "yes", "false": "no"][text.lowercased()] ?? text.lowercased()]
    }
  }

  /// The seconds in a time of ssh_config(5), such as `90` or `1m30s`; `nil` for `none`.
  public static func seconds(inTime text: String) -> Int? {
    let units: [Unicode.Scalar: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
    var total = 0
    var number: Int?
    for scalar in text.lowercased().unicodeScalars {
      if let digit = Int(String(scalar)) {
        number = min((number ?? 0) * 10 + digit, 1_000_000_000)
      } else if let unit = units[scalar], let count = number {
        total += count * unit
        number = nil
      } else {
        return nil
      }
    }
    return total + (number ?? 0)
  }

  /// The words of an argument as ssh parts them; `nil` when a quotation mark is not closed.
  public static func words(of text: String) -> [String]? {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    var isWord = false
    var quote: Unicode.Scalar?
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "\\", let next = rest.first,
        next == "\\" || next == "\"" || next == "'" || quote == nil && next == " "
      {
        word.append(next)
        rest.removeFirst()
        isWord = true
      } else if let open = quote {
        if scalar == open { quote = nil } else { word.append(scalar) }
      } else if scalar == "\"" || scalar == "'" {
        quote = scalar
        isWord = true
      } else if scalar.isBlank {
        if isWord { words.append(String(word)) }
        (word, isWord) = (String.UnicodeScalarView(), false)
      } else {
        word.append(scalar)
        isWord = true
      }
    }
    if isWord { words.append(String(word)) }
    return quote == nil ? words : nil
  }

  private static func hasComment(_ text: String) -> Bool {
    text.unicodeScalars.first == "#"
      || zip(text.unicodeScalars, text.unicodeScalars.dropFirst()).contains {
        $0.isBlank && $1 == "#"
      }
  }
}
