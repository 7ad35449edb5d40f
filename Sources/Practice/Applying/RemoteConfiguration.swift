import Base

/// What a builder's fragment asks for.
struct RemoteConfiguration: Equatable {
  var users: [RemoteUser] = []
  var groups: [Group] = []
  var settings = NixSettings()
  /// `services.openssh.enable`; `nil` leaves it as it is.
  var enablesSSHD: Bool?
  /// `services.openssh.ports`; `nil` leaves them as they are.
  var ports: [Int]?

  /// A group of `users.groups`.
  struct Group: Equatable {
    var name: String
    var gid: Int?
    var members: [String] = []
  }

  /// Reads an evaluated fragment.
  init(_ fragment: Option) throws(PracticeError) {
    let options = try fragment.options(
      "boot.binfmt.emulatedSystems", "nix.settings", "services.openssh.enable",
      "services.openssh.ports", "users.groups", "users.users")
    for option in options {
      switch option.name {
      case "boot.binfmt.emulatedSystems":
        // NixOS tells Nix of the systems that the kernel can emulate.
        settings.add("extra-platforms", try option.lines().joined(separator: " "))
      case "nix.settings": try settings.read(option)
      case "services.openssh.enable": enablesSSHD = try option.bool()
      case "services.openssh.ports":
        var numbers: [Int] = []
        for element in try option.elements() { numbers.append(try element.integer()) }
        ports = numbers
      case "users.groups":
        for (name, option) in try option.members() {
          groups.append(try Group(name: name, option))
        }
      case "users.users":
        for (name, option) in try option.members() {
          users.append(try RemoteUser(name: name, option))
        }
      default: throw option.unknown
      }
    }
    try checkGroups()
  }

  private func checkGroups() throws(PracticeError) {
    let known = groups.map(\.name) + BuilderSetup.groupNames
    for user in users {
      for group in [user.group].compactMap({ $0 }) + user.extraGroups where !known.contains(group) {
        throw .option(
          "users.users.\(user.name).group", reason: "there is no group \(group) on the builder")
      }
    }
  }

  /// What it makes, a line each.
  var summary: [String] {
    var lines = users.map { user in
      let id = user.uid.map { " (uid \($0))" } ?? ""
      let count = user.keys.count + user.keyFiles.count
      return "account \(user.name)\(id) with \(count) authorized key\(count == 1 ? "" : "s")"
    }
    lines += groups.map { "group \($0.name)" + ($0.gid.map { " (gid \($0))" } ?? "") }
    lines += settings.summary
    if enablesSSHD == false {
      lines.append("sshd is off")
    } else if let ports {
      lines.append("sshd on port \(ports.map(String.init).joined(separator: ", "))")
    } else if enablesSSHD == true {
      lines.append("sshd is on, its ports are as they were")
    }
    return lines
  }

  /// The script that makes it so on the builder.
  func script(_ programs: Programs) -> String {
    let directory = Services.directory
    let added = users.filter { !$0.isOfTheMachine }
    let newGroups = groups.filter { !BuilderSetup.groupNames.contains($0.name) }
    let lists = ["users": added.map(\.name), "groups": newGroups.map(\.name)]
    var steps = [NixSettings.fail, Services.functions(programs)]
    steps += users.flatMap(\.demands)
    steps.append(
      """
      # What an earlier fragment made goes first: this one may say it otherwise, or not at all.
      touch \(directory)/users \(directory)/groups
      while read -r name; do userdel -f "$name" 2>/dev/null || :; done <\(directory)/users
      while read -r name; do groupdel "$name" 2>/dev/null || :; done <\(directory)/groups
      rm -f /etc/ssh/authorized_keys.d/*
      """)
    for (file, names) in lists.sorted(by: { $0.key < $1.key }) {
      steps.append(writing(names.map { $0 + "\n" }.joined(), to: "\(directory)/\(file)"))
    }
    for group in newGroups {
      let id = group.gid.map { "--gid \($0) " } ?? "--system "
      steps.append("groupadd \(id)-- \(Shell.quoted(group.name))")
    }
    steps += users.map { $0.script(shell: programs.path(of: "bash") ?? "/bin/bash") }
    for group in groups {
      steps += group.members.map {
        "usermod --append --groups \(Shell.quoted(group.name)) -- \(Shell.quoted($0))"
      }
    }
    steps.append(settings.script(after: "\"$(cat \(directory)/nix.conf)\n\""))
    if let ports {
      let lines = ports.map { "Port \($0)\n" }.joined()
      steps.append(writing(lines, to: "/etc/ssh/ports"))
    } else {
      steps.append("cp \(directory)/ports /etc/ssh/ports")
    }
    steps.append("start_daemon")
    steps.append(enablesSSHD == false ? "stop_sshd" : "start_sshd")
    return steps.joined(separator: "\n")
  }
}

extension RemoteConfiguration.Group {
  fileprivate init(name: String, _ option: Option) throws(PracticeError) {
    self.name = name
    for (name, option) in try option.members() {
      switch name {
      case "gid": gid = option.isNull ? nil : try option.integer()
      case "members": members = try option.lines()
      default: throw option.unknown
      }
    }
  }
}
