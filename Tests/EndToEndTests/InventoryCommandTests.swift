import Builders
import Checks
import Fragments
import Glibc
import Processes
import Testing
import TestSupport

@testable import Nix

@Suite("Changing the inventory by commands") struct InventoryCommandTests {
  private static let key =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRlbW8gZGVtbyBkZW1vIGRlbW8gZGVtbyBkZW1v root@laptop"

  @Test("a key path that is no file is not waited for, and is named", .timeLimit(.minutes(1)))
  func noKeyFile() async throws {
    try await InventoryFolder.with { folder in
      let pipe = "\(folder.path)/pipe"
      mkfifo(pipe, 0o600)
      let added = await folder.run(
        "add", "forge", "--address", "192.0.2.7", "--system", "x86_64-linux", "--key-path", pipe)
      #expect(added.ending == .exited(0))
      #expect(added.error.contains("\(pipe) is a named pipe, not a file."))
      let edited = await folder.run("edit", "forge", "--key-path", "/dev/zero")
      #expect(edited.ending == .exited(0))
      #expect(edited.error.contains("/dev/zero is a device, not a file."))
    }
  }

  @Test("an inventory of three gigabytes is refused by its size", .timeLimit(.minutes(1)))
  func hugeInventory() async throws {
    try await InventoryFolder.with("") { folder in
      #expect(truncate("\(folder.path)/builders.json", 3 << 30) == 0)
      let result = await folder.run("list")
      #expect(result.ending == .exited(69))
      #expect(
        result.error.contains(
          "builders.json cannot be read: It is longer than 64 MB, and no more is read of such a"))
    }
  }

  @Test("what Nix here cannot read is told when it is added, and is not written into the fragments")
  func unreadable() async throws {
    let nix = try #require(await NixVersion.installed())
    let isRead = NixNeed.fractionalSpeed.isMet(by: nix)
    try await InventoryFolder.with { folder in
      let added = await folder.run(
        "add", "forge", "--address", "192.0.2.7", "--system", "x86_64-linux", "--speed-factor",
        "1.5")
      #expect(added.ending == .exited(0))
      let told =
        "Nix \(nix.text) here reads no speed factor with a fraction, which takes 2.20. "
        + "Take a whole number."
      #expect(added.error.contains("nix-builders: forge: \(told)") == !isRead)
      let written = await folder.run("write")
      #expect(written.ending == .exited(isRead ? 0 : 1))
      #expect((folder.read("local.nix") == nil) == !isRead)
      if isRead { return }
      #expect(
        written.error.contains(
          "local.nix has a builder that Nix here cannot read, and then it ignores all of them: "
            + "forge: \(told)"))
      #expect(written.error.contains("Nothing was written."))
      #expect(
        await folder.run("edit", "forge", "--speed-factor", "2", "--write").ending == .exited(0))
      #expect(folder.read("local.nix")?.contains("speedFactor = 2;") == true)
    }
  }

  @Test("a builder can be added with every answer, and only builders.json is written")
  func add() async throws {
    try await InventoryFolder.with { folder in
      let result = await folder.run(
        "add", "forge", "--address", "192.0.2.7", "--port", "2222", "--proxy-jump",
        "me@jump.lan:22", "--no-host-block", "--user", "nix", "--key-path", "/no/such/key",
        "--public-key", Self.key, "--host-key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "--protocol",
        "ssh", "--system", "x86_64-linux", "--system", "i686-linux", "--max-jobs", "3",
        "--speed-factor", "3", "--supported-feature", "kvm", "--supported-feature", "big",
        "--mandatory-feature", "big", "--no-enabled", "--no-account-create",
        "--no-account-system-user", "--account-description", "me", "--account-uid", "500",
        "--account-group", "users", "--account-gid", "100", "--account-create-home",
        "--no-account-use-default-shell", "--account-authorized-keys", "keyFiles",
        "--account-key-file", "/etc/key.pub", "--no-account-trusted", "--account-restricted",
        "--account-sshd-port", "22", "--account-sshd-port", "2222", "--account-emulated-system",
        "aarch64-linux", "--account-system-feature", "kvm")
      #expect(result.error == "")
      #expect(result.output == "\(folder.path)/builders.json\n")
      #expect(result.ending == .exited(0))
      var builder = Builder(
        alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux", "i686-linux"],
        keyPath: "/no/such/key")
      builder.enabled = false
      builder.port = 2222
      builder.proxyJump = "me@jump.lan:22"
      builder.hostBlock = false
      builder.user = "nix"
      builder.publicKey = Self.key
      builder.hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"
      builder.storeProtocol = .ssh
      builder.maxJobs = 3
      builder.speedFactor = 3
      builder.supportedFeatures = ["kvm", "big"]
      builder.mandatoryFeatures = ["big"]
      builder.account.create = false
      builder.account.systemUser = false
      builder.account.description = "me"
      builder.account.uid = 500
      builder.account.group = "users"
      builder.account.gid = 100
      builder.account.createHome = true
      builder.account.useDefaultShell = false
      builder.account.authorizedKeys = .keyFiles
      builder.account.keyFile = "/etc/key.pub"
      builder.account.trusted = false
      builder.account.restricted = true
      builder.account.sshdPorts = [22, 2222]
      builder.account.emulatedSystems = ["aarch64-linux"]
      builder.account.systemFeatures = ["kvm"]
      #expect(folder.inventory == Inventory(builders: [builder]))
      #expect(folder.names == ["builders.json"])
    }
  }

  @Test("options of ssh and settings of the store are given one by one, and taken away")
  func options() async throws {
    try await InventoryFolder.with { folder in
      let added = await folder.run(
        "add", "forge", "--address", "a", "--system", "a-b", "--ssh-option",
        "proxycommand=ssh -W %h:%p 'the jump'", "--ssh-option", "SetEnv=A=b", "--store-parameter",
        "remote-program=/opt/a b")
      #expect(added.error == "")
      #expect(
        folder.inventory?.builders.first?.sshOptions
          == ["ProxyCommand": "ssh -W %h:%p 'the jump'", "SetEnv": "A=b"])
      #expect(folder.inventory?.builders.first?.storeParameters == ["remote-program": "/opt/a b"])
      let changed = await folder.run(
        "edit", "forge", "--ssh-option", "SetEnv=", "--ssh-option", "Compression=yes",
        "--store-parameter", "")
      #expect(changed.error == "")
      #expect(
        folder.inventory?.builders.first?.sshOptions
          == ["ProxyCommand": "ssh -W %h:%p 'the jump'", "Compression": "yes"])
      #expect(folder.inventory?.builders.first?.storeParameters == [:])
      let wrong = await folder.run(
        "edit", "forge", "--ssh-option", "Port=22", "--ssh-option", "Compression",
        "--store-parameter", "ssh-key=/k")
      #expect(wrong.ending == .exited(65))
      #expect(
        wrong.error == """
          nix-builders: --ssh-option: Port: It has an answer of its own: the port.
          nix-builders: --ssh-option: "Compression" has no =. NAME=VALUE was expected.
          nix-builders: --store-parameter: ssh-key: It has an answer of its own: the key path.

          """)
    }
  }

  @Test("each answer has an option of its own", arguments: ["add", "edit"])
  func everyAnswer(command: String) async {
    let help = await Command([program, command, "--help"], timeLimit: .seconds(30)).run().output
    // A list has an option for each element.
    let elements = [
      "systems": "system", "supportedFeatures": "supported-feature",
      "mandatoryFeatures": "mandatory-feature", "sshOptions": "ssh-option",
      "storeParameters": "store-parameter", "sshdPorts": "sshd-port",
      "emulatedSystems": "emulated-system", "systemFeatures": "system-feature",
    ]
    func option(_ key: String, _ prefix: String = "") -> String {
      let words = key.unicodeScalars.map { ("A"..."Z").contains($0) ? "-\($0)" : "\($0)" }
      return "--" + prefix + (elements[key] ?? words.joined().lowercased())
    }
    for key in Builder.answers.map(\.key) where key != "alias" && key != "account" {
      #expect(help.contains("\(option(key)) ") || help.contains("\(option(key))/"), "\(key)")
    }
    for key in Account.answers.map(\.key) {
      let name = option(key, "account-")
      #expect(help.contains("\(name) ") || help.contains("\(name)/"), "\(key)")
    }
  }

  @Test("what is left out takes its default, and the public half of an existing key is taken")
  func defaults() async throws {
    try await InventoryFolder.with { folder in
      let publicKey = try await KeyPair.create(path: "\(folder.path)/key", comment: "test")
      let added = await folder.run(
        "add", "forge", "--address", "forge.lan", "--system", "x86_64-linux", "--key-path",
        "\(folder.path)/key")
      #expect(added.ending == .exited(0))
      var builder = Builder(
        alias: "forge", address: "forge.lan", systems: ["x86_64-linux"],
        keyPath: "\(folder.path)/key")
      builder.publicKey = publicKey
      #expect(folder.inventory == Inventory(builders: [builder]))
      let edited = await folder.run("edit", "forge", "--key-path", "/no/such/key")
      #expect(edited.ending == .exited(0))
      #expect(folder.inventory?.builders.first?.publicKey == nil)
    }
  }

  @Test("everything that is wrong is said in the words of the forms, with its option")
  func wrong() async throws {
    try await InventoryFolder.with { folder in
      let result = await folder.run(
        "add", "forge", "--address", "ssh://x", "--port", "0", "--proxy-jump", "a b", "--user",
        "1", "--key-path", "key", "--public-key", "x", "--protocol", "https", "--system", "linux",
        "--max-jobs", "many", "--speed-factor", "0", "--supported-feature", "a b",
        "--account-uid", "x", "--account-sshd-port", "70000", "--account-authorized-keys", "none")
      #expect(result.ending == .exited(65))
      #expect(result.output == "")
      #expect(
        result.error == """
          nix-builders: --address: address x.
          nix-builders: --port: "0" is not a number from 1 to 65535.
          nix-builders: --proxy-jump: "a b" has a blank. A name has letters, digits, dots and -.
          nix-builders: --user: "1" starts with 1. It has to start with a letter or _.
          nix-builders: --key-path: "key" is not absolute. It has to start with /.
          nix-builders: --public-key: "x" is not a public key. They look like: ssh-ed25519 AAAA…
          nix-builders: --protocol: "https" is neither. "ssh-ng" or "ssh" was expected.
          nix-builders: --system: "linux" is not a system. They look like x86_64-linux.
          nix-builders: --max-jobs: "many" is not a number from 1 to 65536.
          nix-builders: --speed-factor: "0" is not a number above 0, such as 1 or 2.5.
          nix-builders: --supported-feature: "a b" is not a feature. Letters, digits, - _ . and + \
          are fine.
          nix-builders: --account-uid: "x" is not a number from 0 to 4294967293.
          nix-builders: --account-authorized-keys: "none" is neither. "keys" or "keyFiles" was \
          expected.
          nix-builders: --account-sshd-port: "70000" is not a number from 1 to 65535.

          """)
      #expect(folder.names == [])
    }
  }

  @Test("what is missing or taken is named by its place in builders.json")
  func places() async throws {
    try await InventoryFolder.with { folder in
      let nothing = await folder.run("add", "-")
      #expect(nothing.ending == .exited(65))
      #expect(
        nothing.error == """
          nix-builders: builders[0].alias: "-" starts with -. It has to start with a letter, a \
          digit or _.
          nix-builders: builders[0].address: An address is needed: a name, an IPv4 or an IPv6 \
          address.
          nix-builders: builders[0].systems: At least one system is needed.

          """)
      _ = await folder.run("add", "forge", "--address", "a", "--system", "a-b")
      let again = await folder.run("add", "Forge", "--address", "b", "--system", "a-b")
      #expect(again.ending == .exited(65))
      #expect(
        again.error
          == "nix-builders: builders[1].alias: \"Forge\" is the alias of builders[0] already.\n")
    }
  }

  @Test("editing changes what is given, and leaves the rest and its unknown keys")
  func edit() async throws {
    try await InventoryFolder.with { folder in
      _ = folder.write(
        """
        {"version":1,"builders":[{"alias":"forge","address":"a","systems":["a-b"],"rack":3,
        "proxyJump":"j","hostKey":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5","supportedFeatures":["kvm"],
        "account":{"uid":5,"sshdPorts":[22],"systemFeatures":["kvm"]}},
        {"alias":"anvil","address":"b","systems":["a-b"]}]}
        """, to: "builders.json")
      let result = await folder.run(
        "edit", "forge", "--alias", "hammer", "--port", "99", "--proxy-jump", "", "--host-key", "",
        "--supported-feature", "", "--mandatory-feature", "x", "--account-uid", "",
        "--account-sshd-port", "", "--account-system-feature", "", "--position", "2")
      #expect(result.error == "")
      #expect(result.ending == .exited(0))
      let builders = folder.inventory?.builders ?? []
      #expect(builders.map(\.alias) == ["anvil", "hammer"])
      var hammer = Builder(
        alias: "hammer", address: "a", systems: ["a-b"], keyPath: "/root/.ssh/forge")
      hammer.port = 99
      hammer.mandatoryFeatures = ["x"]
      hammer.unknownKeys = ["rack": .integer(3)]
      #expect(builders.last == hammer)
      let nowhere = await folder.run("edit", "hammer", "--position", "3")
      #expect(nowhere.ending == .exited(65))
      #expect(nowhere.error == "nix-builders: --position: \"3\" is not a number from 1 to 2.\n")
      let elsewhere = await folder.run("edit", "hammer", "--address", "elsewhere.lan")
      #expect(elsewhere.ending == .exited(0), "\(elsewhere.error)")
      #expect(folder.inventory?.builder("hammer")?.address == "elsewhere.lan")
      let same = await folder.run("edit", "hammer", "--port", "99")
      #expect(same.ending == .exited(0))
      #expect(same.output == "")
    }
  }

  @Test("builders are turned off and on again, and removed")
  func states() async throws {
    try await InventoryFolder.with { folder in
      for name in ["a", "b", "c"] {
        _ = await folder.run("add", name, "--address", name, "--system", "a-b")
      }
      #expect(await folder.run("disable", "a", "c").ending == .exited(0))
      #expect(folder.inventory?.enabledBuilders.map(\.alias) == ["b"])
      #expect(await folder.run("enable", "c").ending == .exited(0))
      #expect(folder.inventory?.enabledBuilders.map(\.alias) == ["b", "c"])
      #expect(await folder.run("remove", "b", "a").ending == .exited(0))
      #expect(folder.inventory?.builders.map(\.alias) == ["c"])
      for command in ["enable", "disable", "remove", "edit"] {
        let result = await folder.run(command, "b")
        #expect(result.ending == .exited(65))
        #expect(result.error == "nix-builders: there is no builder \"b\". Known: c.\n")
      }
      #expect(await folder.run("enable").ending == .exited(64))
    }
  }

  @Test("without an inventory there is nothing to change")
  func missing() async throws {
    try await InventoryFolder.with { folder in
      for command in ["edit", "remove", "enable", "disable"] {
        let result = await folder.run(command, "forge")
        #expect(result.ending == .exited(69))
        #expect(result.error.hasPrefix("nix-builders: \(folder.path)/builders.json: there is no "))
      }
    }
  }

  @Test("--write writes the fragments too, and respects hand edits and what is obsolete")
  func write() async throws {
    try await InventoryFolder.with { folder in
      let added = await folder.run("add", "forge", "--address", "a", "--system", "a-b", "--write")
      #expect(
        added.output == """
          \(folder.path)/builders.json
          \(folder.path)/local.nix
          \(folder.path)/remote-forge.nix

          """)
      let before = folder.inventory
      _ = folder.write("# mine\n" + (folder.read("local.nix") ?? ""), to: "local.nix")
      let refused = await folder.run("edit", "forge", "--port", "99", "--write")
      #expect(refused.ending == .exited(1))
      #expect(refused.error.contains("local.nix was edited by hand."))
      #expect(folder.inventory == before)
      let renamed = await folder.run(
        "edit", "forge", "--alias", "anvil", "--write", "--replace-edited")
      #expect(renamed.ending == .exited(0))
      #expect(renamed.error.contains("remote-forge.nix is of a builder that is gone."))
      let removed = await folder.run("disable", "anvil", "--write", "--remove-obsolete")
      #expect(removed.ending == .exited(0))
      #expect(!folder.names.contains("remote-forge.nix"))
      #expect(await folder.run("enable", "anvil", "--remove-obsolete").ending == .exited(64))
    }
  }

  @Test("an inventory that cannot be read is left as it is")
  func unusable() async throws {
    try await InventoryFolder.with { folder in
      let text = #"{"version":2,"builders":[]}"#
      _ = folder.write(text, to: "builders.json")
      for words in [
        ["add", "a", "--address", "a", "--system", "a-b"], ["settings", "--max-jobs", "0"],
      ] {
        let result = await Command(
          [program] + words + ["--directory", folder.path], timeLimit: .seconds(60)
        ).run()
        #expect(result.ending == .exited(65))
        #expect(result.error.contains("version: 2 was written by a newer nix-builders"))
      }
      #expect(folder.read("builders.json") == text)
    }
  }

  @Test("the settings of this machine are shown and changed")
  func settings() async throws {
    try await InventoryFolder.with { folder in
      let changed = await folder.run(
        "settings", "--no-distributed-builds", "--no-builders-use-substitutes", "--max-jobs", "3")
      #expect(changed.ending == .exited(0))
      #expect(
        await folder.run("settings").output == """
          distributed-builds        false
          builders-use-substitutes  false
          max-jobs                  3

          """)
      let useless = await folder.run("settings", "--max-jobs", "0")
      #expect(useless.ending == .exited(65))
      #expect(useless.error.hasPrefix("nix-builders: local.maxJobs: With 0 nothing is built here"))
      #expect(await folder.run("settings", "--max-jobs", "").ending == .exited(0))
      #expect(folder.inventory?.local.maxJobs == nil)
      let wrong = await folder.run("settings", "--max-jobs=-1")
      #expect(wrong.ending == .exited(65))
      #expect(wrong.error == "nix-builders: --max-jobs: \"-1\" is not a number from 0 to 65536.\n")
    }
  }
}
