import Builders
import Checks
import FoundationEssentials
import Testing

@testable import Fragments

/// All fields × all special characters × marks that make one `Character` with them.
@Suite("Special characters with and without marks")
struct SpecialCharacterTests {
  private static let specials = Array("#;%\"'\\$` \t\n\r,=@!*?{}<>&|~-:/[]()^".unicodeScalars)
  private static let marks = [
    "", "\u{301}", "\u{34F}", "\u{FE0F}", "\u{200D}", "\u{20E3}", "\u{308}\u{327}",
  ]

  /// What is put into a field, and a field that may take all but the worst of it.
  private static let answers = specials.flatMap { special in
    marks.flatMap { ["x\(special)\($0)y", "\(special)\($0)"] }
  }

  private static let fields:
    [(name: String, begin: String, WritableKeyPath<Builder, String> & Sendable)] = [
      ("alias", "", \.alias), ("address", "", \.address), ("user", "", \.user),
      ("keyPath", "/root/k", \.keyPath), ("proxyJump", "", \.jump), ("publicKey", "", \.public),
      ("public key's comment", Examples.publicKey, \.public), ("hostKey", "", \.pinned),
      ("host key's comment", "\(Examples.hostKey) ", \.pinned),
      ("systems", "x86_64-", \.systems[0]),
      ("supportedFeatures", "f", \.supportedFeatures[0]), ("mandatoryFeatures", "m", \.mandatory),
      ("description", "d", \.account.description), ("group", "g", \.group),
      ("keyFile", "/etc/k", \.keyFile), ("emulatedSystems", "riscv64-", \.emulated),
      ("systemFeatures", "s", \.systemFeature),
    ]

  /// A builder for each answer that no rule refuses, once with a `Host` block and once without.
  private static var accepted: [Builder] {
    var builders: [Builder] = []
    for (name, begin, field) in fields {
      for answer in answers {
        for hasBlock in [true, false] {
          var builder = hasBlock ? Examples.forge : Examples.plain
          builder.alias = "b\(builders.count)"
          if name == "keyFile" { builder.account.authorizedKeys = .keyFiles }
          builder[keyPath: field] = begin + answer
          if builder.problems().isEmpty { builders.append(builder) }
        }
      }
    }
    return builders
  }

  @Test("no rule lets through what the format of a machines line reads as an end")
  func rules() {
    for mark in Self.marks {
      for special in ["#", ";", ",", "\"", "'", "\\", "$", " ", "\t", "\n", "\r"] {
        #expect(Rules.keyPath("/root/k\(special)\(mark)x") != nil, "\(special.debugDescription)")
      }
      for special in Self.specials where special != "-" {
        let text = "a\(special)\(mark)b"
        #expect(Rules.alias(text) != nil)
        #expect(Rules.user(text) != nil)
        #expect(Rules.feature(text) != nil)
        #expect(Rules.system("x86_64-\(text)") != nil)
      }
    }
    #expect(
      Rules.keyPath("/root/k#\u{301}x") == #""/root/k#́x" has #, which ssh or Nix would misread."#)
    #expect(
      Rules.keyPath("/root/%\u{34F}h")
        == #""/root/%·h" has U+034F, which ssh or Nix would misread."#)
  }

