import Base

/// An account of `users.users` in a builder's fragment.
struct RemoteUser: Equatable {
  var name: String
  var isSystemUser = false
  var isNormalUser = false
  var uid: Int?
  var group: String?
  var extraGroups: [String] = []
  var description = ""
  var createHome: Bool?
  var home: String?
  var useDefaultShell: Bool?
  var keys: [String] = []
  var keyFiles: [String] = []

  init(name: String, _ option: Option) throws(PracticeError) {
    self.name = name
    for (name, option) in try option.members() {
      switch name {
      case "isSystemUser": isSystemUser = try option.bool()
      case "isNormalUser": isNormalUser = try option.bool()
      case "uid": uid = option.isNull ? nil : try option.integer()
      case "group": group = try option.line()
      case "extraGroups": extraGroups = try option.lines()
      case "description": description = try option.line()
      case "createHome": createHome = try option.bool()
      case "home": home = try option.line()
      case "useDefaultShell": useDefaultShell = try option.bool()
      case "openssh":
        for (name, option) in try option.members() {
          guard name == "authorizedKeys" else { throw option.unknown }
          try readKeys(option)
        }
      default: throw option.unknown
      }
    }
    try check(option.name)
  }

  private mutating func readKeys(_ option: Option) throws(PracticeError) {
    for (name, option) in try option.members() {
      switch name {
      case "keys": keys = try option.lines()
      case "keyFiles": keyFiles = try option.lines()
      default: throw option.unknown
      }
    }
  }

  /// Whether the machine has it without the fragment, as it has root.
  var isOfTheMachine: Bool { BuilderSetup.userNames.contains(name) }

  /// What NixOS demands.
  private func check(_ option: String) throws(PracticeError) {
    if isOfTheMachine {
      var keysOnly = self
      keysOnly.keys = []
      keysOnly.keyFiles = []
      if keysOnly != RemoteUser(name: name) {
        throw .option(option, reason: "the builder has \(name) already, only keys can be added")
      }
      return
    }
    guard isSystemUser != isNormalUser else {
      throw .option(
        option,
        reason: "exactly one of isSystemUser and isNormalUser must be set: the builder has "
          + "no account \(name) yet")
    }
    if isSystemUser, group == nil { throw .option("\(option).group", reason: "it is not set") }
    for file in keyFiles where file.unicodeScalars.first != "/" {
      throw .option(
        "\(option).openssh.authorizedKeys.keyFiles", reason: "\(file) is not an absolute path")
    }
  }

  private init(name: String) { self.name = name }

  /// The steps of a script that end it when the builder lacks what is named.
  var demands: [String] {
    keyFiles.map {
      let text = "users.users.\(name).openssh.authorizedKeys.keyFiles: the builder has no \($0)"
      return "[ -f \(Shell.quoted($0)) ] || fail \(Shell.quoted(text))"
    }
  }

  /// The part of a script that makes the account, with what NixOS takes for granted.
  func script(shell: String) -> String {
    var steps: [String] = []
    if !isOfTheMachine {
      let home = home ?? (isNormalUser ? "/home/\(name)" : "/var/empty")
      let hasShell = useDefaultShell ?? isNormalUser
      // "*" is no password, "!" would be a locked account.
      var words = ["useradd", "--no-create-home", "--no-user-group", "--password", "'*'"]
      if isSystemUser { words.append("--system") }
      if let uid { words += ["--uid", "\(uid)"] }
      words += ["--gid", Shell.quoted(group ?? "users")]
      if !extraGroups.isEmpty {
        words += ["--groups", Shell.quoted(extraGroups.joined(separator: ","))]
      }
      words += ["--comment", Shell.quoted(description), "--home-dir", Shell.quoted(home)]
      words += [
        "--shell", hasShell ? Shell.quoted(shell) : "\"$(command -v nologin || echo /bin/false)\"",
      ]
      steps.append((words + ["--", Shell.quoted(name)]).joined(separator: " "))
      if createHome ?? isNormalUser {
        steps.append(
          """
          [ -d \(Shell.quoted(home)) ] || {
            mkdir -p -m 700 \(Shell.quoted(home))
            chown \(Shell.quoted(name)): \(Shell.quoted(home))
          }
          """)
      }
    }
    let file = Shell.quoted("/etc/ssh/authorized_keys.d/\(name)")
    steps.append(writing(keys.map { $0 + "\n" }.joined(), to: file))
    // A file may lack its last line end.
    steps += keyFiles.map { "{ cat \(Shell.quoted($0)); echo; } >>\(file)" }
    return steps.joined(separator: "\n")
  }
}
