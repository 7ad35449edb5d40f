import Builders
import Testing

@testable import Fragments

/// The options that ssh itself would have, and those of a host.
private func host(_ block: String, elsewhere: String = "") -> SSHHost {
  let standard = "user root\nport 22\nidentityfile ~/.ssh/id_rsa\nidentityfile ~/.ssh/id_ed25519\n"
  func options(_ text: String) -> SSHOptions {
    let own = SSHOptions(printed: text)
    let rest = standard.split(separator: "\n").filter { line in
      own[String(line.prefix { $0 != " " })] == nil
    }
    return SSHOptions(printed: text + "\n" + rest.joined(separator: "\n"))
  }
  return SSHHost(
    options: options(block), elsewhere: options("hostname nix-builders.invalid\n" + elsewhere),
    standard: options("hostname nix-builders.invalid"))
}

/// Takes one entry over.
private func take(
  _ entry: String, host: SSHHost? = nil, hostKeys: [String: String] = [:],
  files: Set<String> = [], into inventory: Inventory = Inventory(), system: String? = "x86_64-linux"
) throws -> ImportResult {
  var result = ImportResult(into: inventory)
  result.take(
    ImportedMachine(
      try NixMachine(entry), at: "machines:1",
      in: .init(localSystem: system, host: host, hostKeys: hostKeys),
      keys: .init(exists: { files.contains($0) }, publicKey: { _ in nil })))
  return result
}

extension ImportResult {
  fileprivate var messages: [String] { notes.map(\.description) }
}

@Suite("Machines that become builders")
struct ImportedMachineTests {
  @Test("the article's own way: user@address with key and host key, without a Host block")
  func plain() throws {
    let result = try take(
      "ssh-ng://nixremote@192.0.2.7 x86_64-linux /root/.ssh/forge 3 2 kvm,big-parallel - "
        + Examples.publicHostKey,
      host: host("hostname 192.0.2.7\nuser nixremote"))
    var builder = Builder(
      alias: "192.0.2.7", address: "192.0.2.7", systems: ["x86_64-linux"],
      keyPath: "/root/.ssh/forge")
    builder.hostBlock = false
    builder.hostKey = Examples.hostKey
    builder.maxJobs = 3
    builder.speedFactor = 2
    builder.supportedFeatures = ["kvm", "big-parallel"]
    // Somebody has made the account already.
    builder.account.create = false
    #expect(result.builders == [builder])
    #expect(result.messages == [])
    #expect(result.imported == Inventory(builders: [builder]))
  }

