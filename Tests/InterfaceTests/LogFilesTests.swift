import Glibc
import Testing

@testable import Interface

@Suite("Files of many logs") struct LogFilesTests {
  private let line = String(repeating: "x", count: 1023) + "\n"

  @Test("a log has no file before it is long, and gives it back when it is gone")
  func lazily() {
    let files = LogFiles(limit: 1)
    do {
      let log = LogStore(oneOf: files)
      log.append("short\n".utf8)
      #expect(files.take())
      files.giveBack()
      for _ in 0..<1000 { log.append(line.utf8) }
      #expect(!files.take())
      #expect(log.problem == nil)
      #expect(log.line(0) == Array("short".utf8))
    }
    #expect(files.take())
  }

  @Test("a log that gets no file keeps its end, and says so")
  func without() {
    let files = LogFiles(limit: 0)
    let log = LogStore(oneOf: files)
    for _ in 0..<1000 { log.append(line.utf8) }
    log.append("the end".utf8)
    #expect(log.lineCount == 1001)
    #expect(log.line(0) == nil)
    #expect(log.line(1000) == Array("the end".utf8))
    #expect(log.problem?.hasSuffix("lines are not kept: Too many open files") == true)
  }
}
