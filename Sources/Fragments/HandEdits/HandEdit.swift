import Base
import Builders

/// What somebody has changed in a fragment by hand, as far as it can be an answer.
public struct HandEdit: Equatable, Sendable {
  /// The inventory with the edit as answers.
  public private(set) var inventory: Inventory
  /// The answers that change, such as `forge: port 22 → 2222`.
  public private(set) var changes: [String] = []
  /// What no answer can say, in the words of the file: it would be lost when the file is written.
  public private(set) var surplus: [String] = []

  /// Whether the file says what it would say without the edit: only layout or comments differ.
  public var saysTheSame: Bool { changes.isEmpty && surplus.isEmpty }

  /// Reads an edited `local.nix`.
  ///
  /// - Parameter value: what the file says, as Nix evaluates it.
  public init(ofLocal value: JSONValue, in inventory: Inventory) {
    self.inventory = inventory
    if !inventory.enabledBuilders.isEmpty { readLocal(value) }
    let local = inventory.local.answers(changedTo: self.inventory.local)
    changes = local.map { "this machine: \($0)" }
    note(from: inventory)
    surplus = ValueDifference.lines(from: self.inventory.localValue, to: value)
  }

  /// Reads an edited fragment of a builder.
  ///
  /// - Parameter value: what the file says, as Nix evaluates it.
  public init(ofRemote alias: String, _ value: JSONValue, in inventory: Inventory) {
    self.inventory = inventory
    guard let index = inventory.builders.firstIndex(where: { $0.alias == alias }) else {
      surplus = ValueDifference.lines(from: .object([:]), to: value)
      return
    }
    var builder = inventory.builders[index]
    builder.readRemote(value)
    // What no rule lets through is no answer.
    if builder.problems().isEmpty { self.inventory.builders[index] = builder }
    note(from: inventory)
    surplus = ValueDifference.lines(from: self.inventory.builders[index].remoteValue, to: value)
  }

  private mutating func note(from old: Inventory) {
    for builder in old.builders {
      guard let new = inventory.builder(builder.alias), new != builder else { continue }
      changes += builder.answers(changedTo: new).map { "\(builder.alias): \($0)" }
    }
    let orders = [old, inventory].map { $0.builders.map(\.alias) }
    if orders[0] != orders[1] { changes.append("another order of the builders") }
  }

  // MARK: - The local machine

  private mutating func readLocal(_ value: JSONValue) {
    let settings = value["nix", "settings"]
    inventory.local.distributedBuilds = value["nix", "distributedBuilds"]?.bool ?? false
    inventory.local.buildersUseSubstitutes = settings?["builders-use-substitutes"]?.bool ?? false
    let jobs = settings?["max-jobs"]?.integer
    inventory.local.maxJobs = jobs.flatMap { $0 < 0 ? nil : $0 }
    let blocks = HostBlockTexts(value["programs", "ssh", "extraConfig"]?.text ?? "")
    let keys = value["programs", "ssh", "knownHosts"]
    let machines = value["nix", "buildMachines"]?.elements ?? []
    var order: [String] = []
    for index in inventory.builders.indices where inventory.builders[index].enabled {
      var builder = inventory.builders[index]
      let machine = machines.first { $0.hostName?.host == builder.hostName }
      if let machine { builder.readMachine(machine) }
      if builder.usesHostBlock {
        let block = blocks.hosts[builder.alias]
        // With nothing left of it, it was taken out.
        if machine == nil, block == nil { builder.enabled = false }
        if let block { builder.read(hostBlock: block) }
        if builder.enabled { builder.readHostKey(keys?[builder.alias, "publicKey"]?.text) }
      } else if machine == nil {
        builder.enabled = false
      }
      if builder.problems().isEmpty { inventory.builders[index] = builder }
    }
    for machine in machines {
      let name = machine.hostName?.host
      let builder = inventory.builders.first { $0.enabled && name == $0.hostName }
      if let builder, !order.contains(builder.alias) { order.append(builder.alias) }
    }
    reorder(order)
  }

