import Builders
import Checks
import Interface
import Terminal

/// Screen 1 once there are builders: the list, and what can be done with each.
struct BuilderListScreen: Screen {
  private var table = Table(columns: columns)
  private var runs: [Int: CheckRun] = [:]
  /// The last result of each builder that was tested here.
  private var outcomes: [String: ListOutcome] = [:]
  private var undone: [Inventory] = []
  private var redone: [Inventory] = []

  fileprivate struct ListOutcome {
    var mark: Mark
    var text: String
    var diagnosis: Diagnosis?
  }

  private static let columns = [
    Table.Column("alias", minimum: 8, priority: 0),
    Table.Column("where", minimum: 14, priority: 1),
    Table.Column("systems", minimum: 12, priority: 2),
    Table.Column("jobs", minimum: 4, priority: 4, isNumber: true),
    Table.Column("speed", minimum: 5, priority: 5, isNumber: true),
    Table.Column("features", minimum: 8, priority: 6),
    Table.Column("last test", minimum: 11, priority: 3),
  ]

  func title(_ session: Session) -> String { "nix-builders" }

  func trailing(_ session: Session) -> String? {
    let builders = session.inventory.builders
    let off = builders.count { !$0.enabled }
    let count = builders.count == 1 ? "1 builder" : "\(builders.count) builders"
    let changes = session.inventory == session.saved ? "" : ", changes not written"
    return count + (off == 0 ? "" : ", \(off) off") + changes
  }

  func bindings(_ session: Session) -> [KeyBinding] {
    [
      KeyBinding("a", "add"), KeyBinding("e", "edit"), KeyBinding("d", "duplicate"),
      KeyBinding("o", "on/off"), KeyBinding("t", "test"), KeyBinding("T", "test all"),
      KeyBinding("w", "write"), KeyBinding("Del", "delete", isShown: false),
      KeyBinding("u", "undo", isShown: !undone.isEmpty),
      KeyBinding("Ctrl-R", "redo", isShown: false),
      KeyBinding("K J", "move up and down: Nix considers builders in order", isShown: false),
      KeyBinding("x", "cancel the tests", isShown: isBusy),
      KeyBinding("q", "quit", isShown: false), KeyBinding("?", "help"),
    ]
  }

  func help(_ session: Session) -> String {
    """
    The builders of \(session.directory). Changes here are kept in memory until w writes them; \
    the fragments are shown first.
    """
  }

  var isBusy: Bool { runs.values.contains(where: \.isRunning) }

  mutating func open(_ session: inout Session) -> [Effect] {
    session.endDraft()
    return session.machine == nil ? [.inspectMachine] : []
  }

  func cancel() -> [Effect]? {
    let running = runs.values.filter(\.isRunning)
    return running.isEmpty ? nil : running.map { .cancelRun($0.id) }
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    for id in runs.keys {
      var scratch = session.results
      swap(&scratch, &session.results)
      let isMine = runs[id]?.receive(message, &session) == true
      swap(&scratch, &session.results)
      if isMine, let run = runs[id] {
        outcomes[run.builder.alias] = ListOutcome(run)
        if !run.isRunning { runs[id] = nil }
        break
      }
    }
    return .none
  }

