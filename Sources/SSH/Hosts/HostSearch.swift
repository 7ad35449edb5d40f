import Base
import Builders
import Fragments
import Glibc
import Processes

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
    var elsewhere: [String: SSHOptions] = [:]
    for person in people { elsewhere[person.name] = await options(of: noHost, for: person) }
    let others = elsewhere
    let standard = await standardOptions()
    let asked = await runSideBySide(Array(blocks), atOnce: 4) { name, person in
      let options = await options(of: name, for: person)
      return HostCandidate(
        name, from: .hostBlock,
        to: options.destination(beside: others[person.name] ?? options, standard: standard))
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
      let elsewhere = await options(of: noHost, for: person)
      let destination = await options(of: name, for: person)
        .destination(beside: elsewhere, standard: await standardOptions())
      return [HostCandidate(name, from: .hostBlock, to: destination)].compactMap(\.self)
    }
    return []
  }

  // MARK: - Sources

  /// Those whose ssh configurations count: who started the program, and whoever it runs as.
  private static var people: [InvokingPerson] {
    let person = InvokingPerson.find()
    return person.isOther ? [person, .find(environment: [:])] : [person]
  }

  /// A name that no `Host` block has.
  private static let noHost = "nix-builders.invalid"

  /// What ssh makes of a host. A configuration may have commands in it (Match exec), so only its
  /// owner's rights will do.
  private static func options(of name: String, for person: InvokingPerson) async -> SSHOptions {
    let command = Command(["ssh", "-G", "--", name], timeLimit: TimeLimits.local, as: person)
    return SSHOptions(printed: await command.run().output)
  }

  /// What ssh does where nothing is configured.
  private static func standardOptions() async -> SSHOptions {
    let command = Command(
      ["ssh", "-F", "/dev/null", "-G", "--", noHost], timeLimit: TimeLimits.local)
    return SSHOptions(printed: await command.run().output)
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
  /// Where ssh goes for the host that was asked for, as far as that is said of this host alone.
  ///
  /// - Parameters:
  ///   - elsewhere: what holds for a host that no block names.
  ///   - standard: what holds where there is no configuration.
  package func destination(
    beside elsewhere: SSHOptions, standard: SSHOptions
  ) -> SSHDestination {
    let host = SSHHost(options: self, elsewhere: elsewhere, standard: elsewhere)
    var destination = SSHDestination(host: self["hostname"] ?? "")
    destination.port = self["port"].flatMap { Int($0) }.flatMap {
      (1...65535).contains($0) ? $0 : nil
    }
    destination.proxyJump = proxyJump.flatMap { Rules.proxyJump($0) == nil ? $0 : nil }
    destination.user = host.namedUser.flatMap { Rules.login($0) == nil ? $0 : nil }
    destination.identityFile = host.namedIdentityFiles.first
    let besides = SSHHost(options: self, elsewhere: elsewhere, standard: standard)
    destination.options = besides.sshOptions.sorted { $0.key < $1.key }
      .map { SSHDestination.Option($0, $1) }
    destination.leftOut = besides.surplus
    return destination
  }
}
