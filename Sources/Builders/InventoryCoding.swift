/// The keys of `builders.json`, and how each value stands there (format version 1).
///
/// A key may be left out where a default stands; one that this version does not know is kept.

/// A key by its name, so that unknown ones can be seen too.
struct Key: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringLiteral value: String) { stringValue = value }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer<Key> {
  /// The value of a key, or the default when the key is left out.
  fileprivate func value<T: Decodable>(_ key: Key, or standard: T) throws -> T {
    contains(key) ? try decode(T.self, forKey: key) : standard
  }

  /// The value of a key that may be null; the default when it is left out.
  fileprivate func optional<T: Decodable>(_ key: Key, or standard: T? = nil) throws -> T? {
    contains(key) ? try decodeIfPresent(T.self, forKey: key) : standard
  }

  fileprivate func unknown(except names: Set<String>) throws -> [String: JSONValue] {
    try allKeys.reduce(into: [:]) { rest, key in
      if !names.contains(key.stringValue) {
        rest[key.stringValue] = try decode(JSONValue.self, forKey: key)
      }
    }
  }
}

extension KeyedEncodingContainer<Key> {
  fileprivate mutating func encode(unknown: [String: JSONValue]) throws {
    for (name, value) in unknown { try encode(value, forKey: Key(stringValue: name)) }
  }
}

extension Inventory: Codable {
  private static let keys: Set<String> = ["version", "local", "builders"]

  /// Reads the object of `builders.json`; the version is looked at before (``InventoryFile``).
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(builders: try container.value("builders", or: []))
    local = try container.value("local", or: LocalSettings())
    unknownKeys = try container.unknown(except: Self.keys)
  }

  /// Writes the object of `builders.json`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.version, forKey: "version")
    try container.encode(local, forKey: "local")
    try container.encode(builders, forKey: "builders")
    try container.encode(unknown: unknownKeys)
  }
}

extension LocalSettings: Codable {
  private static let keys: Set<String> = ["distributedBuilds", "buildersUseSubstitutes", "maxJobs"]

  /// Reads the `local` object.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init()
    distributedBuilds = try container.value("distributedBuilds", or: distributedBuilds)
    buildersUseSubstitutes = try container.value(
      "buildersUseSubstitutes", or: buildersUseSubstitutes)
    maxJobs = try container.optional("maxJobs")
    unknownKeys = try container.unknown(except: Self.keys)
  }

  /// Writes the `local` object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(distributedBuilds, forKey: "distributedBuilds")
    try container.encode(buildersUseSubstitutes, forKey: "buildersUseSubstitutes")
    try container.encode(maxJobs, forKey: "maxJobs")
    try container.encode(unknown: unknownKeys)
  }
}

extension Builder: Codable {
  private static let keys: Set<String> = [
    "alias", "enabled", "address", "port", "proxyJump", "hostBlock", "user", "keyPath",
    "publicKey", "hostKey", "protocol", "systems", "maxJobs", "speedFactor",
    "supportedFeatures", "mandatoryFeatures", "account",
  ]

  /// Reads one object of `builders`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      alias: try container.decode(String.self, forKey: "alias"),
      address: try container.decode(String.self, forKey: "address"),
      systems: try container.decode([String].self, forKey: "systems"),
      keyPath: try container.optional("keyPath"))
    enabled = try container.value("enabled", or: enabled)
    port = try container.value("port", or: port)
    proxyJump = try container.optional("proxyJump")
    hostBlock = try container.value("hostBlock", or: hostBlock)
    user = try container.value("user", or: user)
    publicKey = try container.optional("publicKey")
    hostKey = try container.optional("hostKey")
    storeProtocol = try container.value("protocol", or: storeProtocol)
    maxJobs = try container.value("maxJobs", or: maxJobs)
    speedFactor = try container.value("speedFactor", or: speedFactor)
    supportedFeatures = try container.value("supportedFeatures", or: supportedFeatures)
    mandatoryFeatures = try container.value("mandatoryFeatures", or: mandatoryFeatures)
    account = try container.value("account", or: account)
    unknownKeys = try container.unknown(except: Self.keys)
  }

  /// Writes one object of `builders`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(alias, forKey: "alias")
    try container.encode(enabled, forKey: "enabled")
    try container.encode(address, forKey: "address")
    try container.encode(port, forKey: "port")
    try container.encode(proxyJump, forKey: "proxyJump")
    try container.encode(hostBlock, forKey: "hostBlock")
    try container.encode(user, forKey: "user")
    try container.encode(keyPath, forKey: "keyPath")
    try container.encode(publicKey, forKey: "publicKey")
    try container.encode(hostKey, forKey: "hostKey")
    try container.encode(storeProtocol, forKey: "protocol")
    try container.encode(systems, forKey: "systems")
    try container.encode(maxJobs, forKey: "maxJobs")
    try container.encode(speedFactor, forKey: "speedFactor")
    try container.encode(supportedFeatures, forKey: "supportedFeatures")
    try container.encode(mandatoryFeatures, forKey: "mandatoryFeatures")
    try container.encode(account, forKey: "account")
    try container.encode(unknown: unknownKeys)
  }
}

extension Account: Codable {
  private static let keys: Set<String> = [
    "create", "systemUser", "description", "uid", "group", "gid", "createHome",
    "useDefaultShell", "authorizedKeys", "keyFile", "trusted", "restricted", "sshdPorts",
    "emulatedSystems", "systemFeatures",
  ]

  /// Reads the `account` object.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init()
    create = try container.value("create", or: create)
    systemUser = try container.value("systemUser", or: systemUser)
    description = try container.value("description", or: description)
    uid = try container.optional("uid")
    group = try container.optional("group")
    gid = try container.optional("gid")
    createHome = try container.value("createHome", or: createHome)
    useDefaultShell = try container.value("useDefaultShell", or: useDefaultShell)
    authorizedKeys = try container.value("authorizedKeys", or: authorizedKeys)
    keyFile = try container.optional("keyFile")
    trusted = try container.value("trusted", or: trusted)
    restricted = try container.value("restricted", or: restricted)
    sshdPorts = try container.optional("sshdPorts")
    emulatedSystems = try container.value("emulatedSystems", or: emulatedSystems)
    systemFeatures = try container.optional("systemFeatures")
    unknownKeys = try container.unknown(except: Self.keys)
  }

  /// Writes the `account` object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(create, forKey: "create")
    try container.encode(systemUser, forKey: "systemUser")
    try container.encode(description, forKey: "description")
    try container.encode(uid, forKey: "uid")
    try container.encode(group, forKey: "group")
    try container.encode(gid, forKey: "gid")
    try container.encode(createHome, forKey: "createHome")
    try container.encode(useDefaultShell, forKey: "useDefaultShell")
    try container.encode(authorizedKeys, forKey: "authorizedKeys")
    try container.encode(keyFile, forKey: "keyFile")
    try container.encode(trusted, forKey: "trusted")
    try container.encode(restricted, forKey: "restricted")
    try container.encode(sshdPorts, forKey: "sshdPorts")
    try container.encode(emulatedSystems, forKey: "emulatedSystems")
    try container.encode(systemFeatures, forKey: "systemFeatures")
    try container.encode(unknown: unknownKeys)
  }
}
