import Base
import Builders
import SSH

extension RemoteFacts {
  /// Reads what the script has printed; `nil` when it did not run.
  public init?(output: String) {
    let lines = output.unicodeScalars.split(
      omittingEmptySubsequences: false, whereSeparator: \.isLineEnd)
    let first = "\(Self.mark)begin"
    guard let begin = lines.firstIndex(where: { $0.hasSuffix(first) }) else { return nil }
    // Noise without a line end stands before the mark.
    let before = lines[..<begin] + [lines[begin].dropLast(first.unicodeScalars.count)]
    noise = before.strings.joined(separator: "\n").trimmingSuffix(while: \.isBlankOrLineEnd)
    var reading = Reading()
    for line in lines[begin...] { reading.read(line, into: &self) }
    capabilities.nixVersion = nixVersion
    kvm = reading.kvm(isRoot: reading.isRoot)
    if reading.limits.isKnown { sshd = reading.limits }
  }
}

/// What has to be known of several lines before it is a fact.
private struct Reading {
  private var kvmMode: String?
  private var kvmGroup: Int?
  private var kvmOpens = false
  private var buildGroups: [Int] = []
  private(set) var isRoot = false
  var limits = SSHDLimits()

  /// The clock of a machine that is on: from the first second of Unix to the year 36812.
  private static let times = 0...(1 << 40)
  /// Memory and disks: up to an exbibyte.
  private static let kibibytes = 1...(1 << 50)
  private static let ids = 0...4_294_967_295

  mutating func read(_ line: FactRules.Text, into facts: inout RemoteFacts) {
    guard line.hasPrefix(RemoteFacts.mark) else {
      return Self.readSetting(line, into: &facts)
    }
    let rest = line.dropFirst(RemoteFacts.mark.unicodeScalars.count)
    let fields = rest.split(separator: " ", maxSplits: 1)
    guard let key = fields.first.map({ String($0) }) else { return }
    if key == "end" { facts.isWhole = true }
    guard fields.count == 2 else { return }
    read(key, fields[1], into: &facts)
  }

  private mutating func read(_ key: String, _ value: FactRules.Text, into facts: inout RemoteFacts)
  {
    let words = value.split(separator: " ")
    switch key {
    case "machine": facts.machine = words.count <= 4 ? FactRules.line(value) : nil
    case "time": facts.time = FactRules.number(value, in: Self.times)
    case "processors":
      facts.capabilities.processors = FactRules.number(value, in: 1...65536)
    case "nix-daemon", "nix-store": facts.programs[key] = FactRules.path(value)
    case "version": facts.nixVersion = words.last.flatMap(FactRules.version)
    case "socket": facts.socket = RemoteFacts.Socket(rawValue: String(value))
    case "os": facts.system.id = FactRules.line(Self.unquoted(value))
    case "os-name": facts.system.name = FactRules.line(Self.unquoted(value))
    case "kind": facts.system.kind = OperatingSystem.Kind(rawValue: String(value))
    case "memory-kb": facts.memory = Self.kibibytes(words.first).map { $0 * 1024 }
    case "memory": facts.memory = FactRules.number(value, in: 1...(1 << 60)) ?? facts.memory
    // Of df's columns the fourth, counted from the mount point: the device may have blanks.
    case "space" where words.count >= 6:
      facts.space = Self.space(words[words.count - 3]).map { $0 * 1024 }
    case "emulators": facts.emulators = FactRules.names(words) { _ in nil }
    case "kvm" where words.count == 2:
      kvmMode = FactRules.line(words[0])
      kvmGroup = FactRules.number(words[1], in: Self.ids)
    case "kvm-opens": kvmOpens = value.isExactly("yes")
    case "build-groups":
      buildGroups = words.prefix(100).compactMap { FactRules.number($0, in: Self.ids) }
    case "user" where words.count == 2:
      isRoot = words[0].isExactly("0")
      facts.user = FactRules.names([words[1]]) { _ in nil }.first
    case "sudo": facts.sudo = RemoteFacts.Sudo(rawValue: String(value))
    case "sshd": limits.read(value)
    case "sshd-line": limits.readPlace(value)
    default: readAccount(key, value, words, into: &facts)
    }
  }

  private func readAccount(
    _ key: String, _ value: FactRules.Text, _ words: [FactRules.Text], into facts: inout RemoteFacts
  ) {
    switch key {
    case "account" where words.count == 2:
      let exists = ["yes": true, "no": false][String(words[1])]
      guard let exists, Rules.user(String(words[0])) == nil else { break }
      facts.account = RemoteAccount(name: String(words[0]), exists: exists)
    case "account-entry":
      let fields = value.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 7, let name = facts.account?.name, fields[0].isExactly(name) else {
        break
      }
      facts.account?.userID = FactRules.number(fields[2], in: Self.ids)
      facts.account?.description = FactRules.line(fields[4])
    case "account-groups":
      facts.account?.groups = FactRules.names(words) { _ in nil }
    default: break
    }
  }

  /// A line of what Nix says of its settings.
  private static func readSetting(_ line: FactRules.Text, into facts: inout RemoteFacts) {
    guard let equals = line.firstRange(of: " = ") else { return }
    let values = line[equals.upperBound...].split(separator: " ")
    switch String(line[..<equals.lowerBound]) {
    case "system":
      let own = FactRules.names(values, Rules.system)
      facts.capabilities.systems = own + facts.capabilities.systems.filter { !own.contains($0) }
    case "extra-platforms":
      let known = facts.capabilities.systems
      let further = FactRules.names(values, Rules.system)
      facts.capabilities.systems = known + further.filter { !known.contains($0) }
    case "system-features":
      facts.capabilities.features = FactRules.names(values, Rules.feature)
    default: break
    }
  }

  /// As /proc/meminfo has it, with or without its unit.
  private static func kibibytes(_ word: FactRules.Text?) -> Int? {
    word.flatMap { FactRules.number($0, in: kibibytes) }
  }

  private static func space(_ word: FactRules.Text) -> Int? {
    FactRules.number(word, in: 0...kibibytes.upperBound)
  }

  /// A value of os-release(5), which may stand in quotation marks.
  private static func unquoted(_ value: FactRules.Text) -> FactRules.Text {
    for mark: Unicode.Scalar in ["\"", "'"]
    where value.count >= 2 && value.first == mark && value.last == mark {
      return value.dropFirst().dropLast()
    }
    return value
  }

  func kvm(isRoot: Bool) -> RemoteFacts.KVM {
    // Such as crw-rw-rw-: the owner's, the group's and everybody's.
    guard let mode = kvmMode.map({ Array($0.utf8) }), mode.count >= 10 else { return .absent }
    func mayUse(_ place: Int) -> Bool {
      mode[place] == UInt8(ascii: "r") && mode[place + 1] == UInt8(ascii: "w")
    }
    let isForAll = mayUse(7)
    if isForAll || isRoot, !kvmOpens { return .broken }
    // Without accounts that build it is root itself.
    if isForAll || buildGroups.isEmpty { return .usable }
    return mayUse(4) && kvmGroup.map(buildGroups.contains) == true ? .usable : .closed
  }
}
