import Builders
import Checks
import Interface
import Terminal

/// The host keys of several builders: what each shows, beside what is known of it here. Each key is
/// accepted on its own, but for those that a known_hosts of this machine has already.
struct HostKeysScreen: ActingScreen {
  private var menu = Menu([])
  /// The places of the builders in the inventory, and the run that fetches each key.
  private var rows: [(place: Int, run: CheckRun)] = []
  private var question: Dialog?
  private var note = ""

  func title(_ session: Session) -> String { "nix-builders · host keys" }

  func trailing(_ session: Session) -> String? {
    let open = rows.count { offered($0.run, session) != nil }
    return isBusy ? "fetching" : open == 0 ? "nothing to accept" : "\(open) to compare"
  }

  /// What can be done here beside what is chosen from.
  enum Action {
    case acceptKnown
    case again
    case back
  }

  func keys(_ session: Session) -> [Binding<Action>] {
    // A question has its own keys.
    if question != nil { return [] }
    let count = vouched(session).count
    return [
      Binding(
        .takeOver, count == 1 ? "take over the known one" : "take over the \(count) known ones",
        .acceptKnown,
        off: count == 0 ? "known_hosts vouches for none" : nil),
      Binding(.again, "fetch again", .again), Binding(.back, "back", .back),
    ]
  }

  func mainHints(_ session: Session) -> [KeyBinding] { [KeyBinding(.accept, "compare")] }
  func hints(_ session: Session) -> [KeyBinding] { Motion.hints("move", isShown: false) }

  func help(_ session: Session) -> String {
    """
    Each builder shows its host key. One that a known_hosts file of this machine has for it was \
    compared before; all others are to be compared with what the builder itself says, on its own \
    screen or over a login that you trust. What is accepted is pinned in the inventory, and written \
    with the rest.
    """
  }

  var isBusy: Bool { rows.contains { $0.run.isRunning } }

  // MARK: - Running

  mutating func open(_ session: inout Session) -> [Effect] {
    let builders = session.inventory.builders
    let same =
      rows.map(\.run.builder)
      == rows.map(\.place).map { place in
        builders.indices.contains(place) ? builders[place] : nil
      }
    return same && !rows.isEmpty ? [] : start(&session)
  }

  private mutating func start(_ session: inout Session) -> [Effect] {
    let old = cancel() ?? []
    var effects: [Effect] = []
    rows = []
    for (place, builder) in session.inventory.builders.enumerated() where builder.enabled {
      let (run, effect) = CheckRun.begin([.reach], of: builder, by: .written, &session)
      rows.append((place, run))
      effects.append(effect)
    }
    note = ""
    catchUp(session)
    return old + effects
  }

  func cancel() -> [Effect]? {
    let running = rows.filter(\.run.isRunning).map { Effect.cancelRun($0.run.id) }
    return running.isEmpty ? nil : running
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    for index in rows.indices where rows[index].run.receive(message, &session) {
      catchUp(session)
      break
    }
    return .none
  }

  // MARK: - Keys

  /// The key that a builder shows and that is not accepted yet.
  private func offered(_ run: CheckRun, _ session: Session) -> OfferedHostKey? {
    guard !run.isRunning, case .hostKey(let key)? = run.results[.hostKey]?.finding,
      key.standing != .pinned, !isAccepted(key, of: run, session)
    else { return nil }
    return key
  }

  private func isAccepted(_ key: OfferedHostKey, of run: CheckRun, _ session: Session) -> Bool {
    session.inventory.builders.contains {
      $0.alias == run.builder.alias && $0.hostKey == key.line
    }
  }

  /// The builders whose keys a file of this machine has, and no other is on record.
  private func vouched(_ session: Session) -> [(alias: String, key: OfferedHostKey)] {
    rows.compactMap { row in
      guard let key = offered(row.run, session), key.standing == .known else { return nil }
      return (row.run.builder.alias, key)
    }
  }

  private func accept(
    _ accepted: [(alias: String, key: OfferedHostKey)], _ session: inout Session
  ) {
    let keys = Dictionary(accepted.map { ($0.alias, $0.key.line) }) { first, _ in first }
    let title =
      accepted.count == 1
      ? "host key of \(accepted[0].alias) accepted" : "\(accepted.count) host keys accepted"
    session.change(title) { inventory in
      for index in inventory.builders.indices {
        if let line = keys[inventory.builders[index].alias] {
          inventory.builders[index].hostKey = line
        }
      }
    }
  }

