import Builders
import Testing

@Suite("What an answer may look like")
struct RulesTests {
  @Test(
    "addresses",
    arguments: [
      "192.0.2.7", "2001:db8::1", "fe80::1%eth0", "forge.lan", "forge", "xn--bcher-kva.example",
      "a_b.lan", "forge.lan.", "::1",
    ])
  func goodAddress(_ text: String) { #expect(Rules.address(text) == nil) }

  @Test(
    "addresses that are refused",
    arguments: [
      ("", "An address is needed: a name, an IPv4 or an IPv6 address."),
      ("192.0.2.256", "\"192.0.2.256\" is not an IPv4 address: four numbers from 0 to 255."),
      ("ssh://forge", "Only the name or address, without ssh://."),
      ("root@forge", "Only the name or address; the user comes two screens on."),
      ("forge:22", "Only the name or address; the port has its own field."),
      ("[2001:db8::1]", "Write the IPv6 address without brackets."),
      ("2001:db8::g", "\"2001:db8::g\" is not an IPv6 address."),
      ("-oProxyCommand=x", "\"-oProxyCommand=x\" has =. A name has letters, digits, dots and -."),
      ("-forge", "\"-forge\": no part of a name may start or end with -."),
      ("for ge", "\"for ge\" has a blank. A name has letters, digits, dots and -."),
      ("a..b", "\"a..b\" has a dot too many."),
      ("bücher.example", "\"bücher.example\" has ü. Write such a name in its xn-- form."),
      ("%h", "\"%h\" has %. A name has letters, digits, dots and -."),
      ("a\nb", "\"a·b\" has a line break. A name has letters, digits, dots and -."),
    ])
  func badAddress(_ text: String, _ message: String) { #expect(Rules.address(text) == message) }

  @Test(
    "aliases that are refused",
    arguments: [
      ("forge 1", "\"forge 1\" has a blank. Letters, digits, dots, - and _ are fine."),
      ("-forge", "\"-forge\" starts with -. It has to start with a letter, a digit or _."),
      ("..", "\"..\" starts with .. It has to start with a letter, a digit or _."),
      ("forge*", "\"forge*\" has *. Letters, digits, dots, - and _ are fine."),
      ("forge/x", "\"forge/x\" has /. Letters, digits, dots, - and _ are fine."),
      ("锻造", "\"锻造\" has 锻. Letters, digits, dots, - and _ are fine."),
      (String(repeating: "a", count: 300), "The name has 300 characters; 63 is the most."),
      ("", "A name is needed, such as forge."),
    ])
  func badAlias(_ text: String, _ message: String) { #expect(Rules.alias(text) == message) }

  @Test(
    "paths that ssh or Nix would misread are refused",
    arguments: [
      ("~/.ssh/id", "Write the path in full: it is root that logs in, and ~ would be root's home."),
      ("id", "\"id\" is not absolute. It has to start with /."),
      ("/root/.ssh/my key", "\"/root/.ssh/my key\" has a blank, which ssh or Nix would misread."),
      ("/a/${HOME}", "\"/a/${HOME}\" has $, which ssh or Nix would misread."),
      ("/a\"b", "\"/a\"b\" has \", which ssh or Nix would misread."),
      ("/root/.ssh/", "\"/root/.ssh/\" is a folder. The path of a file is needed."),
    ])
  func badPath(_ text: String, _ message: String) { #expect(Rules.keyPath(text) == message) }

  @Test("a key path that names the public half is refused")
  func publicHalf() {
    #expect(
      Rules.keyPath("/root/.ssh/forge.pub")
        == "That is the public half. Give the private key, without .pub.")
    #expect(Rules.keyPath("/root/.ssh/锻造%h") == nil)
  }

  @Test(
    "numbers",
    arguments: [
      ("22", true), ("0", false), ("65536", false), ("-1", false), ("", false), ("２", false),
      ("1e3", false), ("+5", false),
    ])
  func port(_ text: String, _ fine: Bool) { #expect((Rules.port(text) == nil) == fine) }

  @Test(
    "speed factors",
    arguments: [
      ("1", true), ("2.5", true), ("0", false), ("-1", false), ("nan", false), ("inf", false),
      ("", false), ("1e9", false),
    ])
  func speed(_ text: String, _ fine: Bool) { #expect((Rules.speedFactor(text) == nil) == fine) }

  @Test("systems and features")
  func systemsAndFeatures() {
    #expect(Rules.system("x86_64-linux") == nil)
    #expect(Rules.system("aarch64-darwin") == nil)
    #expect(Rules.system("x86_64") == "\"x86_64\" is not a system. They look like x86_64-linux.")
    #expect(Rules.system("x86 64-linux") != nil)
    #expect(Rules.feature("gccarch-x86-64-v3") == nil)
    #expect(Rules.feature("a,b") != nil)
    #expect(Rules.feature("-kvm") != nil)
  }

  @Test(
    "bastions",
    arguments: [
      ("", true), ("jump.lan", true), ("me@jump.lan:2200", true), ("[2001:db8::1]:22", true),
      ("a,b@c", true), ("a b", false), ("jump:0", false), ("-x", false), ("jump;rm", false),
    ])
  func bastion(_ text: String, _ fine: Bool) { #expect((Rules.proxyJump(text) == nil) == fine) }

  @Test("users")
  func users() {
    #expect(Rules.user("nixremote") == nil)
    #expect(Rules.user("_nix") == nil)
    #expect(Rules.user("1nix") == "\"1nix\" starts with 1. It has to start with a letter or _.")
    #expect(Rules.user("a:b") == "\"a:b\" has :. Letters, digits, dots, - and _ are fine.")
  }

  @Test("public keys")
  func publicKeys() {
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRlbW8gZGVtbyBkZW1vIGRlbW8gZGVtbyBkZW1v"
    #expect(Rules.publicKey(key) == nil)
    #expect(Rules.publicKey(key + " root@laptop") == nil)
    #expect(Rules.publicKey("hello") != nil)
    #expect(Rules.publicKey(key + "\nssh-rsa AAAA") != nil)
    #expect(Rules.publicKey("\"" + key) != nil)
  }
}

@Suite struct CombinationTests {
  private func problems(_ change: (inout Inventory) -> Void) -> [String] {
    var inventory = Inventory(builders: [
      Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    ])
    change(&inventory)
    return inventory.problems().map(\.description)
  }

  @Test("a normal user's id is 1000 or more, a system user's may be less")
  func userID() {
    let normal = problems {
      $0.builders[0].account.systemUser = false
      $0.builders[0].account.uid = 500
    }
    #expect(
      normal == [
        "builders[0].account.uid: 500 is a system user's. A normal user has 1000 or more."
      ])
    #expect(problems { $0.builders[0].account.uid = 500 }.isEmpty)
  }

  @Test("building nowhere at all is refused")
  func nowhere() {
    let found = problems {
      $0.local.maxJobs = 0
      $0.local.distributedBuilds = false
    }
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("local.maxJobs: With 0 nothing is built here") == true)
  }

  @Test("a speed factor has an upper end", arguments: [0, -1, 1e9, .infinity, .nan])
  func speed(_ speed: Double) {
    #expect(problems { $0.builders[0].speedFactor = speed }.count == 1)
  }
}
