import Glibc
import Interface
import Screens
import Terminal

/// Carries out what the log viewer wants done.
struct LogEffects: Sendable {
  let mailbox = Mailbox<LogViewer.Message>()
  let pipe: LogPipe
  /// Interrupts the commands that write the log.
  let interrupt: @Sendable () -> Void

  /// Lets the log come.
  func start() {
    pipe.start { [mailbox] piece in
      // The pipe itself sees to it that there are never many.
      switch piece {
      case .batch(let batch): mailbox.sendNow(.batch(batch))
      case .end(let problem): mailbox.sendNow(.ended(problem: problem))
      }
    }
  }

  /// Begins to carry out an effect.
  ///
  /// - Returns: what the terminal itself is to do.
  func perform(_ effect: LogViewer.Effect) -> [TerminalRequest] {
    switch effect {
    case .taken(let batch): pipe.take(back: batch)
    case .interrupt: interrupt()
    case .save(let path, let log):
      Task { [mailbox] in await mailbox.send(.saved(path: path, problem: log.save(to: path))) }
    case .copy(let text): return [.copy(text)]
    case .quit: return [.quit]
    }
    return []
  }

  /// Sends SIGINT to the process group, as the terminal would, but not to this process.
  @Sendable static func interruptOthers() {
    var ignored = sigaction()
    ignored.__sigaction_handler.sa_handler = SIG_IGN
    var before = sigaction()
    sigaction(SIGINT, &ignored, &before)
    kill(0, SIGINT)
    sigaction(SIGINT, &before, nil)
  }
}
