import Glibc
import Testing

@testable import Checks
@testable import Nix

@Suite("Nix's daemon on this machine", .timeLimit(.minutes(1)))
struct LocalDaemonTests {
  @Test("one that listens and accepts nobody holds up nobody")
  func silent() async {
    await #expect(processExitsWith: .success) {
      let path = "/tmp/nix-builders-daemon-\(getpid())"
      defer { unlink(path) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      func with(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
          }
        }
      }
      setenv("NIX_DAEMON_SOCKET_PATH", path, 1)
      #expect(!LocalDaemon.answers)
      let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      #expect(with { bind(listener, $0, $1) } == 0)
      #expect(listen(listener, 0) == 0)
      // As many as wait before it is full.
      let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
      while with({ connect(socket(AF_UNIX, kind, 0), $0, $1) }) == 0 {}
      #expect(errno == EAGAIN)
      #expect(LocalDaemon.answers)
    }
  }
}
