import Builders
import Testing

@testable import Fragments

@Suite("The values of a module")
struct ImportedModuleTests {
  private func machine(_ attributes: [String: JSONValue]) -> Result<NixMachine, Problem>? {
    var module = ImportedModule(file: "machines.nix")
    module.take("machines", .array([.object(attributes)]))
    return module.machines.first?.machine
  }

  @Test("every option of nix.buildMachines is read")
  func options() throws {
    let found = try #require(
      machine([
        "hostName": .string("192.0.2.7"), "protocol": .string("ssh-ng"),
        "systems": .array([.string("x86_64-linux"), .string("i686-linux")]),
        "sshUser": .string("nix"), "sshKey": .string("/root/.ssh/forge"), "maxJobs": .integer(3),
        "speedFactor": .number(2.5), "supportedFeatures": .array([.string("kvm")]),
        "mandatoryFeatures": .array([.string("big")]), "publicHostKey": .string("AAAA"),
      ]))
    #expect(
      try found.get().text
        == "ssh-ng://nix@192.0.2.7 x86_64-linux,i686-linux /root/.ssh/forge 3 2.5 kvm,big big AAAA")
  }

  @Test("what is left out or null takes the default of NixOS")
  func defaults() throws {
    let found = try #require(
      machine([
        "hostName": .string("forge"), "system": .string("a-b"),
        "systems": .array([.string("c-d")]), "sshUser": .null, "publicHostKey": .null,
      ]))
    #expect(try found.get().text == "ssh://forge a-b - 1 1 - - -")
    let bare = try #require(
      machine(["hostName": .string("u@h"), "protocol": .null, "system": .string("a-b")]))
    #expect(try bare.get().url.text == "ssh://u@h")
  }

  @Test(
    "a wrong option is named",
    arguments: [
      ("hostName", .null, "hostName: It is missing."),
      ("hostName", .integer(1), "hostName: a string was expected."),
      ("hostName", .string(""), "hostName: \"ssh://\" names no host."),
      ("protocol", .string("https"), "protocol: \"ssh\", \"ssh-ng\" or null was expected."),
      ("system", .null, "systems: system or systems is missing, and NixOS needs one."),
      ("systems", .string("a-b"), "systems: a list of strings was expected."),
      ("sshKey", .object([:]), "sshKey: a string was expected."),
      ("maxJobs", .integer(-1), "maxJobs: a whole number from 0 was expected."),
      ("maxJobs", .number(1.5), "maxJobs: a whole number from 0 was expected."),
      ("speedFactor", .integer(0), "speedFactor: a number above 0 was expected."),
      (
        "mandatoryFeatures", .array([.integer(1)]),
        "mandatoryFeatures: a list of strings was expected."
      ),
      ("publicHostKey", .string("a b"), "publicHostKey: \"a b\" is not base64."),
    ] as [(String, JSONValue, String)])
  func wrong(option: String, value: JSONValue, message: String) throws {
    var attributes: [String: JSONValue] = ["hostName": .string("h"), "system": .string("a-b")]
    attributes[option] = value
    let found = try #require(machine(attributes))
    guard case .failure(let problem) = found else {
      Issue.record("\(found)")
      return
    }
    #expect(problem.description == message)
  }

  @Test("options that there are not, and such as could not be evaluated, are noted")
  func notes() {
    var module = ImportedModule(file: "machines.nix")
    module.take(
      machine: .object([
        "hostName": .string("h"), "system": .string("a-b"), "sshkey": .string("/k"),
      ]),
      number: 1, failures: ["sshKey": "attribute 'sops' missing"])
    module.take(
      machine: .object(["system": .string("a-b")]), number: 2,
      failures: ["hostName": "attribute 'x' missing"])
    module.take(machine: .null, number: 3)
    #expect(
      module.notes.map(\.description) == [
        "machines.nix: nix.buildMachines[1], sshkey: nix.buildMachines has no such option."
      ])
    #expect(module.machines.map(\.place).last == "machines.nix: nix.buildMachines[3]")
    let problems = module.machines.map { entry in
      if case .failure(let problem) = entry.machine { problem.description } else { "" }
    }
    #expect(problems == ["", "An attribute set was expected."])
    #expect(
      [module].unevaluatedNote
        == ImportNote(
          .leftOut, at: "machines.nix",
          "Without the rest of NixOS Nix cannot tell nix.buildMachines[2].hostName, "
            + "nix.buildMachines[1].sshKey (attribute 'x' missing). What NixOS makes of it can be "
            + "imported: from a flake its host, such as .#laptop; on a machine that has it "
            + "/etc/nix/machines or /etc/nix/nix.conf."))
  }

  @Test("host keys are known by all of their names, and authorities are none")
  func knownHosts() {
    func host(_ key: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
      .object(more.merging(["publicKey": .string(key)]) { a, _ in a })
    }
    var module = ImportedModule(file: "ssh.nix")
    let second = Examples.hostKey.replacing("aG9z", with: "aG8z")
    module.take(
      "knownHosts",
      .object([
        "Forge": host(Examples.hostKey, ["extraHostNames": .array([.string("192.0.2.7")])]),
        "named": host(second, ["hostNames": .array([.string("forge"), .string("[anvil]:22")])]),
        "all": host(second, ["certAuthority": .bool(true)]),
        "none": .object(["publicKeyFile": .string("/etc/key")]),
      ]))
    #expect(
      module.hostKeys == [
        "forge": Examples.hostKey, "192.0.2.7": Examples.hostKey, "[anvil]:22": second,
      ])
  }

  @Test("settings are read from options and from lines of nix.conf")
  func settings() {
    var module = ImportedModule(file: "nix.nix")
    module.take(
      "extraOptions", .string("builders-use-substitutes = true # yes\nmax-jobs = 4\nother = 1\n"))
    module.take("maxJobs", .string("auto"))
    module.take("distributedBuilds", .bool(true))
    #expect(module.settings.buildersUseSubstitutes == true)
    #expect(module.settings.maxJobs == 4)
    #expect(module.settings.distributedBuilds == true)
    #expect(module.notes == [])
    module.take("maxJobs", .bool(true))
    module.take("machines", .string("x"))
    module.take("imports", .array([.string("/a.nix"), .bool(false)]))
    #expect(module.imports == ["/a.nix"])
    #expect(
      module.notes.map(\.description) == [
        "nix.nix: nix.settings.max-jobs: A value of another kind was expected.",
        "nix.nix: nix.buildMachines: A value of another kind was expected.",
      ])
    #expect(
      [module].unevaluatedNote?.reason.contains(
        "tell imports[1] (only NixOS or the flake knows it)")
        == true)
  }
}
