import Base
import Glibc
import Testing

@Suite("Whole files", .timeLimit(.minutes(1)))
struct WholeFileTests {
  private let limit = FileLimit(bytes: 10_000)

  /// Runs a test in a folder of its own.
  private func inFolder(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/nix-builders-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer {
      for name in ["a", "b"] where unlink("\(folder)/\(name)") != 0 { rmdir("\(folder)/\(name)") }
      rmdir(folder)
    }
    try body(folder)
  }

  @discardableResult
  private func write(_ text: String, to path: String) -> Int {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o640)
    defer { close(descriptor) }
    return Glibc.write(descriptor, text, text.utf8.count)
  }

  private func fault(_ path: String, followsLink: Bool = true) -> FileFault? {
    do throws(FileFault) {
      _ = try WholeFile(path, atMost: limit, followsLink: followsLink)
      return nil
    } catch {
      return error
    }
  }

  @Test("a file of any length up to the limit is read as it is")
  func lengths() throws {
    try inFolder { folder in
      var text = ""
      for length in [0, 1, 4095, 4096, 4097, 9_999, 10_000] {
        write(String(repeating: "x", count: length - text.utf8.count), to: "\(folder)/a")
        text = String(repeating: "x", count: length)
        let file = try WholeFile("\(folder)/a", atMost: limit)
        #expect(file.text == text)
        #expect(file.status.st_mode & 0o777 == 0o640)
      }
      write("y", to: "\(folder)/a")
      #expect(fault("\(folder)/a") == .tooLong(limit))
    }
  }

  @Test("what /proc tells is read although it says that it is empty")
  func process() throws {
    let status = try WholeFile("/proc/self/status", atMost: .process)
    #expect(status.status.st_size == 0)
    #expect(status.text.hasPrefix("Name:\t"))
    // Longer than the first look, so it is read piece by piece.
    let symbols = try WholeFile("/proc/self/maps", atMost: .process)
    #expect(symbols.bytes.count > 4096)
    #expect(symbols.text.contains("[stack]"))
  }

  @Test("what is no file is neither opened nor waited for, and is named")
  func kinds() throws {
    try inFolder { folder in
      #expect(fault("\(folder)/a") == .failed(ENOENT))
      #expect(fault("\(folder)/a")?.isMissing == true)
      #expect(fault(folder) == .notFile(.folder))
      mkfifo("\(folder)/a", 0o600)
      #expect(fault("\(folder)/a") == .notFile(.pipe))
      #expect(fault("/dev/zero") == .notFile(.device))
      let null = try WholeFile("/dev/null", atMost: limit)
      #expect(null.bytes == [])
      symlink("/dev/zero", "\(folder)/b")
      #expect(fault("\(folder)/b") == .notFile(.device))
      #expect(fault("\(folder)/b", followsLink: false) == .notFile(.link))
      unlink("\(folder)/a")
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(folder)/a".utf8) }
      let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(socket) }
      let bound = withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      #expect(bound == 0)
      #expect(fault("\(folder)/a") == .notFile(.socket))
    }
    let words = [FileFault.notFile(.pipe), .tooLong(.key), .tooLong(.inventory), .failed(EACCES)]
    #expect(
      words.map(\.description) == [
        "It is a named pipe, not a file.",
        "It is longer than 64 kB, and no more is read of such a file.",
        "It is longer than 64 MB, and no more is read of such a file.", "Permission denied.",
      ])
  }

  @Test("of a file of three gigabytes nothing is read, and no memory is taken")
  func sparse() throws {
    try inFolder { folder in
      write("", to: "\(folder)/a")
      #expect(truncate("\(folder)/a", 3 << 30) == 0)
      let before = try resident()
      for limit in [FileLimit.key, .inventory] {
        #expect(throws: FileFault.tooLong(limit)) {
          try WholeFile("\(folder)/a", atMost: limit)
        }
        #expect(WholeFile.fault(at: "\(folder)/a", atMost: limit) == .tooLong(limit))
      }
      let taken = try resident() - before
      #expect(taken < 16 << 20)
    }
  }

  private func resident() throws -> Int {
    let pages = try WholeFile("/proc/self/statm", atMost: .process).text.split(separator: " ")[1]
    return try #require(Int(pages)) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  @Test("a file that grows while it is read is read up to the limit")
  func growing() throws {
    // The kernel makes this file as it is read, and says of it that it is empty: it is longer than
    // it was when it was looked at.
    let short = FileLimit(bytes: 8)
    #expect(throws: FileFault.tooLong(short)) {
      try WholeFile("/proc/self/status", atMost: short)
    }
  }

  @Test(
    "a pipe is read where one is meant, up to the limit, and is not waited for without a writer")
  func pipes() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let path = "/proc/self/fd/\(ends[0])"
    #expect(throws: FileFault.notFile(.pipe)) { try WholeFile(path, atMost: limit) }
    #expect(Glibc.write(ends[1], "through a pipe", 14) == 14)
    close(ends[1])
    let piped = try WholeFile(fileOrPipe: path, atMost: limit)
    #expect(piped.text == "through a pipe")
    close(ends[0])

    #expect(pipe(&ends) == 0)
    let many = [UInt8](repeating: 7, count: 10_001)
    #expect(Glibc.write(ends[1], many, many.count) == many.count)
    // Its other end stays open, as that of an endless one.
    #expect(throws: FileFault.tooLong(limit)) {
      try WholeFile.rest(of: ends[0], atMost: limit)
    }
    close(ends[0])
    close(ends[1])
    try inFolder { folder in
      mkfifo("\(folder)/a", 0o600)
      let pipe = try WholeFile(fileOrPipe: "\(folder)/a", atMost: limit)
      #expect(pipe.bytes == [])
    }
  }
}
