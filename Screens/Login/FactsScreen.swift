import Builders
import Checks
import Interface
import Terminal

/// Screen 3c: what the builder says of itself over today's login. What follows from it is filled in.
struct FactsScreen: Screen {
  private var menu = Menu([])
  private var choices: [Choice] = []

  private enum Choice { case goOn, takeOver, giveBack, again, login, evidence }

  func bindings(_ session: Session) -> [KeyBinding] {
    if session.said.run != nil {
      return [KeyBinding(.cancel, "cancel"), KeyBinding(.back, "back"), KeyBinding(.help, "help")]
    }
    var bindings = [KeyBinding(.accept, "choose"), KeyBinding(.again, "ask again")]
    if warning(session)?.command != nil { bindings.append(KeyBinding(.copy, "copy the command")) }
    return bindings + [
      KeyBinding("↑↓", "move", isShown: false), KeyBinding(.back, "back"),
      KeyBinding(.help, "help"),
    ]
  }

  func help(_ session: Session) -> String {
    """
    One command over the connection that is open asks for all of it; nothing is changed. Systems, \
    features, max jobs and whether the account is to be made follow from it: where you have not \
    answered yet they are filled in, and marked as \(session.name) says. Max jobs is the number of \
    processors, with 2 GiB of memory for each. kvm is claimed only where builds can open /dev/kvm.
    """
  }

  var isBusy: Bool { isAsking }
  private var isAsking = false

  mutating func open(_ session: inout Session) -> [Effect] {
    if session.said.facts == nil, session.said.run == nil { session.askFacts() }
    offer(session)
    return []
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    if case .terminalEnded = message { offer(session) }
    return .none
  }

  func cancel() -> [Effect]? { nil }

  // MARK: - Choosing

  private mutating func offer(_ session: Session) {
    isAsking = session.said.run != nil
    var offered: [(Choice, Menu.Item)] = []
    func add(_ choice: Choice, _ title: String, _ detail: String = "") {
      offered.append((choice, Menu.Item(title: title, detail: detail)))
    }
    let isOpen = session.todaysLogin.open != nil
    if session.said.facts == nil {
      if isOpen { add(.again, "Ask again") } else { add(.login, "Log in again") }
      if !session.said.evidence.isEmpty { add(.evidence, "Show what was printed") }
      add(.goOn, "Go on without")
    } else if !session.contradictions.isEmpty {
      add(.goOn, "Go on with your own answers")
      add(.takeOver, "Take over what \(session.name) says", session.takeOverSummary)
    } else {
      add(.goOn, "Go on")
      if session.canGiveBack { add(.giveBack, "Back to your own answers") }
    }
    choices = offered.map(\.0)
    menu = Menu(offered.map(\.1))
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    switch input {
    case .key(.escape): return .move(.back)
    case Shortcut.cancel where isAsking:
      return .effects(session.said.run.map { [.cancelRun($0)] } ?? [])
    case Shortcut.again where !isAsking: return askAgain(&session)
    case Shortcut.copy:
      return warning(session)?.command.map { .effects([.copy($0)]) } ?? .none
    default: break
    }
    guard !isAsking, let index = menu.handle(input), choices.indices.contains(index) else {
      return .ignored
    }
    switch choices[index] {
    case .goOn: return .move(.next)
    case .takeOver: session.takeOverFacts()
    case .giveBack: session.giveBack()
    case .again: return askAgain(&session)
    case .login: return .move(.to(.administrator))
    case .evidence:
      let lines = session.said.evidence.split(whereSeparator: \.isNewline)
      return .page(
        "What was printed", Document(lines: lines.map { .init(StyledLine(String($0))) }))
    }
    offer(session)
    return .none
  }

  private mutating func askAgain(_ session: inout Session) -> Reaction {
    guard session.todaysLogin.open != nil else { return .move(.to(.administrator)) }
    session.askFacts()
    offer(session)
    return .none
  }

  // MARK: - Drawing

  private func facts(_ session: Session) -> [Fact] {
    session.said.facts.map {
      Fact.all($0, of: session.draft.builder, clock: session.said.clockDifference)
    } ?? []
  }

  /// What is told below: the worst first.
  private func warning(_ session: Session) -> Diagnosis? {
    let warned = facts(session).filter { $0.warning != nil }
    return (warned.first(where: \.isFatal) ?? warned.first)?.warning
  }

  private func rows(_ session: Session) -> [CheckRow] {
    let login = session.todaysLogin.login.map {
      CheckRow(title: "log in", mark: .passed, detail: $0.target)
    }
    let known = facts(session).map { fact in
      CheckRow(
        title: fact.title, mark: fact.warning == nil ? .passed : fact.isFatal ? .failed : .notYet,
        detail: fact.detail)
    }
    var rows = [login].compactMap(\.self) + known
    if isAsking { rows.append(CheckRow(title: "asking", mark: .running)) }
    if let failure = session.said.failure, !isAsking {
      rows.append(CheckRow(title: "asking", mark: .failed, detail: failure))
    }
    return rows
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    var rest = drawHeading(
      "What \(session.name) says of itself", on: &canvas, in: area.inset(columns: 2))
    let lower = (warning(session)?.lines ?? []).wrapped(to: rest.columns - 2)
    let menuRows = isAsking ? 0 : menu.rows
    var list = CheckList(rows: rows(session))
    list.selected =
      list.rows.firstIndex { $0.mark == .failed }
      ?? list.rows.firstIndex { $0.mark == .notYet }
    let wanted = list.rows(for: rest.columns)
    let needed = lower.count + menuRows + (lower.isEmpty ? 1 : 2)
    let room = max(min(wanted, 3), rest.rows - needed)
    list.draw(on: &canvas, in: rest.takeTop(min(room, wanted)), frame: session.frame)
    _ = rest.takeTop(1)
    let text = rest.takeTop(min(lower.count, max(0, rest.rows - menuRows - 1)))
    lower.draw(on: &canvas, in: text.inset(columns: 1))
    if !lower.isEmpty, rest.rows > menuRows { _ = rest.takeTop(1) }
    if !isAsking { menu.draw(on: &canvas, in: rest) }
  }
}
