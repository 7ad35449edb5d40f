import Base
import Glibc
import Testing

@Suite("File locks", .timeLimit(.minutes(1)))
struct FileLockTests {
  @Test("a lock that is held is not waited for without a limit, and its holder is named")
  func held() throws {
    let path = "/tmp/nix-builders-lock-\(getpid())"
    defer { unlink(path) }
    do {
      let lock = try FileLock(path, within: .zero)
      #expect(throws: FileLock.Failure.held(by: "process \(getpid())")) {
        try FileLock(path, within: .milliseconds(50))
      }
      withExtendedLifetime(lock) {}
    }
    // A child of another test may have it a moment longer, until it is another program.
    _ = try FileLock(path, within: .seconds(30))
    #expect(
      FileLock.Failure.held(by: "process 7").description
        == "process 7 holds the lock and does not let go of it.")
    #expect(throws: FileLock.Failure.failed(ENOENT)) {
      try FileLock("/nowhere/lock", within: .zero)
    }
  }

  @Test("a lock that is let go of meanwhile is taken")
  func released() async throws {
    let path = "/tmp/nix-builders-lock-later-\(getpid())"
    defer { unlink(path) }
    var lock: FileLock? = try FileLock(path, within: .zero)
    let waiting = BlockingWork("test")
    async let taken = waiting.run { (try? FileLock(path, within: .seconds(30))) != nil }
    lock = nil
    #expect(lock == nil)
    #expect(await taken)
  }
}
