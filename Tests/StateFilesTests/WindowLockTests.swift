import Glibc
import StateFiles
import Testing

@Suite("The lock of a window") struct WindowLockTests {
  @Test("tells a second window who has the first one")
  func second() {
    TemporaryState.with { state in
      guard case .held(let lock) = WindowLock.take(in: state.directory) else {
        Issue.record("the lock was not free")
        return
      }
      withExtendedLifetime(lock) {
        guard case .taken(let owner) = WindowLock.take(in: state.directory) else {
          Issue.record("two windows have the lock")
          return
        }
        #expect(owner?.process == getpid())
        #expect(owner?.user.isEmpty == false)
      }
    }
  }

  @Test("is free again when its window has gone")
  func free() {
    TemporaryState.with { state in
      do {
        guard case .held(let lock) = WindowLock.take(in: state.directory) else {
          Issue.record("the lock was not free")
          return
        }
        _ = lock
      }
      guard case .held = WindowLock.take(in: state.directory) else {
        Issue.record("the lock outlived its window")
        return
      }
    }
  }
}
