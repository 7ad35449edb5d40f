import Builders
import Checks
import Fragments
import Interface
import Terminal

/// Screen 1 once there are builders: the list, and what can be done with each.
struct BuilderListScreen: ActingScreen {
  private var table = Table(columns: columns)
  private var rows = BuilderRows()
  private var runs = ListRuns()
  /// The tests side by side, while they are shown in the place of the list.
  private var tests: TestAllScreen?
  /// Whether one types into the log of one of them.
  private var isTypingInLog = false
  /// Whether the log of one of them is being looked through.
  private var isLogBusy = false
  /// What is typed to filter by, while it is typed.
  private var prompt: TextField?
  private var question: Question?

  /// What can be done here.
  enum Action {
    case add
    case giveUp
    case edit
    case rename
    case duplicate
    case turn
    case delete
    case moveUp
    case moveDown
    case test
    case testAll
    case build
    case cancelTests
    case watch
    case showPrinted
    case compareKey
    case compareKeys
    case measure
    case route
    case write
    case importing
    case undo
    case redo
    case sort
    case find
    case keepFilter
    case showAll
    case reload
    case differences
    case quit
    case tests(TestAllScreen.Action)
  }

  /// A question on top of the list.
  private enum Question {
    case order(Dialog)
    case reload(Dialog)
  }

  private static let columns = [
    Table.Column("alias", minimum: 8, priority: 0),
    Table.Column("where", minimum: 14, priority: 1),
    Table.Column("systems", minimum: 12, priority: 2),
    Table.Column("jobs", minimum: 4, priority: 4, isNumber: true),
    Table.Column("speed", minimum: 5, priority: 5, isNumber: true),
    Table.Column("features", minimum: 8, priority: 6),
    Table.Column("last test", minimum: 10, priority: 3),
  ]

  func title(_ session: Session) -> String {
    tests?.title(runs, session) ?? "nix-builders"
  }

  func trailing(_ session: Session) -> String? {
    if tests != nil { return runs.tally }
    let builders = session.inventory.builders
    let off = builders.count { !$0.enabled }
    let count = builders.count == 1 ? "1 builder" : "\(builders.count) builders"
    let shown = rows.filter.isEmpty ? count : "\(rows.count) of \(count)"
    let changes = session.isChanged ? ", changes not written" : ""
    return shown + (off == 0 ? "" : ", \(off) off") + changes
  }

  func keys(_ session: Session) -> [Binding<Action>] {
    if let tests { return tests.keys(runs, session).map { $0.map(Action.tests) } }
    // A question has its own keys.
    if question != nil { return [] }
    if prompt != nil {
      return [
        Binding(.accept, "keep the filter", .keepFilter), Binding(.back, "show all", .showAll),
      ]
    }
    // What is urgent comes first, since the help line of a narrow window is short.
    return urgentKeys(session) + builderKeys(session) + otherKeys(session)
  }

  private func urgentKeys(_ session: Session) -> [Binding<Action>] {
    var keys: [Binding<Action>] = []
    if session.outside != nil { keys.append(Binding(.reload, "reload", .reload)) }
    if runs.isBusy {
      keys.append(Binding(.cancel, "stop the tests", .cancelTests))
      keys.append(Binding(.watch, "watch them", .watch))
    }
    if session.history.canUndo { keys.append(Binding(.undo, "undo", .undo)) }
    if session.isChanged { keys.append(Binding(.write, "write", .write)) }
    return keys
  }

  /// The keys that are about the selected builder.
  private func builderKeys(_ session: Session) -> [Binding<Action>] {
    let none = rows.place(at: table.selected) == nil ? "there is no builder here" : nil
    let unsorted =
      rows.isPlain
      ? nil : "Nix goes through them in their own order: leave sorting and filter first"
    return [
      Binding(.add, "add", Action.add), Binding(.edit, "edit", .edit).off(none),
      Binding(.accept, "edit; so does a second press of the mouse", .edit, isShown: false)
        .off(none),
      Binding(.test, "test", .test).off(none), Binding(.testAll, "test all", .testAll),
      Binding(.build, "test build", .build).off(none),
      Binding(.find, "find", .find), Binding(.turn, "on/off", .turn).off(none),
      Binding(.duplicate, "duplicate", .duplicate).off(none),
      Binding(.delete, "delete", .delete).off(none),
      Binding(.rename, "rename", .rename, isShown: false).off(none),
      Binding(.measure, "measure", .measure).off(none),
      Binding(
        .compareKey, "compare the host key, and accept a new one", .compareKey, isShown: false
      ).off(none),
      Binding(
        .compareKeys, "the same for all builders on one screen", .compareKeys, isShown: false),
      Binding(.printed, "what the last test printed", .showPrinted, isShown: false).off(none),
      Binding(.moveUp, "up in the order of Nix", .moveUp, isShown: false, off: unsorted).off(none),
      Binding(.moveDown, "down in the order of Nix", .moveDown, isShown: false, off: unsorted)
        .off(none),
    ]
  }

