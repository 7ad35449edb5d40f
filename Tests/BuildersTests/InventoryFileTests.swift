import Builders
import Testing

private func problems(_ text: String) -> [String] {
  do {
    _ = try InventoryFile.decode(Array(text.utf8))
    return []
  } catch {
    return error.problems.map(\.description)
  }
}

@Suite("builders.json")
struct InventoryFileTests {
  static let forge = #"{"alias":"forge","address":"192.0.2.7","systems":["x86_64-linux"]}"#

  @Test("keys that are left out take their defaults")
  func defaults() throws {
    let inventory = try InventoryFile.decode(
      Array(#"{"version":1,"builders":[\#(Self.forge)]}"#.utf8))
    var expected = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    #expect(inventory.builders == [expected])
    #expect(expected.keyPath == "/root/.ssh/forge")
    #expect(inventory.local.distributedBuilds)
    expected.port = 23
    #expect(inventory.builders != [expected])
  }

  @Test("unknown keys survive a rewrite, at every level")
  func unknownKeys() throws {
    let text = """
      {"version":1,"note":[1,null,"x"],"local":{"later":true},"builders":[
      {"alias":"forge","address":"a","systems":["x86_64-linux"],"rack":{"row":3},
      "account":{"quota":1.5}}]}
      """
    let inventory = try InventoryFile.decode(Array(text.utf8))
    let again = try InventoryFile.decode(InventoryFile.encode(inventory))
    #expect(again == inventory)
    #expect(again.unknownKeys == ["note": .array([.integer(1), .null, .string("x")])])
    #expect(again.local.unknownKeys == ["later": .bool(true)])
    #expect(again.builders[0].unknownKeys == ["rack": .object(["row": .integer(3)])])
    #expect(again.builders[0].account.unknownKeys == ["quota": .number(1.5)])
  }

  @Test("the same inventory gives the same bytes")
  func stable() throws {
    let inventory = Inventory(builders: [
      Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    ])
    let bytes = InventoryFile.encode(inventory)
    #expect(try InventoryFile.encode(InventoryFile.decode(bytes)) == bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains(#""keyPath" : "/root/.ssh/forge""#))
    #expect(text.contains(#""speedFactor" : 1"#))
    #expect(text.hasSuffix("}\n"))
  }

  @Test(
    "a bad file is refused, naming the place and what was expected",
    arguments: [
      ("", "The file is empty. An object {…} was expected."),
      ("[]", "an object was expected."),
      (
        #"{"version":2}"#,
        "version: 2 was written by a newer nix-builders; this one reads 1. The file is left as it is."
      ),
      (#"{"version":"x"}"#, "version: a whole number was expected."),
      (#"{"builders":{}}"#, "builders: an array was expected."),
      (
        #"{"builders":[{"address":"a","systems":["x86_64-linux"]}]}"#,
        "builders[0].alias: The key is missing."
      ),
      (
        #"{"builders":[{"alias":"a","address":"a","systems":["x86_64-linux"],"port":"22"}]}"#,
        "builders[0].port: a whole number was expected."
      ),
      (
        #"{"builders":[{"alias":"a","address":"a","systems":["x86_64-linux"],"port":null}]}"#,
        "builders[0].port: a whole number was expected, not null."
      ),
      (
        #"{"builders":[{"alias":"a","address":"a","systems":["x86_64-linux"],"port":0}]}"#,
        #"builders[0].port: "0" is not a number from 1 to 65535."#
      ),
      (
        #"{"builders":[{"alias":"a","address":"a","systems":["x86_64-linux"],"protocol":"smb"}]}"#,
        #"builders[0].protocol: "ssh-ng" or "ssh" was expected."#
      ),
      (
        #"{"builders":[{"alias":"a","address":"a","systems":[]}]}"#,
        "builders[0].systems: At least one system is needed."
      ),
      (
        #"{"builders":[\#(forge),\#(forge)]}"#,
        #"builders[1].alias: "forge" is the alias of builders[0] already."#
      ),
    ])
  func refused(text: String, expected: String) {
    #expect(problems(text) == [expected])
  }

  @Test(
    "a text that is not JSON is refused with line and column",
    arguments: [
      (
        #"{"version":1,"builders":[{"alias":"#,
        "line 1, column 35: a value was expected but the file ends there."
      ),
      ("{\n  \"a\" 1\n}", "line 2, column 7: \":\" was expected."),
      ("{\"a\":1,}", "line 1, column 8: a key in quotation marks was expected."),
      ("{}\n}", "line 2, column 1: the end of the file was expected."),
      ("{\"é\":\"x\ny\"}", "line 1, column 8: the end of the string was expected."),
      (#"{"a":"\x"}"#, #"line 1, column 8: one of " \ / b f n r t u was expected."#),
      ("[01]", #"line 1, column 3: "," or "]" was expected."#),
    ])
  func notJSON(text: String, expected: String) {
    #expect(problems(text) == [expected])
  }

  @Test("nesting without end is refused, not followed")
  func nesting() {
    #expect(
      problems(String(repeating: "[", count: 100_000))[0].hasSuffix("less nesting was expected."))
  }
}
