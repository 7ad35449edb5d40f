import Builders
import Fragments
import Testing

@Suite("remote-ALIAS.nix")
struct RemoteFragmentTests {
  @Test("the article's example, with every setting")
  func article() {
    let fragment = Examples.forge.remoteFragment()
    #expect(fragment.fileName == "remote-forge.nix")
    print(Inventory(builders: [Examples.forge]).localFragment().text)
    print(fragment.text)
    var two = Examples.plain
    two.account.restricted = true
    two.account.createHome = true
    two.account.sshdPorts = [22, 2222]
    two.account.systemFeatures = ["kvm", "gpu"]
    two.account.emulatedSystems = ["aarch64-linux"]
    var three = two
    three.user = "root"
    three.account.authorizedKeys = .keyFiles
    three.account.keyFile = "/etc/key.pub"
    print(Inventory(builders: [two]).localFragment().text)
    print(two.remoteFragment().text)
    print(three.remoteFragment().text)
    print(Inventory(builders: [two, Examples.forge]).localFragment().text)
    print(Inventory(builders: []).localFragment().text)
  }
}
