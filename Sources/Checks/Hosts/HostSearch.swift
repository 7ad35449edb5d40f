import Base
import Builders
import Fragments
import Glibc

/// Finds the hosts that this machine knows of: in ssh's configurations and known_hosts, among Nix's
/// machines, and from tailscale and avahi where those are there.
///
/// What it finds was written by others, on other machines too: all of it is bounded in time and
/// bytes, and what cannot be the name of a host is passed over.
public enum HostSearch {
  /// As many as anybody would look through.
  private static let limit = 500
  /// So many Host blocks are asked for; each takes a process.
  private static let blockLimit = 200

  /// Finds them all.
  ///
  /// - Parameter report: takes what is known so far, once that is little work; what is returned
  ///   takes its place.
  public static func run(
    report: @Sendable ([HostCandidate]) async -> Void = { _ in }
  ) async -> [HostCandidate] {
    async let tailscale = ask(Tailscale.command, Tailscale.candidates)
    async let avahi = ask(Avahi.command, Avahi.candidates)
    let blocks = people.flatMap { person in
      SSHConfigurationNames.all(of: person).map { (name: $0, person: person) }
    }.prefix(blockLimit)
    let machines = machines()
    let known = knownHosts()
    await report(
      merged(blocks.compactMap { HostCandidate($0.name, from: .hostBlock) } + machines + known))
    let asked = await runSideBySide(Array(blocks), atOnce: 4) {
      await block(named: $0.name, of: $0.person)
    }
    return merged(asked.compactMap(\.self) + machines + known + (await tailscale) + (await avahi))
  }

  /// The candidates, each text once: the first to know it says most about it.
  private static func merged(_ candidates: [HostCandidate]) -> [HostCandidate] {
    var seen: Set<String> = []
    return Array(candidates.filter { seen.insert($0.text).inserted }.prefix(limit))
  }

  /// What this machine's ssh configurations say of a name, where a `Host` block names it.
  public static func block(of name: String) async -> [HostCandidate] {
    for person in people where SSHConfigurationNames.all(of: person).contains(name) {
      return [await block(named: name, of: person)].compactMap(\.self)
    }
    return []
  }

  // MARK: - Sources

  /// Those whose ssh configurations count: who started the program, and whoever it runs as.
  private static var people: [InvokingPerson] {
    let person = InvokingPerson.find()
    return person.isOther ? [person, .find(environment: [:])] : [person]
  }

  // A configuration may have commands in it (Match exec), so only its owner's rights will do.
  private static func block(
    named name: String, of person: InvokingPerson
  ) async -> HostCandidate? {
    let command = Command(["ssh", "-G", "--", name], timeLimit: TimeLimits.local, as: person)
    let options = SSHOptions(printed: await command.run().output)
    return HostCandidate(name, from: .hostBlock, to: options.destination)
  }

  private static func machines() -> [HostCandidate] {
    NixMachine.all(inSetting: "@/etc/nix/machines").compactMap { machine in
      guard machine.url.storeProtocol != nil else { return nil }
      var destination = SSHDestination(host: machine.url.host)
      destination.port = machine.url.port
      return HostCandidate(
        machine.url.text.withoutParameters, from: .machines, to: destination,
        account: machine.url.user, keyPath: machine.keyPath ?? machine.url.parameter("ssh-key"))
    }
  }

  private static func knownHosts() -> [HostCandidate] {
    let files =
      people.map { "\($0.home)/.ssh/known_hosts" }
      + ["/etc/ssh/ssh_known_hosts"]
    return files.flatMap { HostNames.inKnownHosts((try? WholeFile($0, atMost: .hosts).text) ?? "") }
      .compactMap { HostCandidate($0, from: .knownHosts) }
  }

  private static func ask(
    _ command: Command, _ read: (String) -> [HostCandidate]
  ) async -> [HostCandidate] {
    let result = await command.run()
    return result.succeeded ? read(result.output) : []
  }
}

extension String {
  /// A store URL without its settings.
  fileprivate var withoutParameters: String {
    String(UnicodeScalarView(unicodeScalars.prefix { $0 != "?" }))
  }
}

extension SSHOptions {
  /// Where ssh goes for the host that was asked for.
  var destination: SSHDestination {
    var destination = SSHDestination(host: self["hostname"] ?? "")
    destination.port = self["port"].flatMap { Int($0) }.flatMap { $0 == 22 ? nil : $0 }
    destination.proxyJump = proxyJump.flatMap { Rules.proxyJump($0) == nil ? $0 : nil }
    destination.user = self["user"].flatMap { Rules.login($0) == nil ? $0 : nil }
    return destination
  }
}
