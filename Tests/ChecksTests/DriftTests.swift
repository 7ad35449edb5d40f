import Builders
import Fragments
import Glibc
import Testing

@testable import Checks
@testable import Features
@testable import Processes

@Suite("Drift") struct DriftTests {
  private static let inventory: Inventory = {
    var forge = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    forge.port = 2222
    forge.maxJobs = 3
    forge.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRlbW8gZGVtbyBkZW1v root@laptop"
    forge.hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGhvc3QgaG9zdCBob3N0"
    return Inventory(builders: [forge])
  }()

  /// How the files stand after somebody has done something to them.
  private func kinds(
    _ inventory: Inventory = inventory, _ change: (String) -> Void
  ) async throws -> [FileDrift.Kind] {
    let path = "/tmp/nix-builders-drift-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    let output = OutputDirectory(path: .init(path))
    try output.write(Self.inventory)
    defer {
      for name in fileNames(in: path) { unlink("\(path)/\(name)") }
      rmdir(path)
    }
    change(path)
    let before = fileNames(in: path).sorted().map { readTextFile("\(path)/\($0)") }
    let files = try await FileDrift.survey(inventory, in: output)
    // Whatever it finds, looking changes nothing.
    #expect(fileNames(in: path).sorted().map { readTextFile("\(path)/\($0)") } == before)
    return files.map(\.kind)
  }

  private func edit(_ path: String, _ change: (String) -> String) {
    let text = change(readTextFile(path) ?? "")
    guard let file = fopen(path, "w") else { return }
    fputs(text, file)
    fclose(file)
  }

  @Test("is none in files as they were written")
  func none() async throws {
    #expect(try await kinds { _ in } == [.asWritten, .asWritten])
  }

  @Test("a file that was deleted is missing")
  func deleted() async throws {
    #expect(try await kinds { unlink("\($0)/remote-forge.nix") } == [.asWritten, .missing])
  }

  @Test("another layout or a comment says the same")
  func whitespace() async throws {
    let kinds = try await kinds {
      edit("\($0)/local.nix") { $0.replacing("  ", with: "    ") + "# mine\n" }
    }
    guard case .edited(let edit?) = kinds[0] else {
      Issue.record("it is \(kinds[0])")
      return
    }
    #expect(edit.saysTheSame)
    #expect(kinds[0].text == "edited by hand, says the same")
  }

  @Test("a changed value is the answer that it can be")
  func changed() async throws {
    let kinds = try await kinds {
      edit("\($0)/local.nix") { $0.replacing("maxJobs = 3", with: "maxJobs = 5") }
      edit("\($0)/remote-forge.nix") {
        $0.replacing("createHome = false", with: "createHome = true")
      }
    }
    guard case .edited(let local?) = kinds[0], case .edited(let remote?) = kinds[1] else {
      Issue.record("they are \(kinds)")
      return
    }
    #expect(local.changes == ["forge: max jobs 3 → 5"])
    #expect(local.inventory.builders[0].maxJobs == 5)
    #expect(remote.changes == ["forge: home no → yes"])
    #expect(remote.surplus == [#"no users.users.nixremote.home"#])
    #expect(kinds[0].text == "edited by hand: forge: max jobs 3 → 5")
  }

  @Test("an added setting is no answer, also in a module with arguments")
  func added() async throws {
    let kinds = try await kinds {
      edit("\($0)/local.nix") {
        "{ config, lib, pkgs, ... }:\n"
          + $0.replacing(
            "  nix.distributedBuilds = true;",
            with: "  nix.distributedBuilds = true;\n  time.timeZone = \"UTC\";")
      }
    }
    guard case .edited(let edit?) = kinds[0] else {
      Issue.record("it is \(kinds[0])")
      return
    }
    #expect(edit.changes == [])
    #expect(edit.surplus == [#"time.timeZone = "UTC""#])
  }

  @Test("what Nix cannot read is told with the place, or with what it needs")
  func broken() async throws {
    let kinds = try await kinds {
      edit("\($0)/local.nix") { $0.replacing("maxJobs = 3;", with: "maxJobs = ;") }
      edit("\($0)/remote-forge.nix") {
        "{ pkgs, ... }:\n" + $0.replacing("\"Nix remote builds\"", with: "pkgs.hello.name")
      }
    }
    guard case .unreadable(let syntax) = kinds[0], case .unreadable(let need) = kinds[1] else {
      Issue.record("they are \(kinds)")
      return
    }
    #expect(syntax.contains("syntax error"))
    #expect(syntax.contains("at line "))
    #expect(need.contains("it needs pkgs, which only a whole NixOS has"))
  }

