import Builders
import Checks
import Interface
import Terminal

/// The tests of several builders side by side, one pane each. It lies on top of the builder list,
/// whose tests these are, and they go on when it is left.
struct TestAllScreen {
  /// The places in the inventory of those that have a pane.
  private let places: [Int]
  private var focus: Int
  /// Whether the pane with the focus has the whole screen.
  private var isOpen = false
  private var note = ""

  /// What can be done here.
  enum Action {
    case openLog
    case closeLog
    case leave
    case cancel
    case cancelAll
    case copy
    case test
    case testAll
    case build
    case buildAll
    case again
    case onlyFailed
    case nextFailure
    case previousFailure
    case log(LogPane.Action)
  }

  /// What becomes of the screen after an input.
  enum Step {
    case stay(Reaction)
    /// The list is shown again, with the builder at this place selected.
    case leave(Int?)
  }

  private static let targetName = "test pane"

  init(_ places: [Int], focus place: Int?) {
    self.places = places
    focus = place.flatMap { places.firstIndex(of: $0) } ?? 0
  }

  func title(_ runs: ListRuns, _ session: Session) -> String {
    guard isOpen, let alias = builder(session)?.alias else { return "nix-builders · tests" }
    return "\(alias) · test" + (runs.last(alias)?.source.map { " · \($0.words)" } ?? "")
  }

  static let help = """
    The tests of the builders that the list shows, those that are off left out. A test that Nix \
    gives up on, or that is cancelled, holds up none of the others. Enter shows the whole log of one \
    of them. Tests go on when you are back in the list.
    """

  func keys(_ runs: ListRuns, _ session: Session) -> [Binding<Action>] {
    let pane = builder(session).flatMap { runs.pane($0.alias) }
    if isOpen, let pane, pane.isPrompting { return pane.bindings.map { $0.map(Action.log) } }
    let isRunning = pane?.run?.isRunning == true
    let cancel = Binding(
      .cancel, isOpen ? "cancel" : "cancel this one", Action.cancel,
      off: isRunning ? nil : "it does not run")
    let again = Binding(
      .again, isOpen ? "again" : "this one again", Action.again, isShown: isOpen,
      off: isRunning ? "it runs" : nil)
    let copy = Binding(.copy, "copy", Action.copy)
    let copies = pane?.run?.concern?.diagnosis?.command == nil ? [] : [copy]
    return isOpen
      ? openKeys(pane, [cancel, again], copies) : gridKeys(runs, [cancel, again], copies)
  }

  private func openKeys(
    _ pane: TestPane?, _ first: [Binding<Action>], _ copies: [Binding<Action>]
  ) -> [Binding<Action>] {
    let failed = Binding(
      .onlyFailed, "only what failed", Action.onlyFailed,
      off: pane?.run?.leftOver.isEmpty == false ? nil : "there is nothing that passed beside it")
    let log = pane?.bindings ?? []
    let close = [
      Binding(.back, "all panes", Action.closeLog),
      Binding(.accept, "all panes", Action.closeLog, isShown: false),
    ]
    // Esc takes back a search first.
    let isFound = log.binding(of: .escape) != nil
    return first + (isFound ? [] : close) + [failed] + copies + log.map { $0.map(Action.log) }
      + close
  }

  private func gridKeys(
    _ runs: ListRuns, _ first: [Binding<Action>], _ copies: [Binding<Action>]
  ) -> [Binding<Action>] {
    let all = Binding(
      .cancelAll, "cancel all", Action.cancelAll, off: runs.isBusy ? nil : "nothing runs")
    let failed = Binding(
      .onlyFailed, "failed again", Action.onlyFailed, off: runs.hasFailures ? nil : "none failed")
    return [Binding(.accept, "log", .openLog), Binding(.back, "list", .leave)] + [first[0], all]
      + copies + [
        failed, Binding(.testAll, "test all", .testAll),
        Binding(.buildAll, "build on all", .buildAll), first[1],
        Binding(.test, "test this one", .test, isShown: false),
        Binding(.build, "build on this one", .build, isShown: false),
        Binding(.nextFailure, "next that failed", .nextFailure),
        Binding(.previousFailure, "previous that failed", .previousFailure, isShown: false),
      ]
  }

  func hints(_ runs: ListRuns, _ session: Session) -> [KeyBinding] {
    if isOpen { return builder(session).flatMap { runs.pane($0.alias) }?.hints ?? [] }
    return [
      KeyBinding("Tab ← → ↑ ↓", "another one", isShown: false),
      KeyBinding("PgUp PgDn Home End", "further ones", isShown: false),
    ]
  }

  /// Whether letters are text now.
  func isTyping(_ runs: ListRuns, _ session: Session) -> Bool {
    isOpen && builder(session).flatMap { runs.pane($0.alias) }?.isPrompting == true
  }

  /// Whether something moves besides the tests.
  func isBusy(_ runs: ListRuns, _ session: Session) -> Bool {
    isOpen && builder(session).flatMap { runs.pane($0.alias) }?.isBusy == true
  }

