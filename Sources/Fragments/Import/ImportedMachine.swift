import Base
import Builders

/// A machine of Nix's on its way to being a builder.
public struct ImportedMachine: Equatable, Sendable {
  /// Where it stands.
  public var place: String
  /// The builder, its alias perhaps not free, or why there can be none.
  public private(set) var builder: Result<Builder, Problem>
  /// What was taken over otherwise than it stands.
  public private(set) var remarks: [Problem] = []
  /// Whether nothing names the key.
  public private(set) var keyIsAssumed = false

  /// What this machine knows about the way to the other.
  public struct Surroundings: Equatable, Sendable {
    /// The system that this machine builds for; `nil` when Nix does not say.
    public var localSystem: String?
    /// The home of root, whose daemon logs in.
    public var home: String
    /// What ssh's configuration says of the host; `nil` when it could not be asked.
    public var host: SSHHost?
    /// The host keys that come with the machine, by the names they are known under.
    public var hostKeys: [String: String]
    /// What the machine's own fragment says; `nil` when there is none.
    public var account: ImportedAccount?

    /// Creates surroundings.
    public init(
      localSystem: String? = nil, home: String = "/root", host: SSHHost? = nil,
      hostKeys: [String: String] = [:], account: ImportedAccount? = nil
    ) {
      self.account = account
      self.localSystem = localSystem
      self.home = home
      self.host = host
      self.hostKeys = hostKeys
    }
  }

  /// The files of private keys on this machine, as far as they can be seen.
  public struct Keys: Sendable {
    /// Whether there is a file.
    var exists: @Sendable (String) -> Bool
    /// The public half beside a private key; `nil` when there is none.
    var publicKey: @Sendable (String) -> String?

    /// Creates a view of the key files.
    public init(
      exists: @escaping @Sendable (String) -> Bool,
      publicKey: @escaping @Sendable (String) -> String?
    ) {
      self.exists = exists
      self.publicKey = publicKey
    }
  }

  /// Notes an entry that is no machine.
  public init(place: String, problem: Problem) {
    self.place = place
    builder = .failure(problem)
  }

  /// Makes a builder of a machine.
  public init(
    _ machine: NixMachine, at place: String, in surroundings: Surroundings, keys: Keys
  ) {
    self.place = place
    builder = .failure(Problem(""))
    do throws(Problem) {
      builder = .success(try make(machine, surroundings, keys))
    } catch {
      builder = .failure(error)
    }
  }

  private mutating func make(
    _ machine: NixMachine, _ surroundings: Surroundings, _ keys: Keys
  ) throws(Problem) -> Builder {
    let url = machine.url
    guard let storeProtocol = url.storeProtocol else {
      throw Problem("\(url.text) is not reached over ssh.")
    }
    let systems = machine.systems.isEmpty ? surroundings.localSystem.map { [$0] } : machine.systems
    guard let systems else {
      throw Problem(
        place: "systems",
        "It lists none, which means the local machine's own, and Nix did not tell that one.")
    }
    var builder = Builder(
      alias: Self.alias(of: url.host), address: url.host, systems: systems.withoutRepetition)
    builder.storeProtocol = storeProtocol
    builder.read(parametersOf: url)
    builder.user = url.user ?? "root"
    builder.port = url.port ?? 22
    // Without a block the entry alone says how to get there.
    builder.hostBlock = false
    if let host = surroundings.host { take(host, of: url, into: &builder) }
    takeKey(of: machine, surroundings, keys, into: &builder)
    takeHostKey(of: machine, surroundings, into: &builder)
    takeCapabilities(of: machine, into: &builder)
    // Somebody has made it already, unless a fragment of this program says that it does.
    builder.account.create = false
    surroundings.account?.apply(to: &builder)
    remark(on: machine)
    if !builder.hasRemoteFragment {
      remark(
        "systems",
        "It builds only for macOS, so no NixOS module is written for it. There the account, its key "
          + "and the trust are set up by hand.")
    }
    return builder
  }

  private mutating func remark(_ place: String, _ message: String) {
    remarks.append(Problem(place: place, message))
  }

  // MARK: - The connection

  private mutating func take(_ host: SSHHost, of url: StoreURL, into builder: inout Builder) {
    builder.hostBlock = host.hasBlock(for: url)
    // ssh makes the letters of a name small.
    if let name = host.options["hostname"], name.lowercased() != url.host.lowercased() {
      builder.address = name
    }
    if let port = host.options["port"].flatMap({ Int($0) }) { builder.port = port }
    if url.user == nil, let user = host.namedUser { builder.user = user }
    builder.proxyJump = host.options.proxyJump
    // Where no block is written, ssh goes on reading what there is.
    guard builder.usesHostBlock else { return }
    builder.sshOptions = host.sshOptions
    for answer in Builder.answers where HostBlockOption.isMore(answer) {
      guard let line = answer.hostBlockLine, let text = host.answer(line.keyword) else { continue }
      for problem in answer.take([text], &builder) {
        remark("ssh's configuration", "\(line.keyword) \(text) is left out. \(problem)")
      }
    }
    for message in host.remarks { remark("ssh's configuration", message) }
  }

