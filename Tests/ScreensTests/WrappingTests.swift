import Builders
import Checks
import Terminal
import Testing

@testable import Screens

@Suite struct WrappingTests {
  @Test("no word of a diagnosis is lost at the edge, however wide the window", arguments: 60...84)
  func diagnosis(columns: Int) {
    var driver = Driver(size: Size(columns: columns, rows: 30), suggestion: .sample)
    driver.press(.enter, .enter)
    let remedy = "On forge, turn sshd on: services.openssh.enable = true; or correct the port."
    driver.finish([
      .passed(.resolve),
      CheckResult(
        name: .connect, outcome: .failed, detail: "closed",
        diagnosis: Diagnosis(.refused, cause: "Nothing listens.", remedy: remedy)),
    ])
    let shown = driver.screen.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(shown.contains(remedy))
  }

  @Test("a line is wrapped at its full width, and those after it hang")
  func hang() {
    let lines = [StyledLine("Do      one two three four", hang: 8)].wrapped(to: 16)
    #expect(lines.map(\.text) == ["Do      one two", "        three", "        four"])
  }
}
