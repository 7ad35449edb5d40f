import Builders
import Testing

@testable import Fragments

/// What is wrong with an entry, as it is shown.
private func problem(_ entry: String) -> String? {
  do throws(Problem) {
    _ = try NixMachine(entry)
    return nil
  } catch {
    return "\(error)"
  }
}

@Suite("The machines grammar")
struct MachineGrammarTests {
  @Test("every column is read")
  func columns() throws {
    let machine = try NixMachine(
      "ssh-ng://nix@forge\tx86_64-linux,i686-linux  /root/.ssh/forge 8 2.5 kvm,benchmark kvm AAAA")
    #expect(machine.url.text == "ssh-ng://nix@forge")
    #expect(machine.systems == ["x86_64-linux", "i686-linux"])
    #expect(machine.keyPath == "/root/.ssh/forge")
    #expect(machine.maxJobs == 8)
    #expect(machine.speedFactor == 2.5)
    #expect(machine.supportedFeatures == ["kvm", "benchmark"])
    #expect(machine.mandatoryFeatures == ["kvm"])
    #expect(machine.publicHostKey == "AAAA")
    #expect(machine.surplus == [])
    #expect(
      machine.text
        == "ssh-ng://nix@forge x86_64-linux,i686-linux /root/.ssh/forge 8 2.5 kvm,benchmark kvm AAAA"
    )
  }

  @Test(
    "a column that is - or left out takes Nix's default",
    arguments: ["forge", "forge -", "forge - - - - - - -", "ssh://forge\r\n"])
  func defaults(entry: String) throws {
    let machine = try NixMachine(entry)
    #expect(machine == NixMachine(url: try StoreURL("forge")))
    #expect(machine.systems == [])
    #expect(machine.keyPath == nil)
    #expect(machine.maxJobs == 1)
    #expect(machine.speedFactor == 1)
    #expect(machine.text == "ssh://forge - - 1 1 - - -")
  }

  @Test(
    "numbers are read as Nix does",
    arguments: [
      ("h - - 0 0", 0, 1), ("h - - 4294967295 0.5", 4_294_967_295, 0.5),
      ("h - - 007 2.500000", 7, 2.5), ("h - - 1 1e3", 1, 1000),
    ] as [(String, Int, Double)])
  func numbers(entry: String, jobs: Int, speed: Double) throws {
    let machine = try NixMachine(entry)
    #expect(machine.maxJobs == jobs)
    #expect(machine.speedFactor == speed)
  }

  @Test("commas too many make no name, and what follows the last column is kept apart")
  func lists() throws {
    let machine = try NixMachine("h ,a-b,,c-d, - 1 1 , - - later on")
    #expect(machine.systems == ["a-b", "c-d"])
    #expect(machine.supportedFeatures == [])
    #expect(machine.surplus == ["later", "on"])
  }

  @Test(
    "an entry that Nix refuses is refused, naming the column",
    arguments: [
      ("", "column 1 (store URL): The store URL is missing, such as ssh-ng://forge."),
      ("- x86_64-linux", "column 1 (store URL): The store URL is missing, such as ssh-ng://forge."),
      ("ssh://", "column 1 (store URL): \"ssh://\" names no host."),
      ("ssh://@h", "column 1 (store URL): \"ssh://@h\" names no account before the @."),
      (
        "ssh://h:0",
        "column 1 (store URL): The port: \"0\" is not a number from 1 to 65535."
      ),
      ("ssh://h:", "column 1 (store URL): The port: A number is needed, such as 22."),
      ("ssh://[::1", "column 1 (store URL): \"[::1\" has no ] after the IPv6 address."),
      ("ssh://[::1]x", "column 1 (store URL): \"[::1]x\": a port was expected after the ]."),
      (
        "ssh://h?ssh-key=%zz",
        "column 1 (store URL): \"ssh-key=%zz\" has a % that two hexadecimal digits do not follow."
      ),
      ("h - - eight", "column 4 (jobs): \"eight\" is not a whole number from 0."),
      ("h - - -1", "column 4 (jobs): \"-1\" is not a whole number from 0."),
      ("h - - 4294967296", "column 4 (jobs): \"4294967296\" is not a whole number from 0."),
      ("h - - 8 three", "column 5 (speed factor): \"three\" is not a number from 0."),
      ("h - - 8 -3", "column 5 (speed factor): \"-3\" is not a number from 0."),
      ("h - - 8 inf", "column 5 (speed factor): \"inf\" is not a number from 0."),
      ("h - - 8 1e999", "column 5 (speed factor): \"1e999\" is not a number from 0."),
      ("h - - 8 3 - - BAD_BASE64", "column 8 (host key): \"BAD_BASE64\" is not base64."),
    ])
  func refused(entry: String, message: String) {
    #expect(problem(entry) == message)
  }

  @Test("files that name each other many times over are read up to a number, which is told once")
  func manyIncludes() {
    var reads = 0
    let text = String(repeating: "@/0\n", count: 100)
    let entries = MachinesText.entries(in: text, of: "machines") { path in
      reads += 1
      let depth = Int(path.dropFirst()) ?? 0
      return depth < 40 ? String(repeating: "@/\(depth + 1)\n", count: 100) : "one"
    }
    #expect(reads == 256)
    let failures = entries.compactMap { entry in
      if case .failure(let problem) = entry.machine { "\(problem)" } else { nil }
    }
    #expect(failures == ["More than 256 files are named after @."])
  }

  @Test("lines, comments, separators and files are told apart, and each entry has its place")
  func text() {
    let files = ["/a": "inner\n# @/c\n@/b", "/b": "deep ; @/a"]
    let entries = MachinesText.entries(
      in: """
        # This is a comment ; this is still that comment

           one x-y ; two   # three ; four
         ;;; \t;
        five - - six\r
        @ /a
        @/missing
        """, of: "machines"
    ) { files[$0] }
    #expect(entries.map(\.isPassedOver) == [false, false, false, false, false, false, true])
    let found = entries.map { entry in
      switch entry.machine {
      case .success(let machine): "\(entry.place): \(machine.url.text)"
      case .failure(let problem): "\(entry.place): \(problem)"
      }
    }
    #expect(
      found == [
        "machines:3, entry 1: ssh://one",
        "machines:3, entry 2: ssh://two",
        "machines:5: column 4 (jobs): \"six\" is not a whole number from 0.",
        "/a:1: ssh://inner",
        "/b:1, entry 1: ssh://deep",
        "/b:1, entry 2: /a includes itself.",
        "machines:7: There is no /missing. Nix passes over that.",
      ])
  }

  @Test("what machines prints is read back as the same machine")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 21)
    for builder in Inventory.random(&generator, count: 500).builders {
      let machine = try NixMachine(builder.machineLine)
      #expect(machine.text == builder.machineLine)
      #expect(machine.url.storeProtocol == builder.storeProtocol)
      #expect(machine.url.host == (builder.usesHostBlock ? builder.alias : builder.address))
      #expect(machine.url.user == (builder.usesHostBlock ? nil : builder.user))
      #expect(machine.keyPath == (builder.usesHostBlock ? nil : builder.keyPath))
      #expect(machine.systems == builder.systems)
      #expect(machine.maxJobs == builder.maxJobs)
      #expect(machine.speedFactor == builder.speedFactor)
      #expect(
        Set(machine.supportedFeatures)
          == Set(builder.supportedFeatures + builder.mandatoryFeatures))
      #expect(machine.mandatoryFeatures == builder.mandatoryFeatures)
      #expect(machine.publicHostKey == builder.publicHostKey)
    }
  }
}