  /// Takes what an effect has brought.
  mutating func receive(_ message: Message) {
    guard case .saved(let path, let problem) = message else { return }
    note = LogPane.note(savedTo: path, problem: problem)
  }

  /// The builder of the pane with the focus.
  private func builder(_ session: Session) -> Builder? { builder(at: focus, session) }

  private func builder(at index: Int, _ session: Session) -> Builder? {
    guard places.indices.contains(index) else { return nil }
    let builders = session.inventory.builders
    return builders.indices.contains(places[index]) ? builders[places[index]] : nil
  }

  private func builders(_ session: Session) -> [Builder] {
    places.indices.compactMap { builder(at: $0, session) }
  }

  // MARK: - Input

  mutating func perform(
    _ action: Action, in area: Area, _ runs: inout ListRuns, _ session: inout Session
  ) -> Step {
    note = ""
    guard let builder = builder(session) else { return .leave(nil) }
    switch action {
    case .leave: return .leave(places[focus])
    case .openLog: openLog(of: builder, &runs)
    case .closeLog: isOpen = false
    case .cancel: return .stay(.effects(runs.pane(builder.alias)?.cancel() ?? []))
    case .cancelAll: return .stay(.effects(runs.cancel() ?? []))
    case .copy:
      let command = runs.last(builder.alias)?.concern?.diagnosis?.command
      return .stay(command.map { .effects([.copy($0)]) } ?? .none)
    case .test: return .stay(.effects(runs.begin([builder], &session)))
    case .testAll: return .stay(.effects(runs.begin(builders(session), &session)))
    case .build: return .stay(.effects(runs.begin([builder], testing: [.builds], &session)))
    case .buildAll:
      return .stay(.effects(runs.begin(builders(session), testing: [.builds], &session)))
    case .again: return .stay(.effects(runs.repeatTest(of: builder, &session)))
    case .onlyFailed:
      let wanted = isOpen ? [builder] : builders(session)
      return .stay(.effects(runs.repeatFailed(of: wanted, &session)))
    case .nextFailure: go(toFailureIn: Array(focus + 1..<places.count), runs, session)
    case .previousFailure: go(toFailureIn: (0..<focus).reversed(), runs, session)
    case .log(let action):
      guard let pane = runs.pane(builder.alias) else { break }
      return .stay(runs.perform(action, builder.alias, in: openParts(pane, area)))
    }
    return .stay(.none)
  }

  /// Takes what no key of the table is.
  mutating func take(
    _ input: Input, in area: Area, _ runs: inout ListRuns, _ session: Session
  ) -> Step {
    if input != .tick { note = "" }
    guard let builder = builder(session) else { return .leave(nil) }
    if isOpen {
      guard let pane = runs.pane(builder.alias) else { return .stay(.ignored) }
      return .stay(runs.handle(input, builder.alias, in: openParts(pane, area)) ?? .ignored)
    }
    switch input {
    case .press(let target) where target.name == Self.targetName:
      if target.index == focus { openLog(of: builder, &runs) } else { go(to: target.index) }
    case .wheel(let lines, let target) where target.name == Self.targetName:
      go(to: focus + lines.signum() * grid(area).columns)
    default:
      guard let index = index(after: input, grid(area)) else { return .stay(.ignored) }
      go(to: index)
    }
    return .stay(.none)
  }

  private mutating func openLog(of builder: Builder, _ runs: inout ListRuns) {
    runs.openLog(builder.alias)
    isOpen = true
  }

  /// The pane that a key goes to; `nil` for other keys.
  private func index(after input: Input, _ grid: PaneGrid) -> Int? {
    switch input {
    case .key(.right): focus + 1
    case .key(.left): focus - 1
    // Round and round, as from field to field.
    case .key(.tab): (focus + 1) % places.count
    case .key(.backTab): (focus + places.count - 1) % places.count
    case .key(.down): focus + grid.columns < places.count ? focus + grid.columns : focus
    case .key(.up): focus >= grid.columns ? focus - grid.columns : focus
    case .key(.pageDown): focus + grid.page
    case .key(.pageUp): focus - grid.page
    case .key(.home): 0
    case .key(.end): places.count - 1
    default: nil
    }
  }

  private mutating func go(to index: Int) { focus = max(0, min(index, places.count - 1)) }

  private mutating func go(toFailureIn indices: [Int], _ runs: ListRuns, _ session: Session) {
    let found = indices.first { index in
      builder(at: index, session).flatMap { runs.last($0.alias) }?.explanation != nil
    }
    if let found { focus = found } else { note = "No other test failed on that side." }
  }

  // MARK: - Drawing

  /// What is said of the pane with the focus has its place also when there is nothing to say.
  private func lowerRows(_ area: Area) -> Int { area.rows >= 20 ? 7 : area.rows >= 14 ? 5 : 4 }

  private func grid(_ area: Area) -> PaneGrid {
    var rest = area
    _ = rest.takeBottom(lowerRows(area))
    return PaneGrid(places.count, in: rest)
  }

