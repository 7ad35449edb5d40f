import Builders
import Testing

@testable import Screens

@Suite("Changes by two people") struct MergeTests {
  private func builder(_ alias: String, _ jobs: Int = 1) -> Builder {
    var builder = Builder(alias: alias, address: "192.0.2.1", systems: ["x86_64-linux"])
    builder.maxJobs = jobs
    return builder
  }

  private func merged(
    _ mine: [Builder], _ base: [Builder], _ theirs: [Builder]
  ) -> (result: [String], conflicts: [String]) {
    let merge = InventoryMerge(
      Inventory(builders: mine), from: Inventory(builders: base), onto: Inventory(builders: theirs))
    return (merge.inventory.builders.map { "\($0.alias) \($0.maxJobs)" }, merge.conflicts)
  }

  @Test("to different builders are all made")
  func apart() {
    let base = [builder("a"), builder("b"), builder("c")]
    let merge = merged(
      [builder("a", 2), builder("c"), builder("m")], base,
      [builder("a"), builder("b"), builder("c", 3), builder("t")])
    #expect(merge.result == ["a 2", "c 3", "t 1", "m 1"])
    #expect(merge.conflicts == [])
  }

  @Test("to the same builder are named, and one's own win")
  func conflict() {
    let base = [builder("a"), builder("b")]
    let merge = merged([builder("a", 2)], base, [builder("a", 3), builder("b", 4)])
    #expect(merge.result == ["a 2"])
    #expect(merge.conflicts == ["a", "b"])
  }

  @Test("that are the same are no conflict")
  func same() {
    let merge = merged([builder("a", 2)], [builder("a")], [builder("a", 2), builder("t")])
    #expect(merge.result == ["a 2", "t 1"])
    #expect(merge.conflicts == [])
  }

  @Test("another order is kept where the builders are the same")
  func order() {
    let base = [builder("a"), builder("b")]
    #expect(
      merged([base[1], base[0]], base, [builder("a"), builder("b", 5)]).result == ["b 5", "a 1"])
  }

  @Test("two new names that differ in case only are one")
  func lowerCase() {
    #expect(merged([builder("Forge", 2)], [], [builder("forge", 3)]).result == ["Forge 2"])
  }
}