  private func otherKeys(_ session: Session) -> [Binding<Action>] {
    let shelved = session.shelved == nil ? "none was begun" : nil
    let unfiltered = Binding(.back, "show all", Action.showAll)
    return (rows.filter.isEmpty ? [] : [unfiltered]) + [
      Binding(.write, "write", .write), Binding(.sort, "sort", .sort),
      Binding(.route, "where a build goes", .route),
      Binding(.importing, "import", .importing, isShown: false),
      Binding(
        .difference, "what differs: files, and what is installed", .differences, isShown: false),
      Binding(
        .undo, "undo", .undo, isShown: false,
        off: session.history.canUndo ? nil : "nothing was changed"),
      Binding(
        .redo, "make again what was undone", .redo, isShown: false,
        off: session.history.canRedo ? nil : "nothing was undone"),
      Binding(
        .watch, "watch tests side by side, connections or builds", .watch, isShown: false),
      Binding(
        .cancel, "stop the tests", .cancelTests, isShown: false,
        off: runs.isBusy ? nil : "none runs"),
      Binding(
        .reload, "reload", .reload, isShown: false,
        off: session.outside == nil ? "builders.json is as it was read" : nil),
      Binding(
        .giveUp, "give up the builder that was begun", .giveUp, isShown: false, off: shelved),
      Binding(.quit, "quit", .quit, isShown: false),
    ]
  }

  func hints(_ session: Session) -> [KeyBinding] {
    if let tests { return tests.hints(runs, session) }
    return prompt == nil
      ? Motion.hints("move", isShown: false) : [KeyBinding("↑↓", "move")]
  }

  func help(_ session: Session) -> String {
    if tests != nil { return TestAllScreen.help }
    return """
      The builders of \(session.directory). Changes here are kept in memory until w writes them; \
      the fragments are shown first. Should the program be killed, it offers them again at the next \
      start.
      """
  }

  var isTyping: Bool { prompt != nil || isTypingInLog }
  var isBusy: Bool { runs.isBusy || isLogBusy }

  mutating func open(_ session: inout Session) -> [Effect] {
    session.endDraft()
    tests = nil
    catchUp(session)
    return [.recallTests] + (session.machine == nil ? [.inspectMachine] : [])
  }

