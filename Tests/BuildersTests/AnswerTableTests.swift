import Testing

@testable import Builders

/// The tables of answers against the properties that there are: a new one has to be thought of.
@Suite("The table of answers") struct AnswerTableTests {
  private static let builder: Builder = {
    var builder = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    builder.proxyJump = "me@jump"
    builder.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"
    builder.hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"
    return builder
  }()

  @Test("has every property, except for the keys that this version does not know")
  func complete() {
    func count(_ subject: some Answering) -> Int { Mirror(reflecting: subject).children.count - 1 }
    #expect(count(Self.builder) == Builder.answers.count)
    #expect(count(Account()) == Account.answers.count)
    #expect(count(LocalSettings()) == LocalSettings.answers.count)
  }

  @Test("names no key, option or keyword twice")
  func once() {
    for keys in [
      Builder.answers.map(\.key), Account.answers.map(\.key), LocalSettings.answers.map(\.key),
      Builder.answers.compactMap(\.hostBlockLine?.keyword),
      Builder.answers.compactMap(\.option?.name) + Account.answers.compactMap(\.option?.name),
    ] {
      #expect(Set(keys).count == keys.count, "\(keys)")
    }
  }

  @Test("has an option for each answer, but for those of which `add` and `edit` make more")
  func options() {
    let without = ["alias", "address", "sshOptions", "storeParameters", "account"]
    #expect(Builder.answers.filter { $0.option == nil }.map(\.key) == without)
    #expect(Account.answers.filter { $0.option == nil }.map(\.key) == [])
    #expect(LocalSettings.answers.filter { $0.option == nil }.map(\.key) == [])
  }

  @Test("takes what it says: what is typed comes back")
  func typed() {
    for answer in Builder.answers where answer.option != nil {
      guard let text = answer.typed(Self.builder) else {
        #expect(answer.optionForm == .list, "\(answer.key)")
        continue
      }
      var builder = Builder(alias: "a", address: "b", systems: [])
      #expect(answer.take([text], &builder) == [], "\(answer.key)")
      #expect(answer.typed(builder) == text, "\(answer.key)")
    }
  }

  @Test("takes nothing that is wrong, and says why")
  func wrong() throws {
    func take(_ key: String, _ texts: String...) throws -> (problems: [String], builder: Builder) {
      var builder = Self.builder
      let answer = try #require(Builder.answers.first { $0.key == key })
      return (answer.take(texts, &builder), builder)
    }
    let port = try take("port", "0")
    #expect(port.problems == [#""0" is not a number from 1 to 65535."#])
    #expect(port.builder == Self.builder)
    let storeProtocol = try take("protocol", "smb")
    #expect(storeProtocol.problems == [#""smb" is neither. "ssh-ng" or "ssh" was expected."#])
    let systems = try take("systems", "a-b", "c")
    #expect(systems.problems == [#""c" is not a system. They look like x86_64-linux."#])
    #expect(systems.builder == Self.builder)
    #expect(try take("proxyJump", "").builder.proxyJump == nil)
    #expect(try take("systems", "").builder.systems == [])
    #expect(try take("user", "").problems == ["An account is needed, such as nixremote."])
  }

  @Test("refuses as an option of ssh what is an answer")
  func refusals() {
    for line in Builder.answers.compactMap(\.hostBlockLine) {
      #expect(Rules.sshOption(line.keyword, "1") == line.refusal)
    }
  }
}
