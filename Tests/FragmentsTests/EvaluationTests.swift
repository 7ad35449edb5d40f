import Builders
import Checks
import FoundationEssentials
import Nix
import Testing

@testable import Fragments

/// What the installed Nix makes of an expression.
private func evaluate(_ expression: String) async throws -> JSONValue {
  let result = await run(
    "nix-instantiate", "--store", "dummy://", "--eval", "--strict", "--json", "-E", expression)
  #expect(result.succeeded, "\(result.error)")
  return try #require(JSONValue(text: result.output))
}

extension JSONValue {
  fileprivate subscript(_ path: String...) -> JSONValue? {
    path.reduce(self) { value, name in
      if case .object(let members)? = value { members[name] } else { nil }
    }
  }

  fileprivate var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  fileprivate static func strings(_ strings: [String]) -> JSONValue {
    .array(strings.map { .string($0) })
  }

  fileprivate static func orNil(_ string: String?) -> JSONValue? { string.map { .string($0) } }

  fileprivate var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}

extension Optional<String> {
  /// The value, to be set as if it were never `nil`.
  fileprivate subscript(orNil standard: String) -> String {
    get { self ?? standard }
    set { self = newValue }
  }
}

@Suite("Fragments, evaluated by the installed Nix")
struct EvaluationTests {
  @Test("random answers come out exactly as they went in", arguments: 1...6 as ClosedRange<UInt64>)
  func random(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let inventory = Inventory.random(&generator, count: 25)
    #expect(inventory.problems() == [])
    try await compare(inventory)
  }

  @Test("hostile answers are refused at their field, or come out exactly as they went in")
  func hostile() async throws {
    let answers = [
      "\"", "''", "${x}", "\\", "a\nb", "-x", "%h", String(repeating: "a", count: 300), "锻造", "🔨",
      "'; }", "*", "#x", "a b", "~", "$(id)", "`id`", "=", "\u{202E}x", "\0",
    ]
    let fields: [(String, WritableKeyPath<Builder, String>)] = [
      ("alias", \.alias), ("address", \.address), ("user", \.user), ("keyPath", \.keyPath),
      ("proxyJump", \.proxyJump[orNil: ""]), ("publicKey", \.publicKey[orNil: ""]),
      ("hostKey", \.hostKey[orNil: ""]), ("systems", \.systems[0]),
      ("supportedFeatures", \.supportedFeatures[0]), ("description", \.account.description),
      ("group", \.account.group[orNil: ""]), ("keyFile", \.account.keyFile[orNil: ""]),
    ]
    var inventory = Inventory()
    var accepted: [String: Int] = [:]
    for answer in answers {
      for (name, field) in fields {
        var builder = Examples.forge
        builder.alias = "b\(inventory.builders.count)"
        builder.account.authorizedKeys = name == "keyFile" ? .keyFiles : .keys
        let isPath = field == \.keyPath || name == "keyFile"
        builder[keyPath: field] = isPath ? "/\(answer)" : answer
        if builder.problems().isEmpty {
          inventory.builders.append(builder)
          accepted[name, default: 0] += 1
        }
      }
    }
    #expect(accepted == ["description": 16, "keyPath": 9, "keyFile": 9, "supportedFeatures": 1])
    try await compare(inventory)
  }

