import Glibc
import Testing

@testable import Checks

/// A listener on loopback that says something to whoever connects, and may hang up.
final class Listener: Sendable {
  private let descriptor: Int32
  let port: Int

  init(says words: String?, hangsUp: Bool = false) throws {
    let listening = socket(
      AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    descriptor = listening
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        try #require(bind(listening, $0, size) == 0)
        try #require(listen(listening, 4) == 0)
        try #require(getsockname(listening, $0, &size) == 0)
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    guard words != nil || hangsUp else { return }
    let bytes = Array((words ?? "").utf8)
    // Without blocking: the tests share few threads.
    Task.detached {
      var connection: Int32 = -1
      while connection < 0 {
        connection = accept(listening, nil, nil)
        if connection < 0, errno != EAGAIN { return }
        try? await Task.sleep(for: .milliseconds(1))
      }
      _ = fcntl(connection, F_SETFL, O_NONBLOCK)
      _ = bytes.withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
      var byte: UInt8 = 0
      while !hangsUp, read(connection, &byte, 1) != 0 {
        try? await Task.sleep(for: .milliseconds(1))
      }
      close(connection)
    }
  }

  deinit { close(descriptor) }

  func greeting(within limit: Duration = .seconds(30)) async -> Greeting {
    await Greeting.read(from: "127.0.0.1", port: port, within: limit)
  }
}

@Suite struct GreetingTests {
  @Test("an ssh server tells its software, also after other lines")
  func ssh() async throws {
    let debian = try Listener(says: "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n")
    #expect(await debian.greeting() == .ssh("OpenSSH 9.2"))
    let banner = try Listener(says: "Authorized use only\r\nSSH-2.0-dropbear_2022.83\r\n")
    #expect(await banner.greeting() == .ssh("dropbear_2022.83"))
  }

  @Test("one that hangs up has turned the address away")
  func turnedAway() async throws {
    let silent = try Listener(says: nil, hangsUp: true)
    #expect(await silent.greeting() == .turnedAway(""))
    let penalty = try Listener(says: "Not allowed at this time\r\n", hangsUp: true)
    #expect(await penalty.greeting() == .turnedAway("Not allowed at this time"))
    let crowd = try Listener(says: "Exceeded MaxStartups\r\n", hangsUp: true)
    #expect(await crowd.greeting() == .turnedAway("Exceeded MaxStartups"))
  }

  @Test("another program is told by what it says")
  func other() async throws {
    let mail = try Listener(says: "220 mail ESMTP\r\n", hangsUp: true)
    #expect(await mail.greeting() == .other("220 mail ESMTP"))
    let waiting = try Listener(says: "220 mail ESMTP\r\n")
    #expect(await waiting.greeting(within: .milliseconds(300)) == .other("220 mail ESMTP"))
  }

  @Test("a listener that never says a word is silent")
  func silent() async throws {
    let listener = try Listener(says: nil)
    #expect(await listener.greeting(within: .milliseconds(100)) == .silent)
  }

  @Test("a closed port refuses")
  func refused() async throws {
    // A port that was free a moment ago.
    let port = try Listener(says: nil).port
    #expect(
      await Greeting.read(from: "127.0.0.1", port: port, within: .seconds(30)) == .refused)
  }

  @Test("cancelling ends the wait")
  func cancel() async throws {
    let listener = try Listener(says: nil)
    let task = Task { await listener.greeting(within: .seconds(600)) }
    task.cancel()
    let greeting = await task.value
    #expect(greeting == .silent || greeting == .noAnswer)
  }
}
