import Checks
import Interface
import Nix
import Terminal

/// `nix-builders log`: what is going on in a build, and its log.
public struct LogViewer: Application {
  /// What comes back from effects.
  public enum Message: Sendable {
    /// A piece of the log has come.
    case batch(NixLogBatch)
    /// The log has ended; not `nil` when it could not be read further.
    case ended(problem: String?)
    /// The log was saved, or why not.
    case saved(path: String, problem: String?)
  }

  /// What is to be done outside.
  public enum Effect: Sendable {
    /// A batch was taken: there is room for one more, and its memory can be used again.
    case taken(NixLogBatch)
    /// Interrupt the commands that write the log, as Ctrl-C does.
    case interrupt
    /// Save the log to a file.
    case save(path: String, log: LogSnapshot)
    /// Put a text on the clipboard.
    case copy(String)
    /// Leave the program.
    case quit
  }

  /// Where the log comes from.
  public struct Source: Sendable {
    /// The file's name; `nil` for standard input.
    public var name: String?
    /// Whether somebody writes it while it is read.
    public var isLive: Bool

    /// Creates a description.
    public init(name: String?, isLive: Bool) {
      self.name = name
      self.isLive = isLive
    }
  }

  /// The log.
  public private(set) var log: BuildLog
  /// Whether all of it has come.
  public var hasEnded: Bool { log.activities.ended != nil }
  /// Why it could not be read further.
  public private(set) var problem: String?

  private let source: Source
  private let quitsAtEnd: Bool
  private var pane: LogPane
  private var size = Size(columns: 80, rows: 24)
  private var now = 0.0
  /// The row whose lines the log shows.
  private var shown = LogTree.Node.all
  /// How many builds there were when the owners of these lines were looked up.
  private var knownBuilds = 0
  /// Whether keys are about the tree.
  private var isInTree = false
  private var hasInterrupted = false
  private var note = ""
  private var overlay: Overlay?
  private var clipboard = Clipboard()

  private enum Overlay {
    case help(HelpOverlay)
    case actions(Palette)
    case page(Page)
    case quit(Dialog)
  }

  /// What can be done here.
  private enum Action {
    case enterTree
    case enterLog
    case showAll
    case quit
    case interrupt
    case help
    case actions
    case log(LogPane.Action)
  }

  /// Whether the terminal is known to take texts for the clipboard.
  public var hasClipboard: Bool {
    get { clipboard.isThere }
    set { clipboard.isThere = newValue }
  }

  /// Starts with a log of which nothing has come yet.
  ///
  /// - Parameters:
  ///   - timeOfDay: at second 0 of the event loop, in seconds.
  ///   - quitsAtEnd: whether the program is to be left when the log ends.
  public init(source: Source, timeOfDay: Double = 0, quitsAtEnd: Bool = false) {
    self.source = source
    self.quitsAtEnd = quitsAtEnd
    log = BuildLog(isTimed: source.isLive, timeOfDay: timeOfDay)
    pane = LogPane(store: log.store)
  }

  /// How soon the next tick is wanted, in seconds.
  public var tickInterval: Double? {
    if pane.wantsTick { return 0 }
    let isMoving = !log.activities.running.isEmpty || !log.activities.transfers.isEmpty
    return isMoving && log.isTimed ? 1 : nil
  }

  // MARK: - What happens

  /// Takes what an effect has brought.
  public mutating func receive(_ message: Message, now: Double) -> [Effect] {
    self.now = now
    switch message {
    case .batch(let batch):
      log.take(batch, at: now)
      followNewBuilds()
      return [.taken(batch)]
    case .ended(let problem):
      log.end(at: now)
      self.problem = problem
      if case .quit? = overlay { overlay = nil }
      if quitsAtEnd { return [.quit] }
    case .saved(let path, let problem):
      note = LogPane.note(savedTo: path, problem: problem)
    }
    return []
  }

  /// A machine's lines are those of its builds, also of the ones that begin later.
  private mutating func followNewBuilds() {
    guard case .host = shown, log.activities.builds.count != knownBuilds else { return }
    show(shown)
  }

  private mutating func show(_ node: LogTree.Node) {
    shown = node
    knownBuilds = log.activities.builds.count
    let area = parts.log
    pane.show(
      linesOf: LogTree.owners(of: node, log.activities), rows: area.rows, columns: area.columns)
  }

  /// Takes what the person does.
  public mutating func receive(_ input: Input, now: Double) -> [Effect] {
    self.now = now
    if case .resize(let size) = input {
      self.size = size
      return []
    }
    if case .key = input { clipboard.noteKey() }
    if overlay != nil, input != .tick { return receiveOnOverlay(input) }
    guard case .key(let key) = input else { return perform(handleInLog(input)) }
    note = ""
    if let binding = keys.binding(of: key) {
      if let reason = binding.off {
        note = "\(binding.words): not now, \(reason)"
        return []
      }
      return perform(binding.action)
    }
    if isInTree, let motion = Motion(key) {
      move(motion)
      return []
    }
    return perform(handleInLog(input))
  }

