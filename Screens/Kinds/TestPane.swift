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
  var bindings: [KeyBinding] { log?.bindings ?? [] }

  /// Lets the log take an input.
  ///
  /// - Returns: what is to happen next; `nil` when the log has no use for the input.
  mutating func handle(_ input: Input, in parts: Parts) -> Reaction? {
    let isAsking = isPrompting
    guard
      let event = log?.handle(input, rows: parts.log.rows, columns: parts.log.columns)
    else { return log == nil ? nil : Reaction.none }
    switch event {
    case .copy(let text): return .effects([.copy(text)])
    case .save(let path):
      return feed.map { .effects([.save(path: path, log: $0.store.snapshot())]) } ?? Reaction.none
    case .unused: return isAsking ? Reaction.none : nil
    }
  }
}

// MARK: - Drawing

extension TestPane {
  /// Where what is drawn.
  struct Parts {
    var checks: Area
    var rule: Area?
    var log: Area
    var lower: Area
  }

  /// Checks and log side by side where there is room, else one above the other.
  func split(_ area: Area, lowerRows: Int) -> Parts {
    var rest = area
    let lower = rest.takeBottom(lowerRows)
    if area.columns >= 70 {
      let checks = rest.takeLeft(min(34, max(24, area.columns / 4)))
      return Parts(checks: checks, rule: rest.takeLeft(2), log: rest, lower: lower)
    }
    let checks = rest.takeTop(min(run?.names.count ?? 0, rest.rows / 3))
    return Parts(checks: checks, rule: nil, log: rest, lower: lower)
  }

  /// Draws checks and log, and the rule below them.
  ///
  /// - Returns: what is left of the lower part.
  func draw(on canvas: inout Canvas, in parts: Parts, _ session: Session) -> Area {
    if let run {
      var list = CheckList(rows: run.rows(now: session.now))
      if let index = list.rows.lastIndex(where: { $0.mark != .waiting }) { list.selected = index }
      list.isNarrow = true
      list.draw(on: &canvas, in: parts.checks.inset(columns: 1), frame: session.frame)
    }
    if let rule = parts.rule { canvas.drawRule(in: rule) }
    log?.draw(on: &canvas, in: parts.log)
    var lower = parts.lower
    let status = log?.status(rows: parts.log.rows, columns: parts.log.columns)
    canvas.drawRule(in: lower.takeTop(1), text: status ?? "")
    return lower
  }

  /// Draws the last lines of the log.
  func drawTail(on canvas: inout Canvas, in area: Area) {
    if let feed { LogPane(store: feed.store).draw(on: &canvas, in: area) }
  }
}

extension Canvas {
  /// Draws a line from the upper to the lower end of an area, at its left edge.
  mutating func drawRule(in area: Area) {
    for row in area.row..<area.endRow {
      write("│", at: Position(column: area.column, row: row), Theme.muted)
    }
  }

  /// Draws a line from the left to the right of a row, with a text at its end.
  mutating func drawRule(in row: Area, text: String) {
    fill(row.inset(columns: 1), with: "─", Theme.muted)
    if text.isEmpty { return }
    let width = TextWidth.columns(of: text) + 2
    write(
      " \(text) ", at: Position(column: max(1, row.endColumn - width - 4), row: row.row),
      Theme.muted)
  }
}
