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

  @Test(
    "numbers of unknown keys stay as they were written",
    arguments: [
      "18446744073709551615", "-0", "0", "1.0", "1.50", "1e400", "-1E+2", "0.1", "1e-7", "1e3",
      "123456789012345678901234567890.123", "9223372036854775807", "-9223372036854775808",
      "9223372036854775808", "100000000000000000000000", "0.0", "2.5",
    ])
  func numbers(digits: String) throws {
    let text =
      #"{"x":\#(digits),"builders":[{"alias":"a","address":"a","systems":["a-b"],"#
      + #""y":[\#(digits)],"account":{"z":{"w":\#(digits)}}}]}"#
    let inventory = try InventoryFile.decode(Array(text.utf8))
    let written = String(decoding: InventoryFile.encode(inventory), as: UTF8.self)
    #expect(written.contains("\"x\" : \(digits)\n"), "\(written)")
    #expect(written.contains("\"y\" : [\n        \(digits)\n"), "\(written)")
    #expect(written.contains("\"w\" : \(digits)\n"), "\(written)")
    #expect(try InventoryFile.decode(Array(written.utf8)) == inventory)
  }

  @Test("known numbers may be written in any way that means the number")
  func knownNumbers() throws {
    let text =
      #"{"version":1.0,"builders":[{"alias":"a","address":"a","systems":["a-b"],"port":2.2e1,"speedFactor":2.50}]}"#
    let builder = try InventoryFile.decode(Array(text.utf8)).builders[0]
    #expect(builder.port == 22)
    #expect(builder.speedFactor == 2.5)
  }

  @Test(
    "a key that stands twice is refused with its line, since one value would be lost",
    arguments: [
      (
        "{\n  \"a\": 1,\n  \"a\": 1\n}",
        #"line 3, column 3: "a" stands in line 2 already. Each key was expected once."#
      ),
      (
        #"{"builders":[{"alias":"a","x":{"q\u0061":1,"qa":2}}]}"#,
        #"line 1, column 44: "qa" stands in line 1 already. Each key was expected once."#
      ),
    ])
  func twice(text: String, expected: String) {
    #expect(problems(text) == [expected])
  }

  @Test("strings of unknown keys stay as they are, whatever is in them")
  func strings() throws {
    let text = #"{"x":"\ud83d\ude00 \u0000\u001f\"\\\/\b\f\n\r\t e\u0301 \u2028"}"#
    let inventory = try InventoryFile.decode(Array(text.utf8))
    #expect(
      inventory.unknownKeys["x"]
        == .string("😀 \u{0}\u{1F}\"\\/\u{8}\u{C}\n\r\t e\u{301} \u{2028}"))
    let written = InventoryFile.encode(inventory)
    #expect(try InventoryFile.decode(written) == inventory)
    #expect(InventoryFile.encode(try InventoryFile.decode(written)) == written)
    #expect(
      problems(#"{"x":"\ud83d"}"#)
        == ["line 1, column 13: the other half of a surrogate pair was expected."])
    #expect(
      (try? InventoryFile.decode(Array(#"{"x":""#.utf8) + [0xFF, 0x22, 0x7D])) == nil)
  }

  @Test("any value of an unknown key comes through a rewrite as it was", arguments: 0..<200)
  func anyValue(seed: Int) throws {
    var generator = Steps(state: UInt64(seed))
    let value = JSONValue.random(&generator, depth: 4)
    var inventory = Inventory()
    inventory.unknownKeys = ["x": value]
    let bytes = InventoryFile.encode(inventory)
    let again = try InventoryFile.decode(bytes)
    #expect(again == inventory)
    #expect(InventoryFile.encode(again) == bytes)
  }

  @Test("the layout of a file that an earlier version wrote is that of today")
  func golden() throws {
    let text = """
      {
        "builders" : [
          {
            "account" : {
              "authorizedKeys" : "keys",
              "create" : true,
              "createHome" : false,
              "description" : "Nix remote builds",
              "emulatedSystems" : [

              ],
              "gid" : null,
              "group" : null,
              "keyFile" : null,
              "restricted" : false,
              "sshdPorts" : null,
              "systemFeatures" : null,
              "systemUser" : true,
              "trusted" : true,
              "uid" : null,
              "useDefaultShell" : true
            },
            "address" : "192.0.2.7",
            "alias" : "forge",
            "enabled" : true,
            "hostBlock" : true,
            "hostKey" : null,
            "keyPath" : "/root/.ssh/forge",
            "mandatoryFeatures" : [

            ],
            "maxJobs" : 1,
            "port" : 22,
            "protocol" : "ssh-ng",
            "proxyJump" : null,
            "publicKey" : null,
            "speedFactor" : 1.5,
            "sshOptions" : {

            },
            "storeParameters" : {

            },
            "supportedFeatures" : [

            ],
            "systems" : [
              "x86_64-linux"
            ],
            "user" : "nixremote"
          }
        ],
        "local" : {
          "buildersUseSubstitutes" : true,
          "distributedBuilds" : true,
          "maxJobs" : null
        },
        "version" : 1
      }

      """
    let inventory = try InventoryFile.decode(Array(text.utf8))
    #expect(String(decoding: InventoryFile.encode(inventory), as: UTF8.self) == text)
    // That one had no place for these two yet.
    let empty = [
      #"      "sshOptions" : {\n\n      },\n"#, #"      "storeParameters" : {\n\n      },\n"#,
    ]
    .map { $0.replacing(#"\n"#, with: "\n") }
    let earlier = empty.reduce(text) { $0.replacing($1, with: "") }
    #expect(earlier.utf8.count < text.utf8.count)
    #expect(try InventoryFile.decode(Array(earlier.utf8)) == inventory)
  }

  @Test(
    "options of ssh and settings of the store are held to their rules",
    arguments: [
      (#""sshOptions":{"Port":"22"}"#, "sshOptions.Port: It has an answer of its own: the port."),
      (
        #""sshOptions":{"Nonsense":"1"}"#,
        #"sshOptions.Nonsense: "Nonsense" is no option of ssh_config(5)."#
      ),
      (
        #""sshOptions":{"compression":"yes"}"#,
        "sshOptions.compression: It was expected as Compression."
      ),
      (
        #""sshOptions":{"Compression":"maybe"}"#,
        #"sshOptions.Compression: "maybe" is none of yes, no, true, false."#
      ),
      (#""sshOptions":{"Compression":true}"#, "sshOptions.Compression: a string was expected."),
      (
        #""sshOptions":{"ProxyCommand":"nc","SetEnv":"A=b"},"proxyJump":"jump""#,
        "sshOptions.ProxyCommand: It and the bastion jump both say how to get there, and ssh would take only one."
      ),
      (
        #""storeParameters":{"ssh-key":"/k"}"#,
        "storeParameters.ssh-key: It has an answer of its own: the key path."
      ),
      (
        #""storeParameters":{"a b":"c"}"#,
        #"storeParameters.a b: "a b" is no setting of a store. They look like remote-program."#
      ),
    ])
  func options(answer: String, expected: String) {
    let text =
      #"{"builders":[{"alias":"a","address":"a","systems":["a-b"],\#(answer)}]}"#
    #expect(problems(text) == ["builders[0].\(expected)"])
  }

  @Test("nesting without end is refused, not followed")
  func nesting() {
    #expect(
      problems(String(repeating: "[", count: 100_000))[0].hasSuffix("less nesting was expected."))
  }
}

/// Numbers that are the same for the same seed.
private struct Steps: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}

extension JSONValue {
  fileprivate static func random(_ generator: inout Steps, depth: Int) -> JSONValue {
    func text() -> String {
      let scalars = (0..<Int.random(in: 0...6, using: &generator)).compactMap { _ in
        Unicode.Scalar(
          Bool.random(using: &generator)
            ? UInt32.random(in: 0...0x7F, using: &generator)
            : UInt32.random(in: 0...0x10FFFF, using: &generator))
      }
      return String(String.UnicodeScalarView(scalars))
    }
    switch Int.random(in: 0...(depth > 0 ? 7 : 5), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return .integer(Int.random(in: .min ... .max, using: &generator))
    case 3:
      let number = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
      // A whole one of small size is an integer.
      return number.isFinite && Int(exactly: number) == nil ? .number(number) : .integer(7)
    case 4: return .writtenNumber("\(Int.random(in: 1...9, using: &generator)).00e+0400")
    case 5: return .string(text())
    case 6: return .array((0..<3).map { _ in random(&generator, depth: depth - 1) })
    default:
      let members = (0..<3).map { _ in (text(), random(&generator, depth: depth - 1)) }
      return .object(Dictionary(members) { first, _ in first })
    }
  }
}
