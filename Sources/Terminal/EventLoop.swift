import CTerm
import Glibc

/// What an effect can ask of the terminal.
public enum TerminalRequest: Equatable, Sendable {
  /// End the event loop.
  case quit
  /// Put text on the clipboard.
  case copy(String)
  /// Ring the bell.
  case ring
  /// Let the shell have the terminal, as Ctrl-Z does.
  case suspend
}

/// Runs an application on the terminal.
public enum EventLoop {
  /// Why the loop has ended.
  public enum Ending: Equatable, Sendable {
    /// The application wanted it.
    case quit
    /// A signal that ends programs came.
    case signal(Int32)
    /// The terminal has gone.
    case terminalLost
  }

  /// Runs an application until it quits, a signal ends it, or the terminal goes away.
  ///
  /// The application is told the window's size first and whenever it changes. Ctrl-Z suspends, and
  /// Ctrl-L also draws everything anew. Nothing happens while nothing happens: without input,
  /// messages or ticks the loop sleeps.
  ///
  /// The thread is blocked meanwhile. So this belongs on the main one, where no tasks wait for it.
  ///
  /// - Parameters:
  ///   - mailbox: what effects answer through; closed when the loop ends.
  ///   - perform: begins an effect, in a task where it takes time. It is `@Sendable` so that a
  ///     `Task` in it does not belong to the blocked main actor, where it would never run.
  @MainActor
  public static func run<A: Application>(
    _ application: inout A, on terminal: inout Terminal, mailbox: Mailbox<A.Message>,
    perform: @Sendable (A.Effect) -> [TerminalRequest]
  ) -> Ending {
    var session = Session(input: terminal.input, keys: terminal.keys)
    cterm_listen(true)
    defer {
      cterm_listen(false)
      mailbox.close()
    }
    session.deliver(
      application.receive(.resize(terminal.size), now: 0), on: &terminal, perform)
    while session.ending == nil {
      session.draw(application, on: &terminal)
      session.scheduleTick(application.tickInterval)
      session.wait(for: mailbox)
      if let ending = session.takeSignals(on: &terminal) { return ending }
      for input in session.inputs(on: &terminal) {
        session.deliver(application.receive(input, now: session.now), on: &terminal, perform)
        if session.ending != nil { break }
      }
      guard session.hasMessages else { continue }
      for message in mailbox.take(Session.messagesAtOnce) {
        if session.ending != nil { break }
        session.deliver(application.receive(message, now: session.now), on: &terminal, perform)
      }
    }
    return session.ending ?? .quit
  }
}
