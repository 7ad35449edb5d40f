import Builders
import Terminal
import Testing

@testable import Screens

@Suite("Options of ssh and of the store") struct OptionsScreenTests {
  /// At the options of a builder.
  private func opened(_ change: (inout Builder) -> Void = { _ in }) -> Driver {
    var inventory = Inventory.three
    change(&inventory.builders[0])
    var driver = Driver(inventory: inventory, size: Size(columns: 100, rows: 40))
    driver.press(.enter)
    driver.press(.down, .down, .down, .down, .down, .enter)
    return driver
  }

  @Test("are shown with what every block says, edited, and put to the test")
  func editing() {
    var driver = opened()
    #expect(driver.wizard.step == .options)
    #expect(driver.screen.contains("ServerAliveInterval 15"))
    // The standards are no answers.
    driver.type("60")
    #expect(driver.wizard.session.draft.builder.sshOptions == ["ConnectTimeout": "60"])
    driver.press(.tab, .tab, .tab)
    driver.type("nc %h %p")
    driver.press(.tab)
    driver.type("compression yes; SetEnv A=b\\;c")
    driver.press(.tab)
    driver.type("compress=true&remote-program=/a%20b")
    let builder = driver.wizard.session.draft.builder
    #expect(
      builder.sshOptions == [
        "ConnectTimeout": "60", "ProxyCommand": "nc %h %p", "Compression": "yes",
        "SetEnv": "A=b;c",
      ])
    #expect(builder.storeParameters == ["compress": "true", "remote-program": "/a b"])
    #expect(driver.screen.contains("ProxyCommand nc %h %p"))
    #expect(driver.screen.contains("forge?compress=true&remote-program=/a%20b"))
    driver.press(.enter)
    // It is reached in another way now.
    #expect(driver.wizard.step == .reach)
  }

  @Test("what is wrong is said and keeps one there, and an emptied field takes the option away")
  func wrong() {
    var driver = opened {
      $0.sshOptions = ["Compression": "yes", "ServerAliveInterval": "0", "LogLevel": "ERROR"]
    }
    #expect(driver.screen.contains("Compression yes; LogLevel ERROR"))
    driver.press(.tab, .control("u"))
    #expect(
      driver.wizard.session.draft.builder.sshOptions == ["Compression": "yes", "LogLevel": "ERROR"])
    driver.press(.tab, .tab, .tab, .control("u"))
    driver.type("Port 22")
    driver.press(.enter, .enter, .enter)
    #expect(driver.wizard.step == .options)
    #expect(driver.screen.contains("✗ ssh: Port: It has an answer of its own: the port."))
    driver.press(.control("u"))
    driver.type("Compression maybe")
    driver.press(.enter, .enter)
    #expect(driver.screen.contains("Compression: \"maybe\" is none of yes, no, true, false."))
  }

  @Test(
    "lists in one line are what was typed",
    arguments: [
      ("", [:]), ("compression yes", ["Compression": "yes"]),
      ("SetEnv A=b ;; LogLevel=ERROR;", ["SetEnv": "A=b", "LogLevel": "ERROR"]),
      ("LocalCommand a \\; b", ["LocalCommand": "a ; b"]),
    ] as [(String, [String: String])])
  func list(text: String, options: [String: String]) {
    #expect(SSHOptionList.options(in: text) == options)
    #expect(SSHOptionList.problem(text) == nil)
    #expect(SSHOptionList.options(in: SSHOptionList.text(of: options)) == options)
  }
}