  private mutating func takeKey(
    of machine: NixMachine, _ surroundings: Surroundings, _ keys: Keys, into builder: inout Builder
  ) {
    let url = machine.url
    let host = surroundings.host
    let given = machine.keyPath ?? url.parameter("ssh-key")
    func path(_ text: String) -> String? {
      keyPath(
        text, home: surroundings.home, url: url, host: builder.address, user: builder.user,
        port: builder.port)
    }
    var named: [String] = []
    for text in (given.map { [$0] } ?? []) + (host?.namedIdentityFiles ?? []) {
      guard let path = path(text) else {
        remark("key", "Only ssh itself can tell what \(text) means, so it is left out.")
        continue
      }
      if !named.contains(path) { named.append(path) }
    }
    let standard = (host?.standard.identityFiles ?? []).compactMap(path).filter(keys.exists)
    if given != nil, let first = named.first {
      builder.keyPath = first
    } else if let chosen = named.first(where: keys.exists) ?? named.first {
      builder.keyPath = chosen
      let others = named.filter { $0 != chosen }
      if !others.isEmpty {
        remark(
          "key",
          "ssh would also try \(others.joined(separator: ", ")). A builder has one key: \(chosen).")
      }
    } else {
      keyIsAssumed = true
      builder.keyPath = standard.first ?? Builder.defaultKeyPath(alias: builder.alias)
      remark(
        "key",
        standard.isEmpty
          ? "No key is named, and none of root's own was found. \(builder.keyPath) stands for it."
          : "No key is named. Of root's own \(builder.keyPath) is there and is taken.")
    }
    builder.publicKey = keys.publicKey(builder.keyPath)
  }

  private mutating func takeHostKey(
    of machine: NixMachine, _ surroundings: Surroundings, into builder: inout Builder
  ) {
    let url = machine.url
    if let encoded = machine.publicHostKey ?? url.parameter(hostKeyParameter) {
      let text = Base64.decoded(encoded).flatMap { String(validating: $0, as: UTF8.self) } ?? ""
      let line = text.unicodeScalars.lines.first.map { String($0) } ?? ""
      if Rules.publicKey(line) == nil {
        builder.hostKey = line
        builder.hostKey = builder.pinnedHostKey
      } else {
        remark("host key", "It is left out, since it is not a public key in base64.")
      }
      return
    }
    let port = builder.port == 22 ? nil : builder.port
    let names = [surroundings.host?.options["hostkeyalias"], url.host, builder.address]
    for name in names.compactMap({ $0?.lowercased() }) {
      let known = port.flatMap { surroundings.hostKeys["[\(name)]:\($0)"] }
      if let key = known ?? surroundings.hostKeys[name] {
        builder.hostKey = key
        builder.hostKey = builder.pinnedHostKey
        return
      }
    }
  }

  // MARK: - What it builds

  private mutating func takeCapabilities(of machine: NixMachine, into builder: inout Builder) {
    builder.speedFactor = machine.speedFactor
    builder.maxJobs = machine.maxJobs
    if machine.maxJobs == 0 {
      builder.maxJobs = 1
      builder.enabled = false
      remark("jobs", "With 0 Nix never builds there. It is taken over as off.")
    }
    builder.mandatoryFeatures = machine.mandatoryFeatures.withoutRepetition
    builder.supportedFeatures = machine.supportedFeatures.withoutRepetition
    // NixOS writes the mandatory features after the others, in the same column.
    let mandatory = machine.mandatoryFeatures
    if machine.supportedFeatures.suffix(mandatory.count).elementsEqual(mandatory) {
      builder.supportedFeatures =
        machine.supportedFeatures.dropLast(mandatory.count).withoutRepetition
    }
  }

  private mutating func remark(on machine: NixMachine) {
    let url = machine.url
    for parameter in url.parameters where !["ssh-key", hostKeyParameter].contains(parameter.name) {
      if let problem = Rules.storeParameter(parameter.name, parameter.value) {
        remark("store URL", "\(parameter.name)=\(parameter.value) is left out. \(problem)")
      }
    }
    if !url.path.isEmpty, url.path != "/" {
      remark("store URL", "\(url.path) is left out; ssh has no use for a path.")
    }
    if !machine.surplus.isEmpty {
      let text = machine.surplus.joined(separator: " ")
      remark("column 9", "Nix does not look at what stands after the host key: \(text)")
    }
  }

  /// A host's name as an alias: what no alias may have becomes `-`.
  static func alias(of host: String) -> String {
    let name = host.unicodeScalars.map { Rules.alias("a\($0)") == nil ? $0 : "-" }
      .drop { $0 == "-" || $0 == "." }.prefix(63)
    return name.isEmpty ? "builder" : String(scalars: name)
  }
}

extension Sequence where Element: Hashable {
  /// The elements, each once.
  fileprivate var withoutRepetition: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

/// The parameter of a store URL that has the host key.
private let hostKeyParameter = "base64-ssh-public-host-key"
