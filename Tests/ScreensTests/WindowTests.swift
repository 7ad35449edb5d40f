import Builders
import Checks
import Terminal
import Testing

@testable import Screens

@Suite struct WindowTests {
  @Test("every window size from 1×1 up is drawn without a trap", arguments: [1, 20, 40, 80, 200])
  func sizes(columns: Int) {
    for rows in [1, 5, 12, 24, 60] {
      var driver = Driver(isPractice: true, suggestion: .sample)
      driver.resize(columns, rows)
      for _ in 0..<12 {
        _ = driver.canvas
        driver.press(.enter)
        if driver.wizard.step == .reach {
          driver.finish([.passed(.resolve), .passed(.connect), .passed(.hostKey)])
        }
        if driver.wizard.step == .administrator { driver.press(.end) }
        if driver.wizard.step == .access {
          driver.answer(key: .usable(publicKey: SampleKey.publicLine))
        }
        if driver.wizard.step == .login {
          driver.finish(
            [CheckName.key, .login, .remoteNix, .store, .trusted].map { CheckResult.passed($0) })
        }
      }
    }
  }

  @Test("below 40×12 one line says so")
  func small() {
    var driver = Driver()
    driver.resize(39, 24)
    #expect(driver.screen.contains("40"))
    #expect(!driver.screen.contains("Add a builder"))
    driver.resize(80, 24)
    #expect(driver.screen.contains("Add a builder"))
  }
}

extension Builder {
  /// A builder as practice suggests it.
  static var sample: Builder {
    var builder = Builder(
      alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux", "i686-linux"])
    builder.supportedFeatures = ["nixos-test", "big-parallel"]
    return builder
  }
}
