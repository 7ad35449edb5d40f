import Base
import Builders
import Fragments
import Glibc
import Processes
import SSH

extension CheckName {
  /// The server's host key is the pinned one.
  public static let hostKey = CheckName(kind: "host-key")
}

/// `host-key`: the server's host key is the pinned one.
enum HostKey {
  static let check = Check(
    .hostKey, { _ in "host key" }, in: .reach,
    needs: [.success(of: .resolve), .success(of: .connect)],
    run: .here { check, _ in await run(check, of: check.test) })

  static func run(_ check: RunningCheck, of test: BuilderTest) async -> CheckResult {
    let builder = test.builder
    let scan = builder.detour == nil ? await scanDirectly(check) : await scanThrough(check)
    guard let line = scan.line else {
      if let jump = builder.proxyJump, case .exited = scan.result.ending {
        return await check.failed(
          "no host key was shown", .bastion(jump, await check.evidence, builder))
      }
      return await check.failed("no host key was shown", by: scan.command, scan.result)
    }
    let fingerprint = await fingerprint(of: line, check)
    let type = typeName(of: line)
    let detail = "\(type) \(fingerprint)"
    let record = await record(of: line, for: builder, check)
    let other: String? =
      if let key = record.otherKey { await Self.fingerprint(of: key, check) } else { nil }
    let finding = Finding.hostKey(
      OfferedHostKey(
        line: line, fingerprint: fingerprint, standing: record.standing, otherFingerprint: other,
        vouchedBy: record.vouchedBy))
    if let vouchedBy = record.vouchedBy { await check.note("\(vouchedBy) has this key.") }
    switch record.standing {
    case .pinned: return await check.passed(detail, finding: finding)
    case .known where test.source == .installed:
      return await check.passed("\(detail), in known_hosts", finding: finding)
    case .known:
      return await check.undecided(
        "\(detail), in known_hosts", .hostKeyNotAccepted(builder), finding: finding)
    case .unknown:
      let elsewhere = await keyOfOtherPort(line, builder, check)
      return await check.undecided(
        detail, elsewhere ?? .hostKeyNotAccepted(builder), finding: finding)
    case .changed(let place):
      await check.note("\(place) has another key.")
      return await check.failed(detail, .hostKeyChanged(builder), finding: finding)
    }
  }

  // MARK: - Getting it

  private typealias Scan = (line: String?, command: Command, result: Command.Result)

  /// One connection for each type, so the likeliest comes first and mostly alone.
  private static func scanDirectly(_ check: RunningCheck) async -> Scan {
    let builder = check.builder
    var types = ["ed25519", "ecdsa,rsa"]
    if let pinned = builder.hostKey, let type = scanType(of: pinned), type != "ed25519" {
      types = [type]
    }
    var scan: Scan
    repeat {
      let command = Command(
        ["ssh-keyscan", "-T", "5", "-p", "\(builder.port)", "-t", types.removeFirst()]
          + [builder.address], timeLimit: TimeLimits.keyScan)
      let result = await check.run(command)
      scan = (firstKey(in: result.output), command, result)
    } while scan.line == nil && scan.result.succeeded && !types.isEmpty
    return scan
  }

  /// ssh-keyscan can go neither through another host nor through a command, so ssh itself writes
  /// the key down. It gives up before the login.
  private static func scanThrough(_ check: RunningCheck) async -> Scan {
    let builder = check.builder
    let directory = PrivateDirectory()
    defer { directory?.remove() }
    guard let directory,
      let configuration = directory.write(builder.scanConfiguration, to: "ssh_config")
    else {
      let result = Command.Result(ending: .notStarted(lastError()), output: "", error: "")
      return (nil, Command(["ssh"], timeLimit: nil), result)
    }
    let knownHosts = "\(directory.path)/known_hosts"
    var options =
      [
        "BatchMode=yes", "StrictHostKeyChecking=accept-new", "UserKnownHostsFile=\(knownHosts)",
        "GlobalKnownHostsFile=/dev/null", "HashKnownHosts=no", "PreferredAuthentications=none",
        "PubkeyAuthentication=no",
      ] + Builder.ownConnection
    if let pinned = builder.hostKey, let algorithms = algorithms(of: pinned) {
      options.append("HostKeyAlgorithms=\(algorithms)")
    }
    let command = Command(
      ["ssh", "-T", "-F", configuration] + options.flatMap { ["-o", $0] }
        + ["--", builder.alias, "true"], timeLimit: TimeLimits.login + builder.patience)
    let result = await check.run(command)
    return (firstKey(in: (try? WholeFile(knownHosts, atMost: .hosts).text) ?? ""), command, result)
  }

  /// The key of the first line `host type key`, without the host.
  static func firstKey(in text: String) -> String? {
    for line in text.unicodeScalars.lines where line.first != "#" {
      let fields = line.words
      if fields.count >= 3 { return "\(fields[1]) \(fields[2])" }
    }
    return nil
  }

  private static func keyType(of line: String) -> String {
    line.unicodeScalars.words.strings.first ?? ""
  }

