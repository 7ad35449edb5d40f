import Builders
import Testing

@testable import Screens

@Suite("What follows from a change") struct ConsequenceTests {
  private func texts(_ change: (inout Builder) -> Void) -> [String] {
    let old = Inventory.three.builders[0]
    var new = old
    change(&new)
    return Consequence.all(ofChanging: old, to: new).map(\.text)
  }

  @Test("is nothing where only this machine's own files say it")
  func nothing() {
    #expect(texts { $0.maxJobs = 7 } == [])
    #expect(texts { $0.enabled = false } == [])
    #expect(texts { $0.keyPath = "/root/.ssh/other" } == [])
  }

  @Test("of another alias is told for both machines and for known_hosts")
  func alias() {
    #expect(
      texts { $0.alias = "anvil" } == [
        "This machine: Nix and ssh call it anvil then; what names ssh-ng://forge has to follow.",
        "anvil: Import remote-anvil.nix there in place of remote-forge.nix.",
        "known_hosts: The host key stands under anvil then, and no longer under forge.",
      ])
  }

  @Test("of another account is that it has to be there before one can log in")
  func user() {
    #expect(
      texts { $0.user = "nix" } == [
        "forge: remote-forge.nix makes the account nix, and nixremote goes with the old one. "
          + "Nobody can log in until both machines are switched."
      ])
    #expect(
      texts {
        $0.user = "admin"
        $0.account.create = false
      } == [
        "forge: The account admin has to exist there. remote-forge.nix gives it the key and the "
          + "trust."
      ])
  }

  @Test("of another key is that the builder has to learn it")
  func key() {
    #expect(
      texts { $0.publicKey = "ssh-ed25519 BBBB" } == [
        "forge: It takes the new key once remote-forge.nix is applied there, and the old one no "
          + "longer."
      ])
    #expect(
      texts {
        $0.keyPath = "/root/.ssh/new"
        $0.publicKey = nil
      } == ["forge: There is no key at /root/.ssh/new yet, so remote-forge.nix names none."])
  }

  @Test("of another host key is what known_hosts does with the old one")
  func hostKey() {
    #expect(
      texts { $0.hostKey = "ssh-ed25519 BBBB" } == [
        "known_hosts: Only the new host key of forge is accepted then. Where ssh itself has noted "
          + "the old one: ssh-keygen -R forge"
      ])
    #expect(
      texts { $0.hostKey = nil } == [
        "known_hosts: The old host key goes, and ssh refuses forge until a new one is accepted."
      ])
  }

  @Test("is found in whole inventories: a rename is told from a deletion")
  func inventories() {
    var renamed = Inventory.three
    renamed.builders[0].alias = "anvil"
    renamed.builders.swapAt(0, 2)
    #expect(
      Consequence.all(from: .three, to: renamed).map(\.place) == [
        "This machine", "anvil", "known_hosts",
      ])
    var deleted = Inventory.three
    deleted.builders.removeLast()
    #expect(
      Consequence.all(from: .three, to: deleted).map(\.text) == [
        "mac: Its account and key stay there until remote-mac.nix is no longer imported there."
      ])
    #expect(Consequence.all(from: .three, to: .three) == [])
  }
}
