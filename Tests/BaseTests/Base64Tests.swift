import Base
import Testing

@Suite("Base 64")
struct Base64Tests {
  @Test(
    "RFC 4648's examples",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func examples(_ text: String, _ encoded: String) {
    #expect(Base64.encoded(text.utf8) == encoded)
    #expect(Base64.decoded(encoded) == Array(text.utf8))
  }

  @Test("every byte comes back, at every length")
  func everyByte() {
    let bytes = [UInt8](0...255)
    for length in 0...256 {
      #expect(Base64.decoded(Base64.encoded(bytes.suffix(length))) == bytes.suffix(length))
    }
    #expect(Base64.encoded([0xFB, 0xFF, 0xFE]) == "+//+")
  }

  @Test("line ends are passed over, what follows = does not count, and the rest is none")
  func leniency() {
    #expect(Base64.decoded("Zm9v\nYg==!") == Array("foob".utf8))
    #expect(Base64.decoded("YQ\n==YQ") == [0x61])
    #expect(Base64.decoded("SSH+HOST+PUBLIC+KEY+BASE64+ENCODED==") != nil)
    #expect(Base64.decoded("Zm9v!") == nil)
    #expect(Base64.decoded("a b") == nil)
    #expect(Base64.decoded("é") == nil)
    #expect(Base64.decoded("Zm9v\u{301}") == nil)
  }
}

@Suite("FNV-1a")
struct FNVTests {
  @Test("known digests", arguments: [("", "cbf29ce484222325"), ("foobar", "85944171f73967e8")])
  func digests(_ text: String, _ digest: String) {
    #expect(FNV.digest(text.utf8) == digest)
  }
}
