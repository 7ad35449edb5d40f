import Builders
import Checks
import StateFiles
import Terminal
import Testing

@testable import Screens

@Suite("The builder list under random keys") struct ListFuzzTests {
  private static let keys: [Key] =
    "adeonmrpKJuT txvsD/XRwqA12il.? WWbFf][y*  ffnNcSS!".map { .character($0) } + [
      .enter, .escape, .up, .down, .pageUp, .pageDown, .home, .end, .delete, .backspace, .tab,
      .control("r"), .control("u"), .control("c"),
    ]

  @Test("never traps, and undoing everything gets back to the beginning", arguments: 1...40)
  func random(seed: Int) {
    var generator = Seeded(state: UInt64(seed))
    var driver = Driver(inventory: .three, size: Size(columns: 80, rows: 24))
    driver.tell(.machine(.ready), .recalled(TestHistory(), Moment(seconds: 1_000_000)))
    for _ in 0..<400 {
      driver.press(Self.keys.randomElement(using: &generator) ?? .up)
      if generator.next() % 16 == 0 {
        driver.resize(
          Int.random(in: 20...160, using: &generator), Int.random(in: 8...50, using: &generator))
      }
      if generator.next() % 8 == 0 { driver.finish([.passed(.connect), .passed(.login)]) }
      _ = driver.canvas
      let session = driver.wizard.session
      #expect(session.isChanged == (session.inventory != session.saved))
      let aliases = session.inventory.builders.map { $0.alias.lowercased() }
      #expect(Set(aliases).count == aliases.count)
      if driver.effects.count > 200 { driver.effects.removeFirst(100) }
    }
    var session = driver.wizard.session
    while session.undo() != nil {}
    #expect(session.inventory == .three)
    #expect(!session.isChanged)
  }
}

/// Numbers that are the same for the same seed (SplitMix64).
private struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
