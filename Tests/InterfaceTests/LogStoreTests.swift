import Glibc
import Testing

@testable import Interface

@Suite struct LogStoreTests {
  @Test("an empty log has no lines")
  func empty() {
    let store = LogStore()
    #expect(store.lineCount == 0)
    #expect(store.line(0) == nil)
    #expect(store.line(-1) == nil)
    #expect(store.problem == nil)
  }

  @Test("lines end at line feeds, and an unfinished one can be seen")
  func lines() {
    let store = LogStore()
    store.append("one\n\nthree\r\nfo".utf8)
    #expect(store.lines == ["one", "", "three\r", "fo"])
    store.append("ur".utf8)
    #expect(store.lines == ["one", "", "three\r", "four"])
    store.append("\n".utf8)
    #expect(store.lines == ["one", "", "three\r", "four"])
    store.append("\n".utf8)
    #expect(store.lines == ["one", "", "three\r", "four", ""])
  }

  @Test("every line of a log that is larger than the memory for it can be read")
  func ring() {
    let store = smallStore()
    for number in 0..<200 { store.append("line \(number)\n".utf8) }
    #expect(store.byteCount > 20 * 64)
    #expect(store.lines == (0..<200).map { "line \($0)" })
    #expect(store.line(3) == Array("line 3".utf8))
  }

  @Test("a line may be longer than the memory for the log")
  func longLine() {
    let long = String(repeating: "0123456789", count: 100)
    let store = smallStore("before\n" + long + "\nafter")
    #expect(store.lines == ["before", long, "after"])
    #expect(store.line(1, limit: 12) == Array("012345678901".utf8))
    #expect(store.range(ofLine: 1) == 7..<1007)
  }

  @Test("it makes no difference where the bytes are cut when they come")
  func cuts() {
    let text = Array("grün\r\n→ 日本\n\n🙂 end".utf8)
    for cut in 0...text.count {
      let store = smallStore()
      store.append(text[..<cut])
      store.append(text[cut...])
      #expect(store.lines == ["grün\r", "→ 日本", "", "🙂 end"])
    }
  }

  @Test("bytes that are not text are kept as they are")
  func binary() {
    let store = smallStore()
    store.append([0, 0xFF, 0x0A, 0, 0x0A, 0xC3])
    #expect(store.line(0) == [0, 0xFF])
    #expect(store.line(1) == [0])
    #expect(store.line(2) == [0xC3])
  }

  @Test("collections without contiguous storage can be appended")
  func lazy() {
    let store = smallStore()
    store.append("one\ntwo\n".utf8.lazy.map { $0 ^ 0x20 })
    #expect(store.byteCount == 8)
    #expect(store.line(0) == Array("ONE*TWO*".utf8))
  }

  // MARK: - The file

  @Test("the file has no name, and nobody else may read it")
  func privateFile() throws {
    let folder = "/tmp/nix-builders-test-\(UInt64.random(in: 0 ... .max))"
    try #require(mkdir(folder, 0o700) == 0)
    // A folder with anything in it cannot be removed.
    let spill = LogSpill(directories: ["/nowhere", folder])
    #expect(rmdir(folder) == 0)
    #expect(spill.fault == 0)
    var status = stat()
    let descriptor = spill.duplicate()
    defer { close(descriptor) }
    try #require(fstat(descriptor, &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o600)
    #expect(status.st_nlink == 0)
    #expect(fcntl(descriptor, F_GETFD) == FD_CLOEXEC)
  }

  @Test("a short log makes no file")
  func noFile() {
    var isMade = false
    let store = smallStore {
      isMade = true
      return LogSpill()
    }
    store.append("a\n".utf8)
    #expect(!isMade)
    store.append(String(repeating: "b", count: 100).utf8)
    #expect(isMade)
  }

  @Test("without a file the end of the log is kept, and it says so")
  func nowhere() {
    let store = smallStore { LogSpill(directories: ["/nowhere"]) }
    store.append("0123456\n".utf8)
    #expect(store.problem == "only the end of the log can be kept: No such file or directory")
    for _ in 0..<15 { store.append("0123456\n".utf8) }
    #expect(store.lineCount == 16)
    #expect(store.lines[..<8].allSatisfy { $0 == nil })
    #expect(store.lines[8...].allSatisfy { $0 == "0123456" })
    #expect(store.problem == "8 lines are not kept: No such file or directory")
  }

  @Test("on a full disk the log goes on with what is in memory")
  func full() {
    let store = smallStore { LogSpill(descriptor: open("/dev/full", O_RDWR)) }
    for number in 10..<26 { store.append("line \(number)\n".utf8) }
    #expect(store.problem == "8 lines are not kept: No space left on device")
    #expect(store.lines[..<8].allSatisfy { $0 == nil })
    #expect(store.lines[8...].elementsEqual((18..<26).map { "line \($0)" }))
  }