  private mutating func perform(_ action: Action) -> [Effect] {
    switch action {
    case .enterTree: enterTree()
    case .enterLog: isInTree = false
    case .showAll:
      isInTree = false
      show(.all)
    case .quit: return askToQuit()
    case .interrupt: return interrupt()
    case .help: openHelp()
    case .actions: overlay = .actions(Palette(bindings))
    case .log(let action):
      let area = parts.log
      return perform(pane.perform(action, rows: area.rows, columns: area.columns))
    }
    return []
  }

  private mutating func handleInLog(_ input: Input) -> LogPane.Event? {
    let area = parts.log
    return pane.handle(input, rows: area.rows, columns: area.columns)
  }

  private mutating func perform(_ event: LogPane.Event?) -> [Effect] {
    switch event {
    case .save(let path)?: return [.save(path: path, log: log.store.snapshot())]
    case .copy(let text)?:
      switch clipboard.take(text) {
      case .notice(let notice): note = notice
      case .page(let page): overlay = .page(page)
      }
      return [.copy(text)]
    case .unused?, nil: return []
    }
  }

  // MARK: - The tree

  private mutating func enterTree() {
    isInTree = !tree(isFull: true).rows.isEmpty
  }

  private mutating func move(_ motion: Motion) {
    let rows = tree(isFull: true).rows
    let index = rows.firstIndex { $0.node == shown } ?? 0
    let page = max(1, parts.tree.rows - 1)
    switch motion {
    case .up: show(rows, index - 1)
    case .down: show(rows, index + 1)
    case .pageUp: show(rows, index - page)
    case .pageDown: show(rows, index + page)
    case .first: show(rows, 0)
    case .last: show(rows, rows.count - 1)
    }
  }

  private mutating func show(_ rows: [LogTree.Row], _ index: Int) {
    guard !rows.isEmpty else { return }
    show(rows[max(0, min(index, rows.count - 1))].node)
  }

  // MARK: - Leaving

  /// Ctrl-C ends the build first, as it would without this program, and otherwise leaves.
  private mutating func interrupt() -> [Effect] {
    if hasEnded || hasInterrupted || !source.isLive { return [.quit] }
    hasInterrupted = true
    log.noteInterrupt()
    note = "interrupted; once more to leave"
    return [.interrupt]
  }

  private mutating func askToQuit() -> [Effect] {
    if hasEnded || !source.isLive { return [.quit] }
    overlay = .quit(
      Dialog(
        title: "Leave?",
        text: "The log has not ended. The command that writes it is likely to be ended by this.",
        choices: ["Stay here", "Leave"], escape: 0))
    return []
  }

  private mutating func openHelp() {
    overlay = .help(
      HelpOverlay(
        title: "Help",
        text: "Above is what is going on: the machines, and below each its builds and what is "
          + "copied to it or from it. Below is the log, of everything or of the row that is "
          + "chosen with Tab and the arrows.",
        bindings: bindings))
  }

  private mutating func receiveOnOverlay(_ input: Input) -> [Effect] {
    switch overlay {
    case .help(var help): overlay = help.handle(input, size: size) ? nil : .help(help)
    case .actions(var palette):
      let answer = palette.handle(input)
      overlay = answer == nil ? .actions(palette) : nil
      if case .press(let key)? = answer { return receive(.key(key), now: now) }
    case .page(var page):
      overlay = page.handle(input, rows: size.rows - 2) ? nil : .page(page)
    case .quit(var dialog):
      if case .key(.control("c")) = input { return [.quit] }
      let answer = dialog.handle(input)
      overlay = answer == nil ? .quit(dialog) : nil
      if answer == 1 { return [.quit] }
    case nil: break
    }
    return []
  }

  // MARK: - Drawing

  private var keys: [Binding<Action>] {
    let log = pane.bindings.map { $0.map(Action.log) }
    let isOver = hasEnded || !source.isLive
    let interrupt = Binding(
      .interrupt, isOver ? "leave" : "interrupt", Action.interrupt, isShown: false)
    if pane.isPrompting { return log + [interrupt] }
    let tree: [Binding<Action>] =
      isInTree
      ? [
        Binding(.accept, "to the log", .enterLog),
        Binding(.nextPart, "to the log", .enterLog, isShown: false),
        Binding(.back, "the whole log", .showAll, isShown: false),
      ]
      : [
        Binding(
          .nextPart, "choose a build", .enterTree,
          off: self.log.activities.hosts.isEmpty ? "nothing is built" : nil)
      ]
    let whole = Binding(.back, "the whole log", Action.showAll)
    return tree + [Binding(.quit, "leave", .quit)] + log + (shown == .all ? [] : [whole]) + [
      Binding(.actions, "all that can be done here", .actions, isShown: false), interrupt,
      Binding(.help, "help", .help),
    ]
  }

