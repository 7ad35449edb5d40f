import CNamespaces
import Dispatch
import Glibc

/// A program that has the terminal while this one waits for it.
enum ForegroundProgram {
  /// Runs a program to its end.
  ///
  /// - Returns: its exit status as a shell tells it.
  static func run(_ program: Program) async throws(PracticeError) -> Int32 {
    cnamespaces_hold_signals()
    // Ctrl-Z is for that program; this one follows it below, so that both can go on together.
    let before = signal(SIGTSTP, SIG_IGN)
    defer {
      signal(SIGTSTP, before)
      cnamespaces_release_signals()
    }
    var modes = termios()
    let hasTerminal = tcgetattr(STDIN_FILENO, &modes) == 0
    let pid = try program.start()
    cnamespaces_forward_signals(pid)
    let status = await withCheckedContinuation { continuation in
      // Waiting takes a thread, which must not be one of those that tasks run on.
      DispatchQueue.global().async { continuation.resume(returning: wait(for: pid)) }
    }
    if hasTerminal, status > 128 {
      // A program that was killed had no time to restore the terminal. If the shell has taken it
      // back already, a change must not stop this program.
      let before = signal(SIGTTOU, SIG_IGN)
      tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
      signal(SIGTTOU, before)
    }
    return status
  }

  private static func wait(for pid: pid_t) -> Int32 {
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