  @Test("what came while the disk was full is missing, and nothing else")
  func fullForAWhile() throws {
    let disk = Disk()
    let store = smallStore { disk.spill }
    for number in 10..<20 { store.append("line \(number)\n".utf8) }
    disk.isFull = true
    for number in 20..<40 { store.append("line \(number)\n".utf8) }
    disk.isFull = false
    for number in 40..<60 { store.append("line \(number)\n".utf8) }
    let lines = store.lines
    #expect(lines.count == 50)
    #expect(lines[..<10].elementsEqual((10..<20).map { "line \($0)" }))
    #expect(lines[10..<22].allSatisfy { $0 == nil })
    #expect(lines[22...].elementsEqual((32..<60).map { "line \($0)" }))
    #expect(store.problem == "12 lines are not kept: Bad file descriptor")
    let text = (lines[..<10] + ["", "[… 12 lines are not kept …]"] + lines[22...])
    #expect(try saved(store.snapshot()) == text.map { ($0 ?? "") + "\n" }.joined())
  }

  @Test("a disk that is full for a moment only costs nothing")
  func fullForAMoment() {
    let disk = Disk()
    let store = smallStore { disk.spill }
    disk.isFull = true
    for number in 10..<14 { store.append("line \(number)\n".utf8) }
    #expect(store.problem == "only the end of the log can be kept: Bad file descriptor")
    disk.isFull = false
    for number in 14..<40 { store.append("line \(number)\n".utf8) }
    #expect(store.problem == nil)
    #expect(store.lines == (10..<40).map { "line \($0)" })
  }

  @Test("of lines that are kept in part, that part is there")
  func parts() {
    let disk = Disk()
    let store = smallStore { disk.spill }
    store.append("0123456789abcdef0123".utf8)
    disk.isFull = true
    store.append(String(repeating: "x", count: 200).utf8)
    store.append("\n".utf8)
    disk.isFull = false
    store.append("next\n".utf8)
    #expect(store.lineCount == 2)
    #expect(store.line(0) == Array("0123456789abcdef".utf8))
    #expect(store.line(1) == Array("next".utf8))
    #expect(store.problem == "1 line is not kept: Bad file descriptor")
  }

  // MARK: - Saving

  @Test("a log is saved byte by byte, while it goes on")
  func save() throws {
    let store = smallStore()
    let text = (0..<500).map { "\u{1B}[31mline\u{1B}[0m \($0)\r\n" }.joined() + "unfinished"
    store.append(text.utf8)
    let snapshot = store.snapshot()
    store.append("more\n".utf8)
    #expect(snapshot.byteCount == text.utf8.count)
    #expect(try saved(snapshot) == text)
    #expect(try saved(store.snapshot()) == text + "more\n")
    #expect(try saved(LogStore().snapshot()) == "")
  }

  @Test("a log can be saved from another thread after it is gone")
  func saveElsewhere() async throws {
    let snapshot = smallStore(String(repeating: "line\n", count: 100)).snapshot()
    let text = try await Task.detached { try saved(snapshot) }.value
    #expect(text == String(repeating: "line\n", count: 100))
  }

  @Test("a saved log tells where something is missing")
  func saveWithGap() throws {
    let store = smallStore { LogSpill(descriptor: open("/dev/full", O_RDWR)) }
    for number in 10..<26 { store.append("line \(number)\n".utf8) }
    let rest = (18..<26).map { "line \($0)\n" }.joined()
    #expect(try saved(store.snapshot()) == "\n[… 8 lines are not kept …]\n" + rest)
  }

  @Test("that a log cannot be saved is reported")
  func saveFails() {
    let snapshot = smallStore("line\n").snapshot()
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }
    #expect(throws: LogSnapshot.Failure(code: ENOSPC)) { try snapshot.write(to: full) }
    #expect(LogSnapshot.Failure(code: ENOSPC).description == "No space left on device")
  }
}

private func saved(_ snapshot: LogSnapshot) throws -> String {
  let path = "/tmp/nix-builders-test-\(UInt64.random(in: 0 ... .max))"
  let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
  unlink(path)
  defer { close(descriptor) }
  try snapshot.write(to: descriptor)
  let size = Int(lseek(descriptor, 0, SEEK_END))
  var bytes = [UInt8](repeating: 0, count: size)
  try #require(pread(descriptor, &bytes, size, 0) == size)
  return String(decoding: bytes, as: UTF8.self)
}