  /// What ssh-keyscan calls a type.
  private static func scanType(of line: String) -> String? {
    switch keyType(of: line) {
    case "ssh-ed25519": "ed25519"
    case "ssh-rsa": "rsa"
    case let type where type.unicodeScalars.hasPrefix("ecdsa-"): "ecdsa"
    default: nil
    }
  }

  /// What ssh_config(5) calls the signatures that a type makes.
  private static func algorithms(of line: String) -> String? {
    let type = keyType(of: line)
    return type == "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : type.isEmpty ? nil : type
  }

  private static func typeName(of line: String) -> String {
    (scanType(of: line) ?? keyType(of: line)).uppercased()
  }

  // MARK: - Judging it

  private static func fingerprint(of line: String, _ check: RunningCheck) async -> String {
    let command = Command(
      ["ssh-keygen", "-lf", "-"], input: Array("\(line)\n".utf8), timeLimit: TimeLimits.local)
    let output = await check.runQuietly(command).output
    return output.unicodeScalars.words.first { $0.hasPrefix("SHA256:") }.map { String($0) } ?? ""
  }

  /// What is on record here of a builder's host key.
  private struct Record {
    var standing = OfferedHostKey.Standing.unknown
    /// The file that has this very key.
    var vouchedBy: String?
    /// Another key of the same builder.
    var otherKey: String?
  }

  private static func record(
    of line: String, for builder: Builder, _ check: RunningCheck
  ) async -> Record {
    var record = Record()
    if let pinned = builder.hostKey, isSameKey(pinned, line) {
      record.standing = .pinned
      return record
    }
    var other: (file: String, key: String)?
    func look(at keys: [String], in file: String) {
      if record.vouchedBy == nil, keys.contains(where: { isSameKey($0, line) }) {
        record.vouchedBy = file
      }
      if let key = keys.first(where: { keyType(of: $0) == keyType(of: line) }) {
        other = other ?? (file, key)
      }
    }
    for file in knownHostsFiles() {
      for name in names(of: builder) {
        let command = Command(
          ["ssh-keygen", "-F", name, "-f", file], timeLimit: TimeLimits.local)
        let output = await check.runQuietly(command).output
        look(
          at: output.unicodeScalars.lines.compactMap { firstKey(in: String($0)) }, in: file)
      }
    }
    look(at: NixMachine.hostKeys(of: builder), in: "/etc/nix/machines")
    if let pinned = builder.hostKey {
      record.standing = .changed("The inventory")
      record.otherKey = pinned
    } else if record.vouchedBy != nil {
      record.standing = .known
    } else if let other {
      record.standing = .changed(other.file)
      record.otherKey = other.key
    }
    return record
  }

  /// Whether known_hosts has the key for another port of the same address.
  private static func keyOfOtherPort(
    _ line: String, _ builder: Builder, _ check: RunningCheck
  ) async -> Diagnosis? {
    for file in knownHostsFiles() {
      if builder.port != 22 {
        let command = Command(
          ["ssh-keygen", "-F", builder.address, "-f", file], timeLimit: TimeLimits.local)
        let output = await check.runQuietly(command).output
        let keys = output.unicodeScalars.lines.compactMap { firstKey(in: String($0)) }
        if keys.contains(where: { isSameKey($0, line) }) {
          return .hostKeyOfOtherPort(builder, file: file, port: 22)
        }
      }
      if let port = port(
        of: builder.address, withKey: line, in: (try? WholeFile(file, atMost: .hosts).text) ?? "")
      {
        return .hostKeyOfOtherPort(builder, file: file, port: port)
      }
    }
    return nil
  }

  /// The port of an entry `[address]:port` with this key. Hashed names cannot be read back.
  static func port(of address: String, withKey line: String, in knownHosts: String) -> Int? {
    for entry in knownHosts.unicodeScalars.lines {
      guard let key = firstKey(in: String(entry)), isSameKey(key, line) else { continue }
      for name in entry.prefix(while: { $0 != " " }).split(separator: ",") {
        guard name.hasPrefix("[\(address)]:"),
          let port = Int(String(name.dropFirst(address.unicodeScalars.count + 3)))
        else { continue }
        return port
      }
    }
    return nil
  }

  /// It is root's daemon that logs in, so these are root's when the program runs as root. What the
  /// person has compared who started it counts as well.
  private static func knownHostsFiles() -> [String] {
    let homes = [InvokingPerson.find(environment: [:]).home, InvokingPerson.find().home]
    let files = homes.map { "\($0)/.ssh/known_hosts" } + ["/etc/ssh/ssh_known_hosts"]
    var seen: Set<String> = []
    return files.filter { seen.insert($0).inserted && access($0, R_OK) == 0 }
  }

  /// How known_hosts names a host: with the port where it is not 22.
  private static func names(of builder: Builder) -> [String] {
    let address =
      builder.port == 22 ? builder.address : "[\(builder.address)]:\(builder.port)"
    return builder.alias == address ? [address] : [address, builder.alias]
  }
}

extension NixMachine {
  /// The host keys that Nix's machines here name for a builder.
  fileprivate static func hostKeys(of builder: Builder) -> [String] {
    all(inSetting: "@/etc/nix/machines")
      .filter { [builder.alias, builder.address].contains($0.url.host) }
      .compactMap(\.hostKeyLine)
  }
}
