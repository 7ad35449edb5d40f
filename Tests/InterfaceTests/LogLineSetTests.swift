import Testing

@testable import Interface

@Suite struct LogLineSetTests {
  @Test("lines are put in, found and taken out again")
  func lines() {
    var set = LogLineSet()
    #expect(set.first(from: 0) == nil)
    #expect(set.last(to: .max) == nil)
    for line in [3, 63, 64, 5000, 100_000] { set.set(line, to: true) }
    #expect(set.count == 5)
    #expect(set.contains(64))
    #expect(!set.contains(65))
    #expect(set.first(from: -5) == 3)
    #expect(set.first(from: 4) == 63)
    #expect(set.first(from: 65) == 5000)
    #expect(set.first(from: 5001) == 100_000)
    #expect(set.first(from: 100_001) == nil)
    #expect(set.last(to: 2) == nil)
    #expect(set.last(to: 99_999) == 5000)
    #expect(set.last(to: 4999) == 64)
    #expect(set.last(to: .max) == 100_000)
    #expect(set.count(before: 64) == 2)
    #expect(set.count(before: 65) == 3)
    #expect(set.count(before: .max) == 5)
    set.set(64, to: false)
    #expect(set.first(from: 64) == 5000)
    #expect(set.count == 4)
  }

  @Test("only lines that are in another set too can be asked for")
  func both() {
    var one = LogLineSet()
    var other = LogLineSet()
    for line in stride(from: 0, to: 20_000, by: 2) { one.set(line, to: true) }
    for line in stride(from: 0, to: 15_000, by: 3) { other.set(line, to: true) }
    #expect(one.first(from: 1, alsoIn: other) == 6)
    #expect(one.first(from: 14_995, alsoIn: other) == nil)
    #expect(one.last(to: .max, alsoIn: other) == 14_994)
    #expect(one.last(to: 5, alsoIn: other) == 0)
    #expect(one.count(before: 13, alsoIn: other) == 3)
    #expect(one.count(before: .max, alsoIn: other) == 2500)
  }

  @Test("it agrees with an ordinary set")
  func model() {
    var random = SystemRandomNumberGenerator()
    var set = LogLineSet()
    var model: Set<Int> = []
    for _ in 0..<2000 {
      let line = Int.random(in: 0..<10_000, using: &random)
      let isIn = Bool.random(using: &random)
      set.set(line, to: isIn)
      if isIn { model.insert(line) } else { model.remove(line) }
      let place = Int.random(in: -10..<10_500, using: &random)
      #expect(set.first(from: place) == model.filter { $0 >= place }.min())
      #expect(set.last(to: place) == model.filter { $0 <= place }.max())
      #expect(set.count(before: place) == model.count { $0 < place })
    }
    #expect(set.count == model.count)
  }
}
