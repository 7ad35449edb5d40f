import Builders
import Fragments
import Testing

@Suite("local.nix")
struct LocalFragmentTests {
  @Test("the article's example, with every setting")
  func article() {
    var inventory = Inventory(builders: [Examples.forge])
    inventory.local.maxJobs = 0
    #expect(inventory.localFragment().fileName == "local.nix")
    #expect(inventory.localFragment().text == "")
  }
}
