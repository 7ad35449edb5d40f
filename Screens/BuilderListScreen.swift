import Builders
import Checks
import Fragments
import Interface
import Terminal

/// Screen 1 once there are builders: the list, and what can be done with each.
struct BuilderListScreen: Screen {
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
  /// What came of the last key.
  private var note = ""

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

  func bindings(_ session: Session) -> [KeyBinding] {
    if let tests { return tests.bindings(runs, session) }
    if prompt != nil {
      return [
        KeyBinding("↑↓", "move"), KeyBinding("Enter", "keep the filter"),
        KeyBinding("Esc", "show all"),
      ]
    }
    // What is urgent comes first, since the help line of a narrow window is short.
    let write = [KeyBinding("w", "write")]
    let urgent =
      (session.outside == nil ? [] : [KeyBinding("R", "reload")])
      + (runs.isBusy ? [KeyBinding("x", "stop the tests"), KeyBinding("W", "watch them")] : [])
      + (session.history.canUndo ? [KeyBinding("u", "undo")] : [])
      + (session.isChanged ? write : [])
    let usual = [
      KeyBinding("a", "add"), KeyBinding("e", "edit"), KeyBinding("t", "test"),
      KeyBinding("T", "test all"), KeyBinding("/", "filter"), KeyBinding("o", "on/off"),
      KeyBinding("d", "duplicate"), KeyBinding("Del", "delete"),
    ]
    let begun = [KeyBinding("A", "give up the builder that was begun", isShown: false)]
    let rare = [
      KeyBinding("i", "import", isShown: false),
      KeyBinding("s", "sort"), KeyBinding("m", "measure"),
      KeyBinding("r", "where a build goes"), KeyBinding("n", "rename", isShown: false),
      KeyBinding("D", "what differs: files, and what is installed", isShown: false),
      KeyBinding("K J", "move up and down: Nix goes through builders in order", isShown: false),
      KeyBinding("Ctrl-R", "make again what was undone", isShown: false),
      KeyBinding("b", "test with the whole log", isShown: false),
      KeyBinding("h", "compare the host key, and accept a new one", isShown: false),
      KeyBinding("H", "the same for all builders on one screen", isShown: false),
      KeyBinding("v", "view what the last test printed", isShown: false),
      KeyBinding("W", "watch tests side by side, connections or builds", isShown: false),
      KeyBinding("Enter", "edit; so does a second press of the mouse", isShown: false),
      KeyBinding("q", "quit", isShown: false), KeyBinding("?", "help"),
    ]
    return urgent + usual + (session.isChanged ? [] : write)
      + (session.shelved == nil ? [] : begun) + rare
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

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if tests != nil { return receiveInTests(input, in: area, &session) }
    if input == .tick { return .none }
    catchUp(session)
    note = ""
    if let question { return receive(input, on: question, &session) }
    if prompt != nil { return receiveInPrompt(input, in: area, session) }
    let before = table.selected
    if table.handle(input, count: rows.count, rows: tableArea(area, session).rows) {
      guard case .press(let target) = input, target.index == before, rows.count > 0 else {
        return .none
      }
      return edit()
    }
    let reaction = receiveKey(input, &session)
    catchUp(session)
    return session.isEmpty ? .move(.home) : reaction
  }

  private mutating func receiveKey(_ input: Input, _ session: inout Session) -> Reaction {
    switch input {
    case .key(.character("a")): return .move(.setUp)
    case .key(.character("A")) where session.shelved != nil: session.dropShelved()
    case .key(.character("T")): return .effects(testShown(&session))
    case .key(.character("x")): return .effects(runs.cancel() ?? [])
    case .key(.character("W")): watchTests(session)
    case .key(.character("w")): return .move(.to(.review))
    case .key(.character("i")): return .move(.to(.importing))
    case .key(.character("u")): undo(&session)
    case .key(.control("r")): redo(&session)
    case .key(.character("s")): askForOrder()
    case .key(.character("/")): prompt = TextField(rows.filter)
    case .key(.character("R")): return reload(&session)
    case .key(.character("D")): return .move(.to(.drift))
    case .key(.character("H")): return .move(.to(.hostKeys))
    case .key(.character("r")): return .move(.to(.route))
    case .key(.escape) where !rows.filter.isEmpty: filter(by: "", session)
    default:
      guard let place = rows.place(at: table.selected) else { return .ignored }
      return receiveKey(input, at: place, &session)
    }
    return .none
  }