  /// Brings enabled builders into an order; the others stay where they are.
  private mutating func reorder(_ order: [String]) {
    let places = inventory.builders.indices.filter { order.contains(inventory.builders[$0].alias) }
    let builders = order.compactMap { inventory.builder($0) }
    guard places.count == builders.count else { return }
    for (place, builder) in zip(places, builders) { inventory.builders[place] = builder }
  }
}

extension Builder {
  fileprivate mutating func readMachine(_ machine: JSONValue) {
    if let name = machine["protocol"]?.text, let value = StoreProtocol(rawValue: name) {
      storeProtocol = value
    }
    if let url = machine.hostName { read(parametersOf: url) }
    if let texts = machine["systems"]?.texts { systems = texts }
    if let jobs = machine["maxJobs"]?.integer { maxJobs = jobs }
    if let speed = machine["speedFactor"]?.number { speedFactor = speed }
    supportedFeatures = machine["supportedFeatures"]?.texts ?? []
    mandatoryFeatures = machine["mandatoryFeatures"]?.texts ?? []
    if !usesHostBlock {
      if let name = machine["sshUser"]?.text { user = name }
      if let path = machine["sshKey"]?.text { keyPath = path }
      readHostKey(
        machine["publicHostKey"]?.text.flatMap { Base64.decoded($0) }
          .map { String(decoding: $0, as: UTF8.self) })
    }
  }

  /// Type and key; a comment that the answer has stays while the key is the same.
  fileprivate mutating func readHostKey(_ text: String?) {
    if text != pinnedHostKey { hostKey = text }
  }

  fileprivate mutating func readRemote(_ value: JSONValue) {
    let users = value["users", "users"]?.members ?? [:]
    if users.count == 1, let (name, attributes) = users.first {
      user = name
      readAccount(attributes, groups: value["users", "groups"])
    }
    let settings = value["nix", "settings"]
    account.trusted = settings?["trusted-users"]?.texts?.contains(user) ?? false
    account.systemFeatures = settings?["system-features"]?.texts
    let ports = value["services", "openssh", "ports"]?.elements
    account.sshdPorts = ports.map { $0.compactMap(\.integer) }
    account.emulatedSystems = value["boot", "binfmt", "emulatedSystems"]?.texts ?? []
  }

  private mutating func readAccount(_ attributes: JSONValue, groups: JSONValue?) {
    let isSystem = attributes["isSystemUser"]?.bool == true
    let isNormal = attributes["isNormalUser"]?.bool == true
    if user != "root" { account.create = isSystem || isNormal }
    if account.create, user != "root" {
      account.systemUser = isSystem
      account.description = attributes["description"]?.text ?? ""
      account.uid = attributes["uid"]?.integer
      let group = attributes["group"]?.text
      account.group = group == user ? nil : group
      account.gid = groups?[groupName, "gid"]?.integer
      account.createHome = attributes["createHome"]?.bool ?? false
      account.useDefaultShell = attributes["useDefaultShell"]?.bool ?? false
    }
    let keys = attributes["openssh", "authorizedKeys"]
    if let files = keys?["keyFiles"]?.texts {
      account.authorizedKeys = .keyFiles
      if files.count == 1 { account.keyFile = files[0] }
    } else if let lines = keys?["keys"]?.texts, lines.count < 2 {
      account.authorizedKeys = .keys
      let options = keyOptions + " "
      let line = lines.first?.unicodeScalars
      account.restricted = line?.hasPrefix(options) ?? account.restricted
      publicKey = line.map {
        String($0.hasPrefix(options) ? $0.dropFirst(options.unicodeScalars.count) : $0[...])
      }
    }
  }
}

extension JSONValue {
  /// What `hostName` of an entry in `nix.buildMachines` names, with the parameters behind it.
  fileprivate var hostName: StoreURL? {
    self["hostName"]?.text.flatMap { try? StoreURL("ssh://\($0)") }
  }
}