  private func openParts(_ pane: TestPane, _ area: Area) -> LogSplit {
    pane.split(area, lowerRows: openLower(pane, area).count + 1)
  }

  private func openLower(_ pane: TestPane, _ area: Area) -> [StyledLine] {
    let lines =
      note.isEmpty
      ? (pane.run?.explanation ?? []) + (pane.run?.warnings ?? []) : [StyledLine(note)]
    return Array(lines.wrapped(to: area.columns - 4).prefix(7))
  }

  func draw(on canvas: inout Canvas, in area: Area, _ runs: ListRuns, _ session: Session) {
    if isOpen, let alias = builder(session)?.alias, let pane = runs.pane(alias) {
      let lines = openLower(pane, area)
      let lower = pane.draw(
        on: &canvas, in: pane.split(area, lowerRows: lines.count + 1), session)
      return lines.draw(on: &canvas, in: lower.inset(columns: 2))
    }
    let grid = grid(area)
    let shown = grid.shown(focus)
    for index in shown {
      guard let builder = builder(at: index, session) else { continue }
      var place = grid.area(of: index, first: shown.lowerBound)
      canvas.mark(place, as: Target(Self.targetName, index))
      if grid.rows > 1 { _ = place.takeBottom(1) }
      if (index - shown.lowerBound + 1) % grid.columns != 0 {
        canvas.drawRule(in: place.takeRight(2))
      }
      draw(builder, isFocused: index == focus, on: &canvas, in: place, runs, session)
    }
    var lower = area
    lower = lower.takeBottom(lowerRows(area))
    canvas.drawRule(in: lower.takeTop(1), text: place(shown))
    lower = lower.inset(columns: 2)
    lowerLines(lower, runs, session).draw(on: &canvas, in: lower)
  }

  /// Which panes are in sight, where not all are.
  private func place(_ shown: Range<Int>) -> String {
    if shown.count == places.count { return "" }
    let first = "\(shown.lowerBound + 1)"
    return (shown.count == 1 ? first : "\(first)–\(shown.upperBound)") + " of \(places.count)"
  }

  /// One pane: how the builder's test stands, and the last of what was printed.
  private func draw(
    _ builder: Builder, isFocused: Bool, on canvas: inout Canvas, in area: Area, _ runs: ListRuns,
    _ session: Session
  ) {
    var rest = area
    var head = rest.takeTop(1)
    let focusMark = head.takeLeft(3)
    if isFocused { canvas.write(" ▸", at: focusMark.origin, Theme.accent, limit: 2) }
    let pane = runs.pane(builder.alias)
    let run = pane?.run
    if let run, run.hasBegun {
      let text = run.elapsed(now: session.now).seconds
      _ = head.takeRight(1)
      let seconds = head.takeRight(TextWidth.columns(of: text))
      canvas.write(text, at: seconds.origin, Theme.muted, limit: seconds.columns)
      _ = head.takeRight(1)
    }
    let mark = run?.mark ?? .waiting
    canvas.write(mark.sign(frame: session.frame), at: head.origin, mark.style, limit: 1)
    _ = head.takeLeft(2)
    canvas.write(
      TextWidth.fitted(builder.alias, to: head.columns), at: head.origin,
      isFocused ? Theme.selection : Theme.strong, limit: head.columns)
    _ = rest.takeLeft(5)
    let line = rest.takeTop(1)
    let isTrouble = run.map { [.failed, .gaveUp].contains($0.standing) } ?? false
    canvas.write(
      TextWidth.fitted(run?.summary ?? "not tested yet", to: line.columns - 1), at: line.origin,
      isTrouble ? mark.style : Theme.muted, limit: line.columns)
    rest = area
    _ = rest.takeTop(2)
    _ = rest.takeLeft(3)
    pane?.drawTail(on: &canvas, in: rest)
  }

  /// What is known of the pane with the focus, as far as there is room: what to do matters more than
  /// why, and why more than where to read about it.
  private func lowerLines(
    _ area: Area, _ runs: ListRuns, _ session: Session
  ) -> [StyledLine] {
    if !note.isEmpty { return [StyledLine(note)] }
    guard let run = builder(session).flatMap({ runs.last($0.alias) }) else {
      let hint = runs.isEmpty ? "T tests all of them, B builds on all of them." : ""
      return [StyledLine(hint, Theme.muted)]
    }
    guard var lines = run.explanation(naming: true) else {
      if run.isRunning { return [] }
      let source = run.source.map { ", \($0.words)" } ?? ""
      return [StyledLine("✓ \(run.builder.alias) passed\(source).", Theme.success)]
    }
    if lines.wrapped(to: area.columns).count > area.rows, lines.count > 3 {
      if lines.last?.text.hasPrefix("Manual") == true { lines.removeLast() }
    }
    if lines.wrapped(to: area.columns).count > area.rows, lines.count > 2 { lines.remove(at: 1) }
    return lines.wrapped(to: area.columns)
  }
}
