import Builders
import Checks
import Fragments
import Interface
import Terminal

/// Screen 1 once there are builders: the list, and what can be done with each.
struct BuilderListScreen: ActingScreen {
  private(set) var table = BuilderListScreen.emptyTable
  private(set) var rows = BuilderRows()
  private(set) var runs = ListRuns()
  private(set) var marks = ListMarks()
  /// The tests side by side, while they are shown in the place of the list.
  private(set) var tests: TestAllScreen?
  /// Whether one types into the log of one of them.
  private var isTypingInLog = false
  /// Whether the log of one of them is being looked through.
  private var isLogBusy = false
  /// What is typed to find or to filter by, while it is typed.
  private(set) var prompt: ListPrompt?
  /// What was looked for last.
  private(set) var sought = ""
  private(set) var question: Question?

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
    case mark
    case markAll
    case unmark
    case apply
    case copy
    case find
    case findNext
    case findPrevious
    case filter
    case acceptPrompt
    case leavePrompt
    case showAll
    case reload
    case differences
    case quit
    case tests(TestAllScreen.Action)
  }

  /// A question on top of the list.
  enum Question {
    case order(Dialog)
    case reload(Dialog)
    /// Whether the builders with these aliases are deleted.
    case delete(Dialog, [String])

    var dialog: Dialog {
      switch self {
      case .order(let dialog), .reload(let dialog), .delete(let dialog, _): dialog
      }
    }
  }

  private static var emptyTable: Table {
    var table = Table(columns: ListColumns.columns(for: []))
    table.hasMarks = true
    return table
  }

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

  func help(_ session: Session) -> String {
    if tests != nil { return TestAllScreen.help }
    return """
      The builders of \(session.directory). Changes here are kept in memory until w writes them; \
      the fragments are shown first. Should the program be killed, it offers them again at the next \
      start.
      Connected means that the way to Nix over there was seen working, built that a build was. Space \
      marks several; what is done is done with those in sight. A filter knows \(ListFilter.words).
      """
  }

  var isTyping: Bool { prompt != nil || isTypingInLog }
  var isBusy: Bool { runs.isBusy || isLogBusy }

  mutating func open(_ session: inout Session) -> [Effect] {
    session.endDraft()
    session.chosenToApply = nil
    tests = nil
    catchUp(session)
    return [.recallTests] + (session.machine == nil ? [.inspectMachine] : [])
  }

  func cancel() -> [Effect]? { runs.cancel() }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    runs.receive(message, &session)
    tests?.receive(message)
    // What a test has come to may change what a filter shows.
    catchUp(session)
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
    case .reload: return reload(&session)
    case .differences: return .move(.to(.drift))
    case .route: return .move(.to(.route))
    case .compareKeys: return .move(.to(.hostKeys))
    case .quit: return .move(.leave)
    case .mark, .markAll, .unmark: mark(action, session)
    case .find, .findNext, .findPrevious, .filter, .acceptPrompt, .leavePrompt, .showAll:
      find(action, &session)
    case .test, .build, .turn, .delete, .apply, .copy:
      return perform(action, on: targets(session), &session)
    case .tests: break
    default:
      if let place = rows.place(at: table.selected) { return perform(action, on: place, &session) }
    }
    return .none
  }

  // MARK: - Several builders

  /// Those that are marked and in sight; without any of them, the selected one.
  func targets(_ session: Session) -> [Int] {
    let builders = session.inventory.builders
    let marked = marks.isEmpty ? [] : rows.shown.filter { marks.contains(builders[$0]) }
    return marked.isEmpty ? rows.place(at: table.selected).map { [$0] } ?? [] : marked
  }

  private mutating func mark(_ action: Action, _ session: Session) {
    let builders = session.inventory.builders
    switch action {
    case .markAll: marks.toggleAll(rows.shown.map { builders[$0] })
    case .unmark: marks.removeAll()
    default:
      guard let place = rows.place(at: table.selected) else { return }
      marks.toggle(builders[place])
      table.selected = min(table.selected + 1, rows.count - 1)
    }
  }

  /// Does what can be done with several at once.
  private mutating func perform(
    _ action: Action, on places: [Int], _ session: inout Session
  ) -> Reaction {
    let builders = places.map { session.inventory.builders[$0] }
    switch action {
    case .test: return .effects(runs.begin(builders, &session))
    case .build: return .effects(runs.begin(builders, testing: [.builds], &session))
    case .turn:
      // Several come out alike, however they stood before.
      let isOn = builders.contains { !$0.enabled }
      session.change("\(builders.names(atMost: 3)) turned \(isOn ? "on" : "off")") {
        for place in places { $0.builders[place].enabled = isOn }
      }
    case .delete:
      if marks.isEmpty { delete(builders.map(\.alias), &session) } else { askToDelete(builders) }
    case .apply:
      return session.beginApplying(builders.map(\.alias)).map { .move($0) } ?? .none
    case .copy: return .effects([.copy(command(session) ?? builders.machineLines)])
    default: break
    }
    return .none
  }

  /// The command that would mend what failed with the selected builder; `nil` where none is known,
  /// or builders are marked.
  func command(_ session: Session) -> String? {
    guard marks.isEmpty, let place = rows.place(at: table.selected) else { return nil }
    return runs.last(session.inventory.builders[place].alias)?.concern?.diagnosis?.command
  }

  private mutating func askToDelete(_ builders: [Builder]) {
    let (what, them) =
      builders.count == 1 ? ("this builder", "it") : ("these \(builders.count) builders", "them")
    question = .delete(
      Dialog(
        title: "Delete \(what)?", text: "\(builders.names(atMost: 20))\nu brings \(them) back.",
        choices: ["Keep \(them)", "Delete \(them)"], escape: 0),
      builders.map(\.alias))
  }

  private func delete(_ aliases: [String], _ session: inout Session) {
    let gone = session.inventory.builders.filter { aliases.contains($0.alias) }
    let names = gone.names(atMost: 3)
    session.change("\(names) deleted") {
      $0.builders.removeAll { aliases.contains($0.alias) }
    }
    session.notice =
      gone.count == 1
      ? "\(names) is deleted. u brings it back." : "\(names) are deleted. u brings them back."
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
    if prompt != nil { return receiveInPrompt(input, in: area, &session) }
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
    let place = rows.place(at: table.selected)
    switch rows.follow(session) {
    case .inventory: table.columns = ListColumns.columns(for: session.inventory.builders)
    // The builder that one looks at may have another row by now.
    case .tests: if let row = place.flatMap({ rows.row(of: $0) }) { table.selected = row }
    case .nothing: break
    }
    table.selected = max(0, min(table.selected, rows.count - 1))
  }

  private mutating func select(_ place: Int, _ session: Session) {
    catchUp(session)
    if let row = rows.row(of: place) { table.selected = row }
  }

  private mutating func filter(by text: String, _ session: Session) {
    let place = rows.place(at: table.selected)
    rows.filter(by: text, session)
    table.selected = 0
    if let place { select(place, session) }
  }

  // MARK: - Finding

  private mutating func find(_ action: Action, _ session: inout Session) {
    switch action {
    case .find: prompt = ListPrompt(.find, text: "", start: table.selected)
    case .filter: prompt = ListPrompt(.filter, text: rows.filter, start: table.selected)
    case .findNext: goToFound(sought, after: table.selected, &session)
    case .findPrevious: goToFound(sought, after: table.selected, forward: false, &session)
    case .acceptPrompt: prompt = nil
    case .leavePrompt:
      if prompt?.purpose == .find { table.selected = prompt?.start ?? 0 }
      if prompt?.purpose == .filter { filter(by: "", session) }
      prompt = nil
    default: filter(by: "", session)
    }
  }

  private mutating func goToFound(
    _ words: String, after row: Int, forward: Bool = true, _ session: inout Session
  ) {
    if let row = rows.row(with: words, after: row, forward: forward, session) {
      table.selected = row
    } else {
      session.notice = "None of those shown has “\(words)”."
    }
  }

  private mutating func receiveInPrompt(
    _ input: Input, in area: Area, _ session: inout Session
  ) -> Reaction {
    let edits: [Input] = [.key(.home), .key(.end)]
    let isText = if case .key(let key) = input { key.isText } else { false }
    if !isText, !edits.contains(input),
      table.handle(input, count: rows.count, rows: tableArea(area, session).rows)
    {
      return .none
    }
    guard let before = prompt, prompt?.field.handle(input) == true, let prompt else {
      return .ignored
    }
    let text = prompt.field.text
    if text == before.field.text { return .none }
    switch prompt.purpose {
    case .filter: filter(by: text, session)
    case .find:
      sought = text
      table.selected = prompt.start
      // The row that one begins on may be the one.
      if !text.isEmpty { goToFound(text, after: prompt.start - 1, &session) }
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
      let isNext = Shortcut.sort.keys.map { Input.key($0) }.contains(input)
      let answer = dialog.handle(isNext ? .key(.down) : input)
      self.question = answer == nil ? .order(dialog) : nil
      let orders = BuilderRows.Order.allCases
      guard let answer, orders.indices.contains(answer) else { return .none }
      let place = rows.place(at: table.selected)
      rows.sort(by: orders[answer], session)
      if let place { select(place, session) }
    case .delete(var dialog, let aliases):
      let answer = dialog.handle(input)
      self.question = answer == nil ? .delete(dialog, aliases) : nil
      if answer == 1 { delete(aliases, &session) }
      catchUp(session)
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
}

extension [Builder] {
  /// Their lines in /etc/nix/machines, which `nix build --builders` takes as well.
  fileprivate var machineLines: String { map(\.machineLine).joined(separator: "\n") }
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
