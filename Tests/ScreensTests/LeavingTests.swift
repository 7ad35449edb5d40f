import Builders
import Terminal
import Testing

@testable import Screens

@Suite struct LeavingTests {
  @Test("Ctrl-C with unsaved answers asks first; staying loses nothing")
  func asks() {
    var driver = Driver()
    driver.press(.enter)
    driver.type("forge")
    driver.effects = []
    driver.press(.control("c"))
    #expect(driver.effects.isEmpty)
    #expect(driver.screen.contains("would be lost"))
    driver.press(.enter)
    #expect(driver.screen.contains("forge"))
    driver.press(.control("c"), .down, .enter)
    #expect(driver.effects.contains { if case .quit = $0 { true } else { false } })
  }

  @Test("Ctrl-C first ends the checks that run")
  func cancels() {
    var driver = Driver(suggestion: .sample)
    driver.press(.enter, .enter)
    let run = driver.lastRun
    driver.effects = []
    driver.press(.control("c"))
    guard case .cancelRun(let cancelled)? = driver.effects.first else {
      Issue.record("nothing was cancelled")
      return
    }
    #expect(cancelled == run)
  }

  @Test("a question mark is text in a text field, and help elsewhere")
  func questionMark() {
    var driver = Driver()
    driver.press(.character("?"))
    #expect(driver.screen.contains("Help"))
    driver.press(.escape, .enter)
    driver.press(.character("?"))
    #expect(driver.screen.contains("\"?\" has ?."))
    driver.press(.function(1))
    #expect(driver.screen.contains("Help"))
  }
}