  var bindings: [KeyBinding] {
    let entries = [KeyBinding](keys)
    let hints = isInTree ? Motion.hints("choose") : pane.hints
    return (isInTree ? hints : []) + entries.dropLast() + (isInTree ? [] : hints)
      + entries.suffix(1)
  }

  private var frame: Frame {
    var title = "nix-builders · log"
    if let name = source.name { title += " · \(name)" }
    if hasEnded { title += log.activities.isInterrupted ? " · interrupted" : " · ended" }
    let isTold = log.isTimed && !log.activities.builds.isEmpty
    let seconds = log.activities.ended ?? now
    return Frame(
      title: title, trailing: isTold ? Amounts.duration(seconds.rounded(.down)) : "",
      bindings: bindings)
  }

  private struct Parts {
    var tree: Area
    var rule: Area
    var log: Area
    /// Below the log: what it means.
    var meaning: Area
  }

  private var parts: Parts { split(frame.area(in: size)) }

  private func split(_ area: Area) -> Parts {
    var rest = area
    let limit = rowLimit(area)
    let rows = tree(isFull: isInTree, limit: limit).rows.count
    let tree = rest.takeTop(min(limit, rows))
    let rule = rest.takeTop(1)
    let lines = meaning(columns: area.columns - 2).count
    // The log itself keeps the larger part.
    let meaning = rest.takeBottom(lines == 0 ? 0 : min(lines + 1, rest.rows / 2))
    return Parts(tree: tree.inset(columns: 1), rule: rule, log: rest, meaning: meaning)
  }

  /// What a log that has ended in a failure means, and what to do.
  private func meaning(columns: Int) -> [StyledLine] {
    (log.diagnosis?.lines ?? []).wrapped(to: columns)
  }

  private func rowLimit(_ area: Area) -> Int {
    isInTree || hasEnded ? max(3, area.rows / 2 - 1) : max(3, min(area.rows / 3, 12))
  }

  private func tree(isFull: Bool, limit: Int = 0) -> LogTree {
    isFull ? LogTree(all: log, now: now) : LogTree(log, now: now, limit: limit)
  }

  /// Draws the whole window.
  public func draw(on canvas: inout Canvas) {
    let notice = SmallWindowNotice()
    if notice.isNeeded(in: canvas.size) { return notice.draw(on: &canvas) }
    let area = frame.draw(on: &canvas)
    let parts = split(area)
    drawTree(on: &canvas, in: parts.tree, limit: rowLimit(area))
    drawRule(on: &canvas, in: parts.rule, parts.log)
    pane.draw(on: &canvas, in: parts.log)
    drawMeaning(on: &canvas, in: parts.meaning)
    switch overlay {
    case .help(let help): help.draw(on: &canvas, in: canvas.area)
    case .actions(let palette): palette.draw(on: &canvas, in: canvas.area)
    case .page(let page): page.draw(on: &canvas)
    case .quit(let dialog): dialog.draw(on: &canvas, in: canvas.area)
    case nil: break
    }
  }

  private func drawTree(on canvas: inout Canvas, in area: Area, limit: Int) {
    var rows = tree(isFull: isInTree, limit: limit).rows[...]
    if rows.count > area.rows {
      let index = rows.firstIndex { $0.node == shown } ?? 0
      let first = max(0, min(index - area.rows / 2, rows.count - area.rows))
      rows = rows[first..<first + area.rows]
    }
    LogTree.draw(
      rows, shown: shown, focused: isInTree ? shown : nil, frame: Int(now), on: &canvas, in: area)
  }

  private func drawMeaning(on canvas: inout Canvas, in area: Area) {
    var rest = area
    canvas.fill(rest.takeTop(1).inset(columns: 1), with: "─", Theme.muted)
    let inside = rest.inset(columns: 1)
    Array(meaning(columns: inside.columns).prefix(inside.rows)).draw(on: &canvas, in: inside)
  }

  /// What of the log is shown, and where in it one is.
  private func drawRule(on canvas: inout Canvas, in area: Area, _ log: Area) {
    canvas.fill(area.inset(columns: 1), with: "─", Theme.muted)
    let status = pane.status(rows: log.rows, columns: log.columns)
    let width = TextWidth.columns(of: status) + 2
    let column = max(1, area.endColumn - width - 4)
    canvas.write(
      " \(status) ", at: Position(column: column, row: area.row), Theme.muted,
      limit: area.columns - column)
    let label = label
    guard !label.isEmpty, column > 8 else { return }
    canvas.write(
      " \(TextWidth.fitted(label, to: column - 6)) ", at: Position(column: 3, row: area.row),
      note.isEmpty ? Theme.selection : Theme.warning)
  }

  private var label: String {
    if !note.isEmpty { return note }
    if let problem { return "✗ \(problem)" }
    switch shown {
    case .all, .transfer: return ""
    case .host(let place): return log.activities.hosts[place].name
    case .build(let place):
      let build = log.activities.builds[place]
      return "\(build.name) on \(log.activities.hosts[build.host].name)"
    }
  }
}