  func cancel() -> [Effect]? { runs.cancel() }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    runs.receive(message, &session)
    tests?.receive(message)
    return .none
  }

  // MARK: - Input

  mutating func perform(
    _ action: Action, in area: Area, _ session: inout Session
  ) -> Reaction {
    if case .tests(let action) = action {
      return follow(tests?.perform(action, in: area, &runs, &session), &session)
    }
    catchUp(session)
    let reaction = perform(action, &session)
    catchUp(session)
    return session.isEmpty ? .move(.home) : reaction
  }

  private mutating func perform(_ action: Action, _ session: inout Session) -> Reaction {
    switch action {
    case .add: return .move(.setUp)
    case .giveUp: session.dropShelved()
    case .testAll: return .effects(testShown(&session))
    case .cancelTests: return .effects(runs.cancel() ?? [])
    case .watch: watchTests(&session)
    case .write: return .move(.to(.review))
    case .importing: return .move(.to(.importing))
    case .undo: undo(&session)
    case .redo: redo(&session)
    case .sort: askForOrder()
    case .find: prompt = TextField(rows.filter)
    case .keepFilter: prompt = nil
    case .showAll:
      prompt = nil
      filter(by: "", session)
    case .reload: return reload(&session)
    case .differences: return .move(.to(.drift))
    case .route: return .move(.to(.route))
    case .compareKeys: return .move(.to(.hostKeys))
    case .quit: return .move(.leave)
    case .tests: break
    default:
      if let place = rows.place(at: table.selected) { return perform(action, on: place, &session) }
    }
    return .none
  }

  /// Does what is about one builder.
  private mutating func perform(
    _ action: Action, on place: Int, _ session: inout Session
  ) -> Reaction {
    let builder = session.inventory.builders[place]
    switch action {
    case .edit: return .move(.edit(place))
    case .rename: return .move(.rename(place))
    case .measure: return .move(.measure(place))
    case .compareKey: return .move(.compareKey(place))
    case .test: return .effects(runs.begin([builder], &session))
    case .build: return .effects(runs.begin([builder], testing: [.builds], &session))
    case .showPrinted:
      guard let run = runs.last(builder.alias) else {
        session.notice =
          "\(builder.alias) was not tested since the program was started. t tests it."
        return .none
      }
      return .page("What was printed", Document(evidenceOf: run))
    case .duplicate:
      session.change("\(builder.alias) duplicated") { $0.duplicate(at: place) }
      select(place + 1, session)
    case .turn:
      session.change("\(builder.alias) turned \(builder.enabled ? "off" : "on")") {
        $0.builders[place].enabled.toggle()
      }
    case .delete:
      session.change("\(builder.alias) deleted") { $0.builders.remove(at: place) }
      session.notice = "\(builder.alias) is deleted. u brings it back."
    case .moveUp: move(place, by: -1, &session)
    case .moveDown: move(place, by: 1, &session)
    default: break
    }
    return .none
  }

  mutating func take(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if tests != nil { return follow(tests?.take(input, in: area, &runs, session), &session) }
    if input == .tick { return .none }
    catchUp(session)
    if let question { return receive(input, on: question, &session) }
    if prompt != nil { return receiveInPrompt(input, in: area, session) }
    let before = table.selected
    guard table.handle(input, count: rows.count, rows: tableArea(area, session).rows) else {
      return .ignored
    }
    guard case .press(let target) = input, target.index == before,
      let place = rows.place(at: table.selected)
    else { return .none }
    return .move(.edit(place))
  }

  /// Shows those of the list side by side, and what is off only where it was tested.
  private mutating func watchTests(_ session: inout Session) {
    let builders = session.inventory.builders
    let places = rows.shown.filter {
      builders[$0].enabled || runs.last(builders[$0].alias) != nil
    }
    if places.isEmpty {
      session.notice = "There is no builder to test: those here are off."
    } else {
      tests = TestAllScreen(places, focus: rows.place(at: table.selected))
    }
  }

  private mutating func follow(
    _ step: TestAllScreen.Step?, _ session: inout Session
  ) -> Reaction {
    isTypingInLog = tests?.isTyping(runs, session) ?? false
    isLogBusy = tests?.isBusy(runs, session) ?? false
    switch step {
    case .stay(let reaction)?: return reaction
    case .leave(let place)?:
      tests = nil
      if let place { select(place, session) }
    case nil: break
    }
    return .none
  }

  private mutating func move(_ place: Int, by distance: Int, _ session: inout Session) {
    guard session.inventory.builders.indices.contains(place + distance) else { return }
    let alias = session.inventory.builders[place].alias
    session.change("\(alias) moved") { $0.builders.swapAt(place, place + distance) }
    select(place + distance, session)
  }

  private mutating func undo(_ session: inout Session) {
    guard let change = session.undo() else {
      session.notice = "There is nothing to undo."
      return
    }
    session.notice = "Undone: \(change.title). Ctrl-R makes it again."
    select(change.start, session)
  }

  private mutating func redo(_ session: inout Session) {
    guard let change = session.redo() else {
      session.notice = "There is nothing to make again."
      return
    }
    session.notice = "Made again: \(change.title)."
    select(change.start, session)
  }

  private mutating func testShown(_ session: inout Session) -> [Effect] {
    let builders = rows.shown.map { session.inventory.builders[$0] }.filter(\.enabled)
    return runs.begin(builders, &session)
  }

  // MARK: - Rows

  private mutating func catchUp(_ session: Session) {
    rows.follow(session)
    table.selected = max(0, min(table.selected, rows.count - 1))
  }

  private mutating func select(_ place: Int, _ session: Session) {
    rows.follow(session)
    if let row = rows.row(of: place) { table.selected = row }
    table.selected = max(0, min(table.selected, rows.count - 1))
  }

  private mutating func filter(by text: String, _ session: Session) {
    let place = rows.place(at: table.selected)
    rows.filter(by: text, session)
    table.selected = 0
    if let place { select(place, session) }
  }

  private mutating func receiveInPrompt(
    _ input: Input, in area: Area, _ session: Session
  ) -> Reaction {
    let edits: [Input] = [.key(.home), .key(.end)]
    let isText = if case .key(let key) = input { key.isText } else { false }
    if !isText, !edits.contains(input),
      table.handle(input, count: rows.count, rows: tableArea(area, session).rows)
    {
      return .none
    }
    guard prompt?.handle(input) == true, let text = prompt?.text else { return .ignored }
    if text != rows.filter { filter(by: text, session) }
    return .none
  }

  private mutating func askForOrder() {
    let orders = BuilderRows.Order.allCases
    var dialog = Dialog(title: "Sort by", text: "", choices: orders.map(\.title))
    dialog.selected = orders.firstIndex(of: rows.order) ?? 0
    question = .order(dialog)
  }

  private mutating func receive(
    _ input: Input, on question: Question, _ session: inout Session
  ) -> Reaction {
    if case .key(.escape) = input {
      self.question = nil
      return .none
    }
    switch question {
    case .order(var dialog):
      // The key that opened it also goes on to the next one.
      let isNext = Shortcut.sort.keys.map { Input.key($0) }.contains(input)
      let answer = dialog.handle(isNext ? .key(.down) : input)
      self.question = answer == nil ? .order(dialog) : nil
      let orders = BuilderRows.Order.allCases
      guard let answer, orders.indices.contains(answer) else { return .none }
      let place = rows.place(at: table.selected)
      rows.sort(by: orders[answer], session)
      if let place { select(place, session) }
    case .reload(var dialog):
      let answer = dialog.handle(input)
      self.question = answer == nil ? .reload(dialog) : nil
      guard let answer, let content = session.outside?.content, case .success(let stored) = content
      else { return .none }
      switch answer {
      case 0: return takeOver(stored, keepingChanges: true, &session)
      case 1: return takeOver(stored, keepingChanges: false, &session)
      default: return .none
      }
    }
    return .none
  }

  // MARK: - Changes from outside

  private mutating func reload(_ session: inout Session) -> Reaction {
    switch session.outside?.content {
    case nil:
      session.notice = "builders.json is as it was read."
      return .none
    case .failure(let error)?:
      session.notice = "\(error)"
      return .none
    case .success(let stored)?:
      guard session.isChanged else { return takeOver(stored, keepingChanges: false, &session) }
      let theirs = stored?.inventory ?? Inventory()
      let merge = InventoryMerge(session.inventory, from: session.saved, onto: theirs)
      let news = InventoryDifference(from: session.saved, to: theirs).lines
      let both =
        merge.conflicts.isEmpty
        ? "" : "\nChanged by both, and yours would win: \(merge.conflicts.joined(separator: ", "))"
      question = .reload(
        Dialog(
          title: "Take over what somebody else has written?",
          text: news.prefix(6).joined(separator: "\n") + both,
          choices: ["Yes, with my own changes on top", "Yes, and drop my own changes", "Not now"]))
      return .none
    }
  }

  private mutating func takeOver(
    _ stored: OutputDirectory.StoredInventory?, keepingChanges: Bool, _ session: inout Session
  ) -> Reaction {
    let theirs = stored?.inventory ?? Inventory()
    let merge = InventoryMerge(session.inventory, from: session.saved, onto: theirs)
    session.reload(theirs, changedTo: keepingChanges ? merge.inventory : nil)
    catchUp(session)
    session.notice = "builders.json was read again."
    return .effects([.adopt(stored?.bytes)])
  }

  // MARK: - Drawing

  /// What is said of the selected builder has its place also when there is nothing to say, so that
  /// the rows stay where they are.
  private func detailRows(_ area: Area) -> Int { area.rows >= 16 ? 4 : 2 }

  private func tableArea(_ area: Area, _ session: Session) -> Area {
    var rest = Area(
      column: area.column + 1, row: area.row, columns: area.columns - 2, rows: area.rows)
    let promptRows = prompt == nil && rows.filter.isEmpty ? 0 : 1
    let below = detailRows(area) + notices(session, area.columns).count + promptRows + 1
    _ = rest.takeBottom(min(below, area.rows - 4))
    return rest
  }

  private func notices(_ session: Session, _ columns: Int) -> [StyledLine] {
    Array(ListNotices(session).lines.wrapped(to: columns - 6).prefix(4))
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    if let tests { return tests.draw(on: &canvas, in: area, runs, session) }
    let builders = session.inventory.builders
    let place = tableArea(area, session)
    table.draw(on: &canvas, in: place, count: rows.count) { index in
      guard let place = rows.place(at: index), builders.indices.contains(place) else { return [] }
      return row(builders[place], session)
    }
    if rows.count == 0 {
      let text = builders.isEmpty ? "No builders. a adds one." : "None of them has that."
      canvas.write(
        text, at: Position(column: place.column + 2, row: place.row + 1), Theme.muted,
        limit: place.columns - 2)
    }
    var rest = area
    _ = rest.takeTop(place.rows)
    rest = rest.inset(columns: 1)
    if prompt != nil || !rows.filter.isEmpty { drawPrompt(on: &canvas, in: rest.takeTop(1)) }
    _ = rest.takeTop(1)
    rest = rest.inset(columns: 2)
    let details = rest.takeTop(detailRows(area))
    if let place = rows.place(at: table.selected), builders.indices.contains(place) {
      let last = LastTest(builders[place], runs.running(builders[place].alias), session)
      last.lines.wrapped(to: details.columns).draw(on: &canvas, in: details)
    }
    notices(session, area.columns).draw(on: &canvas, in: rest)
    switch question {
    case .order(let dialog)?, .reload(let dialog)?: dialog.draw(on: &canvas, in: canvas.area)
    case nil: break
    }
  }

  private func drawPrompt(on canvas: inout Canvas, in area: Area) {
    var rest = area
    let label = rest.takeLeft(9)
    canvas.write("  filter ", at: label.origin, Theme.muted, limit: label.columns)
    if let prompt {
      prompt.draw(on: &canvas, in: rest, isFocused: true)
    } else {
      canvas.write(
        "\(rows.filter)   Esc shows all", at: rest.origin, Theme.muted, limit: rest.columns)
    }
  }

  private func row(_ builder: Builder, _ session: Session) -> [Table.Cell] {
    let features = builder.supportedFeatures + builder.mandatoryFeatures.map { "\($0)!" }
    let style = builder.enabled ? Theme.plain : Theme.muted
    return [
      Table.Cell(builder.alias, style), Table.Cell(builder.place, style),
      Table.Cell(builder.systemsText, style),
      Table.Cell("\(builder.maxJobs)", style), Table.Cell(builder.speedText, style),
      Table.Cell(features.joined(separator: " "), style),
      LastTest(builder, runs.running(builder.alias), session).cell,
    ]
  }
}

extension Builder {
  /// The systems in few columns: `x86_64 i686 -linux`.
  fileprivate var systemsText: String {
    let parts = systems.map { $0.split(separator: "-", maxSplits: 1) }
    guard systems.count > 1, let kernel = parts[0].last,
      parts.allSatisfy({ $0.count == 2 && $0[1] == kernel })
    else { return systems.joined(separator: " ") }
    return parts.map { String($0[0]) }.joined(separator: " ") + " -\(kernel)"
  }
}

extension Inventory {
  /// Puts a copy of a builder after it, under a name that is free, switched off: it has the same
  /// account and key.
  fileprivate mutating func duplicate(at index: Int) {
    var copy = builders[index]
    let taken = Set(builders.map { $0.alias.lowercased() })
    let base = copy.alias.prefix(55)
    var number = 2
    while taken.contains("\(base)-\(number)".lowercased()) { number += 1 }
    copy.alias = "\(base)-\(number)"
    copy.enabled = false
    builders.insert(copy, at: index + 1)
  }
}
