import Builders
import Checks
import Features
import Interface
import Processes
import SSH

/// One attempt to log in as an administrator: ssh on a terminal of its own, and what it prints.
struct LoginAttempt {
  /// The login that is tried.
  let login: AdministratorLogin
  /// Its number among the runs of the session, and of the connection that it opens.
  let run: Int
  /// Where everything that is printed goes.
  let store = LogStore()
  /// What ssh waits for.
  private(set) var question: TerminalCommand.Question?
  private(set) var isRunning = true
  /// Why it failed; `nil` when it did not.
  private(set) var failure: String?
  private let began: Double
  private(set) var seconds: Double?
  private var printed: [UInt8] = []

  /// Begins one.
  ///
  /// - Returns: the attempt, and the effect that makes it.
  static func begin(
    _ login: AdministratorLogin, _ session: inout Session
  ) -> (LoginAttempt, Effect) {
    let run = session.newRun()
    let command = ApplyCommand(login: login)
    let attempt = LoginAttempt(login: login, run: run, began: session.now)
    attempt.store.append(Array("\u{1B}[1m$ \(command.text)\u{1B}[0m\n".utf8))
    return (attempt, .runInTerminal(run: run, command, connection: run))
  }

  private init(login: AdministratorLogin, run: Int, began: Double) {
    self.login = login
    self.run = run
    self.began = began
  }

  /// What happened, as far as somebody has to do something about it.
  enum News { case asked, opened, failed }

  mutating func receive(_ message: Message, now: Double) -> News? {
    switch message {
    case .terminal(run, .printed(let bytes)):
      store.append(bytes)
      // The cause is in the end of it.
      printed = Array((printed + bytes).suffix(16 * 1024))
      return nil
    case .terminal(run, .asks(let question)) where isRunning:
      self.question = question
      return .asked
    case .terminal(run, .ready) where isRunning:
      isRunning = false
      question = nil
      seconds = now - began
      return .opened
    case .terminalEnded(run, let result) where isRunning:
      isRunning = false
      question = nil
      seconds = now - began
      failure =
        switch result.ending {
        case .cancelled: "cancelled"
        case .missing: "ssh is not installed here"
        case .notStarted(let reason): reason
        default: "ssh could not log in"
        }
      return .failed
    default: return nil
    }
  }

  mutating func answer(_ line: String) -> Effect {
    question = nil
    return .type(run: run, TypedLine(line))
  }

  /// Why it failed and what to do.
  func diagnosis(_ builder: Builder) -> Diagnosis? {
    login.diagnosis(of: String(decoding: printed, as: UTF8.self), to: builder)
  }

  func row(now: Double) -> CheckRow {
    let mark: Mark =
      isRunning ? (question == nil ? .running : .undecided) : failure == nil ? .passed : .failed
    return CheckRow(title: "log in", mark: mark, seconds: seconds ?? now - began)
  }
}
