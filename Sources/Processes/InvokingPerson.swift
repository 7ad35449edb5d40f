import Base
import FoundationEssentials
import Glibc

/// The person who started the program, who has an ssh configuration, keys and maybe an agent of their
/// own: with sudo or doas somebody else than root.
public struct InvokingPerson: Equatable, Sendable {
  /// The account's name.
  public let name: String
  /// The user id.
  public let userID: UInt32
  /// The group id.
  public let groupID: UInt32
  /// The supplementary groups.
  public let groups: [UInt32]
  /// The home directory.
  public let home: String
  /// The socket of their ssh-agent; `nil` when they have none.
  public let agentSocket: String?

  /// Describes a person, for tests.
  public init(
    name: String, userID: UInt32, groupID: UInt32, groups: [UInt32] = [], home: String,
    agentSocket: String? = nil
  ) {
    self.name = name
    self.userID = userID
    self.groupID = groupID
    self.groups = groups
    self.home = home
    self.agentSocket = agentSocket
  }

  /// Whether it is root.
  public var isRoot: Bool { userID == 0 }

  /// Whether their programs have to be started as somebody else than this program runs as.
  package var isOther: Bool { userID != geteuid() }

  /// Finds out who started the program.
  ///
  /// - Parameter environment: where sudo(8) and doas(1) say who called them. Only root is believed:
  ///   anybody else can run programs as nobody but themselves.
  public static func find(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> InvokingPerson {
    let caller = geteuid() == 0 ? caller(environment) : nil
    let account = caller ?? Account(userID: geteuid())
    guard let account else {
      // An id without an account is possible in a container.
      return InvokingPerson(
        name: "\(geteuid())", userID: geteuid(), groupID: getegid(),
        home: environment["HOME"] ?? "/")
    }
    let isSelf = account.userID == geteuid()
    return InvokingPerson(
      name: account.name, userID: account.userID, groupID: account.groupID,
      groups: account.groups, home: account.home,
      agentSocket: isSelf
        ? environment["SSH_AUTH_SOCK"].flatMap { isSocket($0, of: account.userID) ? $0 : nil }
        : AgentSearch(owner: account.userID, environment: environment).socket)
  }

  /// Who called sudo or doas.
  private static func caller(_ environment: [String: String]) -> Account? {
    let byNumber = environment["SUDO_UID"].flatMap { UInt32($0) }.flatMap { Account(userID: $0) }
    return byNumber ?? environment["SUDO_USER"].flatMap { Account(name: $0) }
      ?? environment["DOAS_USER"].flatMap { Account(name: $0) }
  }

  /// Words that start a program as this person: by setpriv(1), where they are not who runs this one.
  ///
  /// Subprocess could do it, but between its clone and exec it calls the C library's setuid, which
  /// waits for ever where another thread of this program was just being made.
  package func starting(_ words: [String]) -> [String] {
    guard isOther else { return words }
    let groups =
      groups.isEmpty
      ? "--clear-groups" : "--groups=" + groups.map { "\($0)" }.joined(separator: ",")
    return ["setpriv", "--reuid=\(userID)", "--regid=\(groupID)", groups, "--"] + words
  }

  /// How a program of theirs ended, by how ``starting(_:)`` ended.
  package func ending(of started: Command.Result) -> Command.Ending {
    guard isOther else { return started.ending }
    switch started.ending {
    case .missing: return .notStarted("setpriv, which starts programs as \(name), is not installed")
    case .exited(127) where started.error.unicodeScalars.hasPrefix("setpriv: failed to execute"):
      return .missing
    default: return started.ending
    }
  }

  /// What the environment of their programs has instead of root's.
  package var variables: [String: String?] {
    let runtime = "/run/user/\(userID)"
    return [
      "HOME": home, "USER": name, "LOGNAME": name, "SSH_AUTH_SOCK": agentSocket,
      "XDG_RUNTIME_DIR": isFolder(runtime, of: userID) ? runtime : nil,
      "SUDO_UID": nil, "SUDO_GID": nil, "SUDO_USER": nil, "SUDO_COMMAND": nil, "DOAS_USER": nil,
    ]
  }
}

/// An entry of passwd(5).
private struct Account {
  var name: String
  var userID: UInt32
  var groupID: UInt32
  var home: String

  init?(userID: UInt32) { self.init(getpwuid(userID)) }
  init?(name: String) { self.init(getpwnam(name)) }

  private init?(_ entry: UnsafeMutablePointer<passwd>?) {
    guard let entry = entry?.pointee, let name = entry.pw_name, let home = entry.pw_dir else {
      return nil
    }
    self.name = String(cString: name)
    self.home = String(cString: home)
    userID = entry.pw_uid
    groupID = entry.pw_gid
  }

  var groups: [UInt32] {
    var count: Int32 = 64
    while true {
      var groups = [gid_t](repeating: 0, count: Int(count))
      let room = count
      if getgrouplist(name, groupID, &groups, &count) >= 0 {
        return Array(groups.prefix(Int(count)))
      }
      // It has told how many there are.
      guard count > room else { return [groupID] }
    }
  }
}

/// Looks for the agent of a person whom sudo has taken the variable from.
private struct AgentSearch {
  var owner: UInt32
  var environment: [String: String]

  var socket: String? {
    let named = [environment["SSH_AUTH_SOCK"], inherited].compactMap(\.self)
    // Where NixOS and GnuPG put theirs.
    let usual = ["ssh-agent", "gnupg/S.gpg-agent.ssh"].map { "/run/user/\(owner)/\($0)" }
    return (named + usual).first { isSocket($0, of: owner) }
  }

  /// What the shell has that sudo was typed into: the nearest process above that is the person's.
  private var inherited: String? {
    var process = getppid()
    for _ in 0..<16 where process > 1 {
      let folder = "/proc/\(process)"
      if isFolder(folder, of: owner) {
        let environment = try? WholeFile("\(folder)/environ", atMost: .process).text
        let variables = environment?.utf8.split(separator: 0) ?? []
        let name = "SSH_AUTH_SOCK=".utf8
        return variables.first { $0.starts(with: name) }.flatMap {
          String($0.dropFirst(name.count))
        }
      }
      guard let parent = parent(of: process) else { return nil }
      process = parent
    }
    return nil
  }

  private func parent(of process: pid_t) -> pid_t? {
    guard
      let text = (try? WholeFile("/proc/\(process)/stat", atMost: .process).text)?.unicodeScalars,
      let name = text.lastIndex(of: ")")
    else { return nil }
    // Behind the name: state, parent.
    let fields = text[name...].words.strings
    return fields.count > 2 ? pid_t(fields[2]) : nil
  }
}

private func isSocket(_ path: String, of owner: UInt32) -> Bool {
  isFile(path, of: owner, kind: S_IFSOCK)
}

private func isFolder(_ path: String, of owner: UInt32) -> Bool {
  isFile(path, of: owner, kind: S_IFDIR)
}

private func isFile(_ path: String, of owner: UInt32, kind: mode_t) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_uid == owner && status.st_mode & S_IFMT == kind
}