  @Test("what the rules let through comes out of Nix as it went in")
  func nix() async throws {
    let builders = Self.accepted
    #expect(builders.count > 200)
    let inventory = Inventory(builders: builders)
    let remotes = builders.map { $0.remoteFragment().text }
    try await TemporaryFolder.with { folder in
      var files = [folder.write(inventory.localFragment().text, to: "local.nix")]
      for (index, text) in remotes.enumerated() {
        files.append(folder.write(text, to: "remote-\(index).nix"))
      }
      let expression = folder.write(
        "[ \(files.map { "(import \($0))" }.joined(separator: " ")) ]", to: "all.nix")
      // Too much for what is kept of a command's output.
      let result = await run(
        "sh", "-c", "nix-instantiate --store dummy:// --eval --strict --json \"$0\" >\"$1\"",
        expression, "\(folder.path)/values")
      #expect(result.succeeded, "\(result.error)")
      let text = folder.read("values") ?? ""
      let values = try #require(JSONValue(text: text)?.elements)
      #expect(values.count == builders.count + 1)
      let machines = values[0]["nix", "buildMachines"]?.elements ?? []
      let blocks = values[0]["programs", "ssh", "extraConfig"]?.text ?? ""
      #expect(machines.count == builders.count)
      for (builder, (machine, remote)) in zip(builders, zip(machines, values.dropFirst())) {
        same(machine["systems"]?.texts, builder.systems)
        same(machine["mandatoryFeatures"]?.texts ?? [], builder.mandatoryFeatures)
        #expect(
          machine["supportedFeatures"]?.texts?.starts(with: builder.supportedFeatures) == true)
        if builder.usesHostBlock {
          #expect(blocks.utf8.firstRange(of: builder.hostBlockText().utf8) != nil)
        } else {
          same([machine["sshKey"]?.text ?? ""], [builder.keyPath])
        }
        let user = remote["users", "users", builder.user]
        #expect(user != nil)
        same([user?["description"]?.text ?? ""], [builder.account.description])
        let keys = user?["openssh", "authorizedKeys"]
        if builder.account.authorizedKeys == .keyFiles {
          same(keys?["keyFiles"]?.texts, [builder.account.keyFile ?? ""])
        } else {
          same(keys?["keys"]?.texts, [builder.publicKey ?? ""])
        }
      }
    }
  }

  @Test("what the rules let through comes out of ssh -G as it went in")
  func ssh() async throws {
    let builders = Self.accepted.filter(\.usesHostBlock).filter {
      $0.keyPath != Examples.forge.keyPath || $0.proxyJump != nil
        || $0.address != Examples.forge.address || $0.user != Examples.forge.user
    }
    #expect(builders.count > 40)
    try await TemporaryFolder.with { folder in
      let text = builders.map { $0.hostBlockText() }.joined()
      let file = folder.write(text, to: "config")
      for builder in builders { try await HostBlockTests.compare(builder, with: file) }
    }
  }

  @Test("a machines line keeps its columns")
  func machines() throws {
    for builder in Self.accepted {
      let line = builder.machineLine
      #expect(line.utf8.split(separator: UInt8(ascii: " ")).count == 8)
      #expect(!line.utf8.contains { ([10, 13, 9] as [UInt8]).contains($0) })
      #expect(!line.utf8.contains(UInt8(ascii: "#")) && !line.utf8.contains(UInt8(ascii: ";")))
      let machine = try NixMachine(line)
      same(machine.systems, builder.systems)
      same([machine.keyPath ?? ""], [builder.usesHostBlock ? "" : builder.keyPath])
      same(machine.mandatoryFeatures, builder.mandatoryFeatures)
    }
  }

  /// Byte by byte: Swift calls some different strings equal.
  private func same(_ found: [String]?, _ expected: [String]) {
    #expect(found?.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
  }
}

extension Builder {
  fileprivate var jump: String {
    get { proxyJump ?? "" }
    set { proxyJump = newValue }
  }
  fileprivate var `public`: String {
    get { publicKey ?? "" }
    set { publicKey = newValue }
  }
  fileprivate var pinned: String {
    get { hostKey ?? "" }
    set { hostKey = newValue }
  }
  fileprivate var mandatory: String {
    get { mandatoryFeatures.first ?? "" }
    set { mandatoryFeatures = [newValue] }
  }
  fileprivate var group: String {
    get { account.group ?? "" }
    set { account.group = newValue }
  }
  fileprivate var keyFile: String {
    get { account.keyFile ?? "" }
    set { account.keyFile = newValue }
  }
  fileprivate var emulated: String {
    get { account.emulatedSystems.first ?? "" }
    set { account.emulatedSystems = [newValue] }
  }
  fileprivate var systemFeature: String {
    get { account.systemFeatures?.first ?? "" }
    set { account.systemFeatures = [newValue] }
  }
}