  @Test("a Host block gives address, port, user, key and bastion")
  func hostBlock() throws {
    let block = host(
      """
      hostname 192.0.2.7
      port 2222
      user nix
      identityfile ~/.ssh/%n-%r
      identityfile /root/.ssh/second
      proxyjump me@[fe80::1%%lo]:22
      hostkeyalias Forge-key
      connecttimeout 5
      forwardagent yes
      controlpath /root/.ssh/cm-1234
      """, elsewhere: "controlpath /root/.ssh/cm-5678")
    let result = try take(
      "ssh-ng://forge x86_64-linux - 1 1 - - -", host: block,
      hostKeys: ["forge-key": "\(Examples.hostKey) root@forge"], files: ["/root/.ssh/forge-nix"])
    let builder = try #require(result.builders.first)
    #expect(builder.alias == "forge")
    #expect(builder.hostBlock)
    #expect(builder.address == "192.0.2.7")
    #expect(builder.port == 2222)
    #expect(builder.user == "nix")
    #expect(builder.keyPath == "/root/.ssh/forge-nix")
    #expect(builder.proxyJump == "me@[fe80::1%lo]:22")
    #expect(builder.hostKey == Examples.hostKey)
    #expect(builder.sshOptions == ["ForwardAgent": "yes"])
    #expect(
      result.messages == [
        "machines:1, key: ssh would also try /root/.ssh/second. A builder has one key: "
          + "/root/.ssh/forge-nix."
      ])
    #expect(result.notes.allSatisfy { $0.kind == .incomplete })
  }

  @Test("what the URL says counts more than the Host block")
  func url() throws {
    let result = try take(
      "ssh://me@forge:99?ssh-key=~/%25n&base64-ssh-public-host-key=\(Examples.publicHostKey)",
      // With both given on its command line, ssh itself says so.
      host: host("hostname forge.lan\nuser me\nport 99\nidentityfile /root/.ssh/other"))
    let builder = try #require(result.builders.first)
    #expect(builder.user == "me")
    #expect(builder.port == 99)
    #expect(builder.address == "forge.lan")
    #expect(builder.keyPath == "/root/forge")
    #expect(builder.hostKey == Examples.hostKey)
    #expect(builder.storeProtocol == .ssh)
    #expect(builder.systems == ["x86_64-linux"])
    #expect(result.messages == [])
  }

  @Test("where nobody names an account or a key, root's are meant")
  func defaults() throws {
    let found = try take(
      "forge x86_64-linux", host: host("hostname forge"), files: ["/root/.ssh/id_ed25519"])
    #expect(found.builders.first?.user == "root")
    #expect(found.builders.first?.keyPath == "/root/.ssh/id_ed25519")
    #expect(found.builders.first?.hostBlock == false)
    #expect(
      found.messages == [
        "machines:1, key: No key is named. Of root's own /root/.ssh/id_ed25519 is there and is "
          + "taken."
      ])
    let none = try take("forge x86_64-linux", host: host("hostname forge"))
    #expect(none.builders.first?.keyPath == "/root/.ssh/forge")
    #expect(
      none.messages == [
        "machines:1, key: No key is named, and none of root's own was found. /root/.ssh/forge "
          + "stands for it."
      ])
  }

  @Test("a key path that only ssh understands is left out")
  func tokens() throws {
    let block = host(
      "hostname forge\nidentityfile ~nix/key\nidentityfile ${KEYS}/a\nidentityfile %C")
    let result = try take("ssh://u@forge x86_64-linux", host: block)
    #expect(
      result.messages.prefix(3) == [
        "machines:1, key: Only ssh itself can tell what ~nix/key means, so it is left out.",
        "machines:1, key: Only ssh itself can tell what ${KEYS}/a means, so it is left out.",
        "machines:1, key: Only ssh itself can tell what %C means, so it is left out.",
      ])
    #expect(result.builders.first?.keyPath == "/root/.ssh/forge")
  }

  @Test(
    "the tokens of a key path are root's",
    arguments: [
      ("/a%%b", "/a%b"), ("~/%h", "/root/192.0.2.7"), ("%d/%n", "/root/forge"),
      ("/%r%p%u%i", "/nix2222root0"), ("/a~b", "/a~b"),
    ])
  func paths(text: String, path: String) throws {
    #expect(
      keyPath(
        text, home: "/root", url: try StoreURL("forge"), host: "192.0.2.7", user: "nix", port: 2222)
        == path)
  }

  @Test(
    "the features that NixOS repeats are told apart from the others",
    arguments: [
      ("kvm,big,bench bench", ["kvm", "big"], ["bench"]),
      ("a,b,a,b a,b", ["a", "b"], ["a", "b"]),
      ("a,b b,a", ["a", "b"], ["b", "a"]),
      ("a b", ["a"], ["b"]),
      ("- b", [], ["b"]),
      ("a,a -", ["a"], []),
    ] as [(String, [String], [String])])
  func features(columns: String, supported: [String], mandatory: [String]) throws {
    let builder = try #require(take("h x86_64-linux /k 1 1 \(columns)").builders.first)
    #expect(builder.supportedFeatures == supported)
    #expect(builder.mandatoryFeatures == mandatory)
  }

  @Test("settings of the store and options of ssh are kept; what runs a command is shown as such")
  func options() throws {
    let block = host(
      """
      hostname 192.0.2.7
      connecttimeout 60
      serveraliveinterval 15
      serveralivecountmax 3
      proxycommand ssh -W %h:%p 'the jump'
      setenv LANG=C
      setenv A=b c
      controlmaster auto
      controlpersist 600
      stricthostkeychecking accept-new
      hostkeyalgorithms ssh-ed25519,rsa-sha2-512,ssh-rsa
      localforward 8080 [localhost]:80
      localforward 8081 [localhost]:81
      gssapitrustdns yes
      """, elsewhere: "serveraliveinterval 0\nhostkeyalgorithms ssh-ed25519,rsa-sha2-512")
    let result = try take(
      "ssh-ng://forge?compress=true&remote-program=/opt/a%20b/nix-daemon&max-connections=4 a-b /k",
      host: block)
    let builder = try #require(result.builders.first)
    #expect(
      builder.storeParameters == [
        "compress": "true", "remote-program": "/opt/a b/nix-daemon", "max-connections": "4",
      ])
    #expect(
      builder.sshOptions == [
        "ConnectTimeout": "60", "ProxyCommand": "ssh -W %h:%p 'the jump'",
        "SetEnv": "LANG=C \"A=b c\"", "ControlMaster": "auto", "ControlPersist": "600",
        "HostKeyAlgorithms": "ssh-ed25519,rsa-sha2-512,ssh-rsa",
        "LocalForward": "8080 [localhost]:80",
      ])
    #expect(
      result.messages == [
        "machines:1, ssh's configuration: Of several lines the first LocalForward is kept; left out: "
          + "8081 [localhost]:81",
        "machines:1, ssh's configuration: ProxyCommand is kept, and runs a command on this machine, "
          + "as root: ssh -W %h:%p 'the jump'",
        "machines:1, ssh's configuration: StrictHostKeyChecking accept-new is left out. The accepted "
          + "host key is pinned, and ssh takes no other.",
        "machines:1, ssh's configuration: gssapitrustdns yes is left out. It is no option of "
          + "ssh_config(5).",
      ])
    #expect(builder.problems() == [])
  }

  @Test("a Host block that says what every block says adds nothing")
  func usual() throws {
    let block = host(
      "hostname 192.0.2.7\nconnecttimeout 5\nserveraliveinterval 15\nserveralivecountmax 3")
    let result = try take("ssh-ng://forge a-b /k", host: block)
    #expect(result.builders.first?.sshOptions == [:])
    #expect(result.messages == [])
  }

  @Test(
    "a list of algorithms becomes what it adds to ssh's own, or takes from them",
    arguments: [
      ("a,b,c,x", "+x"), ("a,c", "-b"), ("x,a,b,c", "^x"), ("c,a,b", "^c"), ("x,y", "x,y"),
      ("b,x", "b,x"),
    ])
  func algorithms(list: String, text: String) {
    #expect(SSHHost.algorithms(list, of: "a,b,c") == text)
  }

  @Test(
    "what no builder can hold is noted with its place",
    arguments: [
      (
        "ssh://h?system-features=kvm x86_64-linux /k",
        "store URL: system-features=kvm is left out. It has answers of its own: the features."
      ),
      (
        "ssh://h aarch64-darwin,x86_64-darwin /k",
        "systems: It builds only for macOS, so no NixOS module is written for it. There the account, "
          + "its key and the trust are set up by hand."
      ),
      ("ssh://h/srv x86_64-linux /k", "store URL: /srv is left out; ssh has no use for a path."),
      ("h x86_64-linux /k 0", "jobs: With 0 Nix never builds there. It is taken over as off."),
      (
        "h x86_64-linux /k 1 1 - - AAAA",
        "host key: It is left out, since it is not a public key in base64."
      ),
      (
        "h x86_64-linux /k 1 1 - - - x y",
        "column 9: Nix does not look at what stands after the host key: x y"
      ),
    ])
  func incomplete(entry: String, message: String) throws {
    let result = try take(entry)
    #expect(result.builders.count == 1)
    #expect(result.messages == ["machines:1, \(message)"])
    #expect(result.notes.first?.kind == .incomplete)
  }

  @Test(
    "what cannot be a builder is left out",
    arguments: [
      ("local", "machines:1: local is not reached over ssh."),
      (
        "h - /k",
        "machines:1, systems: It lists none, which means the local machine's own, and Nix did not "
          + "tell that one."
      ),
      (
        "h linux /k",
        "machines:1, systems[0]: \"linux\" is not a system. They look like x86_64-linux."
      ),
      (
        "ssh://1u@h x86_64-linux /k",
        "machines:1, user: \"1u\" starts with 1. It has to start with a letter or _."
      ),
      (
        "h x86_64-linux key",
        "machines:1, keyPath: \"key\" is not absolute. It has to start with /."
      ),
      (
        "h_ö x86_64-linux /k",
        "machines:1, address: \"h_ö\" has ö. Write such a name in its xn-- form."
      ),
    ])
  func leftOut(entry: String, message: String) throws {
    let result = try take(entry, system: nil)
    #expect(result.builders == [])
    #expect(result.messages == [message])
    #expect(result.notes.first?.kind == .leftOut)
  }

  @Test("with 0 jobs a builder is off and can be turned on")
  func noJobs() throws {
    let builder = try #require(take("h x86_64-linux /k 0").builders.first)
    #expect(!builder.enabled)
    #expect(builder.maxJobs == 1)
  }

  @Test(
    "an alias is made of the host",
    arguments: [
      ("forge.lan", "forge.lan"), ("192.0.2.7", "192.0.2.7"), ("fe80::1%eth0", "fe80--1-eth0"),
      ("::1", "1"), ("-x", "x"), ("ö", "builder"), ("A_b", "A_b"),
      (String(repeating: "a", count: 70), String(repeating: "a", count: 63)),
    ])
  func alias(host: String, alias: String) {
    #expect(ImportedMachine.alias(of: host) == alias)
    #expect(Rules.alias(alias) == nil)
  }

  @Test("a machine that is a builder already is passed over")
  func known() throws {
    var forge = Builder(
      alias: "anvil", address: "Forge", systems: ["i686-linux", "x86_64-linux"], keyPath: "/k")
    forge.user = "root"
    forge.storeProtocol = .ssh
    forge.supportedFeatures = ["kvm"]
    forge.mandatoryFeatures = ["big"]
    forge.hostKey = Examples.hostKey
    forge.enabled = false
    let inventory = Inventory(builders: [forge])
    let entry = "forge x86_64-linux,i686-linux"
    for key in ["/k", "-"] {
      let result = try take("\(entry) \(key) 1 1 big,kvm big", into: inventory)
      #expect(result.builders == [])
      #expect(result.messages == ["machines:1: anvil is the same."])
      #expect(result.notes.first?.kind == .known)
      #expect(result.imported == inventory)
    }
    let other = try take("\(entry) /other 2 1 kvm -", into: inventory)
    #expect(other.builders.map(\.alias) == ["forge"])
    #expect(
      other.messages == [
        "machines:1: anvil logs in at the same place, with another key, number of jobs, list of "
          + "features, list of mandatory features. This one is taken over as forge."
      ])
  }

  @Test("an alias that somebody has already gets a number")
  func numbered() throws {
    var result = try take(
      "ssh://a@FORGE x86_64-linux /k",
      into: Inventory(builders: [
        Builder(alias: "forge", address: "192.0.2.1", systems: ["x86_64-linux"]),
        Builder(alias: "Forge-2", address: "192.0.2.2", systems: ["x86_64-linux"]),
      ]))
    #expect(result.builders.map(\.alias) == ["FORGE-3"])
    #expect(
      result.messages == [
        "machines:1: There is a FORGE already, elsewhere. This one is taken over as FORGE-3."
      ])
    let again = ImportedMachine(
      try NixMachine("ssh://b@FORGE x86_64-linux /k"), at: "machines:2", in: .init(),
      keys: .init(exists: { _ in false }, publicKey: { _ in Examples.publicKey }))
    result.take(again)
    #expect(result.builders.map(\.alias) == ["FORGE-3", "FORGE-4"])
    #expect(result.builders.last?.publicKey == Examples.publicKey)
    result.take(again)
    #expect(result.builders.count == 2)
    #expect(result.messages.last == "machines:2: FORGE-4 is the same.")
    #expect(result.imported.problems() == [])
  }

  @Test("settings of the local machine are taken over where there are no builders yet")
  func settings() {
    var settings = ImportedSettings(place: "local.nix")
    settings.distributedBuilds = true
    settings.maxJobs = 0
    var fresh = ImportResult(into: Inventory())
    fresh.take(settings)
    var local = LocalSettings()
    local.maxJobs = 0
    #expect(fresh.local == local)
    #expect(fresh.imported.local == local)
    settings.distributedBuilds = false
    var useless = ImportResult(into: Inventory())
    useless.take(settings)
    #expect(useless.local == nil)
    #expect(
      useless.notes.map(\.description) == [
        "local.nix, local.maxJobs: With 0 nothing is built here, and without distributedBuilds "
          + "nowhere else either."
      ])
    var later = ImportResult(into: Inventory(builders: [Examples.forge]))
    settings.distributedBuilds = true
    later.take(settings)
    #expect(later.local == nil)
    #expect(
      later.notes.map(\.description) == [
        "local.nix: Its settings of the local machine are others. Those of the inventory stay."
      ])
  }
}
