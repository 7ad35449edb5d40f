import Base

/// What the local machine's fragment asks for.
struct LocalConfiguration: Equatable {
  /// `nix.buildMachines`, as lines of /etc/nix/machines.
  var machines: [String] = []
  var distributedBuilds = false
  var settings = NixSettings()
  /// `programs.ssh.extraConfig`.
  var sshConfiguration = ""
  /// `programs.ssh.knownHosts`, as lines of known_hosts.
  var knownHosts: [String] = []

  /// Reads an evaluated fragment.
  init(_ fragment: Option) throws(PracticeError) {
    let options = try fragment.options(
      "nix.buildMachines", "nix.distributedBuilds", "nix.settings", "programs.ssh.extraConfig",
      "programs.ssh.knownHosts")
    for option in options {
      switch option.name {
      case "nix.buildMachines":
        for element in try option.elements() { machines.append(try BuildMachine(element).line) }
      case "nix.distributedBuilds": distributedBuilds = try option.bool()
      case "nix.settings": try settings.read(option)
      case "programs.ssh.extraConfig": sshConfiguration = try option.string()
      case "programs.ssh.knownHosts":
        for (name, option) in try option.members() {
          knownHosts.append(try KnownHost(name: name, option).line)
        }
      default: throw option.unknown
      }
    }
    // Without it NixOS gives Nix an empty list instead of the file.
    if !distributedBuilds { settings.add("builders", "") }
  }

  /// What it makes, a line each.
  var summary: [String] {
    var lines: [String] = []
    if !machines.isEmpty {
      lines.append("/etc/nix/machines: \(machines.count) builder\(machines.count == 1 ? "" : "s")")
    }
    lines += settings.summary
    if !sshConfiguration.isEmpty { lines.append("/etc/ssh/ssh_config: what programs.ssh says") }
    if !knownHosts.isEmpty {
      lines.append(
        "/etc/ssh/ssh_known_hosts: \(knownHosts.count) host key\(knownHosts.count == 1 ? "" : "s")")
    }
    return lines
  }

  /// The script that makes it so on the local machine.
  var script: String {
    func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
    let ssh = sshConfiguration + "\n" + LocalSetup.sshConfiguration
    return [
      NixSettings.fail,
      settings.script(after: Shell.quoted(LocalSetup.nixConfiguration)),
      machines.isEmpty
        ? "rm -f /etc/nix/machines" : writing(text(machines), to: "/etc/nix/machines"),
      writing(ssh, to: "/etc/ssh/ssh_config"),
      writing(text(knownHosts), to: "/etc/ssh/ssh_known_hosts"),
    ].joined(separator: "\n")
  }
}

/// An entry of `nix.buildMachines`.
private struct BuildMachine {
  private var columns: [String: String] = ["protocol": "ssh", "maxJobs": "1", "speedFactor": "1"]
  private var lists: [String: [String]] = [:]
  private let name: String

  init(_ option: Option) throws(PracticeError) {
    name = option.name
    for (name, option) in try option.members() {
      switch name {
      case "hostName": columns[name] = try option.line()
      case "protocol", "system", "sshUser", "sshKey", "publicHostKey":
        columns[name] = option.isNull ? nil : try option.line()
      case "maxJobs": columns[name] = "\(try option.integer())"
      case "speedFactor": columns[name] = try option.number()
      case "systems", "supportedFeatures", "mandatoryFeatures": lists[name] = try option.lines()
      default: throw option.unknown
      }
    }
    guard columns["hostName"] != nil else {
      throw .option("\(name).hostName", reason: "it is not set")
    }
    guard columns["system"] != nil || lists["systems"]?.isEmpty == false else {
      throw .option(name, reason: "either system or systems must be set")
    }
  }

  /// The line that NixOS makes of it.
  var line: String {
    let scheme = columns["protocol"].map { "\($0)://" } ?? ""
    let user = columns["sshUser"].map { "\($0)@" } ?? ""
    let mandatory = lists["mandatoryFeatures"] ?? []
    let features = (lists["supportedFeatures"] ?? []) + mandatory
    let values: [String?] = [
      scheme + user + (columns["hostName"] ?? ""),
      columns["system"] ?? (lists["systems"] ?? []).joined(separator: ","),
      columns["sshKey"], columns["maxJobs"], columns["speedFactor"],
      features.joined(separator: ","), mandatory.joined(separator: ","), columns["publicHostKey"],
    ]
    return values.map { value in
      guard let value, !value.isEmpty else { return "-" }
      return value
    }.joined(separator: " ")
  }
}

/// An entry of `programs.ssh.knownHosts`.
private struct KnownHost {
  /// Its line of known_hosts.
  let line: String

  init(name: String, _ option: Option) throws(PracticeError) {
    var names = [name]
    var extraNames: [String] = []
    var key: String?
    for (name, option) in try option.members() {
      switch name {
      case "hostNames": names = try option.lines()
      case "extraHostNames": extraNames = try option.lines()
      case "publicKey": key = try option.line()
      default: throw option.unknown
      }
    }
    guard let key else { throw .option("\(option.name).publicKey", reason: "it is not set") }
    line = (names + extraNames).joined(separator: ",") + " \(key)"
  }
}