  // MARK: - Input

  mutating func perform(
    _ action: Action, in area: Area, _ session: inout Session
  ) -> Reaction {
    switch action {
    case .back: return .move(.back, cancel() ?? [])
    case .again: return .effects(start(&session))
    case .acceptKnown:
      let known = vouched(session)
      accept(known, &session)
      note = "Accepted: \(known.map(\.alias).joined(separator: ", ")). Written with the rest."
      catchUp(session)
      return .none
    }
  }

  mutating func take(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if question != nil { return answer(input, &session) }
    guard let index = menu.handle(input), rows.indices.contains(index) else { return .ignored }
    let run = rows[index].run
    guard let key = offered(run, session) else {
      return run.isRunning
        ? .none : .page("What \(run.builder.alias) showed", Document(evidenceOf: run))
    }
    question = Dialog(comparing: key, of: run.builder)
    return .none
  }

  private mutating func answer(_ input: Input, _ session: inout Session) -> Reaction {
    guard let answer = question?.handle(input) else { return .none }
    question = nil
    guard answer == 1, rows.indices.contains(menu.selected),
      let key = offered(rows[menu.selected].run, session)
    else { return .none }
    let alias = rows[menu.selected].run.builder.alias
    accept([(alias, key)], &session)
    note = "The host key of \(alias) is accepted. Written with the rest."
    catchUp(session)
    return .none
  }

  // MARK: - Drawing

  private mutating func catchUp(_ session: Session) {
    let selected = menu.selected
    menu = Menu(
      rows.map { row in
        Menu.Item(
          title: "\(mark(row.run, session).sign(frame: 0)) \(row.run.builder.alias)",
          detail: detail(row.run, session))
      })
    menu.selected = max(0, min(selected, rows.count - 1))
  }

  private func mark(_ run: CheckRun, _ session: Session) -> Mark {
    if run.isRunning { return .waiting }
    guard let result = run.trouble else { return run.allPassed ? .passed : .skipped }
    guard case .hostKey(let key)? = result.finding else { return .failed }
    if isAccepted(key, of: run, session) { return .passed }
    if case .changed = key.standing { return .failed }
    return .undecided
  }

  private func detail(_ run: CheckRun, _ session: Session) -> String {
    if run.isRunning { return "" }
    guard case .hostKey(let key)? = run.results[.hostKey]?.finding else {
      return run.trouble.map { "\($0.name.title(for: run.builder)): \($0.detail)" } ?? "not tried"
    }
    if isAccepted(key, of: run, session) { return "accepted  \(key.fingerprint)" }
    return switch key.standing {
    case .pinned: "as pinned  \(key.fingerprint)"
    case .known: "in \(key.vouchedBy ?? "known_hosts")  \(key.fingerprint)"
    case .unknown: "new  \(key.fingerprint)"
    case .changed: "ANOTHER KEY  \(key.fingerprint)"
    }
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    var rest = drawHeading(
      "Whose host keys are to be accepted?",
      "Compare each with what the builder itself says.", on: &canvas, in: area.inset(columns: 2))
    if rows.isEmpty {
      canvas.write("No builder is on.", at: rest.origin, Theme.muted, limit: rest.columns)
    }
    let notes = note.isEmpty ? [] : [StyledLine(note)].wrapped(to: rest.columns)
    menu.draw(on: &canvas, in: rest.takeTop(min(rows.count, rest.rows - notes.count - 1)))
    _ = rest.takeTop(1)
    notes.draw(on: &canvas, in: rest)
    question?.draw(on: &canvas, in: canvas.area)
  }
}

extension Dialog {
  /// Asks whether a key that a builder shows is its own.
  fileprivate init(comparing key: OfferedHostKey, of builder: Builder) {
    let lines = HostKeyComparison(key, of: builder.alias).lines.map(\.text)
    self.init(
      title: "Is that the host key of \(builder.alias)?", text: lines.joined(separator: "\n"),
      choices: ["Stop, leave it as it is", "I have compared it: accept it"], escape: 0)
  }
}
