import CNamespaces
import Dispatch
import Glibc

/// A child that has the terminal while this program waits for it.
struct ForegroundProgram: Sendable {
  /// The child.
  let pid: pid_t

  /// Waits for its end.
  ///
  /// - Returns: its exit status as a shell tells it.
  func ended() async -> Int32 {
    await withCheckedContinuation { continuation in
      // Waiting takes a thread, which must not be one of those that tasks run on.
      DispatchQueue.global().async { continuation.resume(returning: wait()) }
    }
  }

  private func wait() -> Int32 {
    cnamespaces_forward_signals(pid)
    // Ctrl-Z is for the child; this program follows it below, so that both can go on together.
    let before = signal(SIGTSTP, SIG_IGN)
    defer {
      signal(SIGTSTP, before)
      cnamespaces_forward_signals(0)
    }
    var status: Int32 = 0
    while true {
      let id = waitpid(pid, &status, WUNTRACED)
      if id < 0, errno == EINTR { continue }
      if id < 0 { return 1 }
      // The macros of wait(2), which Swift does not see.
      let signal = status & 0x7f
      if status & 0xff == 0x7f {
        kill(getpid(), SIGSTOP)
        kill(pid, SIGCONT)
      } else if signal != 0 {
        return 128 + signal
      } else {
        return (status >> 8) & 0xff
      }
    }
  }
}
