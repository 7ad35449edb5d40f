import Interface
import Testing

@Suite struct BarTests {
  @Test(
    "is exact to an eighth of a column",
    arguments: [
      (0, "", "····"), (0.5, "██", "··"), (0.53125, "██▏", "·"), (0.96875, "███▉", ""),
      (1, "████", ""), (7, "████", ""), (-1, "", "····"), (.nan, "", "····"),
    ] as [(Double, String, String)])
  func eighths(share: Double, filled: String, rest: String) {
    let bar = Bar(share, columns: 4)
    #expect(bar.filled == filled)
    #expect(bar.rest == rest)
  }

  @Test("what is next to nothing can be seen, and what is nearly all leaves something")
  func ends() {
    #expect(Bar(0.0001, columns: 10).filled == "▏")
    #expect(Bar(0.9999, columns: 3).filled == "██▉")
    #expect(Bar(0.5, columns: 0).filled == "")
    #expect(Bar(0.5, columns: 0).rest == "")
  }
}