@Suite("Store URLs")
struct StoreURLTests {
  @Test(
    "the parts of the URL of a machine behind ssh",
    arguments: [
      ("forge", "ssh://forge", .ssh, nil, "forge", nil),
      ("nix@forge.lan", "ssh://nix@forge.lan", .ssh, "nix", "forge.lan", nil),
      ("nix@forge:2222", "ssh://nix@forge:2222", .ssh, "nix", "forge", 2222),
      ("localhost", "ssh://localhost", .ssh, nil, "localhost", nil),
      ("ssh-ng://forge", "ssh-ng://forge", .sshNG, nil, "forge", nil),
      ("ssh://root@10.0.0.2", "ssh://root@10.0.0.2", .ssh, "root", "10.0.0.2", nil),
      (
        "ssh-ng://u@h:2222?compress=true", "ssh-ng://u@h:2222?compress=true", .sshNG, "u", "h", 2222
      ),
      (
        "ssh-ng://u@[fe80::1%25eth0]:2222", "ssh-ng://u@[fe80::1%25eth0]:2222", .sshNG, "u",
        "fe80::1%eth0", 2222
      ),
      ("ssh-ng://[2001:db8::1]", "ssh-ng://[2001:db8::1]", .sshNG, nil, "2001:db8::1", nil),
      ("ssh-ng://u@2001:db8::1", "ssh-ng://u@2001:db8::1", .sshNG, "u", "2001:db8::1", nil),
    ] as [(String, String, StoreProtocol, String?, String, Int?)])
  func parts(
    given: String, text: String, storeProtocol: StoreProtocol, user: String?, host: String,
    port: Int?
  ) throws {
    let url = try StoreURL(given)
    #expect(url.text == text)
    #expect(url.storeProtocol == storeProtocol)
    #expect(url.user == user)
    #expect(url.host == host)
    #expect(url.port == port)
    #expect(url.path == "")
    #expect(url.destination == (user.map { "\($0)@\(host)" } ?? host))
  }

  @Test(
    "a store that is not behind ssh is no machine's",
    arguments: [
      "local", "daemon", "auto", "auto?root=/x", "/var/store", "./store", "https://cache.nixos.org",
      "unix:///run/nix.sock", "forge?ssh-key=/root/key",
    ])
  func others(given: String) throws {
    let url = try StoreURL(given)
    #expect(url.text == given)
    #expect(url.storeProtocol == nil)
    #expect(url.host == "")
  }

  @Test("parameters are decoded, and a path is kept apart")
  func parameters() throws {
    let url = try StoreURL(
      "ssh://h/some/path?ssh-key=/root/a%2Bb%20c&base64-ssh-public-host-key=c3No%3D&bare")
    #expect(url.host == "h")
    #expect(url.path == "/some/path")
    #expect(url.parameter("ssh-key") == "/root/a+b c")
    #expect(url.parameter("base64-ssh-public-host-key") == "c3No=")
    #expect(url.parameter("bare") == "")
    #expect(url.parameter("none") == nil)
    #expect(url.parameters.count == 3)
  }
}