  /// The keys that are about the selected builder.
  private mutating func receiveKey(
    _ input: Input, at place: Int, _ session: inout Session
  ) -> Reaction {
    let builder = session.inventory.builders[place]
    switch input {
    case .key(.character("e")), .key(.enter): return edit()
    case .key(.character("n")): return .move(.rename(place))
    case .key(.character("b")): return .move(.test(place))
    case .key(.character("h")): return .move(.compareKey(place))
    case .key(.character("m")): return .move(.measure(place))
    case .key(.character("t")): return .effects(runs.begin([builder], &session))
    case .key(.character("v")):
      guard let run = runs.last(builder.alias) else {
        note = "\(builder.alias) was not tested since the program was started. t tests it."
        return .none
      }
      return .page("What was printed", Document(evidenceOf: run))
    case .key(.character("d")):
      session.change("\(builder.alias) duplicated") { $0.duplicate(at: place) }
      select(place + 1, session)
    case .key(.character("o")), .key(.character(" ")):
      session.change("\(builder.alias) turned \(builder.enabled ? "off" : "on")") {
        $0.builders[place].enabled.toggle()
      }
    case .key(.delete), .key(.character("X")):
      session.change("\(builder.alias) deleted") { $0.builders.remove(at: place) }
      note = "\(builder.alias) is deleted. u brings it back."
    case .key(.character("K")): move(place, by: -1, &session)
    case .key(.character("J")): move(place, by: 1, &session)
    default: return .ignored
    }
    return .none
  }

  /// Shows those of the list side by side, and what is off only where it was tested.
  private mutating func watchTests(_ session: Session) {
    let builders = session.inventory.builders
    let places = rows.shown.filter {
      builders[$0].enabled || runs.last(builders[$0].alias) != nil
    }
    if places.isEmpty {
      note = "There is no builder to test: those here are off."
    } else {
      tests = TestAllScreen(places, focus: rows.place(at: table.selected))
    }
  }

  private mutating func receiveInTests(
    _ input: Input, in area: Area, _ session: inout Session
  ) -> Reaction {
    defer {
      isTypingInLog = tests?.isTyping(runs, session) ?? false
      isLogBusy = tests?.isBusy(runs, session) ?? false
    }
    switch tests?.receive(input, in: area, &runs, &session) {
    case .stay(let reaction)?: return reaction
    case .leave(let place)?:
      tests = nil
      if let place { select(place, session) }
    case nil: break
    }
    return .none
  }

  private func edit() -> Reaction {
    rows.place(at: table.selected).map { .move(.edit($0)) } ?? .none
  }

  private mutating func move(_ place: Int, by distance: Int, _ session: inout Session) {
    guard rows.isPlain else {
      note = "Nix goes through the builders in their own order: leave filter and sorting first."
      return
    }
    guard session.inventory.builders.indices.contains(place + distance) else { return }
    let alias = session.inventory.builders[place].alias
    session.change("\(alias) moved") { $0.builders.swapAt(place, place + distance) }
    select(place + distance, session)
  }

  private mutating func undo(_ session: inout Session) {
    guard let change = session.undo() else {
      note = "There is nothing to undo."
      return
    }
    note = "Undone: \(change.title). Ctrl-R makes it again."
    select(change.start, session)
  }

  private mutating func redo(_ session: inout Session) {
    guard let change = session.redo() else {
      note = "There is nothing to make again."
      return
    }
    note = "Made again: \(change.title)."
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
    switch input {
    case .key(.enter): prompt = nil
    case .key(.escape):
      prompt = nil
      filter(by: "", session)
    case .key(.home), .key(.end): _ = prompt?.handle(input)
    default:
      let rowCount = tableArea(area, session).rows
      if table.handle(input, count: rows.count, rows: rowCount) { return .none }
      guard prompt?.handle(input) == true, let text = prompt?.text else { return .ignored }
      if text != rows.filter { filter(by: text, session) }
    }
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
      let isNext = input == .key(.character("s"))
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
      note = "builders.json is as it was read."
      return .none
    case .failure(let error)?:
      note = "\(error)"
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
    note = "builders.json was read again."
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
    var lines = ListNotices(session).lines
    if !note.isEmpty { lines.append(StyledLine(note, hang: 2)) }
    return Array(lines.wrapped(to: columns - 6).prefix(4))
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