  @Test("a file of another version that says the same is of an older format")
  func olderFormat() async throws {
    // What an older version would have written, with the digest that it would have put there.
    let kinds = try await kinds {
      edit("\($0)/local.nix") { text in
        let old = text.replacing(
          "# The builders of the local machine.", with: "# The builders of this machine.")
        let lines = old.split(separator: "\n", omittingEmptySubsequences: false)
        let rest = lines.filter { !$0.hasPrefix("# Digest: ") }.joined(separator: "\n")
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in rest.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        let digest = String(repeating: "0", count: 16 - digits.count) + digits
        return lines.map { $0.hasPrefix("# Digest: ") ? "# Digest: \(digest)" : String($0) }
          .joined(separator: "\n")
      }
    }
    #expect(kinds == [.olderFormat, .asWritten])
  }

  @Test("what follows from another inventory is out of date, and a builder that is gone is told")
  func outOfDate() async throws {
    var inventory = Self.inventory
    inventory.builders[0].alias = "anvil"
    #expect(try await kinds(inventory) { _ in } == [.outOfDate, .missing, .obsolete])
  }

  // MARK: - What is installed

  private func installed(_ lines: String) -> InstalledConfiguration {
    InstalledConfiguration(machines: NixMachine.all(inSetting: lines), settings: nil)
  }

  @Test("Nix's machines are compared column by column")
  func machines() {
    let forge = Self.inventory.builders[0]
    #expect(installed(forge.machineLine).differences(of: forge) == [])
    #expect(
      installed("ssh://forge i686-linux - 1 2 kvm").differences(of: forge).map(\.text) == [
        "store ssh-ng://forge, installed ssh://forge",
        "systems x86_64-linux, installed i686-linux", "max jobs 3, installed 1",
        "speed factor 1, installed 2", "features none, installed kvm",
      ])
    #expect(installed("").differences(of: forge).map(\.text) == ["not among Nix's builders"])
  }

  @Test("ssh's configuration is compared with the Host block")
  func ssh() {
    let forge = Self.inventory.builders[0]
    func options(_ text: String) -> [String] {
      forge.differences(in: SSHOptions(printed: text)).map(\.text)
    }
    let block = """
      hostname 192.0.2.7
      port 2222
      user nixremote
      identityfile /root/.ssh/forge
      hostkeyalias forge
      connecttimeout 5
      serveraliveinterval 15
      serveralivecountmax 3
      """
    #expect(options(block) == [])
    #expect(
      options(block.replacing("serveraliveinterval 15", with: "serveraliveinterval 0")) == [
        "ServerAliveInterval 15, installed 0"
      ])
    #expect(options(block.replacing("2222", with: "22")) == ["Port 2222, installed 22"])
    #expect(
      options(block.replacing("hostkeyalias forge", with: "")) == [
        "HostKeyAlias forge, installed none"
      ])
    #expect(options(block + "\nproxyjump jump") == ["ProxyJump none, installed jump"])
    #expect(options("hostname forge\nport 22\nuser root") == ["not in ssh's configuration"])
  }

  @Test("known_hosts is read as ssh reads it")
  func knownHosts() {
    let files = KnownHostsFiles([
      "# forge ssh-ed25519 no\nforge,192.0.2.7 ssh-ed25519 AAAA comment\nforge ssh-rsa RRRR\n",
      "@revoked pi ssh-ed25519 CCCC\n",
    ])
    #expect(files.accepts("ssh-ed25519 AAAA", for: "forge") == true)
    #expect(files.accepts("ssh-ed25519 AAAA", for: "192.0.2.7") == true)
    #expect(files.accepts("ssh-ed25519 BBBB", for: "forge") == false)
    #expect(files.others(than: "ssh-ed25519 BBBB", for: "forge") == ["ssh-ed25519 AAAA"])
    #expect(files.accepts("ssh-ed25519 CCCC", for: "pi") == false)
    let hashed = KnownHostsFiles(["|1|abc=|def= ssh-ed25519 AAAA\n"])
    #expect(hashed.accepts("ssh-ed25519 AAAA", for: "forge") == nil)
  }

  @Test("everything is summed up in a sentence")
  func summary() throws {
    func summary(_ kinds: [FileDrift.Kind], _ installed: InstalledDrift) -> String? {
      let files = kinds.enumerated().map { index, kind in
        FileDrift(
          plan: OutputDirectory.Plan(
            fragment: Fragment(fileName: "remote-\(index).nix", text: ""), standing: .current,
            present: nil), kind: kind)
      }
      return Drift(files: files, installed: installed).summary
    }
    let fine = InstalledDrift(differences: [], isInstalled: true)
    #expect(summary([.asWritten], fine) == nil)
    #expect(summary([.asWritten, .edited(nil)], fine) == "remote-1.nix is edited by hand")
    #expect(
      summary([.missing, .edited(nil), .missing], fine)
        == "of the files 2 missing, 1 edited by hand")
    #expect(
      summary([], InstalledDrift(differences: [], isInstalled: false))
        == "none of the builders is installed on this machine")
    let difference = InstalledDifference("forge", .maxJobs, written: "3", installed: "1")
    #expect(
      summary([.missing], InstalledDrift(differences: [difference, difference], isInstalled: true))
        == "remote-0.nix is missing; installed here, forge differs: max jobs 3, installed 1, and 1 "
        + "more")
  }
}