  // MARK: - Input

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    let count = session.inventory.builders.count
    if table.handle(input, count: count, rows: tableArea(area).rows) { return .none }
    let selected = min(table.selected, count - 1)
    switch input {
    case .key(.character("a")): return .move(.setUp)
    case .key(.character("e")), .key(.enter): return .move(.edit(selected))
    case .key(.character("t")): return .move(.test(selected), cancel() ?? [])
    case .key(.character("T")): return .effects(testAll(&session))
    case .key(.character("x")): return .effects(cancel() ?? [])
    case .key(.character("w")): return .move(.to(.review))
    case .key(.character("q")): return .ignored
    case .key(.character("u")): undo(&session)
    case .key(.control("r")): redo(&session)
    case .key(.character("d")):
      change(&session) { $0.duplicate(at: selected) }
      table.selected = selected + 1
    case .key(.character("o")), .key(.character(" ")):
      change(&session) { $0.builders[selected].enabled.toggle() }
    case .key(.delete): change(&session) { $0.builders.remove(at: selected) }
    case .key(.character("K")) where selected > 0:
      change(&session) { $0.builders.swapAt(selected, selected - 1) }
      table.selected = selected - 1
    case .key(.character("J")) where selected + 1 < count:
      change(&session) { $0.builders.swapAt(selected, selected + 1) }
      table.selected = selected + 1
    default: return .ignored
    }
    table.selected = max(0, min(table.selected, session.inventory.builders.count - 1))
    return session.inventory.builders.isEmpty ? .move(.home) : .none
  }

  private mutating func change(_ session: inout Session, _ body: (inout Inventory) -> Void) {
    undone.append(session.inventory)
    redone = []
    body(&session.inventory)
  }

  private mutating func undo(_ session: inout Session) {
    guard let last = undone.popLast() else { return }
    redone.append(session.inventory)
    session.inventory = last
  }

  private mutating func redo(_ session: inout Session) {
    guard let last = redone.popLast() else { return }
    undone.append(session.inventory)
    session.inventory = last
  }

  private mutating func testAll(_ session: inout Session) -> [Effect] {
    var effects = cancel() ?? []
    for builder in session.inventory.enabledBuilders {
      let (run, effect) = CheckRun.begin([.connection], of: builder, by: nil, &session)
      runs[run.id] = run
      outcomes[builder.alias] = ListOutcome(run)
      effects.append(effect)
    }
    return effects
  }

  // MARK: - Drawing

  private func tableArea(_ area: Area) -> Area {
    Area(
      column: area.column + 1, row: area.row, columns: area.columns - 2, rows: area.rows - 3)
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let builders = session.inventory.builders
    table.draw(on: &canvas, in: tableArea(area), count: builders.count) { index in
      row(builders[index], session)
    }
    guard builders.indices.contains(table.selected) else { return }
    let builder = builders[table.selected]
    if let diagnosis = outcomes[builder.alias]?.diagnosis {
      let lines = [StyledLine("\(builder.alias): \(diagnosis.cause)", hang: 2)]
      lines.wrapped(to: area.columns - 6).draw(
        on: &canvas,
        in: Area(column: area.column + 3, row: area.endRow - 2, columns: area.columns - 6, rows: 2))
    }
  }

  private func row(_ builder: Builder, _ session: Session) -> [Table.Cell] {
    let last: Table.Cell
    if let outcome = outcomes[builder.alias] {
      let sign = outcome.mark.sign(frame: session.frame)
      last = Table.Cell("\(sign) \(outcome.text)", outcome.mark.style)
    } else {
      last = Table.Cell(builder.enabled ? "not tested" : "off", Theme.muted)
    }
    let features = builder.supportedFeatures + builder.mandatoryFeatures.map { "\($0)!" }
    let style = builder.enabled ? Theme.plain : Theme.muted
    return [
      Table.Cell(builder.alias, style), Table.Cell(builder.place, style),
      Table.Cell(builder.systems.joined(separator: " "), style),
      Table.Cell("\(builder.maxJobs)", style), Table.Cell(builder.speedText, style),
      Table.Cell(features.joined(separator: " "), style), last,
    ]
  }
}

extension BuilderListScreen.ListOutcome {
  fileprivate init(_ run: CheckRun) {
    if run.isRunning {
      self.init(mark: .running, text: "testing", diagnosis: nil)
    } else if let trouble = run.trouble {
      self.init(
        mark: Mark(trouble.outcome), text: trouble.name.title(for: run.builder),
        diagnosis: trouble.diagnosis)
    } else if run.allPassed {
      self.init(mark: .passed, text: "connected", diagnosis: nil)
    } else {
      self.init(mark: .skipped, text: "cancelled", diagnosis: nil)
    }
  }
}

extension Inventory {
  /// Puts a copy of a builder after it, under a name that is free, switched off: it has the same
  /// account and key.
  fileprivate mutating func duplicate(at index: Int) {
    var copy = builders[index]
    let taken = Set(builders.map { $0.alias.lowercased() })
    var number = 2
    while taken.contains("\(copy.alias)-\(number)".lowercased()) { number += 1 }
    copy.alias = "\(copy.alias)-\(number)"
    copy.enabled = false
    builders.insert(copy, at: index + 1)
  }
}
