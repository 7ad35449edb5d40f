import Base
import Foundation
import Testing

@Suite("Words for a shell")
struct ShellTests {
  @Test(
    "a word is quoted where a shell would not leave it alone",
    arguments: [
      ("/root/.ssh/forge", "/root/.ssh/forge"), ("", "''"), ("a b", "'a b'"),
      ("it's", #"'it'\''s'"#), (".#hello", ".#hello"), ("#x", "'#x'"), ("=x", "'=x'"),
      ("'\u{301}; reboot", "''\\''\u{301}; reboot'"), ("é", "'é'"), ("~", "'~'"),
    ])
  func quoting(_ word: String, _ expected: String) {
    #expect(Shell.quoted(word) == expected)
  }

  @Test("sh gets back every word, whatever is in it")
  func roundTrip() throws {
    let marks = [""] + ScalarsTests.marks.map { String($0) }
    let words = marks.flatMap { mark in
      (1..<0x80 as Range<UInt8>).map { "a\(Unicode.Scalar($0))\(mark)b" } + [
        "'\(mark)", "-\(mark)", "é\(mark)",
      ]
    }
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let (input, output) = (Pipe(), Pipe())
    (shell.standardInput, shell.standardOutput) = (input, output)
    try shell.run()
    try input.fileHandleForWriting.write(
      contentsOf: Data("printf '%s\\0' \(Shell.line(words))\n".utf8))
    try input.fileHandleForWriting.close()
    let bytes = try #require(try output.fileHandleForReading.readToEnd())
    #expect(bytes == Data(words.flatMap { Array($0.utf8) + [0] }))
  }
}