  /// Compares what Nix and ssh make of the fragments with the answers.
  private func compare(_ inventory: Inventory) async throws {
    try await TemporaryFolder.with { folder in
      for fragment in inventory.fragments() { folder.write(fragment.text, to: fragment.fileName) }
      let whole = try await evaluate(
        """
        let f = \(folder.path); in builtins.mapAttrs (name: _: import (f + "/${name}"))
          (builtins.readDir f)
        """)
      let local = try #require(whole["local.nix"])
      #expect(
        local["nix", "distributedBuilds"] == (inventory.local.distributedBuilds ? .bool(true) : nil)
      )
      #expect(
        local["nix", "settings", "builders-use-substitutes"]
          == (inventory.local.buildersUseSubstitutes ? .bool(true) : nil))
      #expect(local["nix", "settings", "max-jobs"] == inventory.local.maxJobs.map { .integer($0) })
      let machines = try #require(local["nix", "buildMachines"]).elements
      #expect(machines.count == inventory.builders.count)
      for (builder, machine) in zip(inventory.builders, machines) {
        compare(machine, builder)
        #expect(
          local["programs", "ssh", "knownHosts", builder.alias, "publicKey"]
            == (builder.usesHostBlock && builder.hostKey != nil ? .string(Examples.hostKey) : nil))
        compare(try #require(whole[builder.remoteFragment().fileName]), account: builder)
      }
      guard case .string(let configuration)? = local["programs", "ssh", "extraConfig"] else {
        Issue.record("no extraConfig")
        return
      }
      let file = folder.write(configuration, to: "ssh_config")
      for builder in inventory.builders where builder.usesHostBlock {
        try await HostBlockTests.compare(builder, with: file)
      }
    }
  }

  private func compare(_ machine: JSONValue, _ builder: Builder) {
    let plain = !builder.usesHostBlock
    #expect(machine["hostName"] == .string(builder.hostNameOption))
    #expect(machine["protocol"] == .string(builder.storeProtocol.rawValue))
    #expect(machine["sshUser"] == (plain ? .string(builder.user) : nil))
    #expect(machine["sshKey"] == (plain ? .string(builder.keyPath) : nil))
    #expect(
      machine["publicHostKey"]
        == (plain && builder.hostKey != nil ? .string(Examples.publicHostKey) : nil))
    #expect(machine["systems"] == .strings(builder.systems))
    #expect(machine["maxJobs"] == .integer(builder.maxJobs))
    #expect(machine["speedFactor"]?.double == builder.speedFactor)
    #expect((machine["supportedFeatures"] ?? .array([])) == .strings(builder.supportedFeatures))
    #expect((machine["mandatoryFeatures"] ?? .array([])) == .strings(builder.mandatoryFeatures))
  }

  private func compare(_ module: JSONValue, account builder: Builder) {
    let account = builder.account
    let made = account.create && builder.user != "root"
    let user = module["users", "users", builder.user]
    func whenMade(_ value: JSONValue?) -> JSONValue? { made ? value : nil }
    #expect(user?["isSystemUser"] == whenMade(account.systemUser ? .bool(true) : nil))
    #expect(user?["isNormalUser"] == whenMade(account.systemUser ? nil : .bool(true)))
    #expect(
      user?["description"]
        == whenMade(account.description.isEmpty ? nil : .string(account.description)))
    #expect(user?["uid"] == whenMade(account.uid.map { .integer($0) }))
    #expect(user?["group"] == whenMade(.string(builder.groupName)))
    #expect(user?["createHome"] == whenMade(.bool(account.createHome)))
    #expect(user?["useDefaultShell"] == whenMade(.bool(account.useDefaultShell)))
    #expect(
      module["users", "groups", builder.groupName]
        == whenMade(.object(account.gid.map { ["gid": .integer($0)] } ?? [:])))
    var options = ""
    if account.restricted {
      options =
        builder.storeProtocol == .sshNG
        ? #"restrict,command="nix-daemon --stdio" "#
        : #"restrict,command="nix-store --serve --write" "#
    }
    let keys = user?["openssh", "authorizedKeys"]
    #expect(
      keys
        == (account.authorizedKeys == .keyFiles
          ? .object(["keyFiles": .strings([account.keyFile ?? ""])])
          : .object(["keys": .strings(builder.publicKey.map { [options + $0] } ?? [])])))
    #expect(
      module["nix", "settings", "trusted-users"]
        == (account.trusted ? .strings([builder.user]) : nil))
    #expect(
      module["nix", "settings", "system-features"] == account.systemFeatures.map { .strings($0) })
    #expect(module["services", "openssh", "enable"] == .bool(true))
    #expect(
      module["services", "openssh", "ports"]
        == account.sshdPorts.map { .array($0.map { .integer($0) }) })
    #expect(
      module["boot", "binfmt", "emulatedSystems"]
        == (account.emulatedSystems.isEmpty ? nil : .strings(account.emulatedSystems)))
  }

  @Test("the machine line is the one that NixOS makes of the entry")
  func machineLine() async throws {
    var generator = SeededGenerator(seed: 7)
    let inventory = Inventory.random(&generator, count: 25)
    try await TemporaryFolder.with { folder in
      folder.write(inventory.localFragment().text, to: "local.nix")
      // What nixos/modules/config/nix-remote-build.nix does, column by column.
      let lines = try await evaluate(
        """
        let
          list = names: if names == [ ] then "-" else builtins.concatStringsSep "," names;
          line = m: [
            "${m.protocol}://${if m ? sshUser then "${m.sshUser}@" else ""}${m.hostName}"
            (list m.systems)
            (m.sshKey or "-")
            (toString m.maxJobs)
            m.speedFactor
            ((m.supportedFeatures or [ ]) ++ (m.mandatoryFeatures or [ ]))
            (list (m.mandatoryFeatures or [ ]))
            (m.publicHostKey or "-")
          ];
        in map line (import \(folder.path)/local.nix).nix.buildMachines
        """
      ).elements
      #expect(lines.count == 25)
      for (builder, line) in zip(inventory.builders, lines) {
        let columns = builder.machineLine.split(separator: " ").map(String.init)
        try #require(columns.count == 8)
        for index in [0, 1, 2, 3, 6, 7] {
          #expect(line.elements[index] == .string(columns[index]))
        }
        #expect(line.elements[4].double == Double(columns[4]))
        let features: Set<String> = Set(
          line.elements[5].elements.map { if case .string(let name) = $0 { name } else { "" } })
        #expect(
          Set(columns[5].split(separator: ",").map(String.init))
            == (features.isEmpty ? ["-"] : features))
      }
    }
  }

  @Test("any text comes out of a string and of lines as it went in")
  func strings() async throws {
    var generator = SeededGenerator(seed: 11)
    let parts = [
      "a", " ", "\"", "'", "''", "\\", "$", "${", "$$", "{", "}", "\n", "\t", "\r", "锻", "🔨", "#",
      "/*",
    ]
    var values: [NixExpression] = []
    var expected: [JSONValue] = []
    for _ in 0..<300 {
      let text = generator.text(parts, 0...12)
      values.append(.string(text))
      expected.append(.string(text))
      let lines = (0..<3).map { _ in generator.text(parts.filter { $0 != "\n" }, 0...8) }
      values.append(.lines(lines))
      expected.append(.string(lines.map { $0 + "\n" }.joined()))
      values.append(.attributes([NixBinding([text, "x"], .integer(1))]))
      expected.append(.object([text: .object(["x": .integer(1)])]))
    }
    let text = NixPrinter.text(of: .list(values))
    let found = try await TemporaryFolder.with { folder in
      try await evaluate("import \(folder.write(text, to: "list.nix"))")
    }
    // Strings of Swift are equal when they only look the same; scalars are not.
    #expect("\(found.elements.map(scalars))" == "\(expected.map(scalars))")
  }

  private func scalars(_ value: JSONValue) -> [UInt32] { "\(value)".unicodeScalars.map(\.value) }

  @Test("every fragment parses")
  func parses() async {
    var restricted = Examples.plain
    restricted.alias = "or"
    restricted.account.restricted = true
    restricted.account.systemFeatures = []
    for builders in [[], [Examples.forge], [Examples.forge, restricted]] {
      for fragment in Inventory(builders: builders).fragments() {
        #expect(await FragmentParse.problem(in: fragment.text) == nil)
      }
    }
  }
}
