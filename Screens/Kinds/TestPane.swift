import Checks
import Interface
import Terminal

/// A run of checks and its log, which goes on when the checks are run again.
struct TestPane {
  /// The run; `nil` before the first one.
  private(set) var run: CheckRun?
  /// The log; `nil` as long as nobody has printed anything or looked.
  private(set) var log: LogPane?
  private var feed: LogFeed?

  /// Takes up a run in the place of the one before.
  mutating func begin(_ run: CheckRun) { self.run = run }

  /// Makes the log, if there is none yet.
  mutating func openLog(_ store: @autoclosure () -> LogStore) {
    guard feed == nil else { return }
    let store = store()
    feed = LogFeed(into: store)
    log = LogPane(store: store)
  }

  /// Takes a message.
  ///
  /// - Parameter store: makes the place of the log when there is something to be put into it.
  /// - Returns: whether it belongs to the run.
  mutating func receive(
    _ message: Message, _ session: inout Session, store: @autoclosure () -> LogStore
  ) -> Bool {
    guard let id = run?.id, run?.receive(message, &session) == true else { return false }
    switch message {
    case .check(id, .started): break
    // What was never tried needs no log.
    case .check(id, .finished(let result)) where log == nil && result.outcome == .skipped: break
    case .check(id, let event):
      openLog(store())
      feed?.take(event)
    case .ended: feed?.end()
    default: break
    }
    return true
  }

  /// What ends the run; `nil` when none goes on.
  func cancel() -> [Effect]? {
    guard let run, run.isRunning else { return nil }
    return [.cancelRun(run.id)]
  }

  /// Whether text is typed into a prompt of the log.
  var isPrompting: Bool { log?.isPrompting == true }
  /// Whether something moves.
  var isBusy: Bool { run?.isRunning == true || log?.wantsTick == true }
  /// The keys of the log.
  var bindings: [Binding<LogPane.Action>] { log?.bindings ?? [] }
  /// How one moves in the log.
  var hints: [KeyBinding] { log?.hints ?? [] }

  /// Lets the log perform an action.
  mutating func perform(_ action: LogPane.Action, in parts: LogSplit) -> Reaction {
    log?.react(to: action, in: parts.log) ?? .none
  }

  /// Lets the log take an input.
  ///
  /// - Returns: what is to happen next; `nil` when the log has no use for the input.
  mutating func handle(_ input: Input, in parts: LogSplit) -> Reaction? {
    log?.react(to: input, in: parts.log)
  }
}

// MARK: - Drawing

extension TestPane {
  /// Where checks and log are drawn.
  func split(_ area: Area, lowerRows: Int) -> LogSplit {
    LogSplit(
      area, columns: min(34, max(24, area.columns / 4)), rows: run?.names.count ?? 0,
      lowerRows: lowerRows)
  }

  /// Draws checks and log, and the rule below them.
  ///
  /// - Returns: what is left of the lower part.
  func draw(on canvas: inout Canvas, in parts: LogSplit, _ session: Session) -> Area {
    parts.draw(run?.rows(now: session.now) ?? [], log, on: &canvas, frame: session.frame)
  }

  /// Draws the last lines of the log.
  func drawTail(on canvas: inout Canvas, in area: Area) {
    if let feed { LogPane(store: feed.store).draw(on: &canvas, in: area) }
  }
}
